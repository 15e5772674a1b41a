"""The `rule` of an item, from keys to one of the nine kinds."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Final, get_args

from scoring.rules import (
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
from scoring.standard_file.names import Names
from scoring.standard_file.place import Fields, Place

NOUGHT: Final = Decimal(0)
"""Stands in for a number that could not be read; the file is refused then."""


def read_rule(place: Place, names: Names) -> Rule:
    """Read a rule by its `kind`; where it cannot be read the problems say so and a Void stands in."""
    kind = place.entries().get("kind")
    if kind is None:
        if place.is_mapping:
            place.refuse("缺少「kind」。")
        return Void()
    word = kind.one_of(tuple(_READERS))
    return Void() if word is None else _READERS[word](place, names)


def _read_constant(place: Place, _names: Names) -> Rule:
    fields = place.fields(("kind", "points"))
    return Constant(fields.number("points") or NOUGHT)


def _read_count(place: Place, _names: Names) -> Rule:
    fields = place.fields(("kind", "points"), ("by", "from", "at_most", "min", "max"))
    count = Count(
        at_most=fields.number_from("at_most", 0),
        clamp=fields.clamp(),
        first=fields.number_from("from", 1) or Decimal(1),
    )
    by, points = fields.get("by"), fields.get("points")
    if points is None:
        return count
    if by is None:
        if points.is_mapping:
            points.refuse("写成表时要用「by」说明按什么查表。")
            return count
        return replace(count, points=points.number())
    return replace(count, by=by.one_of(get_args(By)), table=_read_table(points))


def _read_threshold(place: Place, names: Names) -> Rule:
    fields = place.fields(("kind",), ("steps", "every", "points", "of"))
    of = fields.text("of")
    if of is not None:
        names.counted.append((fields.said["of"], of))
    if ("steps" in fields) == ("every" in fields):
        place.refuse("「steps」和「every」要写一个，且只写一个。")
        return Threshold(of=of)
    if "steps" in fields:
        if "points" in fields:
            fields.said["points"].refuse("「points」和「every」一起写；用「steps」时分值写在每一级里。")
        return Threshold(steps=_read_steps(fields), of=of)
    if "points" not in fields:
        place.refuse("缺少「points」。")
    every = fields.number_from("every", 0, above=True)
    return Threshold(every=every, points=fields.number("points"), of=of)


def _read_steps(fields: Fields) -> tuple[Step, ...]:
    steps: list[Step] = []
    for place in fields.listed("steps"):
        step = place.fields(("at", "points"))
        at, points = step.number("at"), step.number("points")
        if at is None or points is None:
            continue
        if steps and (at <= steps[-1].at or points <= steps[-1].points):
            place.refuse("每一级的「at」和「points」都要高于上一级。")
        steps.append(Step(at, points))
    if not fields.said["steps"].node.value:
        fields.said["steps"].refuse("「steps」里至少写一级。")
    return tuple(steps)


def _read_deduct(place: Place, _names: Names) -> Rule:
    fields = place.fields(("kind", "start", "points"), ("by", "floor", "zero_when"))
    fields.one_of("by", ("event",))
    points = fields.get("points")
    return Deduct(
        start=fields.number("start") or NOUGHT,
        table=() if points is None else _read_table(points, least=0),
        floor=fields.number("floor") or NOUGHT,
        zero_when=fields.words("zero_when"),
    )


def _read_target(place: Place, _names: Names) -> Rule:
    fields = place.fields(("kind", "target", "base", "per_unit"), ("floor", "below"))
    below = fields.get("below")
    return Target(
        target=fields.number("target") or NOUGHT,
        base=fields.number("base") or NOUGHT,
        per_unit=fields.number("per_unit") or NOUGHT,
        floor=fields.number("floor") or NOUGHT,
        below=below is None or below.flag() is True,
    )


def _read_assessed(place: Place, _names: Names) -> Rule:
    fields = place.fields(("kind",), ("min", "max", "ranges"))
    clamp = fields.clamp()
    ranges = fields.get("ranges")
    if ranges is None:
        for name in ("min", "max"):
            if name not in fields:
                place.refuse(f"缺少「{name}」。")
        return Assessed(clamp.low, clamp.high)
    if not ranges.node.value:
        ranges.refuse("「ranges」里至少写一档。")
    return Assessed(clamp.low, clamp.high, _read_ranges(ranges))


def _read_ranges(places: Place) -> tuple[AwardRange, ...]:
    ranges: list[AwardRange] = []
    for place in places.listed():
        fields = place.fields(("rate", "min", "max"))
        rate, clamp = fields.number("rate"), fields.clamp()
        if rate is None or clamp.low is None or clamp.high is None:
            continue
        if ranges and rate >= ranges[-1].rate:
            fields.said["rate"].refuse("各档的「rate」要从高到低。")
        ranges.append(AwardRange(rate, clamp.low, clamp.high))
    return tuple(ranges)


def _read_shared(place: Place, _names: Names) -> Rule:
    fields = place.fields(("kind", "points"), ("lead",))
    rule = Shared(fields.number("points") or NOUGHT)
    lead = fields.number_from("lead", 0)
    if lead is None:
        return rule
    if lead > 1:
        fields.said["lead"].refuse("「lead」是领衔人的份额，要在 0 到 1 之间。")
    return replace(rule, lead=lead)


def _read_veto(place: Place, names: Names) -> Rule:
    fields = place.fields(("kind", "band"))
    band = fields.text("band")
    if band is not None:
        names.check_band(fields.said["band"], band)
    return Veto(band or "")


def _read_void(place: Place, _names: Names) -> Rule:
    place.fields(("kind",))
    return Void()


def _read_table(place: Place, least: int | None = None) -> Table:
    rows: list[tuple[str, Decimal]] = []
    for word, cell in place.entries().items():
        points = cell.number() if least is None else cell.number_from(least)
        if points is not None:
            rows.append((word, points))
    if place.is_mapping and not place.node.value:
        place.refuse("表里至少写一行。")
    return tuple(rows)


_READERS: Final[dict[str, Callable[[Place, Names], Rule]]] = {
    "constant": _read_constant,
    "count": _read_count,
    "threshold": _read_threshold,
    "deduct": _read_deduct,
    "target": _read_target,
    "assessed": _read_assessed,
    "shared": _read_shared,
    "veto": _read_veto,
    "void": _read_void,
}
