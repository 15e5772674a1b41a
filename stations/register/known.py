"""Who is known already: a line's person is found by number, by day of birth, by seat; two of one name are never merged."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q

from portal.models import User
from stations.models import GroupMembership, Mandate, Representative, Term
from stations.policies import EDITS, reach
from stations.register.given import ANOTHER, THE_SAME, Given, Reach
from stations.register.reading import HEADERS

OF_PERSON = ("nation", "occupation", "phone", "birth_date")
OF_SEAT = ("electing_unit", "starts_on", "tags", "group")


class Namesake(ValueError):
    """Somebody of this name is known and nothing tells whether it is the same person; the message says what to do."""


class Refused(ValueError):
    """The line cannot be taken; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that is written otherwise in the list than it is stored: the heading, the words of both."""

    name: str
    old: str
    new: str


class Known:
    """Everybody in the user's areas whom the list names or whose number it has (5 queries)."""

    def __init__(self, given: Iterable[Given], term: Term, user: User, scope: Reach) -> None:
        self.term, self.scope = term, scope
        given = list(given)
        named = Q(name__in={each.name for each in given}) | Q(
            phone__in={each.phone for each in given if each.phone}
        )
        mine = Mandate.objects.filter(reach(user, EDITS)).values("representative")
        groups = GroupMembership.objects.lasting().select_related("group")
        seats = (
            Mandate.objects.select_related("term", "area")
            .prefetch_related("tags", Prefetch("memberships", groups, to_attr="groups_now"))
            .order_by("-starts_on", "-pk")
        )
        people = Representative.objects.filter(named, pk__in=mine).order_by("pk")
        self.by_name: dict[str, list[Representative]] = defaultdict(list)
        self.by_phone: dict[str, list[Representative]] = defaultdict(list)
        for person in people.prefetch_related(Prefetch("mandates", seats, to_attr="seats")):
            self.by_name[person.name].append(person)
            if self.reads_private(person):
                self.by_phone[person.phone].append(person)
        self.taken: dict[int, int] = {}  # person: line of the list

    def surely(self, given: Given) -> Representative | None:
        """Return the person of this number, or of this name and day of birth; raises Refused for another's number."""
        by_phone = self._by_phone(given)
        if by_phone or not given.birth_date or given.namesake == ANOTHER:
            return by_phone
        born = [
            person for person in self.by_name.get(given.name, []) if self._born(person) == given.birth_date
        ]
        return born[0] if len(born) == 1 else None

    def probably(self, given: Given) -> Representative | None:
        """Return whom a line means that told nothing sure, of those no line was; None for somebody new.

        That is who has the same seat, and whom nothing speaks against. Raises Namesake or Refused with what to do.
        """
        there = [person for person in self.by_name.get(given.name, []) if person.pk not in self.taken]
        possible = [person for person in there if not self._born_otherwise(person, given)]
        if given.namesake == THE_SAME and len(possible) < 2:
            if possible:
                return possible[0]
            raise Refused(f"写了“{THE_SAME}”，但没有找到可以对上的{given.name}，请核对姓名，或清空这一格。")
        seated = [person for person in possible if self._sits_there(person, given)]
        alike = [person for person in seated if not self.changes(person, given)]
        if alike:
            return alike[0]
        if not possible or (given.namesake == ANOTHER and not seated):
            return None
        if len(seated) == 1 and not given.namesake:
            return seated[0]
        raise Namesake(self._what_to_do(seated or possible, given))

    def take(self, person: Representative, number: int) -> None:
        """Note that line `number` is this person's; raises Refused when an earlier line was."""
        earlier = self.taken.setdefault(person.pk, number)
        if earlier != number:
            raise Refused(f"和第 {earlier} 行是同一位代表，请只留一行。")

    def seat(self, person: Representative, given: Given) -> Mandate | None:
        """Return the person's mandate that the line speaks of, None when it would be a new one.

        Raises Refused where an earlier mandate is in the way (as add_mandate does), or one that others keep.
        """
        seat = self._seat_of_term(person, given)
        if seat and not self.scope.edits(seat.area):
            raise Refused(f"{person}在{self.term}的任期在{seat.area}，不由您登记，请核对。")
        other = next((each for each in _seats(person) if _lasts(each, given)), None)
        if seat or other is None:
            return seat
        until = f"到 {other.ends_on:%Y-%m-%d} 为止" if other.ends_on else "还没有离任日"
        whose = "请先在代表的表单里填写离任日"
        if other.ends_on is None and other.term_id != self.term.pk:  # everybody of it at once, not one by one
            whose = f"请先在“届”里填写{other.term}的最后一天"
        raise Refused(f"{person}从 {other.starts_on:%Y-%m-%d} 起的任期{until}，{whose}，再传一次。")

    def changes(self, person: Representative, given: Given) -> tuple[Change, ...]:
        """Return in what the line differs from what is stored, of the facts it tells."""
        seat = self._seat_of_term(person, given)
        pairs: list[tuple[str, Any, Any]] = [("sex", person.sex, given.sex)]
        pairs += [
            (name, getattr(person, name), given.facts[name]) for name in OF_PERSON if name in given.facts
        ]
        if seat:
            group = seat.groups_now[0].group if seat.groups_now else ""  # type: ignore[attr-defined]
            tags = sorted(tag.code for tag in seat.tags.all())
            stored = {
                "electing_unit": seat.electing_unit, "starts_on": seat.starts_on, "tags": tags, "group": group,
            }  # fmt: skip
            pairs.append(("area", seat.area, given.area))
            pairs += [(name, stored[name], given.facts[name]) for name in OF_SEAT if name in given.facts]
        if not self.reads_private(person):
            pairs = [pair for pair in pairs if pair[0] not in {"phone", "birth_date"}]
        return tuple(
            Change(HEADERS[name][0], _said(old), _said(new)) for name, old, new in pairs if old != new
        )

    def reads_private(self, person: Representative) -> bool:
        """Whether the user may read the person's number and day of birth: by the newest mandate they keep."""
        seat = next((seat for seat in _seats(person) if self.scope.edits(seat.area)), None)
        return bool(seat and self.scope.is_office(seat.area))

    def _by_phone(self, given: Given) -> Representative | None:
        owners = self.by_phone.get(given.phone, []) if given.phone else []
        same = [person for person in owners if person.name == given.name]
        if len(same) > 1:
            raise Refused(f"有 {len(same)} 位{given.name}登记了这个手机号，请先在代表列表里核对。")
        if same:
            return same[0]
        if owners:
            raise Refused(
                f"手机号：已经登记在{owners[0]}名下，请核对姓名和手机号；两人共用的，这一格先空着。"
            )
        return None

    def _born(self, person: Representative) -> date | None:
        return person.birth_date if self.reads_private(person) else None

    def _born_otherwise(self, person: Representative, given: Given) -> bool:
        born = self._born(person)
        return bool(given.birth_date and born and born != given.birth_date)

    def _seat_of_term(self, person: Representative, given: Given) -> Mandate | None:
        seats = (seat for seat in _seats(person) if seat.term_id == self.term.pk and _lasts(seat, given))
        return next(seats, None)

    def _sits_there(self, person: Representative, given: Given) -> bool:
        """Whether the person holds just this seat, and no number says that it is somebody else."""
        seat = self._seat_of_term(person, given)
        if seat is None or seat.area_id != given.area.pk or person.sex != given.sex:
            return False
        if given.facts.get("electing_unit", seat.electing_unit) != seat.electing_unit:
            return False
        return not (
            given.phone and person.phone and self.reads_private(person)
        )  # equal ones were found before

    def _what_to_do(self, people: list[Representative], given: Given) -> str:
        told = "、".join(f"{person}（{self._where(person)}）" for person in people)
        if given.namesake == ANOTHER:
            return f"已有{told}，区域和选举单位也一样，要靠手机号或出生日期区分。请给这一行补上，库里缺的也补上。"
        if given.namesake == THE_SAME:
            return f"已有 {len(people)} 位同名代表：{told}，分不出是哪一位。请填上登记过的手机号或出生日期。"
        word = f"在“{HEADERS['namesake'][0]}”一列写“{THE_SAME}”或“{ANOTHER}”。"
        if given.phone:
            return f"已有同名代表：{told}，登记的手机号和这一行不一样，或者没有登记。请{word}"
        return f"已有同名代表：{told}。请填上手机号或出生日期来区分，或{word}"

    def _where(self, person: Representative) -> str:
        seat = next(seat for seat in _seats(person) if self.scope.edits(seat.area))
        return " ".join(filter(None, [str(seat.area), seat.electing_unit, str(seat.term)]))


def _seats(person: Representative) -> list[Mandate]:
    """Return the person's mandates, the latest first, as they were fetched."""
    seats: list[Mandate] = person.seats
    return seats


def _lasts(seat: Mandate, given: Given) -> bool:
    """Whether a mandate holds on the first day that the line tells, or later."""
    return (seat.ends_on or date.max) >= given.starts_on


def _said(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, list):
        return "、".join(value)
    return "" if value is None else str(value)
