"""Which facts count in which item: one `ref` once within an item, one `ref` once among exclusive items."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from scoring.rules.fact import Fact, examine
from scoring.rules.kinds import Rule
from scoring.rules.sheet import Omission, Reason
from scoring.rules.standard import Category, Item, Standard
from scoring.rules.worth import worth


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact in its item; `barred` says why it does not compete there."""

    fact: Fact
    barred: Omission | None = None


def enter(standard: Standard, facts: Iterable[Fact]) -> dict[str, tuple[Entry, ...]]:
    """Sort facts to their items: by date, the undated after the dated, then as given; each `ref` counts once.

    Every item of the standard is a key. Raises FactRefused for the first fact that breaks FORMAT.md.
    """
    items = {item.code: item for item in standard.items}
    given: dict[str, list[Fact]] = {code: [] for code in items}
    for fact in facts:
        examine(fact, items.get(fact.item))
        given[fact.item].append(fact)
    return {code: _each_ref_once(items[code].rule, sorted(rows, key=_when)) for code, rows in given.items()}


def settle_exclusives(
    category: Category, entries: Mapping[str, tuple[Entry, ...]], tags: Collection[str]
) -> dict[str, tuple[Entry, ...]]:
    """Return the entries of a category's items, a `ref` barred where another item of its word gives it more.

    The comparison is n × points, before `from`, `at_most` and clamps; ties go to the first in the file. An
    item that does not apply to the person gives nothing, so it takes nothing from the others.
    """
    winners: dict[tuple[str, str], tuple[Fraction, str]] = {}
    for item in category.items:
        if item.exclusive is not None and item.applies(tags):
            for ref, value in _offers(item, entries[item.code]):
                best = winners.get((item.exclusive, ref))
                if best is None or value > best[0]:
                    winners[item.exclusive, ref] = (value, item.code)
    return {
        item.code: tuple(_bar_if_lost(item, entry, winners) for entry in entries[item.code])
        for item in category.items
    }


def _when(fact: Fact) -> tuple[bool, date]:
    return fact.date is None, fact.date or date.min


def _each_ref_once(rule: Rule, facts: Sequence[Fact]) -> tuple[Entry, ...]:
    dearest: dict[str, tuple[tuple[bool, Fraction], int]] = {}
    for place, fact in enumerate(facts):
        if fact.ref is not None:
            value = worth(rule, fact)
            if fact.ref not in dearest or value > dearest[fact.ref][0]:
                dearest[fact.ref] = (value, place)
    return tuple(
        Entry(fact)
        if fact.ref is None or dearest[fact.ref][1] == place
        else Entry(fact, Omission(Reason.DUPLICATE_REF, Fraction(fact.n)))
        for place, fact in enumerate(facts)
    )


def _offers(item: Item, entries: Iterable[Entry]) -> Iterable[tuple[str, Fraction]]:
    for entry in entries:
        if entry.barred is None and entry.fact.ref is not None:
            yield entry.fact.ref, worth(item.rule, entry.fact)[1]


def _bar_if_lost(item: Item, entry: Entry, winners: Mapping[tuple[str, str], tuple[Fraction, str]]) -> Entry:
    fact = entry.fact
    if item.exclusive is None or fact.ref is None or (item.exclusive, fact.ref) not in winners:
        return entry
    winner = winners[item.exclusive, fact.ref][1]
    if winner == item.code:
        return entry
    return Entry(fact, Omission(Reason.EXCLUSIVE_ELSEWHERE, Fraction(fact.n), winner))
