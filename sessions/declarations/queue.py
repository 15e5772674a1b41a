"""Reads of those who review: the queue with its counts and signs, likely duplicates. A fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from sessions.checkin.rolls import matching
from sessions.models import Activity, Attendance, Declaration
from sessions.querysets import DeclarationQuerySet
from stations.permissions import READS_ROLLS, scope

State = Declaration.State
PAGE = 20  # so that what is ticked at once is seen at once
STATES = {
    State.SUBMITTED: "待审",
    State.CONFIRMED: "已通过",
    State.MERGED: "已并入",
    State.RETURNED: "已退回",
    State.WITHDRAWN: "已撤回",
}
NEAREST = 5  # likely duplicates that are offered
CAME = frozenset({*Attendance.CAME, Attendance.Status.VISITOR})


@dataclass(frozen=True, slots=True)
class Counted:
    """One chip of the queue."""

    key: str
    label: str
    number: int


def queue_of(user: Any, *, state: str, words: str = "", kind: str = "") -> DeclarationQuerySet:
    """Return what `user` may read of a state, the oldest first while it waits, else what was decided last.

    With person, activity, unit and files: 2 queries a page.
    """
    rows = Declaration.objects.seen_by(user).filter(state=state)
    if words:
        rows = rows.filter(matching(words, "representative__"))
    if kind:
        rows = rows.filter(Q(deed_kind=kind) | Q(kind=kind))
    order = ("submitted_at", "pk") if state == State.SUBMITTED else ("-decided_at", "-submitted_at", "-pk")
    listed: DeclarationQuerySet = (
        rows.select_related("representative__user", "mandate__area", "activity", "area", "decided_by")
        .prefetch_related("files")
        .order_by(*order)
    )
    return listed


def counts_of(user: Any) -> list[Counted]:
    """Return how many declarations of each state `user` may read (1 query after the scope's)."""
    found = Declaration.objects.seen_by(user).order_by().values_list("state").annotate(n=Count("pk"))
    numbers = dict(found)
    return [Counted(key.value, label, numbers.get(key.value, 0)) for key, label in STATES.items()]


def signs_of(declarations: Iterable[Declaration]) -> dict[int, list[str]]:
    """Return, for each waiting declaration, what asks for a look before it is confirmed (2 queries, none for none)."""
    waiting = [d for d in declarations if d.state == State.SUBMITTED]
    if not waiting:
        return {}
    signs: dict[int, list[str]] = defaultdict(list)
    people = {d.representative_id for d in waiting}
    told = {d.activity_id for d in waiting if d.activity_id}
    days = [d.happened_on for d in waiting if d.happened_on]
    on_days = Q(activity__in=Activity.objects.held_between(min(days), max(days)).values("pk"))
    rows = Attendance.objects.filter(on_days | Q(activity__in=told), representative__in=people)
    by_roll: dict[tuple[int, int], Attendance] = {}
    by_day: set[tuple[int, str, date]] = set()
    for row in rows.select_related("activity"):
        by_roll[row.representative_id, row.activity_id] = row
        if row.status in CAME:
            by_day.add((row.representative_id, row.activity.kind, timezone.localdate(row.activity.starts_at)))
    alike = _alike(waiting, min(days), max(days))
    for one in waiting:
        signs[one.pk] = list(_signs(one, by_roll, by_day, alike))
    return signs


def _signs(one: Declaration, by_roll: Any, by_day: Any, alike: Any) -> Iterable[str]:
    row = by_roll.get((one.representative_id, one.activity_id))
    if row:
        yield "名册上已有记录" if row.status in CAME else f"名册上是{row.get_status_display()}"
    if one.kind == Declaration.Kind.DEED:
        if (one.representative_id, one.deed_kind, one.happened_on) in by_day:
            yield "本人当天已有同类记录"
        elif alike[one.deed_kind, one.happened_on, one.area_id] > 1:
            yield "当天另有同类工作"
    if not one.files.all():
        yield "没有材料"


def _alike(waiting: list[Declaration], first: date, last: date) -> dict[tuple[str, date, int], int]:
    """Count what is declared of one kind, day and area, so that a deed done together is seen."""
    others = Declaration.objects.filter(
        state__in=[State.SUBMITTED, *Declaration.COUNTED],
        kind=Declaration.Kind.DEED,
        happened_on__range=(first, last),
        area__in={d.area_id for d in waiting},
    )
    found = others.order_by().values_list("deed_kind", "happened_on", "area").annotate(n=Count("pk"))
    numbers: dict[tuple[str, date, int], int] = defaultdict(int)
    for kind, day, area, n in found:
        numbers[kind, day, area] = n
    return numbers


@dataclass(frozen=True, slots=True)
class Likely:
    """An activity on record that may be the deed: who came, and how the person stands there ("" for nothing)."""

    activity: Activity
    came: int
    own_status: str

    @property
    def words(self) -> str:
        """How the person stands on its roll."""
        if not self.own_status:
            return "本人不在名册上" if not self.activity.declared else "由其他代表申报"
        return f"本人：{Attendance.Status(self.own_status).label}"


def likely_of(declaration: Declaration, user: Any) -> list[Likely]:
    """Return activities of the same kind and day in the reviewer's areas, the likest title first (2 queries)."""
    day = declaration.happened_on
    if declaration.kind != Declaration.Kind.DEED or day is None:
        return []
    held = Activity.objects.held_between(day, day).filter(
        scope(user, READS_ROLLS), kind=declaration.deed_kind
    )
    held = held.published().select_related("area")
    came = Count("attendances", filter=Q(attendances__status__in=CAME))
    found = list(held.annotate(came=came).order_by("pk")[:50])
    mine = dict(
        Attendance.objects.filter(
            representative=declaration.representative_id, activity__in=[a.pk for a in found]
        ).values_list("activity_id", "status")
    )
    found.sort(key=lambda a: (a.pk not in mine, -_likeness(a.title, declaration.title), a.pk))
    return [Likely(a, a.came, mine.get(a.pk, "")) for a in found[:NEAREST]]


def others_of(declaration: Declaration) -> list[Declaration]:
    """Return waiting declarations of the same kind, day and area by others: perhaps done together (1 query)."""
    if declaration.kind != Declaration.Kind.DEED:
        return []
    alike = Declaration.objects.waiting().filter(
        deed_kind=declaration.deed_kind, happened_on=declaration.happened_on, area=declaration.area_id
    )
    rows = alike.exclude(pk=declaration.pk).select_related("representative")
    return list(rows.order_by("submitted_at", "pk")[:NEAREST])


def _likeness(one: str, other: str) -> int:
    """Return how much of the shorter title stands in the other, in percent of characters in one run."""
    run = SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size
    return 100 * run // max(min(len(one), len(other)), 1)
