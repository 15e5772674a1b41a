"""Writes of places: stations, their rosters, their reception days."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.audit import record
from portal.models import User
from portal.pagecache import forget_pages
from stations.models import Area, Mandate, ReceptionDay, ReceptionDuty, RosterEntry, Station
from stations.operations.refusal import PersonRefused
from stations.receptions import spoken_hours


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
    """Let representatives work from a station from `starts_on` on; return how many are new on its roster.

    Who is on it on that day or later stays as before. Raises PersonRefused when that is everybody, and for somebody
    who is not in office on that day.
    """
    # The station's row is the lock: two clerks at once would each find nobody there.
    Station.objects.select_for_update().get(pk=station.pk)
    wanted = list(mandates)
    later = RosterEntry.objects.filter(station=station).filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
    there = set(later.values_list("mandate_id", flat=True))
    new = [mandate for mandate in wanted if mandate.pk not in there]
    if wanted and not new:
        raise PersonRefused(f"所选代表都已在{station}驻站；要改分工或日期，请修改原来的那一条。")
    _refuse_out_of_office(new, starts_on)
    RosterEntry.objects.bulk_create(
        [
            RosterEntry(station=station, mandate=m, starts_on=starts_on, ends_on=m.ends_on, duty=duty.strip())
            for m in new
        ]
    )
    record("stations.change", station, actor=actor, added=len(new))
    forget_pages()
    return len(new)


@transaction.atomic
def change_roster_entry(
    *, entry: RosterEntry, duty: str, ends_on: date | None, actor: User | None
) -> RosterEntry:
    """Change the duty of a roster entry, or say until which day it lasts.

    Raises PersonRefused for an end before the start or after the mandate, and for days of another entry of the person.
    """
    if ends_on and ends_on < entry.starts_on:
        raise PersonRefused("离站日不能早于驻站起始日。")
    if ends_on != entry.ends_on:
        _check_end(entry, ends_on)
    entry.duty, entry.ends_on = duty.strip(), ends_on
    entry.save(update_fields=["duty", "ends_on"])
    record("stations.change", entry.station, actor=actor)
    return entry


def _check_end(entry: RosterEntry, ends_on: date | None) -> None:
    left = entry.mandate.ends_on
    if left and (ends_on is None or ends_on > left):
        raise PersonRefused(f"{entry.mandate}的离任日是 {left:%Y-%m-%d}，驻站不能更晚。")
    others = RosterEntry.objects.filter(station=entry.station_id, mandate=entry.mandate_id).exclude(
        pk=entry.pk
    )
    later = others.filter(starts_on__gt=entry.starts_on, starts_on__lte=ends_on or date.max)
    if other := later.order_by("starts_on").first():
        raise PersonRefused(
            f"{entry.mandate}从 {other.starts_on:%Y-%m-%d} 起另有驻站记录，日期重叠，请先核对那一条。"
        )


def _refuse_out_of_office(mandates: Iterable[Mandate], day: date) -> None:
    for mandate in mandates:
        if not mandate.starts_on <= day <= (mandate.ends_on or date.max):
            raise PersonRefused(f"{mandate}在 {day:%Y-%m-%d} 不在任，请核对日期。")


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

    Raises PersonRefused when it ends before it starts or on another day, when the station receives already in these
    hours, and for somebody who is not in office on that day.
    """
    _check_hours(station, starts_at, ends_at)
    wanted = list(mandates)
    _refuse_out_of_office(wanted, timezone.localdate(starts_at))
    day = ReceptionDay.objects.create(station=station, starts_at=starts_at, ends_at=ends_at, topic=topic)
    ReceptionDuty.objects.bulk_create([ReceptionDuty(reception_day=day, mandate=m) for m in wanted])
    record("stations.plan_reception", station, actor=actor, day=_day(starts_at))
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
    wanted = {mandate.pk: mandate for mandate in mandates}
    _refuse_out_of_office(wanted.values(), timezone.localdate(starts_at))
    reception_day.starts_at, reception_day.ends_at, reception_day.topic = starts_at, ends_at, topic
    reception_day.save(update_fields=["starts_at", "ends_at", "topic"])
    reception_day.duties.exclude(mandate_id__in=wanted).delete()
    there = set(reception_day.duties.values_list("mandate_id", flat=True))
    ReceptionDuty.objects.bulk_create(
        [ReceptionDuty(reception_day=reception_day, mandate_id=pk) for pk in sorted(wanted.keys() - there)]
    )
    record("stations.plan_reception", reception_day.station, actor=actor, day=_day(starts_at))
    return reception_day


@transaction.atomic
def cancel_reception(*, reception_day: ReceptionDay, actor: User | None) -> None:
    """Take a reception day off the calendar; the log keeps that it was announced and by whom it was cancelled."""
    record(
        "stations.change",
        reception_day.station,
        actor=actor,
        cancelled=_day(reception_day.starts_at),
    )
    reception_day.delete()


def _check_hours(
    station: Station, starts_at: datetime, ends_at: datetime, *, besides: ReceptionDay | None = None
) -> None:
    if ends_at <= starts_at:
        raise PersonRefused("接待结束时间要晚于开始时间。")
    if _day(starts_at) != _day(ends_at):
        raise PersonRefused("一次接待要在同一天开始和结束；接待几天的，请一天登记一次。")
    # The station's row is the lock: two clerks at once would each find the hours free.
    Station.objects.select_for_update().get(pk=station.pk)
    others = ReceptionDay.objects.filter(station=station, starts_at__lt=ends_at, ends_at__gt=starts_at)
    if other := others.exclude(pk=besides.pk if besides else None).order_by("starts_at").first():
        raise PersonRefused(
            f"{station}在 {_day(other.starts_at)} {spoken_hours(other.starts_at, other.ends_at)} 已有接待，"
            "请改时间，或者在那一次里改接待代表。"
        )


def _day(moment: datetime) -> str:
    return timezone.localdate(moment).isoformat()
