"""What a list of proposals would change, line by line, reckoned on what is stored now. A few queries, no write."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch

from portal.models import User
from scoring.models import Proposal, ProposalMover
from scoring.people import Directory, Unknown, named
from scoring.permissions import kept_by, mandates_kept_by
from scoring.proposals.reading import HEADERS, Line
from sessions.models import LockedPeriod
from stations.models import Mandate

Role = ProposalMover.Role
YES, NO = {"是", "√", "✓", "有", "1", "y", "yes"}, {"否", "×", "无", "0", "n", "no", ""}
AT_ONCE = 500
MARKS = ("filed", "fine", "key")


@dataclass(frozen=True, slots=True)
class Given:
    """What a line says of a proposal."""

    ref: str
    title: str
    submitted_on: date
    movers: Mapping[Mandate, str]
    filed: bool
    fine: bool
    key: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One field that would change: its heading, the words of before and after."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line with what would come of it: new, changed, same or refused; `problems` say what to do."""

    line: Line
    outcome: str
    given: Given | None = None
    known: Proposal | None = None
    changes: tuple[Change, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def people(self) -> list[Mandate]:
        """The movers of before and after."""
        before = [mover.mandate for mover in self.known.movers.all()] if self.known else []
        return [*before, *(self.given.movers if self.given else ())]

    @property
    def days(self) -> set[date]:
        """The day of submission of before and after."""
        known, given = self.known, self.given
        return ({known.submitted_on} if known else set()) | ({given.submitted_on} if given else set())


@dataclass(frozen=True, slots=True)
class Plan:
    """Every line of a list; `seen` tells two plans apart."""

    rows: tuple[Row, ...]

    def of(self, outcome: str) -> list[Row]:
        """Return the rows with one outcome."""
        return [row for row in self.rows if row.outcome == outcome]

    @property
    def new(self) -> list[Row]:
        """What would be entered."""
        return self.of("new")

    @property
    def changed(self) -> list[Row]:
        """What would be changed."""
        return self.of("changed")

    @property
    def same(self) -> list[Row]:
        """What stands there already."""
        return self.of("same")

    @property
    def refused(self) -> list[Row]:
        """What keeps the whole list from being taken."""
        return self.of("refused")

    @property
    def seen(self) -> str:
        """A digest of what would happen: it is another one when the records have changed since."""
        told = [
            (row.line.number, row.outcome, [(c.name, c.old, c.new) for c in row.changes], row.problems)
            for row in self.rows
        ]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def plan_of(lines: Sequence[Line], user: User) -> Plan:
    """Return what these lines would change of the proposals that `user` keeps."""
    known, mine = _known(lines, user)
    people = Directory(
        [text for line in lines for text in (line.first, line.seconders or "")], mandates_kept_by(user)
    )
    locks = _locks()
    first_of: dict[str, int] = {}
    rows = []
    for line in lines:
        there = known.get(line.ref)
        problems = _of_number(line, there, mine, first_of)
        given, more = _given(line, there, people)
        if given is None or problems:
            rows.append(Row(line, "refused", problems=(*problems, *more)))
            continue
        changes = _changes(given, there) if there else ()
        row = Row(line, "changed" if changes else "same" if there else "new", given, there, changes)
        shut = _shut(row, locks) if row.outcome != "same" else set()
        if shut:
            said = f"提出日期：{'、'.join(sorted(shut))}的这一年度已经上报，记录不能再增加或修改。"
            row = Row(line, "refused", problems=(said,))
        rows.append(row)
    return Plan(tuple(rows))


def _known(lines: Sequence[Line], user: User) -> tuple[dict[str, Proposal], set[int]]:
    """Return the stored proposals of these numbers with their movers, and which of them the user keeps."""
    refs = sorted({line.ref for line in lines if line.ref})
    movers = ProposalMover.objects.select_related("mandate__representative", "mandate__area").order_by("pk")
    found: dict[str, Proposal] = {}
    mine: set[int] = set()
    for start in range(0, len(refs), AT_ONCE):
        part = Proposal.objects.filter(ref__in=refs[start : start + AT_ONCE])
        found |= {row.ref: row for row in part.prefetch_related(Prefetch("movers", movers))}
        mine |= set(kept_by(user, Proposal).filter(pk__in=part.values("pk")).values_list("pk", flat=True))
    return found, mine


def _of_number(line: Line, there: Proposal | None, mine: set[int], first_of: dict[str, int]) -> list[str]:
    problems = []
    if line.formulas:
        problems.append(f"“{line.formulas}”是公式，请复制后粘贴为数值再传。")
    if not line.ref:
        problems.append("编号：请填写编号，同一件建议以后按编号更新。")
    elif len(line.ref) > Proposal._meta.get_field("ref").max_length:  # type: ignore[operator]
        problems.append("编号：最多 40 个字，请核对。")
    elif line.ref in first_of:
        problems.append(f"编号：和第 {first_of[line.ref]} 行的编号 {line.ref} 重复，请只留一行。")
    elif there and there.pk not in mine:
        problems.append(f"编号：{line.ref} 已由别的区域登记，请核对编号。")
    first_of.setdefault(line.ref, line.number)
    return problems


def _given(line: Line, there: Proposal | None, people: Directory) -> tuple[Given | None, list[str]]:
    """Return what the line says, or what is wrong with it, each with the heading of the column."""
    problems = []
    if not line.title:
        problems.append("题目：请填写题目。")
    elif len(line.title) > Proposal._meta.get_field("title").max_length:  # type: ignore[operator]
        problems.append("题目：最多 160 个字，请精简。")
    marks: dict[str, bool] = {}
    for field in MARKS:
        word = getattr(line, field)
        stored = getattr(there, field) if there else field == "filed"
        said = _mark(word, stored)
        if said is None:
            problems.append(f"{HEADERS[field][0]}：“{word[:20]}”认不出来，请写“是”或“否”。")
        else:
            marks[field] = said
    day = _day(line.submitted_on)
    if day is None:
        problems.append(f"提出日期：“{line.submitted_on[:20]}”读不懂，请写成 2026-03-05。")
        return None, problems
    movers, wrong = _movers(line, there, day, people)
    problems += wrong
    if problems:
        return None, problems
    return Given(line.ref, line.title, day, movers, **marks), []


def _mark(word: str | None, stored: bool) -> bool | None:
    """Return yes or no; a column that is not there leaves what is stored, a cell left empty says no."""
    if word is None:
        return stored
    plain = unicodedata.normalize("NFKC", word).lower()
    return True if plain in YES else False if plain in NO else None


def _day(text: str) -> date | None:
    try:
        day: date | None = forms.DateField().clean(unicodedata.normalize("NFKC", text).replace(" ", ""))
    except ValidationError:
        return None
    return day


def _movers(
    line: Line, there: Proposal | None, day: date, people: Directory
) -> tuple[dict[Mandate, str], list[str]]:
    first: list[Mandate] = []
    seconders: list[Mandate] = []
    problems = []
    for field, people_of in (("first", first), ("seconders", seconders)):
        try:
            people_of.extend(people.named(getattr(line, field) or "", day))
        except Unknown as unknown:
            problems.append(f"{HEADERS[field][0]}：{unknown}")
    if line.seconders is None and there:  # no such column: those who are there stay
        seconders += [mover.mandate for mover in there.movers.all() if mover.role == Role.CO]
    if not problems and len(first) != 1:
        problems.append(f"领衔人：请填一位{'，其余的写在附议人里' if first else '代表'}。")
    if not problems and first[0] in seconders:
        problems.append(f"附议人：{first[0]}已经是领衔人，请删去一处。")
    lead = Role.LEAD if seconders else Role.SOLE
    return dict.fromkeys(first, str(lead)) | dict.fromkeys(seconders, str(Role.CO)), problems


def handed_up(rows: Iterable[Row]) -> set[str]:
    """Return the names of the areas that have handed up a day of one of these rows (1 query)."""
    locks = _locks()
    return {name for row in rows for name in _shut(row, locks)}


def _locks() -> list[tuple[str, date, date]]:
    return list(LockedPeriod.objects.values_list("area__path", "starts_on", "ends_on"))


def _shut(row: Row, locks: Iterable[tuple[str, date, date]]) -> set[str]:
    return {
        mandate.area.name
        for path, first, last in locks
        for mandate in row.people
        if mandate.area.path.startswith(path) and any(first <= day <= last for day in row.days)
    }


def _changes(given: Given, there: Proposal) -> tuple[Change, ...]:
    """Return the fields in which a line differs from the stored proposal."""
    stored = {mover.mandate: mover.role for mover in there.movers.all()}
    pairs: list[tuple[str, Any, Any]] = [
        ("题目", there.title, given.title),
        ("提出日期", f"{there.submitted_on:%Y-%m-%d}", f"{given.submitted_on:%Y-%m-%d}"),
        *((HEADERS[f][0], _said(getattr(there, f)), _said(getattr(given, f))) for f in MARKS),
    ]
    changes = [Change(name, old, new) for name, old, new in pairs if old != new]
    for heading, co in (("领衔人", False), ("附议人", True)):
        old, new = (
            named([mandate for mandate, role in movers.items() if (role == Role.CO) == co])
            for movers in (stored, given.movers)
        )
        if set(old.split("、")) != set(new.split("、")):
            changes.append(Change(heading, old, new))
    return tuple(changes)


def _said(mark: bool) -> str:
    return "是" if mark else "否"
