"""What a list of a meeting would change on the rolls as they stand: reckoned for the preview and again for applying it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from portal.models import User
from portal.spreadsheets.reading import squeezed
from sessions.leave.policy import APPROVERS
from sessions.meetings.changes import Grant, Plan, SittingPlan, Trouble
from sessions.meetings.granting import granted_by
from sessions.meetings.headings import EXAMPLE, Heading, HeadingUnclear, heading_of
from sessions.meetings.marks import Cell, Column
from sessions.meetings.people import Directory, Unfit
from sessions.meetings.reading import GRANTS, Line, Table
from sessions.meetings.records import Records
from sessions.models import Activity, Meeting
from stations.permissions import holds

Granted = dict[str, dict[int, Grant]]  # {letter of the column: {person: approval}}


def plan_of(meeting: Meeting, table: Table, user: User, moment: datetime) -> Plan:
    """Return what `table` would change (some 15 queries, however long it is). `user` is who would apply it, at `moment`."""
    plan = Plan(passed_over=table.passed_over)
    records = Records(meeting)
    directory = Directory(
        meeting, [*(line.who for line in table.lines), *(line.who for line in table.grants)], user
    )
    plan.sittings = list(_columns(meeting, table, records, plan.troubles))
    lines = _people(table, directory, plan.troubles)
    granted = _granted(table, plan, lines, directory, user)
    mandates = records.mandates(directory.by_person)
    for sitting in plan.sittings:
        cells = {
            person: Cell(line.number, line.cells.get(sitting.letter, "")) for person, line in lines.items()
        }
        column = Column(sitting, records, directory, mandates, cells, granted[sitting.letter], moment)
        plan.troubles += column.reckon()
    if plan.grants and not holds(user, APPROVERS[meeting.kind], meeting.area):
        plan.troubles.append(
            Trouble(GRANTS, "", "这类会议的请假由代表工作委员会来批，请由代表工作委员会导入这份表。")
        )
    return plan


def _columns(
    meeting: Meeting, table: Table, records: Records, troubles: list[Trouble]
) -> Iterator[SittingPlan]:
    """Yield a plan for each column whose sitting is there or can be made; the others go to `troubles`."""
    seen: dict[object, str] = {}
    for letter, text in table.columns.items():
        try:
            heading = heading_of(text, meeting.days)
            activity = _match(meeting, heading, records)
            _one_column(seen, letter, activity.pk if activity else (heading.day, heading.part))
        except HeadingUnclear as unclear:
            troubles.append(Trouble(f"{letter} 列", text, str(unclear)))
        else:
            yield SittingPlan(letter, heading, activity)


def _one_column(seen: dict[object, str], letter: str, key: object) -> None:
    earlier = seen.setdefault(key, letter)
    if earlier != letter:
        raise HeadingUnclear(f"和 {earlier} 列是同一次会议，请只留一列。")


def _match(meeting: Meeting, heading: Heading, records: Records) -> Activity | None:
    """Return the sitting a heading means, None for one that it would make; raises HeadingUnclear for anything between."""
    first, last = heading.span
    there = [each for each in records.sittings if each.starts_at < last and each.ends_at > first]
    named = [each for each in there if squeezed(heading.title) in {"", squeezed(each.title)}]
    if len(named) == 1:
        return named[0]
    if there:
        titles = "”“".join(each.title for each in there)
        raise HeadingUnclear(
            f"这段时间已有“{titles}”。是同一次的，标题请写成一样；另开的，请先在会议页加上。"
        )
    if not meeting.holds(first, last):
        raise HeadingUnclear(
            f"不在会期里（{meeting.starts_on:%Y-%m-%d} 至 {meeting.ends_on:%Y-%m-%d}），请核对日期。"
        )
    if not heading.title:
        raise HeadingUnclear(f"还没有这次会议，请写上名称，如“{EXAMPLE}”，导入时一并建好。")
    return None


def _people(table: Table, directory: Directory, troubles: list[Trouble]) -> dict[int, Line]:
    """Return {person: line}; lines of nobody, and second lines of one person, go to `troubles`."""
    lines: dict[int, Line] = {}
    for line in table.lines:
        try:
            _one_line(lines, line, directory)
        except Unfit as unfit:
            troubles.append(Trouble(f"第 {line.number} 行", line.who.name, str(unfit)))
    return lines


def _one_line(lines: dict[int, Line], line: Line, directory: Directory) -> None:
    if line.problem:
        raise Unfit(line.problem)
    first = lines.setdefault(directory.find(line.who).pk, line)
    if first is not line:
        differs = "，两行写的不一样" if first.cells != line.cells else ""
        raise Unfit(f"和第 {first.number} 行是同一位代表{differs}，请只留一行。")


def _granted(table: Table, plan: Plan, lines: dict[int, Line], directory: Directory, user: User) -> Granted:
    """Return the approvals by column and person; lines that cannot be taken go to the troubles."""
    granted: Granted = defaultdict(dict)
    for line in table.grants:
        try:
            person, named, grant = granted_by(line, plan.sittings, directory, user)
            theirs = lines.get(person.pk)
            for sitting in _missed(theirs, plan.sittings) if named is None else named:
                seat = directory.on(person.pk, sitting.heading.day) or grant.mandate
                _one_grant(granted[sitting.letter], person.pk, replace(grant, mandate=seat), sitting)
        except Unfit as unfit:
            plan.troubles.append(Trouble(f"“{GRANTS}”第 {line.number} 行", line.who.name, str(unfit)))
    return granted


def _missed(line: Line | None, sittings: list[SittingPlan]) -> list[SittingPlan]:
    """Return what 全部 stands for: the sittings of the file where the person's cell is empty or says leave."""
    words = line.cells if line else {}
    return [each for each in sittings if not (word := words.get(each.letter, "")) or "假" in word]


def _one_grant(there: dict[int, Grant], person: int, grant: Grant, sitting: SittingPlan) -> None:
    earlier = there.setdefault(person, grant)
    if earlier.line != grant.line:
        raise Unfit(f"“{sitting.heading.text}”在第 {earlier.line} 行已经批准过，请只留一处。")
