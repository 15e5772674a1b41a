"""Reading a pasted list of names: each line is found, unknown or ambiguous, and none is passed over. Reads only."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sessions.checkin.rolls import unit_of
from stations.models import Area, Mandate
from stations.permissions import within

SEPARATORS = re.compile(r"[\s,;，；、|]+")
NUMBERING = re.compile(r"^[(（]?\d{1,4}[.)、．）]?\s+|^\d{1,4}[.)、．）]\s*")
MOST_LINES = 1000


@dataclass(frozen=True, slots=True)
class NameLine:
    """One pasted line: its place, what was written, whom it means (None: see `problem`)."""

    number: int
    text: str
    mandate: Mandate | None = None
    problem: str = ""
    candidates: tuple[str, ...] = field(default=())  # where people of that name come from


def read_names(text: str, *, day: date, areas: Iterable[Area]) -> list[NameLine]:
    """Return every line of `text` that holds something, judged by who has a mandate on `day` in `areas` (2 queries).

    A line is a name and, where two share it, words of the unit, the group or the area. Numbering in front and
    the full-width space inside a name of two characters are passed over.
    """
    written = [(number, line.strip()) for number, line in enumerate(_plain(text).splitlines(), start=1)]
    split = [(number, line, *_parts(line)) for number, line in written if line]
    found = _people({name for _, _, name, _ in split}, day, list(areas))
    lines: list[NameLine] = []
    seen: dict[int, int] = {}
    for number, line, name, unit in split:
        judged = _judge(number, line, found.get(name, []), unit)
        if judged.mandate:
            first = seen.setdefault(judged.mandate.pk, number)
            if first != number:
                judged = NameLine(number, line, problem=f"和第 {first} 行是同一位代表，请删去一行。")
        lines.append(judged)
    return lines


def digest_of(lines: Iterable[NameLine]) -> str:
    """Return a mark of who was found, so that what is saved is what was shown."""
    keys = ",".join(str(line.mandate.pk if line.mandate else 0) for line in lines)
    return hashlib.sha256(keys.encode()).hexdigest()[:32]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text.replace("\x00", ""))


def _parts(line: str) -> tuple[str, str]:
    """Return (name, words of the unit) of one line."""
    words = [word for word in SEPARATORS.split(NUMBERING.sub("", line, count=1)) if word]
    if len(words) > 1 and len(words[0]) == len(words[1]) == 1:
        words[:2] = [words[0] + words[1]]
    return (words[0], "".join(words[1:])) if words else ("", "")


def _people(names: set[str], day: date, areas: list[Area]) -> dict[str, list[Mandate]]:
    in_force = Mandate.objects.with_places(day).on(day)
    in_force = in_force.filter(within(areas), representative__name__in=names)
    by_name: dict[str, list[Mandate]] = {}
    for mandate in in_force.order_by("representative_id", "-starts_on"):
        of_name = by_name.setdefault(mandate.representative.name, [])
        if all(other.representative_id != mandate.representative_id for other in of_name):
            of_name.append(mandate)
    return by_name


def _judge(number: int, line: str, people: list[Mandate], unit: str) -> NameLine:
    if not people:
        return NameLine(number, line, problem="没有找到活动当天在任的代表，请核对姓名。")
    fitting = [mandate for mandate in people if unit in _where(mandate)] if unit else people
    if len(fitting) == 1:
        return NameLine(number, line, mandate=fitting[0])
    places = tuple(_shown(mandate) for mandate in people)
    if not fitting:
        return NameLine(number, line, problem="姓名找到了，单位对不上，请改成下面的写法。", candidates=places)
    return NameLine(number, line, problem="有同名的代表，请在姓名后面写上单位。", candidates=places)


def _where(mandate: Mandate) -> str:
    """Return all words that may tell a person from another of the name, without spaces."""
    groups = "".join(membership.group.name for membership in mandate.groups_now)  # type: ignore[attr-defined]
    words = (mandate.electing_unit, mandate.area.name, mandate.representative.occupation, groups)
    return "".join(_plain("\n".join(words)).split())


def _shown(mandate: Mandate) -> str:
    groups = [membership.group.name for membership in mandate.groups_now]  # type: ignore[attr-defined]
    return "，".join(dict.fromkeys([unit_of(mandate), *groups]))
