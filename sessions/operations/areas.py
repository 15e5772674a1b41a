"""Holding areas: whoever writes into their days and whoever hands them up take the same rows, one after the other."""

from sessions.querysets import paths_to
from stations.models import Area


def hold_areas(*areas: Area) -> list[Area]:
    """Keep the days of these areas from being locked until this transaction ends; return their rows and all above.

    Taken from the top, always in this order, and before the row of an activity: two who meet wait and never block
    each other. Looks at no lock: whoever writes reads them afterwards, when none can come to be any more.
    """
    paths = {path for area in areas for path in paths_to(area)}
    return list(Area.objects.select_for_update(no_key=True).filter(path__in=paths).order_by("path"))
