"""The city with several times its public content, in a process of its own: `multiply` it, name its `addresses`, count `queries`.

Copies are rows: their keys lie a step above those of the originals, and what points at a copied row points at the copy
of the same round. Names, titles and addresses are new and invented; files and pictures are shared.
"""

import json
import secrets
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from math import cos, sin
from random import Random
from typing import Any
from urllib.parse import quote

import django

django.setup()

from django.core.management import call_command  # noqa: E402 -- models need the settings first
from django.db import connection, transaction  # noqa: E402
from django.db.models import Count, F, Model, Q  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Page  # noqa: E402

from portal import generation  # noqa: E402
from portal.models import ArticlePage, NoticeIndexPage, NoticePage, NoticeTag, PageTag, Tag  # noqa: E402
from sessions.models import (  # noqa: E402
    Activity,
    Attendance,
    CoursewareFile,
    CoursewareIndexPage,
    CoursewarePage,
    CoursewareTag,
    DownloadCount,
    Enrolment,
    Idea,
    IdeaAuthor,
    IdeaEvent,
    Question,
    SessionIndexPage,
    SessionSpeaker,
    SessionTag,
    SharingSessionPage,
    Tour,
)
from stations.demo.people import people  # noqa: E402
from stations.models import (  # noqa: E402
    DirectoryPage,
    GroupMembership,
    IndustryPointPage,
    Mandate,
    MandateTag,
    ProfileIndexPage,
    ProfilePage,
    ProfileTag,
    ReceptionDay,
    ReceptionDuty,
    Representative,
    RosterEntry,
    Station,
    StationIndexPage,
    StationPage,
)
from stations.names import initials, pinyin, stroke_key  # noqa: E402

STEP = 1_000_000  # between the keys of one round and those of the next
STEMS = "甲乙丙丁戊己庚辛壬"  # one a round, so there are ten times at most
PLACES = ("代表联络站", "产业联络点")  # how names of stations and of their pages end
LOT = 400  # rows a statement
Kept = dict[type[Model], set[int]]


def content() -> dict[type[Model], Any]:
    """Return the rows to copy: pages and what they show. Areas, groups, terms, series, files and pictures are shared."""
    activities = Activity.objects.filter(Q(page__isnull=False) | Q(tour__isnull=False))
    whole = (
        *(Tag, Representative, Mandate, MandateTag, GroupMembership),
        *(Station, RosterEntry, ReceptionDay, ReceptionDuty, Tour),
        *(ArticlePage, NoticePage, ProfilePage, StationPage, IndustryPointPage),
        *(SharingSessionPage, SessionSpeaker, CoursewarePage, CoursewareFile, DownloadCount),
        *(NoticeTag, ProfileTag, SessionTag, CoursewareTag, Idea, IdeaAuthor, IdeaEvent),
    )
    rows: dict[type[Model], Any] = {model: model._default_manager.all() for model in whole}
    rows[Activity] = activities
    for model in (Question, Enrolment, Attendance):
        rows[model] = model._default_manager.filter(activity__in=activities)
    return rows


@transaction.atomic
def multiply(times: int) -> dict[str, int]:
    """Make `times` as many of all that `content` names; return how many rows there were before."""
    kept: Kept = {model: set(rows.values_list("pk", flat=True)) for model, rows in content().items()}
    models = list(kept)
    kept[Page] = set().union(*(kept[model] for model in models if issubclass(model, Page)))
    names = people(Random(times), set(Representative.objects.values_list("name", flat=True)))
    changes = CHANGES | {Representative: partial(_person, (one["name"] for one in names))}
    below: Counter[str] = Counter()  # how many pages each section gained
    for turn in range(1, times):
        for model in models:
            copies = _copies(model, turn, kept)
            if issubclass(
                model, PageTag
            ):  # a copied page carries the words of its original and those of its round
                others = _copies(model, turn, kept)
                for other in others:
                    other.pk += STEP // 2
                    other.tag_id -= STEP * turn
                copies += others
            for copy in copies:
                if isinstance(copy, Page):
                    _page(copy, turn, below)
                if model in changes:
                    changes[model](copy, turn)
            _insert(model, copies)
    for path, more in below.items():
        Page.objects.filter(path=path).update(numchild=F("numchild") + more)
    return {model._meta.label: len(kept[model]) for model in models}


def _copies(model: type[Model], turn: int, kept: Kept) -> list[Any]:
    """Return copies of the kept rows of a model, not yet written, with the keys of their round."""
    copies = list(model._base_manager.filter(pk__in=kept[model]).order_by("pk"))
    for copy in copies:
        for field in copy._meta.concrete_fields:
            key = getattr(copy, field.attname)
            if field.related_model is None:
                moves = field.primary_key
            else:
                moves = key in kept.get(field.related_model, ())
            if moves:
                setattr(copy, field.attname, key + STEP * turn)
    return copies


def _insert(model: type[Model], rows: list[Any]) -> None:
    """Write rows into the tables of their model, those of what it inherits first; bulk_create() refuses such models."""
    for table in (*reversed(model._meta.get_parent_list()), model):
        fields = table._meta.local_concrete_fields
        for first in range(0, len(rows), LOT):
            table._base_manager.all()._insert(rows[first : first + LOT], fields, using="default", raw=True)


def _named(name: str, turn: int) -> str:
    """Return a name of the same sort: 石桥镇甲村代表联络站, 听来的事（甲）."""
    stem = STEMS[turn - 1]
    ending = next((ending for ending in PLACES if name.endswith(ending)), "")
    return f"{name.removesuffix(ending)}{stem}村{ending}" if ending else f"{name}（{stem}）"


def _page(page: Any, turn: int, below: Counter[str]) -> None:
    parent = page.path[: -Page.steplen]
    below[parent] += 1
    last = Page.objects.filter(path__startswith=parent, depth=page.depth, pk__lt=STEP).latest("path").path
    page.path = Page._get_path(parent, page.depth, Page._str2int(last[-Page.steplen :]) + below[parent])
    slug = f"{page.slug}-{turn}"
    page.url_path = f"{page.url_path.removesuffix(f'{page.slug}/')}{slug}/"
    page.slug, page.title = slug, _named(page.title, turn)
    page.draft_title, page.translation_key = page.title, uuid.uuid4()
    page.latest_revision_id = page.live_revision_id = None
    page.show_in_menus = False  # the footer names what editors chose, however many there are


def _person(names: Iterator[str], person: Any, turn: int) -> None:
    person.name, person.user_id, person.phone = next(names), None, ""
    person.pinyin, person.initials = pinyin(person.name), initials(person.name)
    person.stroke_key = stroke_key(person.name)


def _station(station: Any, turn: int) -> None:
    station.name = _named(station.name, turn)
    away, angle = 5 + turn % 3 * 2.5, turn * 0.7 + station.pk
    station.map_x = _per_cent(float(station.map_x) + away * cos(angle))
    station.map_y = _per_cent(float(station.map_y) + away * sin(angle))


def _per_cent(value: float) -> Decimal:
    return Decimal(f"{min(max(value, 0), 100):.2f}")


def _activity(activity: Any, turn: int) -> None:
    """Up to eight days earlier or later, what is still open only later."""
    away = timedelta(days=2 * (turn - 5))
    away = abs(away) if activity.state == Activity.State.OPEN else away
    activity.starts_at, activity.ends_at = activity.starts_at + away, activity.ends_at + away
    activity.title = _named(activity.title, turn)
    activity.door, activity.check_in_key = secrets.token_urlsafe(9), secrets.token_hex(32)


def _session(page: Any, turn: int) -> None:
    if page.number:
        page.number += 100 * turn


def _idea(idea: Any, turn: int) -> None:
    idea.title = _named(idea.title, turn)
    if idea.number:
        idea.number += 1_000 * turn


def _word(tag: Any, turn: int) -> None:
    tag.name, tag.slug = f"{tag.name}{STEMS[turn - 1]}", f"{tag.slug}-{turn}x"


def _dated(page: Any, turn: int) -> None:
    page.date -= timedelta(days=2 * turn)


def _tour(tour: Any, turn: int) -> None:
    tour.title = _named(tour.title, turn)


CHANGES: dict[type[Model], Any] = {
    Activity: _activity,
    CoursewarePage: _dated,
    Idea: _idea,
    NoticePage: _dated,
    ProfilePage: _dated,
    SharingSessionPage: _session,
    Station: _station,
    Tag: _word,
    Tour: _tour,
}


def rebuild() -> dict[str, float]:
    """Do what publishing would have done: the index, the references, the generation; return the seconds each took."""
    took = {}
    for command in ("update_index", "rebuild_references_index"):
        begun = time.perf_counter()
        call_command(command, verbosity=0)
        took[command] = time.perf_counter() - begun
    generation.advance()
    return took


def addresses() -> dict[str, str]:
    """Return the public pages of the city that are measured, by their names: of each sort one that shows much."""
    story = ProfilePage.objects.order_by("pk")[0]
    session = SharingSessionPage.objects.filter(activity__series__isnull=False).order_by("pk")[0]
    courseware = CoursewarePage.objects.order_by("pk")[0]
    idea = Idea.objects.public().order_by("pk")[0]
    tag = Tag.objects.annotate(n=Count("stations_profiletag_items")).order_by("-n", "pk")[0]
    starts = timezone.localtime(session.activity.starts_at)
    lists = {
        "stories": ProfileIndexPage,
        "directory": DirectoryPage,
        "sessions": SessionIndexPage,
        "stations with their map": StationIndexPage,
        "courseware": CoursewareIndexPage,
        "notices": NoticeIndexPage,
    }
    there = {name: model.objects.get().url for name, model in lists.items()}
    return {
        "home": "/",
        **there,
        "a story": story.url,
        "a session": session.url,
        "a month of sessions": f"{there['sessions']}?month={starts:%Y-%m}",
        "a station with its roster": StationPage.objects.order_by("pk")[0].url,
        "an industry point": IndustryPointPage.objects.order_by("pk")[0].url,
        "a courseware": courseware.url,
        "a notice": NoticePage.objects.order_by("pk")[0].url,
        "an article": ArticlePage.objects.order_by("pk")[0].url,
        "ideas": reverse("ideas"),
        "an idea": reverse("idea", args=[idea.year, idea.number]),
        "tours": reverse("tours"),
        "a tour": reverse("tour_route", args=[Tour.objects.order_by("pk")[0].pk]),
        "tags": reverse("tags"),
        "a tag": reverse("tag", args=[tag.slug]),
        "a tag, stories": f"{reverse('tag', args=[tag.slug])}?kind=shiji",
        "figures of the year": reverse("figures"),
        "search": f"{reverse('search')}?q={quote('接待')}",
        "calendars": reverse("calendars"),
        "ways to follow": reverse("follow"),
        "map of the site": reverse("site_map"),
        "sitemap.xml": reverse("sitemap"),
        "a feed": reverse("feed", args=["fenxianghui"]),
        "calendar of sessions": reverse("sessions_calendar"),
    }


def queries(paths: list[str]) -> dict[str, dict[str, int]]:
    """Return how many queries each page takes as the first one after a page was published, and its bytes."""
    client = Client(headers={"host": "127.0.0.1"})
    counted = {}
    for path in paths:
        for _ in range(2):  # the first reads templates and the sort of each page, which a process does once
            generation.advance_pages()
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} was answered with {answer.status_code}")
        counted[path] = {"queries": len(captured), "bytes": len(answer.content)}
    return counted


if __name__ == "__main__":
    word, *more = sys.argv[1:]
    if word == "multiply":
        begun = time.perf_counter()
        before = multiply(int(more[0]))
        copied = time.perf_counter() - begun
        print(json.dumps({"before": before, "seconds": {"copied": copied, **rebuild()}}))
    elif word == "addresses":
        print(json.dumps(addresses()))
    else:
        print(json.dumps(queries(more)))
