"""From a standard and one person's facts to the sheet: items, categories, the total, the band."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction

from scoring.rules.competition import Entry, enter, settle_exclusives
from scoring.rules.exact import ONE, ZERO, Cut, CutKind, rounded
from scoring.rules.fact import Fact
from scoring.rules.kinds import Threshold, Veto, Void
from scoring.rules.score import reckon
from scoring.rules.sheet import CategoryScore, ItemScore, Line, Omission, Reason, Sheet
from scoring.rules.standard import Band, Category, Item, Standard
from scoring.rules.worth import ceiling, least_of


def tally(
    standard: Standard, facts: Iterable[Fact], tags: Collection[str] = frozenset(), share: Fraction = ONE
) -> Sheet:
    """Reckon one person's sheet (FORMAT.md, Arithmetic).

    `facts` in the order of the file or the record; `tags` are the person's member tags; `share` is the part of the
    period that the person served where that matters (0 < share ≤ 1): quantities of regular categories count as
    quantity ÷ share, what is a bonus or a deduction as it is. Raises FactRefused for a fact no sheet may be made of.
    """
    entries = enter(standard, facts)
    categories = tuple(
        _category_score(category, entries, tags, share if category.kind == "regular" else ONE)
        for category in standard.categories
    )
    before = sum((score.points for score in categories), Fraction(standard.base))
    exact, cut = standard.clamp.apply(before)
    if _hit(categories, Void):
        exact, cut = ZERO, Cut(CutKind.VOIDED, ZERO, -exact)
    total = rounded(exact)
    earned = standard.band_at(total)
    return Sheet(
        standard=standard,
        categories=categories,
        before=before,
        exact=exact,
        total=total,
        cut=cut,
        band=_forced_band(standard, categories) or earned,
        earned_band=earned,
        share=share,
    )


def _category_score(
    category: Category, entries: Mapping[str, tuple[Entry, ...]], tags: Collection[str], share: Fraction
) -> CategoryScore:
    applies = category.applies(tags)
    settled = settle_exclusives(category, entries, tags) if applies else {}
    items = tuple(
        _item_score(item, settled[item.code], _counted_elsewhere(item, entries), share)
        if applies and item.applies(tags)
        else _item_without_effect(item, entries[item.code])
        for item in category.items
    )
    before = sum((score.points for score in items), ZERO)
    points, cut = category.clamp.apply(before) if applies else (ZERO, None)
    tops = [score.ceiling for score in items]
    top = None if None in tops else sum((limit for limit in tops if limit is not None), ZERO)
    return CategoryScore(category, applies, items, before, points, cut, least_of(category.clamp, top))


def _counted_elsewhere(item: Item, entries: Mapping[str, tuple[Entry, ...]]) -> Sequence[Fact] | None:
    if not isinstance(item.rule, Threshold) or item.rule.of is None:
        return None
    # What another item took from that item by `exclusive` has still happened: only repeats are dropped.
    return [entry.fact for entry in entries[item.rule.of] if entry.barred is None]


def _item_score(
    item: Item, entries: Sequence[Entry], elsewhere: Sequence[Fact] | None, share: Fraction
) -> ItemScore:
    reckoning = reckon(item.rule, [entry.fact for entry in entries if entry.barred is None], elsewhere, share)
    scored = iter(reckoning.lines)
    return ItemScore(
        item=item,
        applies=True,
        units=reckoning.units,
        opening=reckoning.opening,
        raw=reckoning.raw,
        points=reckoning.points,
        cut=reckoning.cut,
        ceiling=ceiling(item.rule),
        lines=tuple(
            next(scored) if entry.barred is None else Line(entry.fact, ZERO, ZERO, (entry.barred,))
            for entry in entries
        ),
    )


def _item_without_effect(item: Item, entries: Sequence[Entry]) -> ItemScore:
    lines = tuple(
        Line(entry.fact, ZERO, ZERO, (Omission(Reason.NOT_APPLICABLE, Fraction(entry.fact.n)),))
        for entry in entries
    )
    return ItemScore(item, False, ZERO, ZERO, ZERO, ZERO, None, ZERO, lines)


def _hit(categories: Iterable[CategoryScore], kind: type[Veto | Void]) -> list[ItemScore]:
    """Return the items of this kind that apply and have a fact."""
    return [
        score
        for category in categories
        for score in category.items
        if isinstance(score.item.rule, kind) and score.applies and score.lines
    ]


def _forced_band(standard: Standard, categories: Iterable[CategoryScore]) -> Band | None:
    forced = {score.item.rule.band for score in _hit(categories, Veto) if isinstance(score.item.rule, Veto)}
    return next((band for band in reversed(standard.bands) if band.name in forced), None)
