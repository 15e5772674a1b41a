"""One column of a list: what each cell makes of the roll of its sitting, and what closing it then does to the others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from portal.spreadsheets.reading import squeezed
from sessions.meetings.changes import Grant, Mark, SittingPlan, Trouble
from sessions.meetings.people import Directory, Unfit
from sessions.meetings.records import Records, Roll
from sessions.models import Activity, Attendance
from sessions.paper.reading import WORDS
from stations.models import Mandate

Status = Attendance.Status
CAME = (*Attendance.CAME, Status.VISITOR)
STATUSES: dict[str, str] = WORDS | {
    "请假(批准)": Status.LEAVE, "请假(已批准)": Status.LEAVE, "已请假": Status.LEAVE, "迟退": Status.LATE_LEFT,
    "缺": Status.ABSENT, "未请假": Status.ABSENT,
}  # fmt: skip
# What a cell of the workbook is filled with, and chosen from.
CHOICES = {
    "到": Status.PRESENT, "迟到": Status.LATE, "早退": Status.LEFT_EARLY, "迟到并早退": Status.LATE_LEFT,
    "请假": Status.LEAVE, "缺席": Status.ABSENT,
}  # fmt: skip
KEPT_ONLY = (Status.EXEMPT, Status.VISITOR)  # entered on the roll itself, one by one
SHUT = "的这一年度已经上报，不能再增加或修改；确需补记请向代表工作委员会提出补充决定。"


@dataclass(frozen=True, slots=True)
class Cell:
    """A person's cell: the line of the file and the word in it."""

    line: int
    word: str


class Column:
    """Fills in a SittingPlan from the cells of its column and the approvals for it."""

    def __init__(
        self,
        plan: SittingPlan,
        records: Records,
        directory: Directory,
        mandates: dict[int, Mandate],
        cells: dict[int, Cell],
        granted: dict[int, Grant],
        moment: datetime,
    ) -> None:
        self.plan, self.records, self.directory, self.moment = plan, records, directory, moment
        self.roll = records.rolls[plan.activity.pk] if plan.activity else Roll()
        self.mandates, self.cells, self.granted = mandates, cells, granted
        self.day = plan.heading.day
        self.closed = plan.activity is not None and plan.activity.state == Activity.State.CLOSED
        self.everybody = directory.meeting.obliges_everybody

    def reckon(self) -> Iterator[Trouble]:
        """Fill the plan in; yield what is in the way."""
        self.plan.filled = any(cell.word for cell in self.cells.values())
        for person in {**self.cells, **self.granted}:
            try:
                self._mark(person)
            except Unfit as unfit:
                name = self.directory.by_person[person][0].representative.name
                yield Trouble(self._place(person), name, str(unfit))
        self._list()
        if self.plan.closes:
            self._close()
        yield from (
            Trouble(f"{self.plan.letter} 列", self.plan.heading.text, why) for why in self._in_the_way()
        )

    def _place(self, person: int) -> str:
        cell = self.cells.get(person)
        return f"第 {cell.line} 行 {self.plan.letter} 列" if cell else f"{self.plan.letter} 列"

    def _mandate(self, person: int) -> Mandate | None:
        """Return the mandate a person is on the roll with, else the one that serves on the day."""
        known = self.roll.mandates.get(person)
        return self.mandates[known] if known else self.directory.on(person, self.day)

    def _mark(self, person: int) -> None:
        """Take one cell, or an approval without one; raises Unfit for what cannot be taken."""
        cell, grant = self.cells.get(person, Cell(0, "")), self.granted.get(person)
        if not cell.word and not grant:
            return
        old, mandate = self.roll.statuses.get(person, ""), self._mandate(person)
        wanted = self._wanted(cell.word)
        if mandate is None:
            raise Unfit("这一天没有在任的代表身份，或暂停执行代表职务。请清空这一格，或先核对任期。")
        if self.closed and not old:
            raise Unfit("这次会议已经收册，名册上没有这位代表。请先在名册里补录，再清空这一格。")
        if wanted in KEPT_ONLY:
            if wanted != old:
                raise Unfit("“免出席”和“列席来访”请在名册里逐人登记，并写明依据；这一格请清空。")
            self.plan.same += 1
            return
        if wanted == Status.ABSENT and grant:
            raise Unfit(f"这一格写的是缺席，请假批准表第 {grant.line} 行却批准了请假，请改成一致。")
        if grant and not self.roll.granted(person):
            self.plan.grants.append(replace(grant, mandate=mandate, waiting=self.roll.waiting(person)))
        self._take(person, Mark(cell.line, mandate, old, wanted, f"会议出席表第 {cell.line} 行"), grant)

    def _wanted(self, word: str) -> str:
        if not word:
            return ""
        status = STATUSES.get(squeezed(word))
        if status is None:
            raise Unfit(f"“{word[:20]}”认不出来，请改成：{'、'.join(CHOICES)}；没有记录的空着。")
        return status

    def _take(self, person: int, mark: Mark, grant: Grant | None) -> None:
        """Put a mark among the new, the changed or the same, as approvals allow (rules 7, 8)."""
        wanted, unapproved = mark.new, False
        excused = grant is not None or self.roll.granted(person)
        if wanted == "":  # an approval alone
            if mark.old in CAME or not self.plan.filled:
                return  # who came, came: the leave stays in the history; a sitting to come is not entered
            mark = replace(mark, new=Status.LEAVE, note="会议请假批准表")
        elif wanted == Status.ABSENT and excused:
            mark = replace(mark, new=Status.LEAVE, note=f"{mark.note}，已有批准的请假")
        elif wanted == Status.LEAVE and not excused and mark.old != Status.LEAVE:
            mark = replace(mark, new=Status.ABSENT, note=f"{mark.note}，写的是请假，没有批准记录")
            unapproved = True
        elif self.closed and mark.old == Status.VISITOR and wanted in CAME:
            mark = replace(mark, new=Status.VISITOR)
        if mark.new == Status.LEAVE and grant:
            mark = replace(mark, note=f"{mark.note}；{grant.words}")
        if mark.new == mark.old:
            self.plan.same += 1
            return
        (self.plan.changed if mark.old else self.plan.new).append(mark)
        if unapproved:
            self.plan.unapproved.append(mark)

    def _list(self) -> None:
        """Who would be put on the list: everybody who serves on the day, or whom a cell or an approval names."""
        if self.closed:
            return
        touched = [mark.mandate for mark in (*self.plan.new, *self.plan.changed)]
        touched += [grant.mandate for grant in self.plan.grants]
        if self.everybody and (self.plan.filled or self.plan.activity is None):
            touched = self.directory.serving(self.day) + touched
        wanted = {mandate.representative_id: mandate for mandate in touched}
        on_it = self.roll.obliged if self.everybody else self.roll.listed
        self.plan.listed = [mandate for person, mandate in wanted.items() if person not in on_it]

    def _close(self) -> None:
        """Say whom closing the roll enters as absent though nothing was written of them, and who still waits."""
        marked = {mark.person.pk for mark in self.plan.new} | self.roll.statuses.keys()
        obliged = {m.representative_id: m for m in self.plan.listed}
        for person in self.roll.obliged:
            obliged.setdefault(person, self.mandates[self.roll.mandates[person]])
        decided = {grant.mandate.representative_id for grant in self.plan.grants}
        for person, mandate in obliged.items():
            if person in marked or person in decided or self.roll.granted(person):
                continue
            if self.directory.away_on(mandate.pk, self.day):
                continue  # exempt by itself
            cell = self.cells.get(person)
            why = "表里这一格是空的" if cell else "表里没有这位代表"
            self.plan.unmarked.append(Mark(cell.line if cell else 0, mandate, "", Status.ABSENT, why))
        waiting = [each for person in self.roll.leave if (each := self.roll.waiting(person))]
        self.plan.pending = [w.representative.name for w in waiting if w.representative_id not in decided]

    def _in_the_way(self) -> Iterable[str]:
        plan, activity = self.plan, self.plan.activity
        if not plan.does:
            return
        starts_at = activity.starts_at if activity else plan.heading.span[0]
        if activity and activity.state == Activity.State.DRAFT:
            yield "这次会议还没有发布，请先在活动列表里发布。"
        if plan.filled and self.moment < starts_at:
            yield "这次会议还没有开始，请先清空这一列，会后再导入。"
        if self.roll.in_conflict:
            yield "名册上有两处登记不一致的记录，请先在名册里核定。"
        if plan.closes and activity and activity.check_out_required:
            yield "这次会议要求签退，表里没有签退时间。请先在活动里取消“要求签退”，或在名册里登记。"
        if activity and activity.locked:
            yield f"这次会议{SHUT}"
        yield from self._shut()

    def _shut(self) -> Iterable[str]:
        """Name the areas that have handed up the day and whose people would get another mark (rule 21)."""
        plan = self.plan
        seats = [mark.mandate for mark in (*plan.new, *plan.changed, *plan.unmarked)]
        seats += [grant.mandate for grant in plan.grants]
        areas = {mandate.area.path: mandate.area.name for mandate in seats}
        names = [name for path, name in sorted(areas.items()) if self.records.shut(path, self.day)]
        if names:
            yield f"{'、'.join(names[:5])}{f'等 {len(names)} 个区域' if len(names) > 5 else ''}{SHUT}"
        elif plan.activity is None and self.records.shut(self.directory.meeting.area.path, self.day):
            yield f"{self.directory.meeting.area.name}{SHUT}"
