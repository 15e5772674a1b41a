"""What a list of representatives would do, line by line, reckoned on what is stored now. A few queries, no write.

It registers new people and gives known people their seat in the term; facts of known people it shows, and leaves.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from portal.models import User
from stations.models import Representative, Term
from stations.register.given import ANOTHER, Given, Places, Reach, given_of
from stations.register.known import Change, Known, Namesake, Refused
from stations.register.reading import Line


@dataclass(frozen=True, slots=True)
class Row:
    """One line with what would come of it: new, seat, same, differs, namesake or refused; `problems` say what to do."""

    line: Line
    outcome: str
    given: Given | None = None
    person: Representative | None = None
    changes: tuple[Change, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Every line of a list; `seen` tells two plans apart."""

    rows: tuple[Row, ...]

    def of(self, *outcomes: str) -> list[Row]:
        """Return the rows with these outcomes, in the order of the list."""
        return [row for row in self.rows if row.outcome in outcomes]

    @property
    def new(self) -> list[Row]:
        """Who would be registered."""
        return self.of("new")

    @property
    def seats(self) -> list[Row]:
        """Known people who would get a mandate of this term."""
        return self.of("seat")

    @property
    def same(self) -> list[Row]:
        """Who is registered just so."""
        return self.of("same")

    @property
    def differs(self) -> list[Row]:
        """Who is registered otherwise, and stays so."""
        return self.of("differs")

    @property
    def namesakes(self) -> list[Row]:
        """Who must be told apart first."""
        return self.of("namesake")

    @property
    def refused(self) -> list[Row]:
        """What is wrong."""
        return self.of("refused")

    @property
    def troubles(self) -> list[Row]:
        """What keeps the whole list from being taken."""
        return self.of("namesake", "refused")

    @property
    def written(self) -> list[Row]:
        """What would be written."""
        return self.of("new", "seat")

    @property
    def seen(self) -> str:
        """A digest of what would happen: it is another one when the records have changed since."""
        told = [
            (row.line.number, row.outcome, row.person and row.person.pk, [(c.name, c.old, c.new) for c in row.changes], row.problems)
            for row in self.rows
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def plan_of(term: Term, lines: Sequence[Line], user: User) -> Plan:
    """Return what these lines would do in `term` (some 8 queries, however many they are); `user` is who would apply it."""
    scope = Reach(user)
    places = Places(term, scope)
    read = [(line, *given_of(line, places)) for line in lines]
    known = Known([given for _, given, _ in read if given], term, user, scope)
    judge = _Judge(known, seats=user.has_perm("stations.add_mandate"))
    for line, given, _ in read:
        if given:
            judge.look(line, given)
    rows = [
        judge.row(line, given) if given else Row(line, "refused", problems=tuple(problems))
        for line, given, problems in read
    ]
    return Plan(tuple(rows))


class _Judge:
    """Says of each line what would come of it, once it has looked at all: what is sure of one helps with another."""

    def __init__(self, known: Known, *, seats: bool) -> None:
        self.known, self.seats = known, seats
        self.earlier = _Earlier()
        self.sure: dict[int, Representative] = {}  # line: person
        self.rows: dict[int, Row] = {}

    def look(self, line: Line, given: Given) -> None:
        """Compare a line with those before, and note whom it means where that is sure."""
        try:
            self.earlier.tell_apart(line, given)
            person = self.known.surely(given)
            if person:
                self.known.take(person, line.number)
                self.sure[line.number] = person
        except (Namesake, Refused) as trouble:
            self.rows[line.number] = _troubled(line, given, trouble)

    def row(self, line: Line, given: Given) -> Row:
        """Return what would come of a line that was looked at."""
        if line.number in self.rows:
            return self.rows[line.number]
        try:
            person = self.sure.get(line.number) or self.known.probably(given)
            return self._of(line, given, person) if person else Row(line, "new", given)
        except (Namesake, Refused) as trouble:
            return _troubled(line, given, trouble)

    def _of(self, line: Line, given: Given, person: Representative) -> Row:
        self.known.take(person, line.number)
        seat = self.known.seat(person, given)
        changes = self.known.changes(person, given)
        if seat:
            return Row(line, "differs" if changes else "same", given, person, changes)
        if not (self.seats and self.known.scope.is_office(given.area)):
            raise Refused("这位代表以前当过代表，新的任期由代表工作委员会登记，请从这份表里删去这一行。")
        return Row(line, "seat", given, person, changes)


def _troubled(line: Line, given: Given, trouble: Namesake | Refused) -> Row:
    return Row(
        line, "namesake" if isinstance(trouble, Namesake) else "refused", given, problems=(str(trouble),)
    )


class _Earlier:
    """The lines before: nobody stands in a list twice, and two of one name must differ in something."""

    def __init__(self) -> None:
        self.names: dict[str, list[tuple[int, Given]]] = defaultdict(list)
        self.phones: dict[str, tuple[int, str]] = {}

    def tell_apart(self, line: Line, given: Given) -> None:
        """Raise Refused for a number of an earlier line, Namesake for a name of one that nothing tells apart."""
        namesakes = list(self.names[given.name])
        self.names[given.name].append((line.number, given))
        if given.phone:
            number, name = self.phones.setdefault(given.phone, (line.number, given.name))
            if number != line.number and name == given.name:
                raise Refused(f"和第 {number} 行是同一位代表（姓名、手机号都一样），请只留一行。")
            if number != line.number:
                raise Refused(f"手机号：和第 {number} 行的{name}一样，请核对；两人共用的，这一格先空着。")
        for number, other in namesakes:
            if not (given.namesake == ANOTHER or _apart(given, other)):
                raise Namesake(
                    f"和第 {number} 行同名。是两个人的，请填上各自的手机号或出生日期，"
                    f"或在这一行的“同名核对”写“{ANOTHER}”；是同一个人的，请只留一行。"
                )


def _apart(one: Given, other: Given) -> bool:
    """Whether two lines of one name have another day of birth, or another number where one day is not told."""
    if one.birth_date and other.birth_date:
        return one.birth_date != other.birth_date
    return bool(one.phone and other.phone and one.phone != other.phone)
