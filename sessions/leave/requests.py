"""Reads of requests for leave: the queue, one request, those of a roll, those of a person. A fixed number of queries."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from portal.models import User
from sessions.leave.policy import decidable_by, is_own, readable_by
from sessions.models import Activity, LeaveEvent, LeaveRequest
from stations.models import Representative

State = LeaveRequest.State
FILTERS = {"pending": "待批", "approved": "已批", "refused": "未批", "withdrawn": "已撤回"}
PAGE = 50
SHOWN = ("activity__area", "representative", "mandate__area", "filed_by", "decided_by")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as one reader may see it."""

    request: LeaveRequest
    detail: str  # "" for who may not read it, too
    restricted: bool  # there is a detail, and the reader may not read it
    may_decide: bool
    own: bool  # by role the reader would decide, but this is their own

    @property
    def by_telephone(self) -> bool:
        """Whether somebody of the staff filed it for the person."""
        return self.request.filed_by_id != self.request.representative.user_id

    @property
    def moved(self) -> bool:
        """Whether the activity has another start than when the request was filed."""
        return self.request.start_known != self.request.activity.starts_at


def queue(user: User, state: str, activity: int | None = None) -> QuerySet[Any]:
    """Return the requests `user` may read in `state`; what waits stands by the day, closed rolls after open ones.

    `activity` is the number of one activity, None for all.
    """
    rows = LeaveRequest.objects.filter(readable_by(user), state=state).select_related(*SHOWN)
    if activity:
        rows = rows.filter(activity=activity)
    if state == State.PENDING:
        waiting = rows.exclude(activity__state="cancelled")
        closed_last = ("-activity__state", "activity__starts_at", "activity_id", "filed_at", "pk")
        return waiting.order_by(*closed_last)
    return rows.order_by("-activity__starts_at", "activity_id", "filed_at", "pk")


def shown_to(user: User, requests: list[LeaveRequest]) -> list[Asked]:
    """Return the requests with what `user` may see of each and do with it, in their order (3 queries)."""
    keys = [request.pk for request in requests]
    by_role = set(LeaveRequest.objects.filter(decidable_by(user), pk__in=keys).values_list("pk", flat=True))
    return [_shown(user, request, request.pk in by_role) for request in requests]


def _shown(user: User, request: LeaveRequest, by_role: bool) -> Asked:
    own, concerned = is_own(user, request), request.representative.user_id == user.pk
    reads = by_role or concerned
    open_to = not request.activity.locked and request.activity.state != Activity.State.CANCELLED
    return Asked(
        request=request,
        detail=request.detail if reads else "",
        restricted=bool(request.detail) and not reads,
        may_decide=by_role and not own and request.state == State.PENDING and open_to,
        own=by_role and own,
    )


def waiting_for(user: User) -> int:
    """Return on how many requests `user` can decide now: for the door in 我的履职 (3 queries)."""
    mine = Q(filed_by=user) | Q(representative__user=user)
    pending = LeaveRequest.objects.pending().exclude(activity__state="cancelled")
    return pending.filter(decidable_by(user), activity__locked=False).exclude(mine).count()


def history_of(request: LeaveRequest) -> QuerySet[LeaveEvent]:
    """Return what happened to a request, in order (1 query)."""
    return LeaveEvent.objects.filter(request=request).select_related("actor").order_by("pk")


def steps_on_roll(activity: Activity, person: Representative | int) -> QuerySet[LeaveEvent]:
    """Return what happened to all requests of one person for one activity, the latest first (1 query)."""
    steps = LeaveEvent.objects.filter(request__activity=activity, request__representative=person)
    return steps.select_related("actor", "request").order_by("-pk")


def pending_of(activity: Activity) -> QuerySet[Any]:
    """Return the requests of an activity that wait, with their people: what the close must not pass over (rule 9)."""
    pending = LeaveRequest.objects.pending().filter(activity=activity)
    return pending.select_related("representative").order_by("representative__stroke_key", "pk")


def latest_of(person: Representative, activity: Activity) -> LeaveRequest | None:
    """Return the person's latest request for an activity, a live one before all others (1 query)."""
    mine = LeaveRequest.objects.filter(representative=person, activity=activity)
    ordered = mine.select_related("activity__area", "representative", "decided_by").order_by("-filed_at")
    requests = list(ordered)
    return next((each for each in requests if each.is_live), requests[0] if requests else None)


def granted_to(person: Representative, activity: Activity) -> bool:
    """Whether the person has approved leave from the activity (1 query)."""
    return LeaveRequest.objects.granted().filter(representative=person, activity=activity).exists()
