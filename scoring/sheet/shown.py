"""A sheet as the page shows it: the stored content with its figures as numbers, words in Chinese, ways to records."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from scoring.models import ProposalMover
from scoring.models.earned import Level
from scoring.rules import CutKind, Reason
from scoring.sheet.links import Link, Links
from scoring.sheets import Content
from sessions.models import Attendance

NUMERALS = "一二三四五六七八九十"
LAST_RANK = 4  # the plate has four tints; lower bands share the last
WORDS: Mapping[str, str] = {
    str(value): str(label)
    for choices in (Attendance.Status, ProposalMover.Role, Level)
    for value, label in choices.choices
}
NOT_IN_TABLE, NO_LOSS = Reason.NOT_IN_TABLE.label, "不扣分"


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One recorded deed; `points` is None where the item's rule measures all of its deeds together."""

    label: str
    day: date | None
    word: str
    n: str
    points: Decimal | None
    remarks: tuple[str, ...]
    link: Link | None


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One item with the lines it follows from; `cut` is a sentence, empty where nothing was cut."""

    name: str
    points: Decimal
    most: Decimal | None
    opening: Decimal
    measure: str
    cut: str
    lines: tuple[ShownLine, ...]


@dataclass(frozen=True, slots=True)
class ShownCategory:
    """One category; `numeral` counts the regular ones: 一, 二, …"""

    numeral: str
    name: str
    kind: str
    points: Decimal
    most: Decimal | None
    short: bool
    cut: str
    items: tuple[ShownItem, ...]


@dataclass(frozen=True, slots=True)
class Short:
    """A category that is short (短板), and by how much."""

    name: str
    gap: Decimal


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """A whole sheet; `rank` counts bands from the best (1), `bands` are pairs (name, least points) for the ruler.

    `service` are sentences about a year not served as a whole, `left_out` the records of suspended days.
    """

    total: Decimal
    band: str
    forced: bool
    rank: int
    bands: tuple[tuple[str, Decimal], ...]
    next_band: str
    distance: Decimal
    base: Decimal
    cut: str
    short: tuple[Short, ...]
    regular: tuple[ShownCategory, ...]
    others: tuple[ShownCategory, ...]
    service: tuple[str, ...] = ()
    left_out: tuple[ShownLine, ...] = ()

    @property
    def bonus(self) -> Decimal:
        """What the bonus and deduction categories come to."""
        return sum((category.points for category in self.others), Decimal(0))

    @property
    def duty(self) -> Decimal:
        """What base and regular categories come to."""
        return self.base + sum((category.points for category in self.regular), Decimal(0))

    @property
    def counted(self) -> str:
        """How many regular categories there are, in a numeral: 六."""
        return _numeral(len(self.regular))

    @property
    def empty(self) -> bool:
        """Whether nothing at all was recorded."""
        return not any(item.lines for category in (*self.regular, *self.others) for item in category.items)


def shown(content: Content, links: Links) -> ShownSheet:
    """Return the content of a sheet (scoring/sheets.py) for the page."""
    names = [band["name"] for band in content["bands"]]
    thresholds = [(band["name"], _number(band["min"])) for band in content["bands"]]
    lowest = min([Decimal(0), *(least for _, least in thresholds if least is not None)])
    kinds = [category["kind"] for category in content["categories"]]
    categories = [
        _category(category, kinds[: place + 1].count("regular"), links)
        for place, category in enumerate(content["categories"])
    ]
    ahead = content["next"]
    return ShownSheet(
        total=Decimal(content["total"]),
        band=content["band"],
        forced=content["band"] != content["earned_band"],
        rank=min(names.index(content["band"]) + 1, LAST_RANK),
        bands=tuple((name, lowest if least is None else least) for name, least in thresholds),
        next_band=ahead["band"] if ahead else "",
        distance=Decimal(ahead["distance"]) if ahead else Decimal(0),
        base=Decimal(content["base"]),
        cut=cut_sentence(content["cut"]),
        short=tuple(Short(each["name"], Decimal(each["gap"])) for each in content["short"]),
        regular=tuple(category for category in categories if category.kind == "regular"),
        others=tuple(category for category in categories if category.kind != "regular"),
        service=tuple(_service(content.get("service"))),
        left_out=tuple(_unscored(line, links) for line in content.get("service", {}).get("left_out", ())),
    )


def _service(served: Content | None) -> Iterator[str]:
    if served and served["part"]:
        months, of = served["months"], served["of"]
        yield f"本年度任职按 {months} 个月计（全年 {of} 个月），常规类别的数量按 {of}÷{months} 折算，加分不折算。"
    for first, last in served["suspended"] if served else ():
        yield f"{first} 起{f'至 {last} ' if last else ''}暂停执行代表职务，这些日子的记录不计分。"


def _unscored(line: Content, links: Links) -> ShownLine:
    day, link = date.fromisoformat(line["date"]), links.get(line["source"])
    return ShownLine(line["label"], day, "", "1", None, ("暂停履职期间，不计分",), link)


def cut_sentence(cut: Mapping[str, str] | None) -> str:
    """Return what a clamp did, as a sentence: 封顶后计 6 分，共 9 分. Empty for no cut."""
    if not cut:
        return ""
    after, before = cut["limit"], _plain(Decimal(cut["limit"]) - Decimal(cut["by"]))
    match cut["kind"]:
        case CutKind.CEILING:
            return f"封顶后计 {after} 分，共 {before} 分"
        case CutKind.FLOOR:
            return f"保底计 {after} 分，按记录为 {before} 分"
        case CutKind.SHORT_OF_TARGET:
            return f"没有达到目标，计 {after} 分"
        case CutKind.VOIDED:
            return f"总分清零，原为 {before} 分"
        case _:
            return f"本项清零，原为 {before} 分"


def _category(category: Content, place: int, links: Links) -> ShownCategory:
    return ShownCategory(
        numeral=_numeral(place),
        name=category["name"],
        kind=category["kind"],
        points=Decimal(category["points"]),
        most=_number(category["max"]),
        short=category["short"] and category["kind"] == "regular",
        cut=cut_sentence(category["cut"]),
        items=tuple(_item(item, links) for item in category["items"]),
    )


def _item(item: Content, links: Links) -> ShownItem:
    opening = _number(item["opening"]) or Decimal(0)
    return ShownItem(
        name=item["name"],
        points=Decimal(item["points"]),
        most=_number(item["max"]),
        opening=opening,
        # Of what is taken from a full start, the quantity says nothing: the lines do.
        measure=f"{item['units']} {item['unit'] or '次'}" if item["units"] != "0" and opening <= 0 else "",
        cut=cut_sentence(item["cut"]),
        lines=tuple(_line(line, links, keeps=opening > 0) for line in item["lines"]),
    )


def _line(line: Content, links: Links, *, keeps: bool) -> ShownLine:
    # Where everything is given at the start, a deed without a row in the table is the good case: nothing is taken.
    omitted = [NO_LOSS if keeps and words == NOT_IN_TABLE else words for words in line["omitted"]]
    return ShownLine(
        label=line["label"],
        day=date.fromisoformat(line["date"]) if line["date"] else None,
        word=WORDS.get(line["what"], line["what"]),
        n=line["n"],
        points=_number(line["points"]),
        remarks=tuple(filter(None, (*omitted, line["effect"]))),
        link=links.get(line["source"]),
    )


def _number(text: Any) -> Decimal | None:
    return Decimal(text) if text else None


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _numeral(count: int) -> str:
    """Return 1 to 10 as a Chinese numeral, else the figures."""
    return NUMERALS[count - 1] if 1 <= count <= len(NUMERALS) else str(count)
