"""Every address of ours for every role: a generated table, so that a new address without an entry is seen (THREATS 12, 13)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.models import Site

from portal.covers.keeping import digest_of, words_of
from portal.follow.operations import ask_to_follow, issue_link
from portal.models import CongressSettings, Subscription
from portal.uploads import Upload
from scoring import operations as scoring_operations
from scoring.book.making import edition_path
from scoring.models import Edition, Objection
from scoring.sheets import rules_of
from sessions import operations as sessions_operations
from sessions.checkin.codes import code_at
from sessions.meetings.reading import Table
from sessions.models import FilePreview, LockedPeriod, Series, Tour
from sessions.operations import file_leave
from stations import operations as stations_operations
from stations.models import AreaGrant, ProfilePage, StationPage
from stations.register.reading import Register
from tests.conftest import START
from tests.furnished import furnish, read_only
from tests.scoring.year_city import DECIDED, END, open_year, walk
from tests.sessions.declared import deed
from tests.sessions.faces import courseware, face
from tests.sessions.paper_city import paper_of
from tests.sessions.voiced import idea, question

TABLE = Path(__file__).resolve().parent / "data" / "addresses.txt"
# What belongs to somebody's area; terms, standards, outlets, tours and announced sessions belong to everybody.
OWNED = {
    "activity", "area", "group", "station", "roster", "reception", "person", "grant", "mandate", "report", "proposal",
    "honour", "edition", "declaration", "evidence", "leave", "temporary", "sheet", "pending", "held", "attendance",
    "idea", "question", "suspension", "pending_proposals", "congress", "pending_meeting",
    "pending_register",
    "objection", "supplement",
}  # fmt: skip
OURS = ("portal", "stations", "sessions", "scoring")
ROLES = (
    "anonymous", "fellow", "other_recorder", "other_office", "recorder", "reviewer", "auditor", "office",
)  # fmt: skip
# How the table writes an answer. L asks to sign in, A says in the admin's entrance that the right is missing,
# 3 leads on to where the work continues.
SIGNS = {200: "2", 400: "B", 401: "U", 403: "F", 404: "4", 405: "M", 409: "C"}


def addresses(resolver=None, path=()):
    """Yield (full name, module of the view) of every address of ours below `resolver`."""
    for pattern in (resolver or get_resolver()).url_patterns:
        space = getattr(pattern, "namespace", None)
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern, (*path, space) if space else path)
            continue
        view = getattr(pattern.callback, "view_class", None) or pattern.callback
        if view.__module__.split(".")[0] in OURS or (path and path[0] in viewset_names()):
            yield ":".join([*path, pattern.name or str(pattern.pattern)])


def viewsets():
    """Return the admin's viewsets that our apps register, groups opened."""
    found = []
    for hook in hooks.get_hooks("register_admin_viewset"):
        if hook.__module__.split(".")[0] in OURS:
            made = hook()
            for each in made if isinstance(made, list) else [made]:
                found += each.registerables if isinstance(each, ViewSetGroup) else [each]
    return found


def viewset_names():
    """Return the namespaces of the admin's viewsets that our apps register."""
    return {each.url_namespace for each in viewsets()}


@dataclass
class World:
    """One of everything in 石桥镇, and somebody of each role; all staff may enter the admin with every right there."""

    users: dict[str, Any]
    rows: dict[str, Any]


def staff(user, group):
    user.groups.add(group)
    return user


@pytest.fixture
def world(city, site, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    with time_machine.travel(START, tick=False):
        yield World(everybody(city), everything(city, site))


def everybody(city):
    """Return somebody of each role; whether the area's grants hold is the question, so all have Django's rights."""
    group = Group.objects.create(name="全部权限")
    group.permissions.set(
        [*Permission.objects.filter(content_type__app_label__in=OURS[1:]),
         Permission.objects.get(codename="access_admin")]
    )  # fmt: skip
    fellow = city.representative("田示范").representative.user
    other = stations_operations.open_account(username="other", display_name="邻镇代工委", actor=None)
    stations_operations.grant(user=other, area=city.other_township, role="office", actor=None)
    names = ("other_recorder", "recorder", "reviewer", "auditor")
    people = {name: staff(getattr(city, name), group) for name in names}
    return people | {"fellow": fellow, "other_office": staff(other, group), "office": city.office}


def everything(city, site):
    """Return one row of everything, all of 石桥镇 and its representative 丁示例, by the name the table uses."""
    mandate = city.representative("丁示例")
    year = walk(open_year(city), city, "notify")
    LockedPeriod.objects.all().delete()  # who may do what is asked here, on days that still take facts
    declaration = deed(mandate, files=1, day=date(2026, 6, 1), moment=START)
    activity = city.activity()
    city.enrol(activity, mandate)
    tour = Tour.objects.create(title="示例巡讲")
    page = face(city, site, title="有页面的分享会", tour=tour, stop_number=1, mode="hybrid")
    page.tags.add("示例")
    page.save()
    temporary = sessions_operations.add_temporary(
        activity=activity, name="孙示范", unit="示例村", nonce="address-0001", actor=city.office, moment=START
    )
    station = stations_operations.add_station(
        kind="liaison", name="石桥镇联络站", area=city.township, actor=city.office
    )
    stations_operations.add_to_roster(
        station=station, mandates=[mandate], starts_on=date(2026, 1, 1), actor=city.office
    )
    reception = stations_operations.plan_reception(
        station=station,
        starts_at=START,
        ends_at=START + timedelta(hours=1),
        mandates=[mandate],
        actor=city.office,
    )
    outlet = scoring_operations.add_outlet(name="示例日报", level="county", medium="paper", actor=city.office)
    report = scoring_operations.report_media(
        title="示例报道", outlet=outlet, published_on=date(2027, 1, 4), mandates=[mandate], actor=city.office
    )
    proposal = scoring_operations.add_proposal(
        title="示例建议",
        ref="示例-1",
        submitted_on=date(2027, 1, 4),
        movers={mandate: "sole"},
        actor=city.office,
    )
    honour = scoring_operations.add_honour(
        mandate=mandate, title="示例荣誉", level="county", awarded_on=date(2027, 1, 4), actor=city.office
    )
    pending_proposals = scoring_operations.prepare_proposals(
        file_name="示例.xlsx", sha256="0" * 64, lines=[], actor=city.office, moment=START
    )
    pending_register = stations_operations.prepare_register(
        term=city.term, file_name="示例.xlsx", sha256="0" * 64, register=Register(()), actor=city.office, moment=START
    )  # fmt: skip
    congress = sessions_operations.create_meeting(
        kind="congress", name="第九届第五次会议", term=city.term, area=city.township,
        starts_on=date(2026, 6, 18), ends_on=date(2026, 6, 19), actor=city.office,
    )  # fmt: skip
    pending_meeting = sessions_operations.prepare_meeting(
        meeting=congress,
        file_name="x.xlsx",
        sha256="0" * 64,
        table=Table({}, ()),
        actor=city.office,
        moment=START,
    )
    suspension = stations_operations.suspend_mandate(
        mandate=mandate,
        starts_on=date(2026, 2, 1),
        ends_on=date(2026, 2, 3),
        reason="示例",
        actor=city.office,
    )
    handout = courseware(site, access="representatives").files.get()
    picture = FilePreview(document=handout.document, number=0, width=16, height=9)
    picture.image.save("0.webp", ContentFile(b"example"))
    objection = Objection.objects.create(
        year=year, mandate=mandate, text="示例异议", filed_by=mandate.representative.user, filed_at=START,
        evidence=ContentFile(b"example", name="0.jpg"),
    )  # fmt: skip
    supplement = supplement_to(city, year, mandate)
    edition = Edition.objects.create(
        year=year, state="done", requested_by=city.office, requested_at=START, file_name="book.pdf"
    )
    handed_in, asked = idea(city, mandate, activity=activity), question(city, activity, mandate)
    path = edition_path("book.pdf")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF-1.7 example")
    paper = paper_of(city, activity, mandate)
    leave = file_leave(
        activity=activity,
        representative=mandate.representative,
        category="sick",
        actor=mandate.representative.user,
        moment=START,
    )
    site["lianluozhan"].add_child(instance=StationPage(title=station.name, slug="shiqiao", station=station))
    person = mandate.representative
    story = ProfilePage(title="示例", slug="shili", representative=person, date=date(2026, 6, 2))
    site["daibiao"].add_child(instance=story)
    calendar = sessions_operations.open_calendar(representative=person, actor=person.user, moment=START)
    rows = {
        "declaration": declaration, "evidence": declaration.files.get(), "leave": leave,
        "activity": activity, "announced": page.activity, "tour": tour, "series": Series.objects.create(title="示例系列"),
        "area": city.township, "group": city.group, "term": city.term, "station": station,
        "roster": station.roster.get(), "reception": reception, "person": mandate.representative,
        "grant": AreaGrant.objects.get(user=city.recorder), "mandate": mandate, "outlet": outlet,
        "courseware": handout.page_id, "handout": handout.pk, "picture": 0,
        "report": report, "proposal": proposal, "mover": proposal.movers.get(), "honour": honour, "standard": year.standard, "edition": edition,
        "objection": objection, "supplement": supplement.number,
        "temporary": temporary,
        "congress": congress, "pending_meeting": pending_meeting,
        "idea": handed_in, "question": asked, "suspension": suspension, "pending_proposals": pending_proposals,
        "pending_register": pending_register,
    }  # fmt: skip
    return {name: getattr(row, "pk", row) for name, row in rows.items()} | {
        "certificate": paper.pop("certificate").token, **{name: row.pk for name, row in paper.items()},
        "door": activity.door, "meeting": page.activity.door, "token": code_at(activity.check_in_key, START).token, "year": 2026, "kind": "proposal",
        "handed_kind": "report", "page_path": "tongzhi/", "slug": "shiqiao", "word": "shi-li", "public_day": reception.pk, "calendar": calendar.token, "picture_path": "nothing.webp",
        "idea_number": handed_in.number, "app": "portal", "setting": "congresssettings", "site": Site.objects.get().pk,
        "account": person.user_id, "story": story.pk, "place": StationPage.objects.get().pk, "channel": "quanbu", "first": 1,
        "covered": story.pk, "cover_digest": digest_of(words_of(story, CongressSettings.for_site(Site.objects.get()))),
        **reader(),
        "digest": "0" * 16, "font_name": "0" * 16 + ".woff", "emblem_name": "0" * 32 + ".png",
    }  # fmt: skip


def supplement_to(city, year, mandate):
    """Return a supplement about somebody, with the file of its decision."""
    item = next(rules_of(year.standard).items).code
    change = scoring_operations.Change(mandate.pk, (scoring_operations.Adjustment(item, Decimal(1), "示例"),))
    paper = Upload("x.pdf", "pdf", "application/pdf", 7, "0" * 64, ContentFile(b"example"))
    return scoring_operations.record_supplement(
        year=year, meeting="主任会议", reference="示例 2 号", decided_on=DECIDED, changes=[change], actor=city.office,
        moment=END + timedelta(days=60), document=paper,
    )  # fmt: skip


def reader():
    """Return the links that a reader of notices has by mail: one to confirm, one to leave."""
    ask_to_follow(address="reader@example.org", topic="section:tongzhi", client="10.0.0.1", moment=START)
    asked = Subscription.objects.get()
    common = {"follower": asked.follower, "moment": START}
    return {
        "confirming": issue_link(**common, purpose="confirm", subscription=asked),
        "leaving": issue_link(**common, purpose="leave"),
    }


# --- the table ----------------------------------------------------------------------------------------------


def table():
    """Yield (address, words that fill it, answers to GET by role, answers to POST by role, "-" for none)."""
    for line in TABLE.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            name, *words, got, posted = line.split()
            yield name, words, got, posted


def sign(answer):
    """Return the answer in one character, as the table writes it."""
    if answer.status_code != 302:
        return SIGNS[answer.status_code]
    place = answer.url.split("?")[0]
    return "L" if place == "/accounts/login/" else "A" if place == "/admin/" else "3"


def ask(world, clients, name, words, method):
    """Return what each of `clients` is answered, and leave the database as it was."""
    address = (
        "/admin/login/" if name == "admin/login/" else reverse(name, args=[world.rows[w] for w in words])
    )
    signs = ""
    for client in clients:
        with transaction.atomic():
            answer = getattr(client, method)(address)
            transaction.set_rollback(True)
        if answer.streaming:
            b"".join(answer)  # reading to the end closes the file
        signs += sign(answer)
    return signs


def signed_in(world, role):
    client = Client()
    if role != "anonymous":
        client.force_login(world.users[role])
    return client


def test_every_address_has_its_line_in_the_table(db):
    assert sorted(name for name, *_ in table()) == sorted(addresses())


@pytest.mark.long
def test_every_role_sees_what_the_table_says(world):
    clients = [signed_in(world, role) for role in ROLES]
    answers = {name: ask(world, clients, name, words, "get") for name, words, _, _ in table()}
    assert answers == {name: got for name, _, got, _ in table()}


@pytest.mark.long
def test_every_role_does_what_the_table_says(world):
    clients = [signed_in(world, role) for role in ROLES]
    answers = {
        name: ask(world, clients, name, words, "post") for name, words, _, posted in table() if posted != "-"
    }
    assert answers == {name: posted for name, _, _, posted in table() if posted != "-"}


def test_an_address_without_forms_takes_no_post(world):
    office = [signed_in(world, "office")]
    answers = {
        name: ask(world, office, name, words, "post") for name, words, _, posted in table() if posted == "-"
    }
    assert answers == dict.fromkeys(answers, "M")


@pytest.mark.parametrize("role", ["fellow", "other_recorder", "other_office"])
def test_nobody_of_elsewhere_sees_a_row_of_another_area(role):
    """The table itself: what names a row is shown to strangers only where no area owns it."""
    place = ROLES.index(role)
    open_to_them = {name for name, words, got, _ in table() if OWNED & set(words) and got[place] == "2"}
    assert open_to_them == set()


@pytest.mark.parametrize(
    ("chooser", "row"),
    [("activity_chooser", "activity"), ("representative_chooser", "person"), ("station_chooser", "station")],
)
def test_a_window_of_choosing_gives_out_several_rows_of_own_areas_only(world, chooser, row):
    address = reverse(f"{chooser}:chosen_multiple") + f"?id={world.rows[row]}"
    given = {
        role: len(signed_in(world, role).get(address).json()["result"]) for role in ("other_office", "office")
    }
    assert given == {"other_office": 0, "office": 1}


# --- reading writes nothing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "start"),
    [("recorder", "/roll/"), ("office", "/review/"), ("office", "/admin/")],
)
def test_following_every_link_changes_no_row(city, site, who, start):
    """What everybody else follows: tests/test_privacy.py."""
    with time_machine.travel(START, tick=False):
        furnish(city, site, START)
        client = Client()
        client.force_login(getattr(city, who))
        assert len(read_only(client, start, "/", most=60)) > 20
