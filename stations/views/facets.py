"""The filter rail of the directory: what can be chosen, what marks a person, how many would be left by each box."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any, NamedTuple

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Coalesce

from portal.visibility import open_to_all
from stations.models import Area, DeputyGroup, MandateTag, ProfilePage, ProfileTag, RosterEntry, Station
from stations.querysets import in_force

KEYS = ("kind", "tag", "group", "station", "point", "area")
KINDS = {
    "story": "有事迹报道",
    "excellent": "年度优秀代表",
    **MandateTag.WORDS,
    "liaison": "驻代表联络站",
    "industry": "驻产业联络点",
}
# Words of mandates that name a public office; the others are the standards' own and not for readers.
PUBLIC_SEATS = frozenset({"standing_member"})
AREAS = 60  # more areas than that are shown as those right below the topmost only
TAGS = 60  # of the many words those that most people carry
PLACES = 60  # of more stations, or more points, those from which most people work
TEXT = CharField()
NONE: frozenset[str] = frozenset()

Chosen = Mapping[str, frozenset[str]]  # {kind of filter: what was ticked}


class Facet(NamedTuple):
    """One box of the filter rail; `size`: how many people it would leave beside the filters of other kinds."""

    value: str
    label: str
    size: int
    chosen: bool


class Options(NamedTuple):
    """What can be chosen on a day: {kind of filter: {value: label}}; the trades of points, the paths of areas."""

    labels: dict[str, dict[str, str]]
    stations: dict[str, tuple[str, str]]  # {station: (its kind, its trade)}
    paths: dict[str, str]  # {area: its place in the tree}


def options_on(day: date) -> Options:
    """Return the groups, places and areas of `day`, those without people too (1 query); tags come with the marks."""
    groups = DeputyGroup.objects.filter(in_force(day, "term__")).values_list(
        Value("group", TEXT), "pk", "name", Value("", TEXT), Value("", TEXT)
    )
    places = Station.objects.values_list("kind", "pk", "name", "industry", "area__code")
    areas = Area.objects.values_list(Value("area", TEXT), "pk", "name", Value("", TEXT), "path")
    labels: dict[str, dict[str, str]] = {key: {} for key in KEYS} | {"kind": dict(KINDS)}
    stations, paths = {}, {}
    rows = groups.order_by().union(places.order_by(), areas.order_by(), all=True)
    for what, pk, name, trade, place in sorted(rows, key=lambda row: (row[0], row[4], row[1])):
        if what == "area":
            paths[str(pk)] = place
            labels["area"][str(pk)] = name
        elif what == "group":
            labels["group"][str(pk)] = name
        else:
            stations[str(pk)] = (what, trade)
            point = what == Station.Kind.INDUSTRY
            labels["point" if point else "station"][str(pk)] = trade if point else name
    labels["area"] = _areas(labels["area"], paths)
    return Options(labels, stations, paths)


def _areas(names: dict[str, str], paths: dict[str, str]) -> dict[str, str]:
    """Leave out the topmost area, which holds everybody, and of very many those that lie deep."""
    top = min((len(path) for path in paths.values()), default=0)
    below = {pk: name for pk, name in names.items() if len(paths[pk]) > top}
    if len(below) <= AREAS:
        return below
    return {pk: name for pk, name in below.items() if len(paths[pk]) == top + Area.steplen}


def chosen_of(asked: Mapping[str, Iterable[str]], options: Options) -> dict[str, frozenset[str]]:
    """Return of what was asked for only what can be chosen: anything else is as if it were not there."""
    return {key: frozenset(asked.get(key, ())) & options.labels[key].keys() for key in KEYS}


class Marks(NamedTuple):
    """What the rows of a day say of people: posts and seats of mandates, stories of representatives."""

    posts: dict[int, list[str]]  # {mandate: its stations}
    kinds: dict[int, set[str]]  # {mandate: "standing_member", …}
    stories: dict[int, set[str]]  # {representative: "story", "excellent"}
    tags: dict[int, set[str]]  # {representative: slugs}
    areas: dict[str, set[str]]  # {path of an area: which areas to choose from hold it}, found once for each

    def of(self, person: Any, options: Options) -> dict[str, AbstractSet[str]]:
        """Return {kind of filter: what of it fits the person}: asked of everybody at every look, so it copies little."""
        kinds: AbstractSet[str] = self.kinds.get(person.mandate, NONE)
        stories = self.stories.get(person.key)
        stations: AbstractSet[str] = NONE
        points: AbstractSet[str] = NONE
        for post in self.posts.get(person.mandate, ()):
            kind = options.stations[post][0]
            kinds = kinds | {kind}
            if kind == Station.Kind.INDUSTRY:
                points = points | {post}
            else:
                stations = stations | {post}
        return {
            "kind": kinds | stories if stories else kinds,
            "tag": self.tags.get(person.key, NONE),
            "group": {str(person.group_key)},
            "station": stations,
            "point": points,
            "area": self._around(person.area, options),
        }

    def _around(self, path: str, options: Options) -> set[str]:
        if path not in self.areas:
            held = {pk for pk in options.labels["area"] if path.startswith(options.paths[pk])}
            self.areas[path] = held
        return self.areas[path]


def marks_on(day: date, options: Options) -> Marks:
    """Return what marks people on `day` and add the tags in use to the options (2 queries). Nothing private is read."""
    marks = Marks({}, {}, {}, {}, {})
    posts = RosterEntry.objects.on(day).order_by("pk").values_list("mandate_id", "station_id")
    for mandate, station in posts:
        marks.posts.setdefault(mandate, []).append(str(station))
    stories = open_to_all(ProfilePage.objects.all()).order_by()
    year = Coalesce(Cast("excellent_year", TEXT), Value("", TEXT))
    rows = stories.values_list(Value("story", TEXT), "representative_id", year, Value("", TEXT)).union(
        ProfileTag.objects.filter(content_object__in=stories.values("pk"))
        .annotate(who=F("content_object__representative_id"))
        .values_list(Value("tag", TEXT), "who", "tag__slug", "tag__name"),
        MandateTag.objects.filter(code__in=PUBLIC_SEATS).values_list(
            Value("seat", TEXT), "mandate_id", "code", Value("", TEXT)
        ),
        all=True,
    )
    for what, key, word, name in rows:
        if what == "tag":
            marks.tags.setdefault(key, set()).add(word)
            options.labels["tag"][word] = name
        elif what == "seat":
            marks.kinds.setdefault(key, set()).add(word)
        else:
            marks.stories.setdefault(key, set()).update({"story", "excellent"} if word else {"story"})
    return marks


def narrowed(
    people: Iterable[Any], marks: Marks, options: Options, chosen: Chosen
) -> tuple[list[Any], dict[str, list[Facet]]]:
    """Return the people who fit every kind of filter, in their order, and the boxes with their sizes.

    Ticks of one kind add up, kinds narrow one another. A box counts who fits all *other* kinds and itself, so a
    box of 0 would show nobody: it stays, disabled.
    """
    shown: list[Any] = []
    sizes: dict[str, dict[str, int]] = {key: {} for key in KEYS}
    ticked = [key for key in KEYS if chosen[key]]
    for person in people:
        fits = marks.of(person, options)
        against = [key for key in ticked if not chosen[key] & fits[key]]
        if not against:
            shown.append(person)
        if len(against) < 2:
            for key in against or KEYS:
                for value in fits[key]:
                    sizes[key][value] = sizes[key].get(value, 0) + 1
    return shown, {key: _boxes(options.labels[key], sizes[key], chosen[key], key) for key in KEYS}


def _boxes(labels: dict[str, str], sizes: dict[str, int], ticked: frozenset[str], key: str) -> list[Facet]:
    boxes = [Facet(value, label, sizes.get(value, 0), value in ticked) for value, label in labels.items()]
    if key == "tag":
        return _largest(boxes)[:TAGS]
    if key in {"station", "point"} and len(boxes) > PLACES:
        return _largest(boxes)[:PLACES]
    return boxes


def _largest(boxes: list[Facet]) -> list[Facet]:
    return sorted(boxes, key=lambda box: (not box.chosen, -box.size, box.value))
