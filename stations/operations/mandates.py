"""Writes of seats: another mandate of a known person, and the days on which a mandate is suspended."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from portal.audit import record
from portal.models import User
from portal.search.indexing import refresh
from stations.models import Area, Mandate, MandateTag, Representative, Suspension, Term
from stations.operations.refusal import PersonRefused


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
    """Give a known person another mandate: re-elected, or elected elsewhere; return it.

    Raises PersonRefused for a start outside the term, and while an earlier mandate holds on that day or later:
    one person sits in this congress once at a time.
    """
    if starts_on < term.starts_on or (term.ends_on and starts_on > term.ends_on):
        raise PersonRefused(f"任期开始日不在{term}之内，请核对日期。")
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
    )
    MandateTag.objects.bulk_create([MandateTag(mandate=mandate, code=code) for code in sorted(set(tags))])
    record("stations.change", mandate, actor=actor, starts_on=starts_on.isoformat())
    refresh(person)
    return mandate


@transaction.atomic
def suspend_mandate(
    *, mandate: Mandate, starts_on: date, ends_on: date | None, reason: str, actor: User | None
) -> Suspension:
    """Note that a mandate is suspended from one day to another, both inclusive, or until further notice.

    Whoever is suspended is not put on lists of those days, and what is recorded of them earns and costs nothing
    (PRODUCT.md, Rules of scoring). Raises PersonRefused without a reason, for days outside the mandate, and for days
    that overlap another suspension.
    """
    mandate = Mandate.objects.select_for_update().get(pk=mandate.pk)
    _check(mandate, starts_on, ends_on, reason, besides=None)
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
    mandate = Mandate.objects.select_for_update().get(pk=suspension.mandate_id)
    _check(mandate, starts_on, ends_on, reason, besides=suspension)
    suspension.starts_on, suspension.ends_on, suspension.reason = starts_on, ends_on, reason.strip()
    suspension.save(update_fields=["starts_on", "ends_on", "reason"])
    until = ends_on.isoformat() if ends_on else ""
    record("stations.change", suspension, actor=actor, starts_on=starts_on.isoformat(), ends_on=until)
    return suspension


@transaction.atomic
def remove_suspension(*, suspension: Suspension, actor: User | None) -> None:
    """Take away a suspension that was entered by mistake; the log keeps that it was there."""
    person, starts_on = suspension.mandate.representative, suspension.starts_on
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
