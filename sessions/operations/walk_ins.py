"""Who is not on the list asks to be let in; refusals that belong to no representative (PRODUCT.md, rules 12, 20)."""

from datetime import datetime, timedelta

from django.db import transaction

from portal.models import User
from sessions.checkin.rules import state_reason
from sessions.models import Activity, Attendance, AttendanceEvent, Enrolment
from sessions.operations.activities import ActivityRefused, mandate_for
from stations.models import Representative

Kind, Reason = AttendanceEvent.Kind, AttendanceEvent.Reason
REQUEST_KEPT = timedelta(hours=1)  # asking twice in this time is one request


@transaction.atomic
def request_walk_in(
    *, activity: Activity, representative: Representative, moment: datetime, actor: User, device: str = ""
) -> None:
    """Ask the recorder to let in somebody who is not on the list; asking twice within the hour is one request.

    Who is on the list or has a row already needs no request: nothing is written. Raises ActivityRefused when
    the roll is not being kept, the doors are not open yet, or the person holds no mandate on the day.
    """
    activity = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    if state_reason(activity) or moment < activity.opens_at:
        raise ActivityRefused("这场活动现在不能补录，请到签到台询问工作人员。")
    mandate_for(representative, activity)
    known = Enrolment.objects.expected().filter(activity=activity, representative=representative)
    rows = Attendance.objects.filter(activity=activity, representative=representative)
    recent = AttendanceEvent.objects.filter(
        activity=activity,
        representative=representative,
        kind=Kind.REQUESTED,
        received_at__gt=moment - REQUEST_KEPT,
    )
    if known.exists() or rows.exists() or recent.exists():
        return
    AttendanceEvent.objects.create(
        activity=activity,
        representative=representative,
        kind=Kind.REQUESTED,
        method=Attendance.Method.SELF_QR,
        reason_code=Reason.NOT_ELIGIBLE,
        actor=actor,
        device=device[:32],
        happened_at=moment,
        received_at=moment,
    )


def take_refusal(
    *,
    activity: Activity,
    reason: str,
    moment: datetime,
    method: str,
    actor: User | None = None,
    device: str = "",
) -> None:
    """Keep a refusal that belongs to no representative: somebody without a mandate, or an unknown code."""
    AttendanceEvent.objects.create(
        activity=activity,
        kind=Kind.REFUSED,
        reason_code=reason,
        method=method,
        actor=actor,
        device=device[:32],
        happened_at=moment,
        received_at=moment,
    )
