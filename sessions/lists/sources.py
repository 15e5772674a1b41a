"""Reads: whom a choice such as "the members of this group" means on a day (PRODUCT.md, rule 11)."""

from collections.abc import Iterable
from datetime import date

from sessions.models import ListSource
from stations.models import GroupMembership, Mandate, RosterEntry


def mandates_of(source: ListSource, day: date) -> list[Mandate]:
    """Return the mandates serving on `day` that the source means, by membership and roster of that day (1 query)."""
    serving = Mandate.objects.serving(day)
    if source.group_id:
        members = GroupMembership.objects.on(day).filter(group=source.group_id)
        return list(serving.filter(pk__in=members.values("mandate")).order_by("pk"))
    if source.station_id:
        roster = RosterEntry.objects.on(day).filter(station=source.station_id)
        return list(serving.filter(pk__in=roster.values("mandate")).order_by("pk"))
    assert source.area is not None
    of_area = serving.filter(area__path__startswith=source.area.path)
    if source.tag:
        of_area = of_area.filter(tags__code=source.tag)
    return list(of_area.order_by("pk"))


def all_of(sources: Iterable[ListSource], day: date) -> list[Mandate]:
    """Return everybody the sources mean on `day`, each once."""
    return list({mandate.pk: mandate for source in sources for mandate in mandates_of(source, day)}.values())
