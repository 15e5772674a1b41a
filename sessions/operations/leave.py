"""Leave is asked for, decided, taken back (PRODUCT.md, rules 7–9; THREATS 14, 22)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from portal.audit import record
from portal.models import User
from portal.pagecache import forget_pages
from sessions.leave.policy import approves, is_own
from sessions.models import Activity, Attendance, AttendanceEvent, Enrolment, LeaveEvent, LeaveRequest
from sessions.operations.roll import RollRefused, append, event_of, refuse_handed_up, row_of
from stations.models import Representative

State, Status, Method = LeaveRequest.State, Attendance.Status, Attendance.Method
LOCKED = "本年度已经上报，请假和名册都不能再改；确需更正请向代表工作委员会提出补充决定。"


class LeaveRefused(ValueError):
    """What was asked cannot be done; the message says why and what to do instead."""


class LeaveDecided(LeaveRefused):
    """Somebody else was first; the message says who (THREATS 22)."""


class NotYours(LeaveRefused):
    """Not for this user to decide: their own leave, or a kind of activity that others decide on (rule 9)."""


class ReasonNeeded(LeaveRefused):
    """A decision after the start, and every refusal, needs a reason (rule 8)."""


@transaction.atomic
def file_leave(
    *,
    activity: Activity,
    representative: Representative,
    category: str,
    actor: User,
    moment: datetime,
    detail: str = "",
) -> LeaveRequest:
    """Ask for leave, for oneself or, by the staff, for somebody who telephoned; return the request.

    At and after the start it is marked late (rule 8), judged by the start as it is known now. The same request
    sent twice is one. Raises LeaveRefused for a draft, cancelled or locked activity, for who is not on its list,
    came, or has another live request.
    """
    activity = _locked(activity)
    enrolment = _entry(activity, representative)
    row = Attendance.objects.filter(activity=activity, representative=representative).first()
    if row and row.status != Status.ABSENT:
        raise LeaveRefused(
            f"名册上已经记为{row.get_status_display()}，不用请假。记录有出入的，请联系工作人员。"
        )
    if category not in LeaveRequest.Category.values:
        raise LeaveRefused("请选择一种事由。")
    request = LeaveRequest(
        activity=activity,
        representative=representative,
        mandate_id=enrolment.mandate_id,
        category=category,
        detail=detail.strip()[:300],
        start_known=activity.starts_at,
        filed_at=moment,
        filed_by=actor,
        filed_late=moment >= activity.starts_at,
    )
    LeaveRequest.objects.bulk_create([request], ignore_conflicts=True)
    live: LeaveRequest = LeaveRequest.objects.live().get(activity=activity, representative=representative)
    if live.pk != request.pk:
        if (live.category, live.detail, live.filed_by_id) == (category, request.detail, actor.pk):
            return live
        raise LeaveRefused(
            f"这一场已经提过请假，现在是“{live.get_state_display()}”。要改的话，请先撤回再提。"
        )
    _keep(live, LeaveEvent.Kind.FILED, actor, moment, late=live.filed_late)
    record("sharing.file_leave", live, actor=actor, late=live.filed_late)
    return live


@transaction.atomic
def decide_leave(
    *, request: LeaveRequest, approve: bool, actor: User, moment: datetime, reason: str = ""
) -> LeaveRequest:
    """Approve or refuse a request and return it; the same decision of the same person twice is one.

    What is filed or decided at or after the start is approved with a reason only, and then turns a recorded
    absence into leave (rule 8); who came stays as they came (rule 7). Every refusal needs a reason. Raises
    NotYours (rule 9), LeaveDecided when somebody else was first, ReasonNeeded, LeaveRefused for a locked roll.
    """
    activity = _locked(request.activity)
    request = (
        LeaveRequest.objects.select_for_update(of=("self",))
        .select_related("representative", "mandate")
        .get(pk=request.pk)
    )
    wanted, reason = (State.APPROVED if approve else State.REFUSED), reason.strip()
    if is_own(actor, request):
        raise NotYours("这条请假是您本人的，或由您代为提出，请由其他负责人来批。")
    if not approves(actor, activity):
        raise NotYours(f"{activity.get_kind_display()}的请假由代表工作委员会来批。")
    if request.state != State.PENDING:
        if request.state == wanted and request.decided_by_id == actor.pk:
            return request
        raise LeaveDecided(_said(request))
    late = moment >= activity.starts_at
    if not reason and (not approve or late or request.filed_late):
        why = "活动已经开始，批准也要写明原因。" if approve else "不批准要写明原因，代表本人会看到。"
        raise ReasonNeeded(why)
    request.state, request.decided_by, request.decided_at = wanted, actor, moment
    request.decided_late, request.decision_reason = late, reason[:200]
    request.save(update_fields=["state", "decided_by", "decided_at", "decided_late", "decision_reason"])
    kind = LeaveEvent.Kind.APPROVED if approve else LeaveEvent.Kind.REFUSED
    _keep(request, kind, actor, moment, late=late, reason=request.decision_reason)
    if approve:
        _refuse_handed_up(activity, request)
        _excuse(activity, request, actor, moment)
    record("sharing.approve_leave" if approve else "sharing.refuse_leave", request, actor=actor, late=late)
    return request


@transaction.atomic
def decide_leaves(
    *, requests: Iterable[LeaveRequest], approve: bool, actor: User, moment: datetime, reason: str = ""
) -> tuple[list[LeaveRequest], list[tuple[LeaveRequest, str]]]:
    """Decide several with one reason; return those decided, and those refused with the sentence why.

    Each stands for itself: one that somebody else has decided does not stop the others.
    """
    done, refused = [], []
    for request in sorted(requests, key=lambda each: (each.activity_id, str(each.pk))):  # locks in one order
        try:
            done.append(
                decide_leave(request=request, approve=approve, actor=actor, moment=moment, reason=reason)
            )
        except LeaveRefused as why:
            refused.append((request, str(why)))
    return done, refused


@transaction.atomic
def withdraw_leave(*, request: LeaveRequest, actor: User, moment: datetime) -> LeaveRequest:
    """Take a request back, by the person or by who filed it, and return it; a second time changes nothing.

    An approved one only before the start: after it, who comes checks in, and that wins (rule 7). Raises
    LeaveRefused then, for a refused one, and for a locked roll; NotYours for anybody else.
    """
    activity = _locked(request.activity)
    request = (
        LeaveRequest.objects.select_for_update(of=("self",))
        .select_related("representative")
        .get(pk=request.pk)
    )
    if not is_own(actor, request):
        raise NotYours("请假由本人或代为提出的人撤回。")
    if request.state == State.WITHDRAWN:
        return request
    if not request.is_live:
        raise LeaveRefused(_said(request))
    if request.state == State.APPROVED and moment >= activity.starts_at:
        raise LeaveRefused("活动已经开始，批准的请假不再撤回；到场的话，请直接签到。")
    request.state = State.WITHDRAWN
    request.save(update_fields=["state"])
    _keep(request, LeaveEvent.Kind.WITHDRAWN, actor, moment, late=moment >= activity.starts_at)
    record("sharing.withdraw_leave", request, actor=actor)
    return request


def _locked(activity: Activity) -> Activity:
    """Take the activity's row first, as every write of a roll does, and refuse where no roll is kept."""
    activity = Activity.objects.select_for_update(of=("self",)).select_related("area").get(pk=activity.pk)
    if activity.locked:
        raise LeaveRefused(LOCKED)
    if activity.state in {Activity.State.DRAFT, Activity.State.CANCELLED}:
        raise LeaveRefused(f"这场活动{activity.get_state_display()}，不用请假。")
    return activity


def _refuse_handed_up(activity: Activity, request: LeaveRequest) -> None:
    """Refuse to excuse on a closed roll whoever's own area has handed up the day (rule 21)."""
    if activity.state != Activity.State.CLOSED:
        return
    try:
        refuse_handed_up(activity, [request.mandate])
    except RollRefused as refused:
        raise LeaveRefused(str(refused)) from refused


def _entry(activity: Activity, representative: Representative) -> Enrolment:
    """Return the person's place on the list; who signed up of their own accord just takes that back."""
    listed = Enrolment.objects.expected().filter(activity=activity, representative=representative)
    enrolment: Enrolment | None = listed.first()
    if enrolment is None:
        raise LeaveRefused("这场活动的名单里没有这位代表，不用请假。")
    if enrolment.basis == Enrolment.Basis.VOLUNTARY:
        raise LeaveRefused("自愿报名的活动不用请假，取消报名就可以。")
    return enrolment


def _said(request: LeaveRequest) -> str:
    if request.state == State.WITHDRAWN:
        return "这条请假刚撤回，不用再批。"
    who = request.decided_by.get_full_name() if request.decided_by else request.approver
    return f"这条请假已由{who}处理：{request.get_state_display()}。请看过再决定要不要联系对方。"


def _keep(
    request: LeaveRequest, kind: str, actor: User, moment: datetime, *, late: bool, reason: str = ""
) -> None:
    LeaveEvent.objects.create(
        request=request, kind=kind, actor=actor, happened_at=moment, late=late, reason=reason
    )


def _excuse(activity: Activity, request: LeaveRequest, actor: User, moment: datetime) -> None:
    """Let the roll follow an approval where it already says otherwise; before the close it need not (rule 7)."""
    closed = activity.state == Activity.State.CLOSED
    row = Attendance.objects.filter(activity=activity, representative=request.representative).first()
    reason = f"请假批准：{request.decision_reason}" if request.decision_reason else "请假批准"
    if row is None and closed:
        entry = _entry(activity, request.representative)
        fresh = row_of(activity, entry, Status.LEAVE, Method.CORRECTION, None, actor, moment)
        append([fresh], Method.CORRECTION, actor, moment, reason[:200])
    elif row is not None and row.status == Status.ABSENT:
        row.status, row.method = Status.LEAVE, Method.CORRECTION if closed else row.method
        row.confirmed_at, row.confirmed_by = moment, actor
        row.save(update_fields=["status", "method", "confirmed_at", "confirmed_by"])
        event = event_of(
            row, AttendanceEvent.Kind.CHANGED, Status.ABSENT, row.method, actor, moment, reason[:200]
        )
        event.save(force_insert=True)
    if closed:
        forget_pages()
