"""What leaving an activity's list ends: a request for leave that waits needs no decision any more."""

from collections.abc import Iterable
from datetime import datetime

from portal.audit import record
from portal.models import User
from sessions.models import Activity, LeaveEvent, LeaveRequest

TAKEN_OFF = "已移出名单，不用请假"
STAYS_AWAY = "本人不参加，不用请假"


def end_waiting_leave(
    *, activity: Activity, people: Iterable[int], reason: str, actor: User, moment: datetime
) -> None:
    """Withdraw what of the leave of `people` (keys of representatives) waits, with the reason in its history.

    Nothing waits then for somebody who need not come: not in the queue, not before the close (rule 9). A decision
    that was made stays, and holds again for who is put back. The caller holds the activity's row, as whoever
    decides on leave does.
    """
    requests = LeaveRequest.objects.select_for_update(of=("self",)).pending()
    for request in requests.filter(activity=activity, representative__in=list(people)):
        request.state = LeaveRequest.State.WITHDRAWN
        request.save(update_fields=["state"])
        LeaveEvent.objects.create(
            request=request,
            kind=LeaveEvent.Kind.WITHDRAWN,
            actor=actor,
            happened_at=moment,
            late=moment >= activity.starts_at,
            reason=reason,
        )
        record("sharing.withdraw_leave", request, actor=actor, reason=reason)
