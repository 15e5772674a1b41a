"""Who re-checks what the areas hand up, in words: they follow the tree of areas (PRODUCT.md, the model's vocabulary).

A municipality re-checks what its counties reviewed. A county that stands by itself has no municipality above it: it
re-checks what its towns and subdistricts reviewed.
"""

from collections.abc import Collection
from dataclasses import dataclass

from stations.models import Area


@dataclass(frozen=True, slots=True)
class Levels:
    """The words of one tree: `reviewers` go through the sheets of their area, `above` is the level that re-checks."""

    reviewers: str
    above: str


MUNICIPALITY = Levels("县级人大常委会", "市级")
COUNTY = Levels("乡镇人大、街道人大工委", "县级")


def levels_of(roots: Collection[str]) -> Levels:
    """Return the words of an installation whose topmost areas are of these levels (Area.Level)."""
    return MUNICIPALITY if Area.Level.MUNICIPALITY in roots else COUNTY


def levels_here() -> Levels:
    """Return the words of this installation (1 query)."""
    return levels_of(set(Area.objects.filter(depth=1).values_list("level", flat=True)))
