"""The standard in force, and its rules said in plain Chinese."""

from dataclasses import dataclass
from datetime import date

from scoring.method_words import band_words, clamp_words, item_words
from scoring.models import Standard, Year
from scoring.rules import Category
from scoring.rules import Standard as Rules
from scoring.sheets import rules_of

KINDS = {"regular": "", "bonus": "加分", "deduction": "扣分"}


@dataclass(frozen=True, slots=True)
class SaidItem:
    """One item in words: what it gives, and to whom when not to everybody."""

    name: str
    words: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SaidCategory:
    """One category in words."""

    name: str
    kind: str
    clamp: str
    items: tuple[SaidItem, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """A whole standard in words."""

    note: str
    base: str
    total: str
    bands: tuple[tuple[str, str], ...]
    categories: tuple[SaidCategory, ...]


def standard_in_force(day: date) -> Standard | None:
    """Return the standard that `day` is graded by: its year's, else the newest adopted version in effect; None without one.

    A year keeps the version it was opened under (PRODUCT.md, Rules of scoring), so an open year decides first.
    """
    year = (
        Year.objects.exclude(state=Year.State.DRAFT)
        .filter(starts_on__lte=day, ends_on__gte=day)
        .select_related("standard")
        .first()
    )
    if year:
        return year.standard
    return Standard.objects.in_effect(day).order_by("-effective_from", "-version", "-pk").first()


def described(standard: Standard) -> Method:
    """Return a stored standard in words."""
    rules = rules_of(standard)
    return Method(
        note=rules.note,
        base=f"每人基础分 {rules.base.normalize():f} 分" if rules.base else "",
        total=clamp_words(rules.clamp),
        bands=band_words(rules),
        categories=tuple(_category(category, rules) for category in rules.categories),
    )


def _category(category: Category, rules: Rules) -> SaidCategory:
    items = tuple(
        SaidItem(item.name, item_words(item, rules), item.applies_to or category.applies_to or ())
        for item in category.items
    )
    return SaidCategory(category.name, KINDS[category.kind], clamp_words(category.clamp), items)
