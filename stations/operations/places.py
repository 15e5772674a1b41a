"""Writes of places: stations, their rosters, their reception days."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from portal.audit import record
from portal.models import User
from portal.pagecache import forget_pages
from stations.models import Area, Mandate, ReceptionDay, ReceptionDuty, RosterEntry, Station
from stations.operations.refusal import PersonRefused


@transaction.atomic
def add_station(
    *,
    kind: str,
    name: str,
    area: Area,
    actor: User | None,
    industry: str = "",
    address: str = "",
    phone: str = "",
    hours: str = "",
    access: str = "",
    map_x: Decimal | None = None,
    map_y: Decimal | None = None,
) -> Station:
    """Register a liaison station or an industry liaison point (which names its industry) and return it.

    `map_x`, `map_y`: where it lies on the schematic map, 0 to 100 per cent from the left and the top; both or neither.
    """
    station = Station(kind=kind, name=name.strip(), area=area, industry=industry.strip())
    station.address, station.phone, station.hours, station.access = address, phone, hours, access
    station.map_x, station.map_y = map_x, map_y
    _check_station(station)
    station.save()
    record("stations.change", station, actor=actor)
    return station


@transaction.atomic
def change_station(
    *,
    station: Station,
    kind: str,
    name: str,
    area: Area,
    industry: str,
    address: str,
    phone: str,
    hours: str,
    access: str,
    map_x: Decimal | None,
    map_y: Decimal | None,
    actor: User | None,
) -> Station:
    """Change what is known of a station; roster and reception days stay."""
    station.kind, station.name, station.area, station.industry = kind, name.strip(), area, industry.strip()
    station.address, station.phone, station.hours, station.access = address, phone, hours, access
    station.map_x, station.map_y = map_x, map_y
    _check_station(station)
    station.save()
    record("stations.change", station, actor=actor)
    return station


def _check_station(station: Station) -> None:
    if not station.name:
        raise PersonRefused("请填写站点名称。")
    if station.kind == Station.Kind.INDUSTRY and not station.industry:
        raise PersonRefused("产业联络点请填写产业。")
    if (station.map_x is None) != (station.map_y is None):
        raise PersonRefused("示意图的横向和纵向位置请一起填写，或者都不填。")
    if any(value is not None and not 0 <= value <= 100 for value in (station.map_x, station.map_y)):
        raise PersonRefused("示意图的位置请填写 0 到 100 之间的数。")
    if Station.objects.filter(name=station.name).exclude(pk=station.pk).exists():
        raise PersonRefused(f"“{station.name}”已经登记过，请换一个名称。")


@transaction.atomic
def add_to_roster(
    *, station: Station, mandates: Iterable[Mandate], starts_on: date, actor: User | None, duty: str = ""
) -> int:
    """Let representatives work from a station from `starts_on` on; return how many are new on its roster."""
    there = set(
        RosterEntry.objects.on(starts_on).filter(station=station).values_list("mandate_id", flat=True)
    )
    rows = [
        RosterEntry(station=station, mandate=m, starts_on=starts_on, duty=duty)
        for m in mandates
        if m.pk not in there
    ]
    RosterEntry.objects.bulk_create(rows)
    record("stations.change", station, actor=actor, added=len(rows))
    forget_pages()
    return len(rows)


@transaction.atomic
def change_roster_entry(
    *, entry: RosterEntry, duty: str, ends_on: date | None, actor: User | None
) -> RosterEntry:
    """Change the duty of a roster entry, or say until which day it lasts."""
    if ends_on and ends_on < entry.starts_on:
        raise PersonRefused("离站日不能早于驻站起始日。")
    entry.duty, entry.ends_on = duty.strip(), ends_on
    entry.save(update_fields=["duty", "ends_on"])
    record("stations.change", entry.station, actor=actor)
    return entry


@transaction.atomic
def plan_reception(
    *,
    station: Station,
    starts_at: datetime,
    ends_at: datetime,
    mandates: Iterable[Mandate],
    actor: User | None,
    topic: str = "",
) -> ReceptionDay:
    """Announce a reception day with who receives.

    Raises PersonRefused when it ends before it starts or the station has one that starts at the same moment.
    """
    _check_hours(station, starts_at, ends_at)
    day = ReceptionDay.objects.create(station=station, starts_at=starts_at, ends_at=ends_at, topic=topic)
    ReceptionDuty.objects.bulk_create([ReceptionDuty(reception_day=day, mandate=m) for m in mandates])
    record("stations.plan_reception", station, actor=actor, day=starts_at.date().isoformat())
    return day


@transaction.atomic
def change_reception(
    *,
    reception_day: ReceptionDay,
    starts_at: datetime,
    ends_at: datetime,
    mandates: Iterable[Mandate],
    topic: str,
    actor: User | None,
) -> ReceptionDay:
    """Move a reception day or change who receives; the same refusals as when it is planned."""
    _check_hours(reception_day.station, starts_at, ends_at, besides=reception_day)
    reception_day.starts_at, reception_day.ends_at, reception_day.topic = starts_at, ends_at, topic
    reception_day.save(update_fields=["starts_at", "ends_at", "topic"])
    wanted = {mandate.pk for mandate in mandates}
    reception_day.duties.exclude(mandate_id__in=wanted).delete()
    there = set(reception_day.duties.values_list("mandate_id", flat=True))
    ReceptionDuty.objects.bulk_create(
        [ReceptionDuty(reception_day=reception_day, mandate_id=pk) for pk in sorted(wanted - there)]
    )
    record("stations.plan_reception", reception_day.station, actor=actor, day=starts_at.date().isoformat())
    return reception_day


@transaction.atomic
def cancel_reception(*, reception_day: ReceptionDay, actor: User | None) -> None:
    """Take a reception day off the calendar; the log keeps that it was announced and by whom it was cancelled."""
    record(
        "stations.change",
        reception_day.station,
        actor=actor,
        cancelled=reception_day.starts_at.date().isoformat(),
    )
    reception_day.delete()


def _check_hours(
    station: Station, starts_at: datetime, ends_at: datetime, *, besides: ReceptionDay | None = None
) -> None:
    if ends_at <= starts_at:
        raise PersonRefused("接待结束时间要晚于开始时间。")
    others = ReceptionDay.objects.filter(station=station, starts_at=starts_at)
    if others.exclude(pk=besides.pk if besides else None).exists():
        raise PersonRefused(f"{station}在这个时间已有接待日。")
