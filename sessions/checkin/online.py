"""The online part of an activity: who takes part in it, and from when its address is shown. Reads only."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from sessions.models import Activity, Enrolment

Mode = Activity.Mode


def part_of(activity: Activity, *, online: bool) -> bool:
    """Whether a claim counts as online: where there is only that, always; where both are, as the person says."""
    return activity.mode == Mode.ONLINE or (online and activity.mode == Mode.HYBRID)


def link_from(activity: Activity) -> datetime:
    """Return from when the meeting's address is shown: the beginning of the local day before the start."""
    day = timezone.localdate(activity.starts_at) - timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time()))


def link_for(activity: Activity, enrolment: Enrolment | None, moment: datetime) -> str:
    """Return the meeting's address for who is expected, from the day before until the end; "" for everybody else."""
    if enrolment is None or enrolment.state in {Enrolment.State.WITHDRAWN, Enrolment.State.WAITING}:
        return ""
    if activity.mode == Mode.ONSITE or activity.state != Activity.State.OPEN:
        return ""
    return activity.online_url if link_from(activity) <= moment <= activity.ends_at else ""
