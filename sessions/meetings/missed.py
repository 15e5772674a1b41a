"""Who missed two congress meetings of one term entirely without approval (代表法 2025, 第六十二条第一款第三项). Reads only.

A list for the credentials committee to look into: the software never ends a mandate.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q

from sessions.models import Activity, Attendance, LeaveRequest, Meeting
from stations.models import AreaGrant, Mandate
from stations.permissions import scope

Status = Attendance.Status
READS_MISSED = (AreaGrant.Role.OFFICE, AreaGrant.Role.AUDITOR)
MEETINGS = 2  # missed in one term


@dataclass(frozen=True, slots=True)
class Missed:
    """One meeting that somebody missed: its rows, each leading to its history."""

    meeting: Meeting
    rows: list[Attendance]
    asked: int  # requests for leave that nobody has decided

    @property
    def half_days(self) -> Any:
        """What the sittings count together."""
        return sum(row.units for row in self.rows)


@dataclass(frozen=True, slots=True)
class Notice:
    """A person for whom the committee may want the evidence."""

    mandate: Mandate
    meetings: list[Missed]


def finished() -> Any:
    """Return the congress meetings whose sittings are all closed: before, nobody has missed a whole meeting."""
    held = Activity.objects.filter(meeting=OuterRef("pk"))
    open_still = held.filter(state__in=[Activity.State.DRAFT, Activity.State.OPEN])
    closed = held.filter(state=Activity.State.CLOSED)
    return Meeting.objects.filter(Exists(closed), ~Exists(open_still), kind=Meeting.Kind.CONGRESS)


def missed_by(user: Any, today: date) -> list[Notice]:
    """Return whom to give notice of, of the reader's areas and with a mandate of that term today (5 queries).

    A meeting is missed where somebody was obliged to come, every row of theirs says absent, and nobody approved
    leave; one row of any other status means that they came, were excused or were suspended.
    """
    rows = Attendance.objects.filter(
        activity__meeting__in=finished(), activity__state=Activity.State.CLOSED, confirmed_at__isnull=False
    )
    absent = Q(status=Status.ABSENT, obliged=True)
    whole = (
        rows.order_by()
        .values("representative_id", "activity__meeting_id", "activity__meeting__term_id")
        .annotate(n=Count("pk"), absent=Count("pk", filter=absent))
        .filter(n=F("absent"))
    )
    missed: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row in whole:
        key = (row["activity__meeting__term_id"], row["representative_id"])
        missed[key].add(row["activity__meeting_id"])
    twice = {key: meetings for key, meetings in missed.items() if len(meetings) >= MEETINGS}
    seats = _seats(user, today, twice)
    return _with_evidence(seats, twice) if seats else []


def _seats(user: Any, today: date, twice: Iterable[tuple[int, int]]) -> list[Mandate]:
    people, terms = {person for _, person in twice}, {term for term, _ in twice}
    held = Mandate.objects.on(today).filter(scope(user, READS_MISSED), term__in=terms)
    held = held.filter(representative__in=people).select_related("representative", "area", "term")
    ordered = held.order_by("area__path", "representative__stroke_key", "pk")
    wanted = set(twice)
    return [seat for seat in ordered if (seat.term_id, seat.representative_id) in wanted]


def _with_evidence(seats: list[Mandate], twice: dict[tuple[int, int], set[int]]) -> list[Notice]:
    people = [seat.representative_id for seat in seats]
    keys = {key for meetings in twice.values() for key in meetings}
    rows = Attendance.objects.filter(
        representative__in=people, activity__meeting__in=keys, activity__state=Activity.State.CLOSED
    ).select_related("activity__meeting")
    by: dict[tuple[int, int], list[Attendance]] = defaultdict(list)
    for row in rows.order_by("activity__starts_at", "pk"):
        by[row.representative_id, row.activity.meeting_id].append(row)
    pending = LeaveRequest.objects.pending().filter(representative__in=people, activity__meeting__in=keys)
    asked = {
        (person, meeting): n
        for person, meeting, n in pending.order_by()
        .values_list("representative_id", "activity__meeting_id")
        .annotate(n=Count("pk"))
    }
    return [_notice(seat, twice[seat.term_id, seat.representative_id], by, asked) for seat in seats]


def _notice(
    seat: Mandate,
    meetings: set[int],
    by: dict[tuple[int, int], list[Attendance]],
    asked: dict[tuple[int, int], int],
) -> Notice:
    """Return the notice of one person, the meetings in the order of their days."""
    found = [((seat.representative_id, key), by[seat.representative_id, key]) for key in meetings]
    found.sort(key=lambda each: each[1][0].activity.starts_at)
    held = [(rows[0].activity.meeting, rows, asked.get(key, 0)) for key, rows in found]
    return Notice(seat, [Missed(meeting, rows, n) for meeting, rows, n in held if meeting])
