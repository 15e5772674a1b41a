"""A whole meeting comes in from one list: kept for a preview, then written all or nothing (PRODUCT.md, rules 7-10, 20, 21, 25).

Rows are taken in this order: areas, meeting, activities. The roll's own operations write the rows.
"""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit import record
from portal.models import User
from sessions.meetings.changes import Grant, Mark, Plan, SittingPlan
from sessions.meetings.plan import plan_of
from sessions.meetings.reading import Table, table_from
from sessions.models import Activity, Enrolment, LeaveEvent, LeaveRequest, Meeting, MeetingImport
from sessions.operations.activities import enrol, open_activity
from sessions.operations.closing import close_roll
from sessions.operations.corrections import change_rows
from sessions.operations.meetings import plan_sitting
from sessions.operations.paper import KEPT, ImportRefused, RollChanged
from sessions.operations.roll import Entry, locked, record_roll
from stations.operations import hold_branch

State = LeaveRequest.State
AT_ONCE = 200


@transaction.atomic
def prepare_meeting(
    *, meeting: Meeting, file_name: str, sha256: str, table: Table, actor: User, moment: datetime
) -> MeetingImport:
    """Keep what a file says for a preview; no roll is touched. Old previews of this meeting are thrown away."""
    meeting.imports.filter(applied_at=None, made_at__lt=moment - KEPT).delete()
    return MeetingImport.objects.create(
        meeting=meeting,
        file_name=file_name,
        sha256=sha256,
        content=table.kept(),
        made_at=moment,
        made_by=actor,
    )


@transaction.atomic
def apply_meeting(
    *,
    pending: MeetingImport,
    seen: str,
    actor: User,
    moment: datetime,
    confirmed: bool = False,
    reason: str = "",
) -> Plan | None:
    """Write all that a preview showed, or nothing, and return what was written; None when that was done before.

    Sittings that only the headings name are made; rolls whose column is filled are closed. `seen` is Plan.seen of the
    preview that was looked at, `confirmed` says that the absences nobody wrote down were seen, `reason` serves every
    change of a row (rule 20). Raises RollChanged when the records are others by now, ImportRefused for cells in
    trouble, an old preview, without the confirmation or the reason; RollRefused and ActivityRefused as the rolls do.
    """
    hold_branch(pending.meeting.area)
    meeting = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("area", "term")
        .get(pk=pending.meeting_id)
    )
    pending = MeetingImport.objects.select_for_update().get(pk=pending.pk)
    if pending.applied_at:
        return None
    if moment - pending.made_at > KEPT:
        raise ImportRefused("这份预览已经超过 24 小时，请重新上传文件。")
    list(Activity.objects.select_for_update().filter(meeting=meeting).order_by("pk").values("pk"))
    plan = plan_of(meeting, table_from(pending.content), actor, moment)
    _refuse(plan, seen, confirmed=confirmed, reason=reason)
    for sitting in plan.sittings:
        if sitting.does:
            _write(meeting, sitting, reason.strip(), actor, moment)
    pending.applied_at, pending.applied_by, pending.content = moment, actor, {}
    pending.save(update_fields=["applied_at", "applied_by", "content"])
    record(
        "sharing.import_meeting", meeting, actor=actor,
        sha256=pending.sha256, new=plan.new, changed=plan.changed, leave=plan.grants,
        sittings=[each.heading.text for each in plan.made], absent_unsaid=plan.to_confirm,
    )  # fmt: skip
    return plan


def _refuse(plan: Plan, seen: str, *, confirmed: bool, reason: str) -> None:
    if plan.seen != seen:
        raise RollChanged("名册刚有变化，下面是按现在的名册重新核对的结果。请看过再导入。")
    if plan.troubles:
        raise ImportRefused(f"还有 {len(plan.troubles)} 处要改，改好后请重新上传。")
    if plan.to_confirm and not confirmed:
        raise ImportRefused("有人将记为缺席，而表里没有写缺席。请逐项看过，勾选确认后再导入。")
    if plan.changed and not reason.strip():
        raise ImportRefused("更改已有记录要写明原因，例如“据会议签到册核对”。")


def _write(meeting: Meeting, sitting: SittingPlan, reason: str, actor: User, moment: datetime) -> None:
    """Write one column: the sitting, its list, approvals, first entries, changes, the close."""
    activity = sitting.activity
    if activity is None:
        starts_at, ends_at = sitting.heading.span
        activity = plan_sitting(
            meeting=meeting, title=sitting.title, starts_at=starts_at, ends_at=ends_at, actor=actor
        )
    if sitting.listed:
        enrol(activity=activity, mandates=sitting.listed, basis=Enrolment.Basis.OBLIGED, actor=actor)
    if sitting.activity is None:
        activity = open_activity(activity=activity, actor=actor)
    activity = locked(activity)
    _grant(activity, sitting.grants, actor, moment)
    first = [Entry(mark.person, mark.new, reason=mark.note) for mark in sitting.new]
    if first:
        record_roll(activity=activity, entries=first, actor=actor, moment=moment)
    changes = [Entry(mark.person, mark.new, reason=_why(mark, reason)) for mark in sitting.changed]
    change_rows(activity=activity, entries=changes, actor=actor, moment=moment)
    if sitting.closes:
        close_roll(activity=activity, actor=actor, moment=moment, pending_seen=len(sitting.pending))


def _why(mark: Mark, reason: str) -> str:
    return f"{reason}（{mark.note}）"


def _grant(activity: Activity, grants: Sequence[Grant], actor: User, moment: datetime) -> None:
    """Enter approvals given on paper: one request each, or the decision on the person's own; with their history."""
    fresh = [_request(activity, grant, actor, moment) for grant in grants if grant.waiting is None]
    decided = [_decided(grant.waiting, grant, moment, activity) for grant in grants if grant.waiting]
    LeaveRequest.objects.bulk_create(fresh, batch_size=AT_ONCE)
    columns = ["state", "approver", "document", "decided_at", "decided_late"]
    LeaveRequest.objects.bulk_update(decided, columns, batch_size=AT_ONCE)
    told: dict[int, str] = {grant.mandate.representative_id: grant.words for grant in grants}
    common: dict[str, Any] = {"actor": actor, "happened_at": moment}
    filed = [
        LeaveEvent(request=each, kind=LeaveEvent.Kind.FILED, late=each.filed_late, **common) for each in fresh
    ]
    approved = [
        LeaveEvent(
            request=each,
            kind=LeaveEvent.Kind.APPROVED,
            late=each.decided_late,
            reason=f"书面批准：{told[each.representative_id]}"[:200],
            **common,
        )
        for each in (*fresh, *decided)
    ]
    LeaveEvent.objects.bulk_create([*filed, *approved], batch_size=AT_ONCE)


def _request(activity: Activity, grant: Grant, actor: User, moment: datetime) -> LeaveRequest:
    request = LeaveRequest(
        activity=activity,
        representative_id=grant.mandate.representative_id,
        mandate=grant.mandate,
        category=grant.category,
        start_known=activity.starts_at,
        filed_at=moment,
        filed_by=actor,
    )
    _decided(request, grant, moment, activity)
    request.filed_late = request.decided_late
    return request


def _decided(request: LeaveRequest, grant: Grant, moment: datetime, activity: Activity) -> LeaveRequest:
    """Let a request stand approved on paper: late where the paper says so; without a date it is taken as in time."""
    start = timezone.localdate(activity.starts_at)
    request.state, request.approver, request.document = State.APPROVED, grant.approver, grant.document
    request.decided_at = (
        min(timezone.make_aware(datetime.combine(grant.day, time(12))), moment) if grant.day else moment
    )
    request.decided_late = grant.day is not None and grant.day > start
    return request


@transaction.atomic
def log_meeting_export(*, meeting: Meeting, actor: User, rows: int) -> None:
    """Note that `actor` took the people of a meeting out of the house as a file (THREATS 35)."""
    record("sharing.export_meeting", meeting, actor=actor, rows=rows)
