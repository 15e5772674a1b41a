"""The worked cases of a file, as values."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from scoring.rules import Fact
from scoring.standard_file.place import Fields, Place

WORDS: Final = ("role", "level", "status", "event", "ref")
EXPECTATIONS: Final = ("total", "items", "band", "expect")


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case: facts, or a total given outright, and what is to come of them.

    `refused` says that the facts must be refused; `items` lists (code, expected points).
    """

    name: str
    member: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    given_total: Decimal | None = None
    total: Decimal | None = None
    items: tuple[tuple[str, Decimal], ...] = ()
    band: str | None = None
    refused: bool = False


def read_case(place: Place) -> Case:
    """Read one entry of `cases`."""
    fields = place.fields(("name",), ("member", "facts", "given_total", *EXPECTATIONS))
    expect = fields.one_of("expect", ("reject",))
    _check_shape(place, fields)
    items = fields.get("items")
    points = {} if items is None else {code: cell.number() for code, cell in items.entries().items()}
    return Case(
        name=fields.text("name") or "",
        member=fields.words("member"),
        facts=tuple(_read_fact(one, rank) for rank, one in enumerate(fields.listed("facts"), start=1)),
        given_total=fields.number("given_total"),
        total=fields.number("total"),
        items=tuple((code, value) for code, value in points.items() if value is not None),
        band=fields.text("band"),
        refused=expect is not None,
    )


def _check_shape(place: Place, fields: Fields) -> None:
    if not place.is_mapping:
        return
    if not any(name in fields for name in EXPECTATIONS):
        place.refuse(f"没有写要核对的结果：{'、'.join(EXPECTATIONS)} 至少写一个。")
    if "expect" in fields and any(name in fields for name in ("given_total", "total", "items", "band")):
        place.refuse("「expect: reject」不和其他结果一起写。")
    facts = fields.get("facts")
    if "given_total" in fields and facts is not None and facts.node.value:
        place.refuse("「given_total」和「facts」只写一个。")


def _read_fact(place: Place, rank: int) -> Fact:
    fields = place.fields(("item",), ("n", *WORDS, "people", "rate", "award", "date"))
    quantity, people = fields.number("n"), fields.number("people")
    if people is not None and people != int(people):
        fields.said["people"].refuse("人数要写整数。")
    return Fact(
        item=fields.text("item") or "",
        n=Decimal(1) if quantity is None else quantity,
        role=fields.text("role"),
        level=fields.text("level"),
        status=fields.text("status"),
        event=fields.text("event"),
        people=None if people is None else int(people),
        rate=fields.number("rate"),
        award=fields.number("award"),
        date=fields.day("date"),
        ref=fields.text("ref"),
        label=f"事实 {rank}",
    )
