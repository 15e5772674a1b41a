"""From a standard back to text: one canonical spelling, which `load` reads to an equal value."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import yaml

from scoring.rules import (
    Assessed,
    Band,
    Category,
    Clamp,
    Constant,
    Count,
    Deduct,
    Fact,
    Item,
    Period,
    Rule,
    Shared,
    Source,
    Standard,
    Table,
    Target,
    Threshold,
    Veto,
)
from scoring.standard_file.cases import WORDS, Case
from scoring.standard_file.nodes import PLAIN_NULLS

Tree = dict[str, Any]
"""Keys in the order they are written; a value is a Tree, a list, a str, a Decimal, a bool, a date or None."""

NO_WRAP: Final = 10**9
KINDS: Final = {
    Constant: "constant",
    Count: "count",
    Threshold: "threshold",
    Deduct: "deduct",
    Target: "target",
    Assessed: "assessed",
    Shared: "shared",
    Veto: "veto",
}


class _WordDumper(yaml.SafeDumper):
    """Writes words and numbers as they are; only a word that would read as nothing gets quotes."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, Any]]] = {}


def dump(standard: Standard, cases: Iterable[Case] = ()) -> str:
    """Return the canonical YAML text of a standard, with its worked cases when given."""
    tree: Tree = {
        "format": "1",
        "code": standard.code,
        "title": standard.title,
        "note": standard.note or None,
        "subject": standard.subject,
        "period": _period(standard.period),
        "base": standard.base,
        "total": _range(standard.clamp) or None,
        "bands": [_band(band) for band in standard.bands],
        "categories": [_category(category) for category in standard.categories],
        "cases": [_case(case) for case in cases] or None,
    }
    written: str = yaml.serialize(
        _node(tree), Dumper=_WordDumper, allow_unicode=True, width=NO_WRAP, indent=2
    )
    return written


def _period(period: Period) -> Tree:
    return {"length": period.length, "start": period.start, "end": period.end}


def _range(clamp: Clamp) -> Tree:
    return {key: bound for key, bound in (("min", clamp.low), ("max", clamp.high)) if bound is not None}


def _band(band: Band) -> Tree:
    return {"name": band.name, "min": band.minimum, "label": band.label}


def _category(category: Category) -> Tree:
    return {
        "code": category.code,
        "name": category.name,
        "kind": category.kind,
        **_range(category.clamp),
        "applies_to": category.applies_to,
        "items": [_item(item) for item in category.items],
    }


def _item(item: Item) -> Tree:
    return {
        "code": item.code,
        "name": item.name,
        "unit": item.unit,
        "applies_to": item.applies_to,
        "exclusive": item.exclusive,
        "sources": [_source(source) for source in item.sources] or None,
        "rule": {"kind": KINDS.get(type(item.rule), "void"), **_rule(item.rule)},
    }


def _source(source: Source) -> Tree:
    where = {field: values[0] if len(values) == 1 else values for field, values in source.where}
    return {"from": source.name, "where": where or None}


def _rule(rule: Rule) -> Tree:
    match rule:
        case Constant():
            return {"points": rule.points}
        case Count():
            return _count(rule)
        case Threshold():
            steps = [{"at": step.at, "points": step.points} for step in rule.steps]
            return {"steps": steps or None, "every": rule.every, "points": rule.points, "of": rule.of}
        case Deduct():
            return _deduct(rule)
        case Target():
            return {
                "target": rule.target,
                "base": rule.base,
                "per_unit": rule.per_unit,
                "floor": rule.floor,
                "below": rule.below,
            }
        case Assessed():
            ranges = [{"rate": each.rate, "min": each.low, "max": each.high} for each in rule.ranges]
            return {**_range(Clamp(rule.low, rule.high)), "ranges": ranges or None}
        case Shared():
            return {"points": rule.points, "lead": rule.lead}
        case Veto():
            return {"band": rule.band}
        case _:
            return {}


def _count(rule: Count) -> Tree:
    return {
        "by": rule.by,
        "points": rule.points if rule.by is None else _table(rule.table),
        "from": rule.first,
        "at_most": rule.at_most,
        **_range(rule.clamp),
    }


def _deduct(rule: Deduct) -> Tree:
    return {
        "start": rule.start,
        "by": "event",
        "points": _table(rule.table),
        "floor": rule.floor,
        "zero_when": rule.zero_when or None,
    }


def _table(table: Table) -> Tree:
    return dict(table)


def _case(case: Case) -> Tree:
    return {
        "name": case.name,
        "member": case.member or None,
        "facts": [_fact(fact) for fact in case.facts] or None,
        "given_total": case.given_total,
        "total": case.total,
        "items": dict(case.items) or None,
        "band": case.band,
        "expect": "reject" if case.refused else None,
    }


def _fact(fact: Fact) -> Tree:
    return {
        "item": fact.item,
        "n": fact.n,
        **{word: getattr(fact, word) for word in WORDS},
        "people": None if fact.people is None else Decimal(fact.people),
        "rate": fact.rate,
        "award": fact.award,
        "date": fact.date,
    }


def _node(value: Any) -> yaml.Node:
    if isinstance(value, dict):
        pairs = [(_scalar(key), _node(part)) for key, part in value.items() if part is not None]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=False)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return yaml.SequenceNode("tag:yaml.org,2002:seq", [_node(part) for part in value], flow_style=False)
    if isinstance(value, bool):
        return _scalar("true" if value else "false")
    if isinstance(value, Decimal):
        return _scalar(format(value, "f"))
    return _scalar(value.isoformat() if isinstance(value, date) else value)


def _scalar(word: str) -> yaml.Node:
    return yaml.ScalarNode("tag:yaml.org,2002:str", word, style="'" if word in PLAIN_NULLS else None)
