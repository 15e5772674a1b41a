"""Whose year it is: the term in office, and how far a person's roles reach over it, the whole or some branches."""

from collections.abc import Iterable
from datetime import date

from scoring.models import Year
from scoring.sheets import mandates_of
from stations.models import Area, Term
from stations.permissions import Someone, granted_areas, within


def term_of(first: date, last: date) -> Term | None:
    """Return the term in office on the last of these days, else the latest that was in office on one of them."""
    terms = Term.objects.touching(first, last)
    term: Term | None = terms.on(last).first() or terms.first()
    return term


def outside(year: Year, areas: Iterable[Area]) -> int:
    """Return how many representatives of the year lie in none of the areas' branches (1 query)."""
    return mandates_of(year).exclude(within(areas)).count()


def leads(user: Someone, roles: Iterable[str], year: Year) -> bool:
    """Whether `user` holds one of `roles` over every representative of the year (1 query of its own).

    The steps of the whole year, its result lists and its book are for these people: the office of one township
    must not confirm a county (THREATS 13).
    """
    roots = granted_areas(user, roles)
    return bool(roots) and not outside(year, roots)
