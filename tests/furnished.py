"""A small city with one page of every sort and people who have something to hide; and a crawler that only reads."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from django.db import connection
from django.utils import timezone

from portal.models import ArticlePage, CongressSettings, NoticePage
from scoring import operations as scoring_operations
from scoring.sheets import live_sheet
from sessions.models import SessionSpeaker, Tour
from sessions.operations import close_roll, confirm_declaration, file_leave, record_status
from stations import operations as stations_operations
from stations.models import ProfilePage, StationPage
from tests.replay import built_upon
from tests.scoring.adopted import adopted
from tests.sessions.declared import deed
from tests.sessions.faces import courseware, face
from tests.sessions.voiced import idea, question

EXAMPLE = Path(__file__).resolve().parent / "data" / "standards" / "example-6x11.yaml"
PHONE = "13977770001"
BORN = date(1961, 2, 3)
LEAVE = "住院做手术的缘由"
DEED = "走访困难家庭的经过"
WAYS = 3  # of filtering and ordering one list: enough to see what each shows
# What another reader has chosen is no other page, signing out ends the walk, files are no pages.
PASSED_OVER = re.compile(r"[?&](text|contrast)=|/logout/|^/static/|^/media/|^/documents/|^/kejian/(xz|yl)/")


@dataclass
class Furnished:
    """What the pages of the city are about."""

    secretive: Any  # the mandate of who has a phone, a birth date, a leave and a score
    other: Any
    held: Any  # the closed activity
    coming: Any  # the open activity with a page
    declared: Any  # what the first declared and nobody has decided yet, with a photograph
    station: Any
    year: Any
    total: Any


@cache
def today():
    """Return one moment of this run, for journeys by the clock of the machine: what stands around it is built once."""
    return timezone.localtime()


def furnish(city, site, now):
    """Build it through operations around `now` and return what is in it."""
    return built_upon([city, *site.values()], f"furnished at {now}", lambda: _furnish(city, site, now))


def _furnish(city, site, now):
    CongressSettings.objects.create(
        site=site["home"].get_site(), host_name="示范县人大常委会", phone="0000-1112222"
    )
    secretive = city.representative(
        "丁示例", phone=PHONE, birth_date=BORN, occupation="示例粉条合作社", compile_consent=True
    )
    other = city.representative("田示范")
    year = open_year(city, now)
    held = hold(city, site, secretive, other, now - timedelta(days=9))
    coming = announce(city, site, secretive, now + timedelta(minutes=10))
    declared = declare(city, secretive, now)
    station = open_station(city, site, secretive, other, now)
    publish_words(city, site, secretive, now.date())
    total = live_sheet(year, secretive).sheet.total
    return Furnished(secretive, other, held, coming, declared, station, year, total)


def open_year(city, now):
    standard = adopted(city)
    year = scoring_operations.create_year(
        label=now.year, term=city.term, standard=standard, actor=city.office
    )
    return scoring_operations.open_year(year=year, actor=city.office, moment=now)


def hold(city, site, secretive, other, then):
    """Hold a session: one came, one had leave for a reason of their own."""
    activity = face(city, site, title="往期示例分享会", starts_at=then, theme="乡村振兴").activity
    city.enrol(activity, secretive, other)
    common = {"activity": activity, "actor": city.recorder, "moment": then}
    record_status(**common, representative=secretive.representative, status="leave", reason=LEAVE)
    record_status(**common, representative=other.representative, status="present")
    close_roll(activity=activity, actor=city.recorder, moment=then + timedelta(hours=2))
    return activity


def declare(city, mandate, now):
    """Confirm one deed and return another that waits for its reviewer."""
    day = now.date() - timedelta(days=3)
    made = deed(mandate, title=DEED, text=DEED, day=day, moment=now)
    confirm_declaration(declaration=made, actor=city.recorder, moment=now)
    return deed(mandate, kind="research", title=DEED, text=DEED, day=day, files=1, moment=now)


def announce(city, site, speaker, then):
    tour = Tour.objects.create(title="示例巡讲：窑火", summary="一站一站讲。")
    page = face(
        city, site, title="守着窑火，也守着乡亲的事", starts_at=then, theme="联系群众", place="二楼会议室",
        tour=tour, stop_number=1, mode="hybrid",
        page={"summary": "一盆床单引出的改窑账。", "number": 3},
    )  # fmt: skip
    page.speakers = [SessionSpeaker(representative=speaker.representative, topic="改窑")]
    page.save()
    city.enrol(page.activity, speaker)
    file_leave(
        activity=page.activity,
        representative=speaker.representative,
        category="sick",
        detail=LEAVE,
        actor=speaker.representative.user,
        moment=then - timedelta(days=1),
    )
    question(city, page.activity, speaker, moment=then - timedelta(days=1), answer="先听完。")
    question(city, page.activity, moment=then - timedelta(days=1), text="等着的提问？", released=False)
    idea(city, speaker, activity=page.activity, moment=then - timedelta(days=1), handling="adopted")
    idea(city, speaker, title="等着的点子", moment=then - timedelta(days=1), released=False)
    return page.activity


def open_station(city, site, *mandates_and_now):
    *mandates, now = mandates_and_now
    station = stations_operations.add_station(
        kind="liaison", name="石桥镇代表联络站", area=city.township, address="示例路 18 号", phone="0000-3334444",
        hours="工作日 8:30—17:30", access="无障碍坡道", map_x=Decimal(40), map_y=Decimal(60), actor=city.office,
    )  # fmt: skip
    stations_operations.add_to_roster(
        station=station, mandates=mandates, starts_on=city.term.starts_on, actor=city.office
    )
    day = now + timedelta(days=1)
    stations_operations.plan_reception(
        station=station, starts_at=day, ends_at=day + timedelta(hours=1), mandates=mandates, actor=city.office
    )
    page = StationPage(title=station.name, slug="shiqiao", station=station)
    site["lianluozhan"].add_child(instance=page)
    return station


def publish_words(city, site, mandate, day):
    """Publish a story, courseware, a notice and a standing page."""
    body = [("heading", "改窑"), ("paragraph", "<p>床单是白的，上面落着一层细细的煤灰。</p>")]
    story = ProfilePage(
        title="烟字留在墙上",
        slug="ding",
        representative=mandate.representative,
        date=day,
        summary="提要。",
        body=body,
    )
    story.tags.add("示例")
    site["daibiao"].add_child(instance=story)
    courseware(site, author=mandate.representative, theme="联系群众", day=day)
    site["tongzhi"].add_child(instance=NoticePage(title="示例通知", slug="n1", date=day, body=body))
    site["home"].add_child(
        instance=ArticlePage(title="关于本站", slug="guanyu", body=body, show_in_menus=True)
    )


def links(address, html):
    """Return the addresses of this site that a page links to, without what is passed over."""
    here = set()
    for href in re.findall(r'<(?:a|link)\b[^>]*?\bhref="([^"]+)"', html):
        target = urldefrag(urljoin("http://testserver" + address, unescape(href)))[0]
        parts = urlsplit(target)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if parts.netloc == "testserver" and not PASSED_OVER.search(path):
            here.add(path)
    return here


def crawl(client, *starts, most=150, only=""):
    """GET every page that is reached by links from `starts`, at most so many; return {address: response}.

    `only` is a pattern that an address must match to be walked to; nothing but GET is ever sent. Of a list in all its
    orders and filters a few are enough.
    """
    waiting, seen = list(starts), {}
    ways = Counter()
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        path, _, query = address.partition("?")
        if address in seen or (query and address not in starts and ways[path] == WAYS):
            continue
        ways[path] += bool(query)
        seen[address] = answer = client.get(address)
        if answer.status_code == 302:
            waiting += sorted(links(address, f'<a href="{answer.url}">'))
        elif answer.status_code == 200 and "html" in answer.get("Content-Type", ""):
            found = sorted(links(address, answer.content.decode()) - seen.keys())
            waiting += [each for each in found if re.search(only, each)]
    return seen


# What is written on reading on purpose: the login session, the counters of tries, and Wagtail's own note of who has a
# page's form open, how a person likes the admin, who hears of comments. None of it is of the domain.
NOTES = re.compile(
    r"^(django_session|axes_|wagtailadmin_editingsession|wagtailusers_userprofile|wagtailcore_pagesubs)"
)


def everything_stored():
    """Return {table: digest of all rows as the database holds them} of every table but the notes."""
    with connection.cursor() as cursor:
        digests = {}
        for name in connection.introspection.table_names(cursor):
            if not NOTES.match(name):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")  # noqa: S608 -- our own tables
                rows = sorted(map(repr, cursor.fetchall()))
                digests[name] = hashlib.sha256("".join(rows).encode()).hexdigest()
    return digests


def read_only(client, *starts, **more):
    """As `crawl`, and see that reading all that changed no row and met no fault of the server."""
    before = everything_stored()
    seen = crawl(client, *starts, **more)
    assert everything_stored() == before
    assert [address for address, answer in seen.items() if answer.status_code >= 500] == []
    return seen
