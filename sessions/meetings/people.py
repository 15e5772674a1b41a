"""Who belongs to a meeting on which day, and which of them a line of a file means; two of one name are never merged."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from portal.models import User
from portal.spreadsheets.reading import squeezed
from sessions.meetings.reading import Who
from sessions.models import Meeting
from sessions.paper.codes import CodeUnknown, person_of, row_code
from stations.models import GroupMembership, Mandate, Representative, Suspension
from stations.names import clean_name
from stations.permissions import READS_ROLLS, scope
from stations.querysets import MandateQuerySet

MARK = "H"  # 会: before the code of a person in a meeting, so that no code of a single roll reads as one
AT_ONCE = 500  # names in one query


class Unfit(ValueError):
    """A line names nobody that can be told; the message says what to do."""


def code_of(meeting: Meeting, person: int) -> str:
    """Return the code that a person's row carries in the workbook of a meeting, with its check character."""
    return MARK + row_code(meeting.pk, person)


def seats_of(meeting: Meeting) -> MandateQuerySet:
    """Return the mandates of the meeting's term and area that hold on one of its days, by area and 姓名笔画."""
    held = Mandate.objects.filter(term=meeting.term_id, area__path__startswith=meeting.area.path)
    assert isinstance(held, MandateQuerySet)
    return held.touching(*meeting.days).order_by("area__path", "representative__stroke_key", "pk")


def expected_on(meeting: Meeting, day: date) -> QuerySet[Mandate]:
    """Return whom a sitting of `day` obliges: everybody who serves for a congress, else nobody by itself (1 query)."""
    seats = seats_of(meeting).serving(day)
    return seats if meeting.obliges_everybody else seats.none()


class Directory:
    """The people of a meeting, read once (3 queries, and 1 for 500 names that are none of theirs)."""

    def __init__(self, meeting: Meeting, asked: Iterable[Who], user: User) -> None:
        self.meeting = meeting
        self.by_person: dict[int, list[Mandate]] = defaultdict(list)
        self.by_name: dict[str, list[Representative]] = defaultdict(list)
        self.units: dict[int, set[str]] = defaultdict(set)
        for mandate in seats_of(meeting).select_related("representative", "area"):
            self._know(mandate)
            self.by_person[mandate.representative_id].append(mandate)
        groups = GroupMembership.objects.filter(mandate__in=seats_of(meeting).order_by())
        for person, group in groups.values_list("mandate__representative_id", "group__name"):
            self.units[person].add(squeezed(group))
        away = Suspension.objects.touching(*meeting.days).filter(mandate__in=seats_of(meeting).order_by())
        self.away: dict[int, list[tuple[date, date]]] = defaultdict(list)
        for mandate_id, first, last in away.values_list("mandate_id", "starts_on", "ends_on"):
            self.away[mandate_id].append((first, last or date.max))
        self._look_further({who.name for who in asked if who.name} - self.by_name.keys(), user)

    def _know(self, mandate: Mandate) -> None:
        person = mandate.representative
        if person.pk not in self.units:
            self.by_name[clean_name(person.name)].append(person)
        area = squeezed(mandate.area.name)
        self.units[person.pk] |= {squeezed(mandate.electing_unit), area, f"{area}代表团"} - {""}

    def _look_further(self, names: set[str], user: User) -> None:
        """Know people of the reader's areas without a mandate in the meeting's days, to say so of them."""
        ordered = sorted(names)
        for start in range(0, len(ordered), AT_ONCE):
            part = ordered[start : start + AT_ONCE]
            others = Mandate.objects.filter(scope(user, READS_ROLLS), representative__name__in=part)
            for mandate in others.select_related("representative", "area"):
                self._know(mandate)

    def on(self, person: int, day: date) -> Mandate | None:
        """Return the mandate of a person that serves on `day`: in force and not suspended."""
        for mandate in self.by_person.get(person, ()):
            held = mandate.starts_on <= day <= (mandate.ends_on or date.max)
            if held and not self.away_on(mandate.pk, day):
                return mandate
        return None

    def away_on(self, mandate: int, day: date) -> bool:
        """Whether a mandate is suspended on `day`."""
        return any(first <= day <= last for first, last in self.away.get(mandate, ()))

    def serving(self, day: date) -> list[Mandate]:
        """Return everybody who serves on `day`, in the order of the list."""
        return [mandate for person in self.by_person if (mandate := self.on(person, day))]

    def find(self, who: Who) -> Representative:
        """Return the person a line means; raises Unfit with what to do."""
        found = self._by_code(who) if who.code else self._by_name(who)
        if found.pk not in self.by_person:
            first, last = self.meeting.days
            raise Unfit(
                f"{found.name}在会期（{first:%Y-%m-%d} 至 {last:%Y-%m-%d}）没有在任的代表身份。请删去这一行，或先核对任期。"
            )
        return found

    def _by_code(self, who: Who) -> Representative:
        code = unicodedata.normalize("NFKC", who.code).strip().upper()
        try:
            number = person_of(code.removeprefix(MARK), self.meeting.pk) if code.startswith(MARK) else 0
        except CodeUnknown:
            number = 0
        held = self.by_person.get(number)
        if not held:
            raise Unfit("隐藏的“行码”不是这次会议的。请重新下载空白表，或清空这一格，按姓名和单位对行。")
        found = held[0].representative
        if who.name and who.name != clean_name(found.name):
            raise Unfit(f"隐藏的“行码”是{found.name}的，姓名写的是{who.name}。请核对后留下对的一个。")
        return found

    def _by_name(self, who: Who) -> Representative:
        named = self.by_name.get(who.name, [])
        given = {squeezed(word) for word in (who.unit, who.delegation)} - {""}
        fitting = [person for person in named if given <= self.units[person.pk]]
        if len(fitting) == 1:
            return fitting[0]
        if len(fitting) > 1:
            ways = "；".join("、".join(sorted(self.units[person.pk])) for person in fitting)
            raise Unfit(
                f"有 {len(fitting)} 位代表叫“{who.name}”，请写明代表团和选举单位（{ways}），或用下载的表填写。"
            )
        if named:
            ways = "；".join("、".join(sorted(self.units[person.pk])) for person in named)
            raise Unfit(f"单位对不上，“{who.name}”登记的是：{ways}。请核对。")
        raise Unfit(f"没有找到叫“{who.name[:20]}”的代表，请核对姓名，或删去这一行。")
