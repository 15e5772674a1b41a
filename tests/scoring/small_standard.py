"""A standard of a few items, as small as the rule under test allows."""

from decimal import Decimal

from scoring.rules import Band, Category, Clamp, Fact, Item, Standard, tally

D = Decimal
OPEN = Clamp()
BANDS = (Band("优秀", D(90)), Band("称职", D(60)), Band("不称职"))


def standard(*items, base=0, clamp=OPEN, category=OPEN, tags=None):
    only = Category("all", "全部", clamp=category, applies_to=tags, items=items)
    return Standard("test", "试", BANDS, (only,), base=D(base), clamp=clamp)


def fact(n=1, item="one", **fields):
    return Fact(item, D(str(n)), **fields)


def score(rule, *facts):
    """The one item's score under this rule."""
    return next(tally(standard(Item("one", "一项", rule)), facts).items)


def reasons(score):
    return [[omission.reason for omission in line.omissions] for line in score.lines]
