"""Whose own area has handed up the day of a roll: the roll of a wider area is open still, their figures are not (rule 21)."""

from collections.abc import Iterable

from django.utils import timezone

from sessions.models import Activity, LockedPeriod
from stations.models import Mandate
from stations.permissions import within
from stations.tree import paths_to


def first_handed_up(activity: Activity, mandates: Iterable[Mandate]) -> Mandate | None:
    """Return one of these people who sits in an area that has handed up the activity's day; None for nobody.

    Whoever writes has taken the row of the activity, which a submission takes, too: it is waited for. No query for
    people of the activity's own area, whose rolls are locked themselves; else 1, and 1 more where a branch did.
    """
    apart = [mandate.pk for mandate in mandates if mandate.area_id != activity.area_id]
    if not apart:
        return None
    locks = LockedPeriod.objects.on(timezone.localdate(activity.starts_at))
    locks = locks.exclude(area__path__in=paths_to(activity.area)).select_related("area")
    shut = [lock.area for lock in locks]
    people = Mandate.objects.filter(within(shut), pk__in=apart).select_related("representative", "area")
    first: Mandate | None = people.order_by("pk").first() if shut else None
    return first
