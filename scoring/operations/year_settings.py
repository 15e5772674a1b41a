"""A year is created and its settings are made, before it goes its way (operations/year.py)."""

from datetime import date

from django.db import transaction

from portal.audit import record
from portal.models import User
from scoring.models import Standard, Year
from scoring.year.reach import leads
from stations.models import Term
from stations.permissions import Role


class YearRefused(ValueError):
    """The step cannot be taken now; the message says why and what to do first."""


@transaction.atomic
def create_year(
    *,
    label: int,
    term: Term,
    standard: Standard,
    actor: User,
    starts_on: date | None = None,
    ends_on: date | None = None,
    joiners: str = Year.Joiners.FULL,
) -> Year:
    """Create the assessment of a year as a draft, from 1 January to 31 December unless told otherwise.

    `joiners` says how mandates that begin or end within the year are graded (full, pro_rata, not_graded). Raises YearRefused for a year that is there already, for a term that has none of its days, and for a standard that is not in effect on its first day.
    """
    if Year.objects.filter(label=label).exists():
        raise YearRefused(f"{label} 年度已经建立。")
    first, last = starts_on or date(label, 1, 1), ends_on or date(label, 12, 31)
    if not Term.objects.touching(first, last).filter(pk=term.pk).exists():
        raise YearRefused(f"{term}的任期和 {label} 年度没有重叠，请核对“人员与站点 → 届”里的起止日期。")
    if not Standard.objects.in_effect(first).filter(pk=standard.pk).exists():
        raise YearRefused(f"{standard}在 {first:%Y-%m-%d} 还没有生效，请先启用标准，或选当时生效的一版。")
    year = Year.objects.create(
        label=label,
        term=term,
        standard=standard,
        starts_on=first,
        ends_on=last,
        joiners=joiners,
    )
    record("scoring.step", year, actor=actor, step="create")
    return year


@transaction.atomic
def set_joiners(*, year: Year, joiners: str, actor: User) -> Year:
    """Set how mandates that begin or end within the year are graded; the office's, until the areas review.

    Raises YearRefused from then on: what is under review is not graded anew.
    """
    year = Year.objects.select_for_update(of=("self",)).select_related("standard", "term").get(pk=year.pk)
    if not leads(actor, (Role.OFFICE,), year):
        raise YearRefused("您没有设置年度的权限，请联系代表工作委员会。")
    if year.state not in {Year.State.DRAFT, Year.State.OPEN}:
        raise YearRefused(
            f"{year}现在是“{year.get_state_display()}”，评定范围在开始审核以前确定，现在不能再改。"
        )
    old, year.joiners = year.joiners, joiners
    if old != joiners:
        year.save(update_fields=["joiners"])
        record("scoring.step", year, actor=actor, step="joiners", old=old, new=joiners)
    return year


@transaction.atomic
def set_shown(*, year: Year, position: str, wants_sheets: bool, actor: User) -> Year:
    """Set what representatives read of their position, and whether a roll is asked for its signed sheet.

    Neither moves a point nor stands under the seal, so the office that leads the year may change them at any time,
    also after the confirmation: a position that was shown must be possible to take away. Raises YearRefused for others.
    """
    year = Year.objects.select_for_update(of=("self",)).select_related("standard", "term").get(pk=year.pk)
    if not leads(actor, (Role.OFFICE,), year):
        raise YearRefused("您没有设置年度的权限，请联系代表工作委员会。")
    old, new = [year.position, year.wants_sheets], [position, wants_sheets]
    if old != new:
        year.position, year.wants_sheets = position, wants_sheets
        year.save(update_fields=["position", "wants_sheets"])
        record("scoring.step", year, actor=actor, step="shown", old=old, new=new)
    return year
