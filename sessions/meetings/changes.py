"""What a list would change, as values: marks of people at sittings, approvals, and lines in trouble."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sessions.meetings.headings import Heading
from sessions.models import Activity, Attendance, LeaveRequest
from stations.models import Mandate, Representative

Status = Attendance.Status


@dataclass(frozen=True, slots=True)
class Mark:
    """One person's status at one sitting as it would become. `line` is 0 for who is not in the file."""

    line: int
    mandate: Mandate
    old: str
    new: str
    note: str  # where it comes from: it stands in the history

    @property
    def person(self) -> Representative:
        """Whose mark it is."""
        return self.mandate.representative

    @property
    def old_label(self) -> str:
        """The old status in words, "" for none."""
        return str(Status(self.old).label) if self.old else ""

    @property
    def new_label(self) -> str:
        """The new status in words."""
        return str(Status(self.new).label)


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave that was approved on paper; `waiting` is the person's own request, which it decides."""

    line: int
    mandate: Mandate
    category: str
    approver: str
    document: str = ""
    day: date | None = None
    waiting: LeaveRequest | None = None

    @property
    def words(self) -> str:
        """Who approved under which number, for the history."""
        number = f"，文号 {self.document}" if self.document else ""
        return f"{self.approver}批准{number}"

    @property
    def category_label(self) -> str:
        """The category in words."""
        return str(LeaveRequest.Category(self.category).label)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What keeps the whole list from being taken: where, whose line, and what to do."""

    place: str
    name: str
    what: str


@dataclass(slots=True)
class SittingPlan:
    """All that one column would do. `activity` is None for a sitting that the heading makes."""

    letter: str
    heading: Heading
    activity: Activity | None
    filled: bool = False  # an empty column is left alone, but for approvals and the sitting itself
    listed: list[Mandate] = field(default_factory=list)  # who would be put on the list
    new: list[Mark] = field(default_factory=list)
    changed: list[Mark] = field(default_factory=list)
    same: int = 0
    unapproved: list[Mark] = field(default_factory=list)  # of `new` and `changed`: leave that nobody approved
    unmarked: list[Mark] = field(default_factory=list)  # whom closing enters as absent; the file says nothing
    grants: list[Grant] = field(default_factory=list)
    pending: list[str] = field(
        default_factory=list
    )  # names: requests for leave that closing leaves undecided

    @property
    def title(self) -> str:
        """What the sitting is called."""
        return self.activity.title if self.activity else self.heading.title

    @property
    def closes(self) -> bool:
        """Whether the roll would be closed."""
        return self.filled and (self.activity is None or self.activity.state == Activity.State.OPEN)

    @property
    def does(self) -> bool:
        """Whether anything would be written."""
        return bool(
            self.activity is None or self.new or self.changed or self.grants or self.closes or self.listed
        )

    def told(self) -> list[Any]:
        """Return all of it that tells two plans apart."""
        marks = [
            [(m.line, m.mandate.pk, m.old, m.new, m.note) for m in sort]
            for sort in (self.new, self.changed, self.unmarked)
        ]
        grants = [(g.line, g.mandate.pk, g.words, str(g.waiting and g.waiting.pk)) for g in self.grants]
        number = self.activity.pk if self.activity else 0
        return [
            self.letter,
            self.heading.text,
            number,
            self.closes,
            len(self.pending),
            len(self.listed),
            marks,
            grants,
        ]


@dataclass(slots=True)
class Plan:
    """All that a list would do; nothing of it while one cell is in trouble."""

    sittings: list[SittingPlan] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    passed_over: tuple[str, ...] = ()

    @property
    def made(self) -> list[SittingPlan]:
        """The sittings that the headings would make."""
        return [each for each in self.sittings if each.activity is None]

    @property
    def new(self) -> int:
        """How many marks are first entries."""
        return sum(len(each.new) for each in self.sittings)

    @property
    def changed(self) -> int:
        """How many marks change what is recorded; each needs a reason (rule 20)."""
        return sum(len(each.changed) for each in self.sittings)

    @property
    def same(self) -> int:
        """How many marks stand there already."""
        return sum(each.same for each in self.sittings)

    @property
    def grants(self) -> int:
        """How many approvals would be entered."""
        return sum(len(each.grants) for each in self.sittings)

    @property
    def to_confirm(self) -> int:
        """How many would be absent although the file does not say so: never without being told (rules 8, 9)."""
        return sum(len(each.unapproved) + len(each.unmarked) + len(each.pending) for each in self.sittings)

    @property
    def applicable(self) -> bool:
        """Whether there is something to write and nothing in the way."""
        return not self.troubles and any(each.does for each in self.sittings)

    @property
    def seen(self) -> str:
        """A digest of what would happen: it is another one when the records have changed since."""
        told = [*(each.told() for each in self.sittings), [(t.place, t.name, t.what) for t in self.troubles]]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
