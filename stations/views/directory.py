"""代表名录: everybody with a mandate today, in 姓名笔画 order, to be searched and filtered. Nothing private is read."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.http import HttpRequest
from django.utils import timezone

from portal.conventions.addresses import understood
from stations.models import GroupMembership, Mandate, RosterEntry, Station
from stations.names import stroke_count
from stations.querysets import in_force
from stations.views.links import stories_of
from stations.views.places import clean_query

PEOPLE_A_PAGE = 300
SORTS = {"strokes": "姓名笔画", "pinyin": "拼音", "group": "小组"}
NUMERALS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三")
MANY = 13  # from so many strokes on, surnames share one section
OTHER = "其他"
NO_GROUP = "未编入小组"
KINDS = {"liaison": "驻代表联络站", "industry": "驻产业联络点"}


class Person(NamedTuple):
    """One row of the directory before its page is known."""

    mandate: int
    key: int
    name: str
    pinyin: str
    occupation: str
    group: str


class Listed(NamedTuple):
    """One row of the directory as it is shown: `line` is group and trade, `story` the live page or None."""

    person: Person
    line: str
    story: Any


class Section(NamedTuple):
    """A heading with its people; `anchor` names it in the address."""

    anchor: str
    label: str
    size: int
    people: list[Listed]


class IndexEntry(NamedTuple):
    """One sign of the index; without people it is greyed and no link."""

    anchor: str
    label: str
    page: int
    current: bool


class Facet(NamedTuple):
    """One box of the filter rail."""

    value: str
    label: str
    size: int
    chosen: bool


class Choice(NamedTuple):
    """What the reader asked for, cleaned: nonsense is as if it were not there."""

    query: str
    sort: str
    kinds: frozenset[str]
    groups: frozenset[int]
    points: frozenset[int]

    @property
    def active(self) -> int:
        """How many filters are set."""
        return len(self.kinds) + len(self.groups) + len(self.points)


def choice_of(request: HttpRequest) -> Choice:
    """Return what the address asks for: ?q=, ?sort=, and ?kind=, ?group=, ?point=, each as often as one likes."""

    def numbers(name: str) -> frozenset[int]:
        texts = request.GET.getlist(name)
        return frozenset(int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10)

    sort = request.GET.get("sort", "")
    return Choice(
        query=clean_query(request.GET.get("q", "")),
        sort=sort if sort in SORTS else "strokes",
        kinds=frozenset(request.GET.getlist("kind")) & KINDS.keys(),
        groups=numbers("group"),
        points=numbers("point"),
    )


def kept(choice: Choice) -> list[tuple[str, str]]:
    """Return the (name, value) pairs that a new search takes along: order and filters, not the page."""
    chosen = [("kind", kind) for kind in sorted(choice.kinds)]
    chosen += [("group", str(pk)) for pk in sorted(choice.groups)]
    chosen += [("point", str(pk)) for pk in sorted(choice.points)]
    return chosen + ([("sort", choice.sort)] if choice.sort != "strokes" else [])


def _typed(query: str) -> Q:
    """Return the condition for what was typed: a part of name or unit, or the beginning of pinyin or initials."""
    joined = query.replace(" ", "").replace("ü", "v")
    return (
        Q(representative__name__icontains=query.replace(" ", ""))
        | Q(representative__occupation__icontains=query)
        | Q(representative__initials__startswith=joined)
        | Q(joined_pinyin__startswith=joined)
    )


def people_on(day: date, choice: Choice) -> list[Person]:
    """Return everybody with a mandate on `day` whom the choice names, in its order (1 query)."""
    rows: QuerySet[Any] = Mandate.objects.on(day).annotate(
        now_in=FilteredRelation("memberships", condition=in_force(day, "memberships__")),
        joined_pinyin=Replace(F("representative__pinyin"), Value(" "), Value("")),
    )
    if choice.query:
        rows = rows.filter(_typed(choice.query))
    if choice.groups:
        rows = rows.filter(now_in__group_id__in=choice.groups)
    for stations in (Q(kind__in=choice.kinds) if choice.kinds else None, _points(choice.points)):
        if stations is not None:
            there = RosterEntry.objects.on(day).filter(station__in=Station.objects.filter(stations))
            rows = rows.filter(pk__in=there.values("mandate_id"))
    strokes = ("representative__stroke_key", "representative_id")
    before = {"pinyin": ("joined_pinyin",), "group": ("now_in__group_id",)}
    names = ("name", "pinyin", "occupation")
    values = rows.order_by(*before.get(choice.sort, ()), *strokes).values_list(
        "pk", "representative_id", *(f"representative__{name}" for name in names), "now_in__group__name"
    )
    people = [
        Person(mandate, key, name, letters, trade, group or "")
        for mandate, key, name, letters, trade, group in values
    ]
    if choice.sort == "group":  # databases differ in where they put NULL
        people.sort(key=lambda person: not person.group)
    return people


def _points(points: frozenset[int]) -> Q | None:
    return Q(pk__in=points, kind=Station.Kind.INDUSTRY) if points else None


def section_of(person: Person, sort: str) -> tuple[str, str]:
    """Return (anchor, label) of the section a person stands in: strokes or first letter of the surname, or group."""
    if sort == "group":
        return f"g-{person.group or NO_GROUP}", person.group or NO_GROUP
    if sort == "pinyin":
        letter = person.pinyin[:1].upper()
        label = letter if "A" <= letter <= "Z" else OTHER
        return f"p-{label}", label
    return stroke_section(stroke_count(person.name[:1]))


def stroke_section(count: int | None) -> tuple[str, str]:
    """Return (anchor, label) of the section of surnames with `count` strokes; None when the table has no count."""
    if count is None:
        return "s-other", OTHER
    label = f"{NUMERALS[min(count, MANY)]}画"
    return f"s-{min(count, MANY)}", f"{label}及以上" if count >= MANY else label


def all_sections(sort: str, present: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the signs of the index in order: every usual one and whatever else is present."""
    there = list(dict.fromkeys(present))
    if sort == "group":
        return there
    if sort == "pinyin":
        usual = [(f"p-{letter}", letter) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    else:
        usual = [stroke_section(count) for count in range(2, MANY + 1)]
        usual = [sign for sign in there if sign[0] == "s-1"] + usual
    return usual + [sign for sign in there if sign not in usual]


def index_of(people: list[Person], sort: str, page: int) -> list[IndexEntry]:
    """Return the index: each sign with the page on which its first person stands, 0 when there is nobody."""
    first: dict[tuple[str, str], int] = {}
    for place, person in enumerate(people):
        first.setdefault(section_of(person, sort), place // PEOPLE_A_PAGE + 1)
    current = next((sign for sign, on in first.items() if on == page), None)
    return [
        IndexEntry(sign[0], sign[1], first.get(sign, 0), sign == current)
        for sign in all_sections(sort, first)
    ]


def sections_of(shown: Page[Person], sort: str, day: date) -> list[Section]:
    """Return one page of people under their headings, with trade and story (2 queries for any number)."""
    trades: dict[int, list[str]] = {}
    entries = RosterEntry.objects.on(day).filter(mandate_id__in=[person.mandate for person in shown])
    for mandate, industry in entries.order_by("pk").values_list("mandate_id", "station__industry"):
        trades.setdefault(mandate, []).extend(filter(None, [industry]))
    stories = stories_of(person.key for person in shown)
    sections = []
    for (anchor, label), members in groupby(shown, key=lambda person: section_of(person, sort)):
        people = [
            Listed(person, _line(person, trades.get(person.mandate, [])), stories.get(person.key))
            for person in members
        ]
        sections.append(Section(anchor, label, len(people), people))
    return sections


def _line(person: Person, trades: list[str]) -> str:
    return " · ".join(dict.fromkeys(filter(None, (person.group, *(trades or [person.occupation])))))


def facets_on(day: date, choice: Choice) -> dict[str, list[Facet]]:
    """Return the boxes of the filter rail with how many people each holds on `day` (2 queries)."""
    groups = GroupMembership.objects.on(day).filter(in_force(day, "mandate__"))
    points = RosterEntry.objects.on(day).filter(in_force(day, "mandate__"))
    group_rows = groups.values_list("group_id", "group__name").annotate(n=Count("mandate", distinct=True))
    place_rows = points.values_list("station_id", "station__kind", "station__industry").annotate(
        n=Count("mandate", distinct=True)
    )
    industry = [row for row in place_rows.order_by("station_id") if row[1] == Station.Kind.INDUSTRY]
    return {
        "kinds": [Facet(value, label, 0, value in choice.kinds) for value, label in KINDS.items()],
        "groups": [
            Facet(str(pk), name, n, pk in choice.groups) for pk, name, n in group_rows.order_by("group_id")
        ],
        "points": [Facet(str(pk), trade, n, pk in choice.points) for pk, _, trade, n in industry],
    }


def directory_context(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """Return what the directory shows at `now`: 5 queries for any number of people.

    A page holds 300 people; the index knows on which page each section begins.
    """
    today = timezone.localdate(now)
    choice = choice_of(request)
    people = people_on(today, choice)
    shown = Paginator(people, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    return {
        "choice": choice,
        "sorts": SORTS,
        "kept": kept(choice),
        "understood": understood(*kept(choice), q=choice.query, page=shown),
        "items": shown,
        "sections": sections_of(shown, choice.sort, today),
        "index": index_of(people, choice.sort, shown.number),
        "facets": facets_on(today, choice),
        "filtered": bool(choice.query or choice.active),
    }
