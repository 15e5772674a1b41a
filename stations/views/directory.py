"""代表名录: everybody with a mandate today, in 姓名笔画 order, to be searched and filtered. Nothing private is read."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import F, FilteredRelation, QuerySet, Value
from django.db.models.functions import Coalesce, Replace
from django.http import HttpRequest
from django.utils import timezone

from portal.conventions.addresses import understood
from stations.models import Mandate
from stations.names import stroke_count
from stations.querysets import in_force
from stations.views.facets import KEYS, Chosen, Marks, Options, chosen_of, marks_on, narrowed, options_on
from stations.views.links import stories_of
from stations.views.places import clean_query

PEOPLE_A_PAGE = 300
SORTS = {"strokes": "姓名笔画", "pinyin": "拼音", "group": "小组"}
NUMERALS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三")
MANY = 13  # from so many strokes on, surnames share one section
OTHER = "其他"
NO_GROUP = "未编入小组"


class Person(NamedTuple):
    """One row of the directory before its page is known."""

    mandate: int
    key: int
    name: str
    pinyin: str
    initials: str
    occupation: str
    area: str  # its path in the tree
    group_key: int | None
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


class Choice(NamedTuple):
    """What the reader asked for, cleaned: nonsense is as if it were not there."""

    query: str
    sort: str
    chosen: Chosen

    @property
    def active(self) -> int:
        """How many filters are set."""
        return sum(len(values) for values in self.chosen.values())

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The (name, value) pairs that a new search takes along: order and filters, not the page."""
        pairs = [(key, value) for key in KEYS for value in sorted(self.chosen[key])]
        return pairs + ([("sort", self.sort)] if self.sort != "strokes" else [])


def choice_of(request: HttpRequest, options: Options) -> Choice:
    """Return what the address asks for: ?q=, ?sort=, and a filter of each kind as often as one likes."""
    sort = request.GET.get("sort", "")
    return Choice(
        query=clean_query(request.GET.get("q", "")),
        sort=sort if sort in SORTS else "strokes",
        chosen=chosen_of({key: request.GET.getlist(key) for key in KEYS}, options),
    )


def meant(person: Person, query: str) -> bool:
    """Whether a person is who was typed: a part of name, unit or group, or the beginning of pinyin or initials; or every word is."""
    typed = query.split()
    return _is(person, query) or (len(typed) > 1 and all(_is(person, word) for word in typed))


def _is(person: Person, query: str) -> bool:
    joined = query.replace(" ", "")
    letters = joined.replace("ü", "v")
    return (
        joined in clean_query(person.name)
        or query in clean_query(person.occupation)
        or query in clean_query(person.group)
        or person.initials.startswith(letters)
        or person.pinyin.replace(" ", "").startswith(letters)
    )


def people_on(day: date, sort: str) -> list[Person]:
    """Return everybody with a mandate on `day` in the order of `sort` (1 query)."""
    rows: QuerySet[Any] = Mandate.objects.on(day).annotate(
        now_in=FilteredRelation("memberships", condition=in_force(day, "memberships__")),
        joined_pinyin=Replace(F("representative__pinyin"), Value(" "), Value("")),
    )
    strokes = ("representative__stroke_key", "representative_id")
    before = {"pinyin": ("joined_pinyin",), "group": ("now_in__group_id",)}
    names = ("name", "pinyin", "initials", "occupation")
    values = rows.order_by(*before.get(sort, ()), *strokes).values_list(
        "pk",
        "representative_id",
        *(f"representative__{name}" for name in names),
        "area__path",
        "now_in__group_id",
        Coalesce("now_in__group__name", Value("")),
    )
    people = [Person._make(row) for row in values]
    if sort == "group":  # databases differ in where they put NULL
        people.sort(key=lambda person: not person.group)
    return people


def section_of(person: Person, sort: str) -> tuple[str, str]:
    """Return (anchor, label) of the section a person stands in: strokes or first letter of the surname, or group."""
    if sort == "group":
        return f"g-{person.group or NO_GROUP}", person.group or NO_GROUP
    if sort == "pinyin":
        letter = person.pinyin[:1].upper()
        label = letter if "A" <= letter <= "Z" else OTHER
        return f"p-{label}", label
    return _section_of_surname(person.name[:1])


@cache
def _section_of_surname(character: str) -> tuple[str, str]:
    return stroke_section(stroke_count(character))


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


def sections_of(shown: Page[Person], sort: str, marks: Marks, options: Options) -> list[Section]:
    """Return one page of people under their headings, with trade and story (1 query for any number)."""
    stories = stories_of(person.key for person in shown)
    sections = []
    for (anchor, label), members in groupby(shown, key=lambda person: section_of(person, sort)):
        people = [
            Listed(person, _line(person, trades_of(person, marks, options)), stories.get(person.key))
            for person in members
        ]
        sections.append(Section(anchor, label, len(people), people))
    return sections


def trades_of(person: Person, marks: Marks, options: Options) -> list[str]:
    """Return the trades of the industry points that a person works from."""
    trades = (options.stations[post][1] for post in marks.posts.get(person.mandate, ()))
    return [trade for trade in trades if trade]


def _line(person: Person, trades: list[str]) -> str:
    return " · ".join(dict.fromkeys(filter(None, (person.group, *(trades or [person.occupation])))))


def directory_context(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """Return what the directory shows at `now`: 5 queries for any number of people.

    A page holds 300 people; the index knows on which page each section begins.
    """
    today = timezone.localdate(now)
    options = options_on(today)
    marks = marks_on(today, options)
    choice = choice_of(request, options)
    everybody = people_on(today, choice.sort)
    named = [person for person in everybody if not choice.query or meant(person, choice.query)]
    people, facets = narrowed(named, marks, options, choice.chosen)
    shown = Paginator(people, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    return {
        "choice": choice,
        "sorts": SORTS,
        "understood": understood(*choice.kept, q=choice.query, page=shown),
        "kept": choice.kept,
        "items": shown,
        "sections": sections_of(shown, choice.sort, marks, options),
        "index": index_of(people, choice.sort, shown.number),
        "facets": facets,
        "filtered": bool(choice.query or choice.active),
    }
