"""Days that take no fact: those an area handed up (PRODUCT.md, rule 21), and those outside a person's mandate."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from scoring.operations.refused import EarnedRefused, FactsLocked
from sessions.models import LockedPeriod
from stations.models import Area, Mandate
from stations.operations import hold_areas


def refuse_locked_facts(mandates: Iterable[Mandate], days: Iterable[date]) -> None:
    """Raise FactsLocked when an area of these people has handed up one of these days; else keep it from doing so.

    To be called inside the transaction of the write, with the people and the days of before and after it: the rows of
    the areas stay taken until it ends, so a submission under way is waited for and a later one sees the fact.
    Three queries, however many people and days.
    """
    assert transaction.get_connection().in_atomic_block
    wanted = sorted(set(days))
    areas = list(Area.objects.filter(pk__in={mandate.area_id for mandate in mandates}).order_by("path"))
    held = hold_areas(*areas)
    locks = LockedPeriod.objects.filter(area__in=held).values_list("area__path", "starts_on", "ends_on")
    for path, first, last in locks.order_by("starts_on", "area__path"):
        shut = next((day for day in wanted if first <= day <= last), None)
        area = next((area for area in areas if area.path.startswith(path)), None)
        if shut and area:
            raise FactsLocked(
                f"{area.name}的 {shut.year} 年度已经上报，{shut.year} 年 {shut.month} 月 {shut.day} 日的记录不能再增加或修改；"
                "确需补记请向代表工作委员会提出补充决定。"
            )


def refuse_out_of_office(mandates: Iterable[Mandate], day: date) -> None:
    """Raise EarnedRefused when one of these mandates was not in force on the day: its deed could earn nothing."""
    for mandate in mandates:
        if not mandate.starts_on <= day <= (mandate.ends_on or date.max):
            until = f"{mandate.ends_on:%Y-%m-%d}" if mandate.ends_on else "今"
            raise EarnedRefused(
                f"{day:%Y-%m-%d} 不在{mandate.representative.name}的任期（{mandate.starts_on:%Y-%m-%d} 至 {until}）内，"
                "请核对日期，或改选当时任期的代表。"
            )
