"""Days whose year was handed up take no new facts (PRODUCT.md, rule 21); who confirms a deed asks here first."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from portal.audit import record
from portal.models import User
from sessions.models import LockedPeriod
from sessions.operations.roll import RollRefused
from stations.models import Area
from stations.operations import hold_areas
from stations.tree import paths_to


@transaction.atomic
def lock_period(*, areas: Iterable[Area], first: date, last: date, actor: User | None) -> None:
    """Lock the days from `first` to `last`, both inclusive, of these branches; locking twice changes nothing.

    A confirmation or a declaration under way holds the areas' rows, so it is waited for and counts; a later one is
    refused.
    """
    for area in Area.objects.select_for_update(no_key=True).filter(pk__in=[a.pk for a in areas]):
        LockedPeriod.objects.bulk_create(
            [LockedPeriod(area=area, starts_on=first, ends_on=last)], ignore_conflicts=True
        )
        record("sharing.lock_period", area, actor=actor, first=first.isoformat(), last=last.isoformat())


@transaction.atomic
def unlock_period(*, area: Area, first: date, last: date, actor: User | None) -> None:
    """Take the lock of a branch away again, when its year was sent back."""
    LockedPeriod.objects.filter(area=area, starts_on=first, ends_on=last).delete()
    record("sharing.unlock_period", area, actor=actor, first=first.isoformat(), last=last.isoformat())


def hold_days(area: Area, day: date) -> list[Area]:
    """Hold the area and all above it (`hold_areas`) and return them; raises RollRefused for a day that is locked."""
    above = hold_areas(area)
    refuse_locked(area, day)
    return above


def refuse_locked(area: Area, day: date) -> list[Area]:
    """Raise RollRefused when the day is locked for the area now, else return the other areas it is locked for (1 query)."""
    locked = [
        lock.area for lock in LockedPeriod.objects.on(day).select_related("area").order_by("area__path")
    ]
    if {area.path for area in locked}.intersection(paths_to(area)):
        raise RollRefused(
            f"{day.year} 年度已经上报，{day.month} 月 {day.day} 日不能再增加记录；"
            "确需补记请向代表工作委员会提出补充决定。"
        )
    return locked
