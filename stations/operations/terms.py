"""Writes of terms of the congress and of the groups of their representatives."""

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from portal.audit import record
from portal.models import User
from stations.models import Area, DeputyGroup, Mandate, Term
from stations.operations.mandates import change_mandate_days
from stations.operations.refusal import PersonRefused

HIGHEST = 99  # number of a term; the oldest congresses are in their third ten
LONGEST = 10  # years; a term of a congress is five


@transaction.atomic
def add_term(
    *, number: int, name: str, starts_on: date, ends_on: date | None = None, actor: User | None
) -> Term:
    """Open a term of the congress; a number stands once.

    Raises PersonRefused for a number that is none, days that cannot be, and days that run into another term.
    """
    term = Term(number=number, name=name.strip(), starts_on=starts_on, ends_on=ends_on)
    _check(term)
    term.save()
    record("stations.change", term, actor=actor)
    return term


@transaction.atomic
def change_term(*, term: Term, name: str, starts_on: date, ends_on: date | None, actor: User | None) -> Term:
    """Change a term's name and days; mandates that last as long as the term end with it, and go on with it.

    Raises PersonRefused as `add_term`, while another mandate lies outside the days, and, naming whom, where a mandate
    cannot take the new last day (`change_mandate_days`).
    """
    known: Term = Term.objects.select_for_update().get(pk=term.pk)
    before = known.ends_on
    known.name, known.starts_on, known.ends_on = name.strip(), starts_on, ends_on
    _check(known)
    lasting = Q(ends_on=before) | Q(ends_on=None) if ends_on else Q(ends_on=before)
    outside = Q(starts_on__lt=starts_on)
    if ends_on:
        outside |= Q(starts_on__gt=ends_on) | Q(ends_on__gt=ends_on) & ~lasting
    mandates = known.mandates.filter(outside).select_related("representative")
    if first := mandates.order_by("starts_on", "pk").first():
        until = f" 至 {first.ends_on:%Y-%m-%d}" if first.ends_on else " 起"
        raise PersonRefused(
            f"有 {mandates.count()} 个任期不在这些日子之内，例如{first}（{first.starts_on:%Y-%m-%d}{until}）。"
            "请先核对他们的任期。"
        )
    known.save(update_fields=["name", "starts_on", "ends_on"])
    if ends_on != before:
        _end_with(known.mandates.filter(lasting), ends_on, actor)
    record("stations.change", known, actor=actor)
    return known


def _end_with(mandates: QuerySet[Mandate], ends_on: date | None, actor: User | None) -> None:
    """Give mandates the last day of their term."""
    for mandate in mandates.select_related("representative").order_by("representative", "pk"):
        try:
            change_mandate_days(mandate=mandate, starts_on=mandate.starts_on, ends_on=ends_on, actor=actor)
        except PersonRefused as refused:
            raise PersonRefused(f"{mandate}的任期不能随本届改：{refused}") from refused


def _check(term: Term) -> None:
    """Terms follow one another by number; one without an end lasts until the next begins."""
    if not term.name:
        raise PersonRefused("请填写名称，例如第十届。")
    if not 1 <= term.number <= HIGHEST:
        raise PersonRefused(f"届次应为 1 到 {HIGHEST} 之间的数，例如 10。")
    if term.ends_on and term.ends_on < term.starts_on:
        raise PersonRefused("届的结束日不能早于开始日。")
    if term.ends_on and term.ends_on.year - term.starts_on.year > LONGEST:
        raise PersonRefused(f"一届不会超过 {LONGEST} 年，请核对起止日期。")
    # All rows are the lock: two clerks at once would each find no other term in these days.
    for other in Term.objects.select_for_update().exclude(pk=term.pk).order_by("number"):
        if other.number == term.number:
            raise PersonRefused(f"第 {term.number} 届已经登记为“{other}”。")
        earlier, later = (other, term) if other.number < term.number else (term, other)
        if (earlier.ends_on or earlier.starts_on) >= later.starts_on:
            until = f" 至 {other.ends_on:%Y-%m-%d}" if other.ends_on else " 起"
            raise PersonRefused(
                f"和“{other}”（{other.starts_on:%Y-%m-%d}{until}）的日子重叠，或者先后颠倒，请核对届次和日期。"
            )


@transaction.atomic
def add_group(*, term: Term, area: Area, name: str, actor: User | None) -> DeputyGroup:
    """Found a group of representatives in a term; its name stands once in the term."""
    group = DeputyGroup(term=term, area=area, name=name.strip())
    _check_name(group)
    group.save()
    record("stations.change", group, actor=actor)
    return group


@transaction.atomic
def change_group(*, group: DeputyGroup, area: Area, name: str, actor: User | None) -> DeputyGroup:
    """Change a group's name or area; the term it belongs to stays."""
    group.area, group.name = area, name.strip()
    _check_name(group)
    group.save(update_fields=["area", "name"])
    record("stations.change", group, actor=actor)
    return group


def _check_name(group: DeputyGroup) -> None:
    if not group.name:
        raise PersonRefused("请填写小组名称。")
    if DeputyGroup.objects.filter(term=group.term_id, name=group.name).exclude(pk=group.pk).exists():
        raise PersonRefused(f"{group.term}已经有“{group.name}”，请换一个名称。")
