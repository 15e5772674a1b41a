"""Writes of seats: another mandate of a known person, its area and days put right, the days on which it is suspended."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from portal.audit import record
from portal.models import User
from portal.search.indexing import refresh
from stations.models import (
    Area,
    GroupMembership,
    Mandate,
    MandateTag,
    ReceptionDuty,
    Representative,
    RosterEntry,
    Suspension,
    Term,
)
from stations.operations.refusal import PersonRefused, mandate_days_change, mandate_facts_change
from stations.uses import told, uses_of

DAY = timedelta(days=1)
Days = tuple[date, date | None]  # from one day to another, both inclusive, or without an end
# What a mandate has of its own and stays true in another area; everything else was recorded in the name of its area.
OF_NO_AREA = (GroupMembership, ReceptionDuty, RosterEntry, Suspension)


@transaction.atomic
def add_mandate(
    *,
    representative: Representative,
    term: Term,
    area: Area,
    starts_on: date,
    actor: User | None,
    electing_unit: str = "",
    tags: Iterable[str] = (),
) -> Mandate:
    """Give a known person another mandate: re-elected, or elected elsewhere; return it. It ends with the term, if that does.

    Raises PersonRefused for a start outside the term, and while an earlier mandate holds on that day or later:
    one person sits in this congress once at a time.
    """
    _check_start(term, starts_on)
    # The person's row is the lock: two clerks at once would each find no other mandate.
    person = Representative.objects.select_for_update().get(pk=representative.pk)
    other = Mandate.objects.filter(representative=person).touching(starts_on, date.max).first()
    if other:
        until = f"到 {other.ends_on:%Y-%m-%d} 为止" if other.ends_on else "还没有离任日"
        raise PersonRefused(
            f"{person}从 {other.starts_on:%Y-%m-%d} 起的任期{until}，请先在代表的表单里填写离任日。"
        )
    mandate = Mandate.objects.create(
        representative=person,
        term=term,
        area=area,
        electing_unit=electing_unit.strip(),
        starts_on=starts_on,
        ends_on=term.ends_on,
    )
    mandate_facts_change.send(sender=Mandate, mandate=mandate, first=starts_on, last=date.max)
    MandateTag.objects.bulk_create([MandateTag(mandate=mandate, code=code) for code in sorted(set(tags))])
    record("stations.change", mandate, actor=actor, starts_on=starts_on.isoformat())
    refresh(person)
    return mandate


@transaction.atomic
def change_mandate_days(
    *, mandate: Mandate, starts_on: date, ends_on: date | None, actor: User | None
) -> Mandate:
    """Set the first and the last day of a mandate anew; closed rolls stay as they are (rule 11).

    Places in groups, on rosters and at receptions go with the days: what lies outside is cut off or taken away, what
    began or ended with the mandate goes on to its new first or last day. Raises PersonRefused for days that cannot be,
    that run out of the term or into another mandate of the person, or leave a suspension outside; and when a floor
    above forbids it: a year that was handed up neither gets nor loses days, days of an attendance stay.
    """
    # The person's row is the lock, as in `add_mandate`.
    person = Representative.objects.select_for_update().get(pk=mandate.representative_id)
    known = Mandate.objects.select_related("term", "area").get(pk=mandate.pk)
    old, new = (known.starts_on, known.ends_on), (starts_on, ends_on)
    if old == new:
        return mandate
    _check_days(person, known, starts_on, ends_on)
    send_days(known, old, new)
    mandate.starts_on, mandate.ends_on = new
    mandate.save(update_fields=["starts_on", "ends_on"])
    _move_places(mandate, old, new)
    said: dict[str, str] = {}
    if starts_on != old[0]:
        said["starts_on"] = starts_on.isoformat()
    if ends_on != old[1]:
        said["ends_on"] = ends_on.isoformat() if ends_on else ""
    record("stations.change", person, actor=actor, **said)
    return mandate


@transaction.atomic
def correct_area(*, mandate: Mandate, area: Area, actor: User | None) -> Mandate:
    """Put right the area of a mandate that was registered in the wrong one, as if it had been there from its first day.

    Suspensions, places on rosters and at receptions stay; a group that lies neither above nor below the new area is
    left, as if never entered. Raises PersonRefused while anything was recorded in the name of the old area, naming it
    (`uses_of`), and when a floor above forbids it: days of a year that was handed up leave no area and join none.
    """
    # The person's row is the lock, as in `add_mandate`.
    Representative.objects.select_for_update().get(pk=mandate.representative_id)
    known = Mandate.objects.select_related("area").get(pk=mandate.pk)
    old, last = known.area, known.ends_on or date.max
    if old == area:
        return mandate
    places = sorted((old, area), key=lambda each: each.path)  # in one order, for whoever else holds areas
    for known.area in places:
        mandate_facts_change.send(sender=Mandate, mandate=known, first=known.starts_on, last=last)
    for known.area in places:
        joins = known.area == area
        mandate_days_change.send(sender=Mandate, mandate=known, first=known.starts_on, last=last, joins=joins)
    # Taken after the areas, as by who plans with people; from now on no new record refers to it.
    Mandate.objects.select_for_update(of=("self",)).get(pk=known.pk)
    if uses := uses_of(known, besides=OF_NO_AREA):
        raise PersonRefused(
            f"{known}在{old}已有 {told(uses)}，区域不能改成{area}：这些记录就像是在那里发生的了。"
            "请先删除其中登记有误的；都没有错的，区域就保持原样。"
        )
    mandate.area = known.area = area
    known.save(update_fields=["area"])
    for membership in known.memberships.select_related("group__area"):
        there = membership.group.area.path
        if not (there.startswith(area.path) or area.path.startswith(there)):
            membership.delete()
    record("stations.change", known.representative, actor=actor, area=area.code, was=old.code)
    return mandate


def end_mandate(*, mandate: Mandate, day: date, actor: User | None) -> Mandate:
    """End a mandate on `day` (the last day in office) by a human decision; see `change_mandate_days`."""
    return change_mandate_days(mandate=mandate, starts_on=mandate.starts_on, ends_on=day, actor=actor)


def reopen_mandate(*, mandate: Mandate, actor: User | None) -> Mandate:
    """Take back the end of a mandate that was entered by mistake; see `change_mandate_days`."""
    return change_mandate_days(mandate=mandate, starts_on=mandate.starts_on, ends_on=None, actor=actor)


def send_days(mandate: Mandate, old: Days, new: Days | None) -> None:
    """Ask the floors above about every day that leaves the mandate or comes into it; None: no day stays."""
    for joins, first, last in [(False, *days) for days in _only_in(old, new)] + [
        (True, *days) for days in (_only_in(new, old) if new else [])
    ]:
        mandate_days_change.send(sender=Mandate, mandate=mandate, first=first, last=last, joins=joins)


def _only_in(days: Days, others: Days | None) -> list[tuple[date, date]]:
    """Return the stretches of `days` that are not in `others`, both inclusive."""
    first, last = days[0], days[1] or date.max
    if others is None:
        return [(first, last)]
    start, end = others[0], others[1] or date.max
    before = (first, min(last, start - DAY)) if first < start else None
    after = (max(first, end + DAY), last) if last > end else None
    return [stretch for stretch in (before, after) if stretch]


def _check_days(person: Representative, known: Mandate, starts_on: date, ends_on: date | None) -> None:
    term, last = known.term, ends_on or date.max
    if last < starts_on:
        raise PersonRefused("离任日不能早于任期开始日。")
    if starts_on != known.starts_on:
        _check_start(term, starts_on)
    if ends_on and ends_on != known.ends_on and term.ends_on and ends_on > term.ends_on:
        raise PersonRefused(f"离任日不能晚于{term}的最后一天 {term.ends_on:%Y-%m-%d}。")
    others = Mandate.objects.filter(representative=person).exclude(pk=known.pk)
    if other := others.touching(starts_on, last).order_by("starts_on").first():
        until = f"至 {other.ends_on:%Y-%m-%d} " if other.ends_on else "起"
        raise PersonRefused(
            f"{person}另有 {other.starts_on:%Y-%m-%d} {until}的任期，和这里的日子重叠，请核对日期。"
        )
    outside = known.suspensions.filter(Q(starts_on__lt=starts_on) | Q(starts_on__gt=last))
    if suspension := outside.order_by("starts_on").first():
        raise PersonRefused(
            f"{suspension.starts_on:%Y-%m-%d} 起的暂停履职不在这些日子之内，请先修改或删除那一条。"
        )


def _check_start(term: Term, starts_on: date) -> None:
    if starts_on < term.starts_on or (term.ends_on and starts_on > term.ends_on):
        raise PersonRefused(f"任期开始日不在{term}之内，请核对日期。")


def _move_places(mandate: Mandate, old: Days, new: Days) -> None:
    (first, last), memberships = new, GroupMembership.objects.filter(mandate=mandate)
    entries = RosterEntry.objects.filter(mandate=mandate)
    if old[1] and (last is None or last > old[1]):
        ended = memberships.filter(ends_on=old[1]).order_by("-starts_on", "-pk").first()
        if ended:
            memberships.filter(pk=ended.pk).update(ends_on=last)
        entries.filter(ends_on=old[1]).update(ends_on=last)
    if first < old[0]:
        memberships.filter(starts_on=old[0]).update(starts_on=first)
    for rows in (memberships, entries):
        rows.filter(ends_on__lt=first).delete()
        rows.filter(starts_on__lt=first).update(starts_on=first)
        if last:
            rows.filter(starts_on__gt=last).delete()
            rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=last)).update(ends_on=last)
    duties = ReceptionDuty.objects.filter(mandate=mandate)
    duties.filter(reception_day__starts_at__date__lt=first).delete()
    if last:
        duties.filter(reception_day__starts_at__date__gt=last).delete()


@transaction.atomic
def suspend_mandate(
    *, mandate: Mandate, starts_on: date, ends_on: date | None, reason: str, actor: User | None
) -> Suspension:
    """Note that a mandate is suspended from one day to another, both inclusive, or until further notice.

    Whoever is suspended is not put on lists of those days, and what is recorded of them earns and costs nothing
    (PRODUCT.md, Rules of scoring). Raises PersonRefused without a reason, for days outside the mandate, and for days
    that overlap another suspension.
    """
    mandate = Mandate.objects.select_for_update(no_key=True).get(pk=mandate.pk)
    _check(mandate, starts_on, ends_on, reason, besides=None)
    mandate_facts_change.send(sender=Mandate, mandate=mandate, first=starts_on, last=ends_on or date.max)
    suspension = Suspension.objects.create(
        mandate=mandate, starts_on=starts_on, ends_on=ends_on, reason=reason.strip()
    )
    record("stations.change", suspension, actor=actor, starts_on=starts_on.isoformat())
    return suspension


@transaction.atomic
def change_suspension(
    *, suspension: Suspension, starts_on: date, ends_on: date | None, reason: str, actor: User | None
) -> Suspension:
    """Set the days or the reason of a suspension anew, such as its last day; refusals as for `suspend_mandate`."""
    mandate = Mandate.objects.select_for_update(no_key=True).get(pk=suspension.mandate_id)
    _check(mandate, starts_on, ends_on, reason, besides=suspension)
    if (starts_on, ends_on) != (suspension.starts_on, suspension.ends_on):
        first = min(starts_on, suspension.starts_on)
        last = max(ends_on or date.max, suspension.ends_on or date.max)
        mandate_facts_change.send(sender=Mandate, mandate=mandate, first=first, last=last)
    suspension.starts_on, suspension.ends_on, suspension.reason = starts_on, ends_on, reason.strip()
    suspension.save(update_fields=["starts_on", "ends_on", "reason"])
    until = ends_on.isoformat() if ends_on else ""
    record("stations.change", suspension, actor=actor, starts_on=starts_on.isoformat(), ends_on=until)
    return suspension


@transaction.atomic
def remove_suspension(*, suspension: Suspension, actor: User | None) -> None:
    """Take away a suspension that was entered by mistake; the log keeps that it was there."""
    person, starts_on = suspension.mandate.representative, suspension.starts_on
    last = suspension.ends_on or date.max
    mandate_facts_change.send(sender=Mandate, mandate=suspension.mandate, first=starts_on, last=last)
    suspension.delete()
    record("stations.change", person, actor=actor, suspension_removed=starts_on.isoformat())


def _check(
    mandate: Mandate, starts_on: date, ends_on: date | None, reason: str, *, besides: Suspension | None
) -> None:
    if not reason.strip():
        raise PersonRefused("请写明暂停的依据，例如决定的文号。")
    if ends_on and ends_on < starts_on:
        raise PersonRefused("恢复前的最后一天不能早于开始的一天。")
    last = mandate.ends_on or date.max
    if starts_on < mandate.starts_on or max(starts_on, ends_on or starts_on) > last:
        raise PersonRefused("这些日子不在代表的任期之内，请核对日期。")
    others = Suspension.objects.filter(mandate=mandate).exclude(pk=besides.pk if besides else None)
    other = others.touching(starts_on, ends_on or date.max).first()
    if other:
        raise PersonRefused(f"和 {other.starts_on:%Y-%m-%d} 起的暂停日期重叠，请修改原来的那一条。")
