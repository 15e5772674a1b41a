"""The nine kinds of rule said in plain Chinese, for the public page of a standard."""

from decimal import Decimal
from typing import assert_never

from scoring.models import ProposalMover
from scoring.models.earned import Level
from scoring.rules import (
    Assessed,
    Clamp,
    Constant,
    Count,
    Deduct,
    Item,
    Shared,
    Standard,
    Table,
    Target,
    Threshold,
    Veto,
    Void,
)
from sessions.models import Attendance, Enrolment

WORDS: dict[str, str] = {
    str(value): str(label)
    for choices in (Attendance.Status, Enrolment.Role, ProposalMover.Role, Level)
    for value, label in choices.choices
}


def item_words(item: Item, standard: Standard) -> str:
    """Return what an item gives, as one sentence without its full stop."""
    rule, unit = item.rule, item.unit or "次"
    match rule:
        case Constant():
            return f"每人计 {_n(rule.points)} 分"
        case Count():
            return _count(rule, unit)
        case Threshold():
            return _threshold(rule, unit, standard)
        case Deduct():
            return _deduct(rule, unit)
        case Target():
            return _target(rule, unit)
        case Assessed():
            return _assessed(rule)
        case Shared():
            share = _n(rule.lead * 100)
            return f"每{unit} {_n(rule.points)} 分；几人共同提出时，领衔人得 {share}%，其余的人平分剩下的部分"
        case Veto():
            return f"有一{unit}即评为“{rule.band}”"
        case Void():
            return f"有一{unit}即总分清零"
        case _:
            assert_never(rule)


def clamp_words(clamp: Clamp) -> str:
    """Return the two sides of a clamp: 最低 0 分，最高 8 分. Empty where both are open."""
    sides = (("最低", clamp.low), ("最高", clamp.high))
    return "，".join(f"{word} {_n(limit)} 分" for word, limit in sides if limit is not None)


def band_words(standard: Standard) -> tuple[tuple[str, str], ...]:
    """Return (name, from which total to which) of every band, the best first."""
    rows, above = [], None
    for band in standard.bands:
        if band.minimum is None:
            said = f"不足 {_n(above)} 分" if above is not None else "全部"
        elif above is None:
            said = f"{_n(band.minimum)} 分及以上"
        else:
            said = f"{_n(band.minimum)} 分起，不足 {_n(above)} 分"
        rows.append((band.name, said))
        above = band.minimum
    return tuple(rows)


def _count(rule: Count, unit: str) -> str:
    if rule.by is None:
        parts = [f"每{unit} {_n(rule.points or Decimal(0))} 分"]
    else:
        parts = [f"每{unit}按{_column(rule.by)}计：{_rows(rule.table)}"]
    if rule.first > 1:
        parts.append(f"从第 {_n(rule.first)} {unit}起计")
    if rule.at_most is not None:
        parts.append(f"最多计 {_n(rule.at_most)} {unit}")
    parts.append(clamp_words(rule.clamp))
    return "；".join(filter(None, parts))


def _threshold(rule: Threshold, unit: str, standard: Standard) -> str:
    of = next((item.name for item in standard.items if item.code == rule.of), "")
    start = f"按“{of}”的数量，" if of else ""
    if rule.every is not None:
        return f"{start}每满 {_n(rule.every)} {unit}计 {_n(rule.points or Decimal(0))} 分"
    steps = "，".join(f"满 {_n(step.at)} {unit}计 {_n(step.points)} 分" for step in rule.steps)
    return f"{start}{steps}；取达到的最高一档" if len(rule.steps) > 1 else f"{start}{steps}"


def _deduct(rule: Deduct, unit: str) -> str:
    taken = "，".join(f"{_word(word)}每{unit}扣 {_n(points)} 分" for word, points in rule.table)
    parts = [f"起评 {_n(rule.start)} 分", taken]
    if rule.zero_when:
        parts.append(f"{'、'.join(map(_word, rule.zero_when))}则本项清零")
    parts.append(f"扣到 {_n(rule.floor)} 分为止")
    return "；".join(filter(None, parts))


def _target(rule: Target, unit: str) -> str:
    more = "加" if rule.per_unit >= 0 else "减"
    parts = [f"目标 {_n(rule.target)} {unit}，达到计 {_n(rule.base)} 分"]
    parts.append(f"每多 1 {unit}{more} {_n(abs(rule.per_unit))} 分")
    parts.append("每少 1 " + unit + f"反向计，最低 {_n(rule.floor)} 分" if rule.below else "没有达到不计分")
    return "；".join(parts)


def _assessed(rule: Assessed) -> str:
    if rule.ranges:
        rows = "，".join(
            f"达到 {_n(row.rate)}% 的在 {_n(row.low)}—{_n(row.high)} 分之间" for row in rule.ranges
        )
        return f"由考评人员按比率评分：{rows}"
    inside = clamp_words(Clamp(rule.low, rule.high))
    return "由考评人员评分" + (f"，每次{inside}" if inside else "")


def _rows(table: Table) -> str:
    return "，".join(f"{_word(word)} {_n(points)} 分" for word, points in table)


def _column(by: str) -> str:
    return {"role": "身份", "level": "级别", "status": "到会情况", "event": "情形"}[by]


def _word(word: str) -> str:
    return WORDS.get(word, word)


def _n(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
