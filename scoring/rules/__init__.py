"""The pure rules of the duty score: values in, values out, nothing but the standard library.

`tally(standard, facts, tags)` answers with a `Sheet` that explains itself; docs/standards.md tells the
arithmetic, `scoring.standard_file` reads standards from files.
"""

from scoring.rules.exact import Clamp, Cut, CutKind, rounded
from scoring.rules.fact import Fact, FactRefused
from scoring.rules.kinds import (
    Assessed,
    AwardRange,
    By,
    Constant,
    Count,
    Deduct,
    Rule,
    Shared,
    Step,
    Table,
    Target,
    Threshold,
    Veto,
    Void,
)
from scoring.rules.outlook import Ahead, Shortfall, marginal, next_band, shortfalls
from scoring.rules.sheet import CategoryScore, Effect, ItemScore, Line, Omission, Reason, Sheet
from scoring.rules.standard import Band, Category, Item, Period, Source, Standard
from scoring.rules.tally import tally

__all__ = [
    "Ahead",
    "Assessed",
    "AwardRange",
    "Band",
    "By",
    "Category",
    "CategoryScore",
    "Clamp",
    "Constant",
    "Count",
    "Cut",
    "CutKind",
    "Deduct",
    "Effect",
    "Fact",
    "FactRefused",
    "Item",
    "ItemScore",
    "Line",
    "Omission",
    "Period",
    "Reason",
    "Rule",
    "Shared",
    "Sheet",
    "Shortfall",
    "Source",
    "Standard",
    "Step",
    "Table",
    "Target",
    "Threshold",
    "Veto",
    "Void",
    "marginal",
    "next_band",
    "rounded",
    "shortfalls",
    "tally",
]
