"""What a list that was read in would change on the roll as it stands: reckoned for the preview and again for applying it.

A person is found by the code of their row, else by name and unit together; two of one name are never merged.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from portal.models import User
from portal.spreadsheets.reading import squeezed
from sessions.checkin.rolls import Line as RollLine
from sessions.checkin.rolls import lines_of, people_of, unit_of
from sessions.models import Activity, Attendance
from sessions.paper.codes import CodeUnknown, person_of
from sessions.paper.reading import Line
from stations.models import Mandate, Representative
from stations.names import clean_name
from stations.permissions import READS_ROLLS, scope

Status = Attendance.Status
CAME = (*Attendance.CAME, Status.VISITOR)


@dataclass(frozen=True, slots=True)
class Change:
    """One row that would be written. `old` is "" for a first entry; `explain` says that a reason belongs to it."""

    number: int
    person: Representative
    unit: str
    old: str
    new: str
    reason: str
    listed: bool
    explain: bool

    @property
    def old_label(self) -> str:
        """The old status in words, "" for none."""
        return str(Status(self.old).label) if self.old else ""

    @property
    def new_label(self) -> str:
        """The new status in words."""
        return str(Status(self.new).label)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A line that cannot be taken as it is: kind unknown, duplicate or broken, and what to do about it."""

    number: int
    kind: str
    name: str
    what: str

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return {"unknown": "名册上没有", "duplicate": "重复", "broken": "要改"}[self.kind]


@dataclass(slots=True)
class Plan:
    """All that a list would do; nothing of it while one line is in trouble."""

    seen: str  # the roll it was reckoned against
    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def changes(self) -> list[Change]:
        """What would be written, in the order of the file."""
        return sorted([*self.new, *self.changed], key=lambda change: change.number)

    @property
    def applicable(self) -> bool:
        """Whether there is something to write and nothing in the way."""
        return bool(self.new or self.changed) and not self.troubles

    @property
    def unexplained(self) -> list[Change]:
        """Changes that need a reason and bring none of their own."""
        return [change for change in self.changes if change.explain and not change.reason]


class _Unfit(ValueError):
    """One line cannot be taken: (kind, what to do)."""


def plan_of(activity: Activity, lines: Iterable[Line], user: User) -> Plan:
    """Return what `lines` would change; `user` bounds among whom people off the list are looked up (5 queries)."""
    lines = list(lines)
    roll = lines_of(activity, list(people_of(activity)))
    plan = Plan(seen=_fingerprint(activity, roll))
    search = _Search(activity, roll, _others(activity, lines, user))
    first: dict[int, int] = {}  # person: line of the file
    for line in lines:
        try:
            _sort_in(plan, line, _once(first, line, search.find(line)), activity)
        except _Unfit as unfit:
            plan.troubles.append(Trouble(line.number, unfit.args[0], line.name or line.code, unfit.args[1]))
    return plan


def _once(first: dict[int, int], line: Line, found: RollLine) -> RollLine:
    """Return the person found, unless an earlier line of the file was theirs."""
    earlier = first.setdefault(found.person.pk, line.number)
    if earlier != line.number:
        raise _Unfit("duplicate", f"与第 {earlier} 行是同一位代表，请只留一行。")
    return found


def _sort_in(plan: Plan, line: Line, found: RollLine, activity: Activity) -> None:
    old = found.row.status if found.row else ""
    new = _fitting(line.status, listed=found.enrolment is not None, old=old)
    if new in {"", old}:
        plan.unchanged += 1
        return
    closed = activity.state == Activity.State.CLOSED
    explain = bool(old) or closed or found.enrolment is None
    change = Change(
        line.number, found.person, found.unit, old, new, line.reason, found.enrolment is not None, explain
    )
    (plan.changed if old else plan.new).append(change)


def _fitting(status: str, *, listed: bool, old: str) -> str:
    """Return the status as record_status would take it; raises _Unfit for one that it would refuse (rule 12)."""
    if not status:
        return ""
    if listed:
        if status == Status.VISITOR:
            raise _Unfit("broken", "这位代表在名单里，请把“列席来访”改成出席或迟到。")
        return status
    if status in CAME:
        return Status.VISITOR
    if status == Status.ABSENT and old:
        return status
    raise _Unfit("unknown", "名单里没有这位代表，只能填“列席来访”；没有来的，请删去这一行。")


class _Search:
    """Finds the person of a line on the roll, then among the mandates of the reader's areas."""

    def __init__(self, activity: Activity, roll: list[RollLine], others: list[Mandate]) -> None:
        self.activity = activity
        found = {line.person.pk: line for line in roll}
        self.units: dict[int, set[str]] = {pk: {squeezed(line.unit)} for pk, line in found.items()}
        for mandate in others:
            person = mandate.representative
            found.setdefault(person.pk, _OffTheRoll(person, None, None, mandate=mandate))
            self.units.setdefault(person.pk, set()).add(squeezed(unit_of(mandate)))
        self.by_person = found
        self.by_name: dict[str, list[RollLine]] = defaultdict(list)
        for line in found.values():
            self.by_name[clean_name(line.person.name)].append(line)

    def find(self, line: Line) -> RollLine:
        """Return the person's line; raises _Unfit with what to do."""
        if line.problem:
            raise _Unfit("broken", line.problem)
        return self._by_code(line) if line.code else self._by_name(line)

    def _by_code(self, line: Line) -> RollLine:
        try:
            found = self.by_person.get(person_of(line.code, self.activity.pk))
        except CodeUnknown as unknown:
            raise _Unfit("broken", str(unknown)) from unknown
        if found is None:
            raise _Unfit("unknown", "这个编号的代表已不在名册上。请刷新名册核对，或删去这一行。")
        if line.name and line.name != clean_name(found.person.name):
            raise _Unfit(
                "broken", f"编号是{found.person.name}的，姓名写的是{line.name}。请核对后留下对的一个。"
            )
        return found

    def _by_name(self, line: Line) -> RollLine:
        named = self.by_name.get(line.name, [])
        there = [each for each in named if squeezed(line.unit) in self.units[each.person.pk]]
        if len(there) == 1 and line.unit:
            return there[0]
        if len(there) > 1 or (named and len(named) > 1 and not line.unit):
            raise _Unfit("broken", "重名，请填编号。编号在打印的名册和导出的表格上。")
        on_roll = [each for each in named if not isinstance(each, _OffTheRoll)]
        if on_roll and not line.unit:
            raise _Unfit("broken", "没有编号，请补上选举单位，或填编号。")
        if on_roll:
            units = "、".join(each.unit for each in on_roll)
            raise _Unfit("unknown", f"选举单位对不上，名册上是“{units}”。请核对，或填编号。")
        raise _Unfit(
            "unknown",
            "名册上没有这位代表。到场的，请补全选举单位再传，或在名册页补录、临时登记；没有到场的，删去这一行。",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _OffTheRoll(RollLine):
    """Somebody of the reader's areas who is not on the roll: a visitor, if the list says that they came."""

    mandate: Mandate

    @property
    def unit(self) -> str:
        """Where the person comes from."""
        return unit_of(self.mandate)


def _others(activity: Activity, lines: list[Line], user: User) -> list[Mandate]:
    """Return the mandates of that day, in the reader's areas, of everybody the file names (2 queries)."""
    names = {line.name for line in lines if line.name and not line.code}
    day = timezone.localdate(activity.starts_at)
    mandates = Mandate.objects.on(day).filter(scope(user, READS_ROLLS), representative__name__in=names)
    return list(mandates.select_related("representative", "area"))


def _fingerprint(activity: Activity, roll: list[RollLine]) -> str:
    """Return a digest of all that decides what a list would change."""
    lines = [
        (line.person.pk, line.row.status if line.row else "", line.enrolment is not None)
        for line in roll
    ]  # fmt: skip
    told = json.dumps([activity.state, activity.locked, sorted(lines)])
    return hashlib.sha256(told.encode()).hexdigest()
