"""Holding areas: whoever writes into their days and whoever hands them up take the same rows, one after the other.

Always from the top, always in this order, and before the row of a mandate or an activity: two who meet wait and never
block each other. No lock is looked at here: whoever writes reads it afterwards, when none can come to be any more.
"""

from django.db.models import Q

from stations.models import Area
from stations.tree import paths_to


def hold_areas(*areas: Area) -> list[Area]:
    """Keep the days of these areas from being locked until this transaction ends; return their rows and all above."""
    return _held(Q(path__in={path for area in areas for path in paths_to(area)}))


def hold_branch(area: Area) -> None:
    """Keep the days of the area, of all above and all below from being locked until this transaction ends.

    For writes that touch people of a whole branch.
    """
    _held(Q(path__in=paths_to(area)) | Q(path__startswith=area.path))


def _held(condition: Q) -> list[Area]:
    return list(Area.objects.select_for_update(no_key=True).filter(condition).order_by("path"))
