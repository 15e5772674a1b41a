"""A scoring standard as frozen values: bands, categories, items, and what feeds them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from scoring.rules.exact import OPEN, Clamp
from scoring.rules.kinds import NOUGHT, Rule

Subject = Literal["representative", "group", "unit"]
PeriodLength = Literal["year", "half_year", "quarter", "month", "custom"]
CategoryKind = Literal["regular", "bonus", "deduction"]


@dataclass(frozen=True, slots=True)
class Period:
    """How long one score runs; only a `custom` period has a first and a last day."""

    length: PeriodLength
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A grade; `minimum` is the lowest total in it, None for the last band, which takes the rest."""

    name: str
    minimum: Decimal | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Records of one sort that feed an item: `where` lists (field, allowed values); a fact meets them all."""

    name: str
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the standard. `applies_to` None means everybody."""

    code: str
    name: str
    rule: Rule
    unit: str | None = None
    applies_to: tuple[str, ...] | None = None
    exclusive: str | None = None
    sources: tuple[Source, ...] = ()

    def applies(self, tags: Collection[str]) -> bool:
        """Say whether a person with these member tags is measured by this item."""
        return self.applies_to is None or any(tag in tags for tag in self.applies_to)


@dataclass(frozen=True, slots=True)
class Category:
    """A group of items with a clamp of its own. `kind` only says how it is shown."""

    code: str
    name: str
    kind: CategoryKind = "regular"
    clamp: Clamp = OPEN
    applies_to: tuple[str, ...] | None = None
    items: tuple[Item, ...] = ()

    def applies(self, tags: Collection[str]) -> bool:
        """Say whether a person with these member tags is measured by this category."""
        return self.applies_to is None or any(tag in tags for tag in self.applies_to)


@dataclass(frozen=True, slots=True)
class Standard:
    """One scoring standard; the loader in `scoring.standard_file` guarantees that it is consistent."""

    code: str
    title: str
    bands: tuple[Band, ...]
    categories: tuple[Category, ...] = ()
    note: str = ""
    subject: Subject = "representative"
    period: Period = Period("year")
    base: Decimal = NOUGHT
    clamp: Clamp = OPEN

    @property
    def items(self) -> Iterator[Item]:
        """Every item, in the order of the file."""
        return (item for category in self.categories for item in category.items)

    def band_at(self, total: Decimal) -> Band:
        """Return the band of a rounded total: the first whose minimum it reaches (inclusive)."""
        return next(band for band in self.bands if band.minimum is None or total >= band.minimum)
