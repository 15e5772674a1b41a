"""Seed the sharing sessions with their pages, courseware and tours, then the other activities of two years."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Page

from portal.installation.operations import add_section
from portal.models import HomePage, User
from sessions.checkin.codes import code_at
from sessions.demo import voices
from sessions.demo.courseware_files import build
from sessions.demo.declarations import declarations
from sessions.demo.desk import show_desk
from sessions.demo.leave import ask_for_leave
from sessions.demo.life import THEME, planned_life, series_of_sessions
from sessions.demo.paper import paper
from sessions.demo.rolls import Diligence, at, hold, plan, where, working_day
from sessions.demo.years import other_activities
from sessions.models import (
    Activity,
    CoursewareFile,
    CoursewarePage,
    Enrolment,
    SessionSpeaker,
    SharingSessionPage,
    Tour,
)
from sessions.operations import check_in, count_download, enrol, reschedule_activity, select_courseware
from sessions.sections import COURSEWARE, SHARED
from stations.demo.portraits import draw_scene
from stations.demo.seed import everyone, person, picture, stories
from stations.models import Area, Mandate, Representative, Station

FOLDER = Path(__file__).parent / "texts"
NOTICE = "演示材料，人物与数据均为虚构"
SESSIONS = 13
GRACE, LATE = 60, 240  # minutes: a visitor of the demonstration has time to look around
FORMATS = {
    "专题式": "topic",
    "互动式": "interactive",
    "沉浸式": "immersive",
    "大课堂": "lecture",
    "金点子": "bright_ideas",
}
SCENES = ("hall", "street", "kiln", "field", "workshop", "water", "school", "herbs", "noodles", "road")


def seed(moment: datetime, say: Callable[[str], None]) -> None:
    """Fill the demonstration with what happened; `moment` is now."""
    random = Random(13)  # noqa: S311 -- a demonstration, no secret
    office, recorder = (User.objects.get(username=name) for name in ("office", "recorder"))
    mandates = list(everyone())
    diligence = Diligence(random, mandates, len(stories()))
    city = Area.objects.get(depth=1)
    say("13 场分享会")
    _sessions(moment, mandates, diligence, city, office, recorder)
    say("7 份课件")
    _courseware(moment, office)
    say("2 个巡讲")
    _tours(moment, mandates, diligence, office, recorder)
    say("两个年度的会议、视察、调研、接待与小组活动")
    other_activities(moment, mandates, diligence, city, office, recorder, texts("activities"))
    say("8 件代表申报")
    declarations(moment, mandates, recorder, office)
    planned_life(moment, mandates, city, office)
    say("请假与签退")
    ask_for_leave(moment, office, recorder)


@cache
def texts(name: str) -> Any:
    """Return one file of texts/."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def months_before(day: date, count: int) -> date:
    """Return the working day about `count` months before `day`."""
    month = day.year * 12 + day.month - 1 - count
    return working_day(date(month // 12, month % 12 + 1, min(day.day, 28)))


def session_start(number: int, row: dict[str, Any], moment: datetime) -> datetime:
    """Return when session `number` starts: a month apart, the last one in a quarter of an hour."""
    if number == SESSIONS:
        return _soon(moment)
    return at(months_before(timezone.localdate(moment), SESSIONS - number), row["start"])


def _soon(moment: datetime) -> datetime:
    later = timezone.localtime(moment) + timedelta(minutes=15)
    return later.replace(minute=later.minute - later.minute % 5, second=0, microsecond=0)


def keep_one_open(moment: datetime) -> None:
    """Move the demonstration's open session to now when its hours have passed, so that one can always check in."""
    page = SharingSessionPage.objects.filter(number=SESSIONS, activity__state="open").first()
    if page is None or page.activity.late_until > moment + timedelta(minutes=30):
        return
    starts_at = _soon(moment)
    length = page.activity.ends_at - page.activity.starts_at
    reschedule_activity(
        activity=page.activity, starts_at=starts_at, ends_at=starts_at + length, actor=None,
        with_rows=True, quietly=True,
    )  # fmt: skip


def _sessions(
    moment: datetime, mandates: list[Mandate], diligence: Diligence, city: Area, office: User, recorder: User
) -> None:
    home = HomePage.objects.get()
    section = add_section(home, SHARED)
    stations = list(Station.objects.select_related("area"))
    series = series_of_sessions(office)
    for row in texts("sessions"):
        number = row["number"]
        start = session_start(number, row, moment)
        obliged, volunteers = _crowd(number, mandates, diligence)
        station = where(row["place"], stations)
        activity = plan(
            row["kind"], row["title"], city, start, office,
            hours=row["minutes"] / 60, obliged=obliged, invited=volunteers, theme=row["theme"],
            station=station, place=row["place"], capacity=row.get("capacity"),
            series=series if row["theme"] == THEME else None,
        )  # fmt: skip
        speakers = _speaker_mandates(row, mandates)
        enrol(
            activity=activity, mandates=speakers, basis="invited", role=Enrolment.Role.SPEAKER, actor=office
        )
        asked, handed_in = voices.collect(row, activity)
        if number < SESSIONS:
            statuses = [(m, diligence.status(m)) for m in obliged if m not in speakers]
            statuses += [
                (m, "present")
                for m in dict.fromkeys([*volunteers, *speakers])
                if m not in obliged or m in speakers
            ]
            hold(activity, statuses, recorder, diligence.random)
            if number == SESSIONS - 1:
                activity.refresh_from_db()
                paper(activity, recorder, Random(number))  # noqa: S311 -- a demonstration, no secret
        else:
            _open_now(activity, obliged, office, moment)
            at_the_door = [m for m in obliged if m.representative.user_id is None][11:15]
            show_desk(activity, at_the_door, office, recorder, moment)
        voices.follow_up(row, activity, asked, handed_in, texts("handling"), office, moment)
        _session_page(section, row, activity)


def _crowd(number: int, mandates: list[Mandate], diligence: Diligence) -> tuple[list[Mandate], list[Mandate]]:
    """Return who must come and who comes of their own accord.

    People with a login are kept for the open session, so that a visitor sees their own score move.
    """
    visitors = [m for m in mandates if m.representative.user_id]
    others = [m for m in mandates if not m.representative.user_id]
    obliged = [m for i, m in enumerate(others) if i % 4 == number % 4]
    volunteers = [m for m in others if m not in obliged and diligence.comes(m, 0.45)]
    return (obliged + visitors if number == SESSIONS else obliged), volunteers


def _open_now(activity: Activity, obliged: list[Mandate], office: User, moment: datetime) -> None:
    """The open session: late comers have time, and the first eleven have checked in already."""
    reschedule_activity(
        activity=activity, starts_at=activity.starts_at, ends_at=activity.ends_at, actor=office,
        grace_minutes=GRACE, late_minutes=LATE,
    )  # fmt: skip
    activity.refresh_from_db()
    users = [m for m in obliged if m.representative.user_id is None][:11]
    for number, mandate in enumerate(users):
        when = moment - timedelta(seconds=40 * (11 - number))
        code = code_at(activity.check_in_key, when)
        check_in(
            activity=activity, representative=mandate.representative, nonce=f"demo-{number}", moment=when,
            token=code.token, device=f"demo-device-{number}",
        )  # fmt: skip


def _speaker_mandates(row: dict[str, Any], mandates: list[Mandate]) -> list[Mandate]:
    numbers = [s["person"] for s in row["speakers"] if "person" in s]
    return [mandates[number - 1] for number in numbers]


def _session_page(section: Page, row: dict[str, Any], activity: Activity) -> None:
    start = timezone.localtime(activity.starts_at)
    lead, rest = _lead(row["intro"])
    page = SharingSessionPage(
        title=row["title"],
        slug=f"di-{row['number']:02d}-qi",
        activity=activity,
        number=row["number"],
        format=FORMATS[row["format"]],
        summary=lead,
        intro=[("paragraph", f"<p>{rest}</p>")],
        agenda=[
            (
                "row",
                {
                    "time": (start + timedelta(minutes=r["offset"])).time(),
                    "title": r["title"],
                    "who": r["who"],
                },
            )
            for r in row["agenda"]
        ],
        outcome=[("paragraph", f"<p>{row['summary']}</p>")] if row.get("summary") else [],
        takeaways=[("point", point) for point in row.get("takeaways") or []],
        cover=picture(
            draw_scene(900 + row["number"], subject=SCENES[row["number"] % len(SCENES)]),
            f"第{row['number']}期封面",
        ),
    )
    page.speakers = [_speaker(speaker) for speaker in row["speakers"]]
    page.tags.add(row["theme"])
    section.add_child(instance=page)
    page.save_revision().publish()


def _lead(text: str) -> tuple[str, str]:
    """Split an introduction after its first sentence that makes at least 30 characters."""
    for place, character in enumerate(text[:190], start=1):
        if character in "。？" and place >= 30 and text[place:]:
            return text[:place], text[place:]
    return text[:60], text[60:]


def _speaker(row: dict[str, Any]) -> SessionSpeaker:
    speaker = SessionSpeaker(topic=row["topic"], abstract=row["text"])
    if "person" in row:
        speaker.representative = person(row["person"])
    else:
        speaker.guest_name, speaker.guest_title = row["guest"], row["title"]
    return speaker


def _courseware(moment: datetime, office: User) -> None:
    section = add_section(HomePage.objects.get(), COURSEWARE)
    pages = {page.number: page for page in SharingSessionPage.objects.select_related("activity")}
    for number, row in enumerate(texts("courseware"), start=1):
        author: Representative | None = person(row["author"]["person"]) if "person" in row["author"] else None
        guest = "" if author else f"{row['author']['guest']} {row['author'].get('title', '')}".strip()
        name, data = build(row, authors=author.name if author else guest, notice=NOTICE)
        document = get_document_model().objects.create(
            title=row["title"], file=ContentFile(data, name=name), file_size=len(data)
        )
        session = pages[row["session"]]
        page = CoursewarePage(
            title=row["title"], slug=row["slug"], summary=row["abstract"], author=author, guest_author=guest,
            session=session, theme=row["theme"], kind="slides" if row["kind"] == "slides" else "document",
            access=row.get("access", "public"),
            date=min(timezone.localdate(session.activity.ends_at) + timedelta(days=2), timezone.localdate(moment)),
            length="表格" if row["kind"] == "worksheet" else "",  # the worker counts the pages of the others
        )  # fmt: skip
        page.files = [CoursewareFile(document=document)]
        page.tags.add(row["theme"])
        section.add_child(instance=page)
        page.save_revision().publish()
        if row.get("selected"):
            select_courseware(page=page, selected=True, actor=office)
        for _ in range(number * 17 % 29):
            count_download(page_id=page.pk, document_id=document.pk)


def _tours(
    moment: datetime, mandates: list[Mandate], diligence: Diligence, office: User, recorder: User
) -> None:
    townships = {area.name: area for area in Area.objects.filter(level=Area.Level.TOWNSHIP)}
    for number, row in enumerate(texts("tours")):
        tour = Tour.objects.create(title=row["title"], summary=row["intro"][:300])
        first = timezone.localdate(moment) - timedelta(days=90 + 60 * number)
        lead = mandates[row["lead"]["person"] - 1]
        for stop_number, stop in enumerate(row["stops"], start=1):
            area = townships[stop["township"]]
            crowd = [m for m in mandates if m.area_id == area.pk and m != lead]
            activity = plan(
                "tour", stop["title"], area, at(working_day(first + timedelta(days=stop["after"])), "15:00"), office,
                obliged=crowd, tour=tour, stop_number=stop_number, place=f"{area.name}代表联络站",
            )  # fmt: skip
            enrol(
                activity=activity, mandates=[lead], basis="invited", role=Enrolment.Role.SPEAKER, actor=office
            )
            hold(
                activity,
                [*((m, diligence.status(m)) for m in crowd), (lead, "present")],
                recorder,
                diligence.random,
            )
