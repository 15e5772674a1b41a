"""Whose sheet of which year a reader sees: their own years, and the mandate that each of them grades."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from scoring.models import Objection, Year
from scoring.sheets import mandates_of
from stations.models import DeputyGroup, Mandate, Representative


def years_of(person: Representative) -> QuerySet[Year]:
    """Return the years beyond the draft that grade a mandate of `person`, the latest first (1 query)."""
    serving = Mandate.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("starts_on")),
        representative=person,
        term=OuterRef("term"),
        starts_on__lte=OuterRef("ends_on"),
    )
    years = Year.objects.exclude(state=Year.State.DRAFT).filter(Exists(serving))
    return years.select_related("term", "standard").order_by("-label")


def told_apart(day: date, today: date) -> str:
    """Return a sentence about a fact whose day is of another year than the running one, else nothing (1 query).

    Days of a year that was handed up never come here: the operations refuse them.
    """
    years = list(Year.objects.exclude(state=Year.State.DRAFT).order_by("-label"))
    of_day = next((year for year in years if year.starts_on <= day <= year.ends_on), None)
    if of_day is None:
        return f"{day:%Y-%m-%d} 不在已开启的年度里，那个年度开启以后才计分；日期写错的请更正。"
    if of_day.starts_on <= today <= of_day.ends_on:
        return ""
    return f"{day:%Y-%m-%d} 属于{of_day}，计入那个年度的得分；日期写错的请更正。"


def current_of(years: list[Year], day: date) -> Year | None:
    """Return the year that `day` lies in, else the latest one; None when there is none. `years` latest first."""
    return next((year for year in years if year.starts_on <= day <= year.ends_on), None) or next(
        iter(years), None
    )


def mandates_in(year: Year, person: Representative) -> list[Mandate]:
    """Return the person's mandates that `year` grades, the latest first: usually one (1 query)."""
    mandates: Any = mandates_of(year).filter(representative=person)
    return list(mandates.select_related("representative", "area", "term").order_by("-starts_on", "-pk"))


def answers_for(person: Representative, years: Iterable[Year], moment: datetime) -> list[Objection]:
    """Return the person's objections whose answer is new (1 query; none while no year of theirs was publicised)."""
    if all(year.state in {Year.State.DRAFT, Year.State.OPEN} for year in years):
        return []
    return list(Objection.objects.newly_answered(person, moment))


def group_of(mandate: Mandate, day: date) -> DeputyGroup | None:
    """Return the group a mandate belongs to on `day`; None for who is in none (1 query)."""
    membership = mandate.memberships.on(day).select_related("group").first()
    return membership.group if membership else None
