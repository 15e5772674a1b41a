"""What the tests of following share: pages published at a moment, readers who follow, letters and their links."""

import re
from datetime import timedelta

import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from portal.follow.links import Purpose, link_behind
from portal.follow.operations import ask_to_follow, confirm
from portal.follow.rounds import send_followed
from portal.models import NoticePage
from stations import operations as stations_operations
from stations.models import ProfilePage, StationPage
from tests.conftest import START

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ASK = "/dingyue/youjian/"
SECTION = "section:tongzhi"
READER = "ding@example.org"
REFUSED: set[str] = set()


class Refusing(EmailBackend):
    """A mail server that takes no letter to the addresses in REFUSED."""

    def send_messages(self, letters):
        for letter in letters:
            if REFUSED & set(letter.to):
                raise ConnectionRefusedError(f"550 {letter.to[0]} unknown")
        return super().send_messages(letters)


def publish(parent, page, moment=START):
    """Put a draft below `parent` and publish it at `moment`, as an editor does; return the live page."""
    with time_machine.travel(moment, tick=False):
        page.live = False
        parent.add_child(instance=page)
        page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def notice(site, title="示例通知", moment=START):
    number = NoticePage.objects.count()
    page = NoticePage(title=title, slug=f"notice-{number}", date=moment.date())
    return publish(site["tongzhi"], page, moment)


def story(site, mandate, moment=START, title="烟字留在墙上"):
    page = ProfilePage(
        title=title,
        slug=f"story-{mandate.pk}",
        representative=mandate.representative,
        date=moment.date(),
    )
    return publish(site["daibiao"], page, moment)


def station(city, site, name="石桥镇代表联络站"):
    """Register a station with its public page and return the station."""
    made = stations_operations.add_station(kind="liaison", name=name, area=city.township, actor=city.office)
    site["lianluozhan"].add_child(instance=StationPage(title=name, slug=f"zhan-{made.pk}", station=made))
    return made


def links(letter):
    """Return {"confirm": address, "leave": address} of a letter, as far as they stand in it, paths only."""
    found = re.findall(r"https?://[^/\s]+(/dingyue/youjian/(queren|tuiding)/[\w-]+/)", letter.body)
    return {{"queren": "confirm", "tuiding": "leave"}[kind]: path for path, kind in found}


def token_of(path):
    return path.rstrip("/").rpartition("/")[2]


def following(*topics, address=READER, moment=START - DAY):
    """Let `address` follow `topics`, all the way: asked, written to, confirmed. The outbox of letters is empty after."""
    for topic in topics:
        ask_to_follow(address=address, topic=topic, client=f"{address} {topic}", moment=moment)
    send_followed(moment)
    for letter in mail.outbox:
        link = link_behind(token_of(links(letter)["confirm"]), Purpose.CONFIRM, moment)
        assert confirm(link=link, moment=moment)
    mail.outbox.clear()


def run(*moments):
    """Let a round run at each of the moments and return how many letters each sent."""
    sent = []
    for moment in moments:
        before = len(mail.outbox)
        send_followed(moment)
        sent.append(len(mail.outbox) - before)
    return sent
