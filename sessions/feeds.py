"""The channels of sessions, courseware and ideas; what is new of one representative and at one station."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone

from portal.conventions.addresses import absolute
from portal.conventions.words import gist, plain
from portal.dates import cn_date, cn_time
from portal.feeds.entries import Channel, Entry, entry_of, key_of, newest_first, root_key
from portal.visibility import open_to_all
from sessions.calendars.feeds import announced, session_entries
from sessions.models import CoursewarePage, IdeaEvent
from sessions.voices.reading import public_ideas
from stations.feeds import public_stories, story_entries
from stations.models import IndustryPointPage, ProfilePage, StationPage

IDEA_WORDS = 120
NAMED = 100  # people, and places, that the page on following lists; the others have their feed named on their own page


class Group(NamedTuple):
    """Feeds of one sort on the page on following: pairs (name, whole address)."""

    title: str
    unit: str
    words: str
    rows: list[tuple[str, str]]


def entries_of_sessions(pages: Any) -> list[Entry]:
    """Return the entries of announced session pages: when and where, and whether called off (2 queries)."""
    pages = list(pages)
    entries = []
    for page, seen in zip(pages, session_entries(pages), strict=True):
        when = f"{cn_date(page.activity.starts_at)}{cn_time(page.activity.starts_at)}"
        state = "已取消。" if seen.cancelled else ""
        words = f"{state}{'，'.join(filter(None, (when, plain(page.activity.place))))}。{gist(page)}"
        first = page.first_published_at or min(seen.touched, page.activity.starts_at)
        entries.append(entry_of(page, published=first, moved=seen.touched, words=words, kind="分享会"))
    return entries


def sessions(most: int) -> list[Entry]:
    """Return the latest announced sessions, the last announced first (2 queries)."""
    return newest_first(entries_of_sessions(announced(timezone.now())[:most]), most)


def public_courseware() -> Any:
    """Return public courseware, the newest first, with its author."""
    return (
        open_to_all(CoursewarePage.objects.all())
        .select_related("author")
        .defer("author__phone", "author__birth_date")
        .order_by("-date", "-pk")
    )


def entries_of_courseware(pages: Iterable[Any]) -> list[Entry]:
    """Return the entries of courseware: title and summary are public, whoever may open the files."""
    return [
        entry_of(
            page,
            day=page.date,
            authors=tuple(filter(None, (str(page.author or page.guest_author),))),
            kind="课件",
        )
        for page in pages
    ]


def courseware(most: int) -> list[Entry]:
    """Return the newest courseware (1 query)."""
    return entries_of_courseware(public_courseware()[:most])


def ideas(most: int) -> list[Entry]:
    """Return the last released ideas with how their handling stands (5 queries)."""
    released = Max("events__recorded_at", filter=Q(events__kind=IdeaEvent.Kind.RELEASED))
    changed = Max("events__recorded_at", filter=Q(events__kind__in=IdeaEvent.PUBLIC))
    rows = list(public_ideas().annotate(released_at=released, changed_at=changed)[:most])
    root = root_key() if rows else None
    return [_idea(row, root) for row in rows]


def _idea(idea: Any, root: Any) -> Entry:
    text = plain(idea.text)
    published = idea.released_at or idea.submitted_at
    return Entry(
        key=key_of(f"idea:{idea.year}-{idea.number}", root),
        title=idea.title,
        path=reverse("idea", args=[idea.year, idea.number]),
        published=published,
        updated=max(published, idea.changed_at or published),
        words=f"{idea.get_handling_display()}。{text if len(text) <= IDEA_WORDS else text[: IDEA_WORDS - 1] + '…'}",
        authors=tuple(idea.people),
        kind="金点子",
    )


def of_person(page: ProfilePage, most: int) -> list[Entry]:
    """Return the stories of the page's representative, sessions they speak at, courseware they left (4 queries)."""
    who = page.representative_id
    spoken = announced(timezone.now()).filter(speakers__representative=who).distinct()
    return newest_first(
        [
            *story_entries(public_stories().filter(representative=who)[:most]),
            *entries_of_sessions(spoken[:most]),
            *entries_of_courseware(public_courseware().filter(author=who)[:most]),
        ],
        most,
    )


def at_place(page: Any, most: int) -> list[Entry]:
    """Return the sessions at a station or industry point, and their courseware (3 queries)."""
    there = announced(timezone.now()).filter(activity__station=page.station_id)
    files = public_courseware().filter(session__activity__station=page.station_id)
    return newest_first([*entries_of_sessions(there[:most]), *entries_of_courseware(files[:most])], most)


def groups() -> list[Group]:
    """Return the feeds of stations by area code, and of representatives who have a story by stroke (3 queries)."""
    places = [
        (name, absolute(reverse("feed_place", args=[key])))
        for model in (StationPage, IndustryPointPage)
        for name, key in open_to_all(model.objects.all())
        .order_by("station__area__code", "station__name", "pk")
        .values_list("station__name", "pk")
    ]
    stories = open_to_all(ProfilePage.objects.all()).order_by("representative__stroke_key", "pk")
    people = [
        (name, absolute(reverse("feed_person", args=[key])))
        for name, key in stories.values_list("representative__name", "pk")[: NAMED + 1]
    ]
    return [
        _named("某一位代表", "位", "这位代表的故事、主讲的分享会和留下的课件。按姓名笔画排列。", people),
        _named("某一个站点", "个", "在这个站举办的分享会和会后的课件。", places),
    ]


def _named(title: str, unit: str, words: str, rows: list[tuple[str, str]]) -> Group:
    rest = f"这里列出前 {NAMED} {unit}，其余的在各自的页面上订阅。" if len(rows) > NAMED else ""
    return Group(title, unit, words + rest, rows[:NAMED])


CHANNELS = (
    Channel(
        name="fenxianghui",
        title="分享会",
        words="新确定的场次，改期和取消也会更新。",
        section="/fenxianghui/",
        read=sessions,
    ),
    Channel(
        name="kejian",
        title="课件库",
        words="主讲人留下的课件，新的在前。",
        section="/kejian/",
        read=courseware,
    ),
    Channel(
        name="jindianzi",
        title="金点子",
        words="新公开的金点子，办理有进展时会更新。",
        section="/jindianzi/",
        read=ideas,
    ),
)
