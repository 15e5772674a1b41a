"""The whole file, from text to a StandardFile, or every reason why not."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, get_args

from scoring.rules import Band, Category, Clamp, Count, Item, Period, Standard, Void
from scoring.rules.standard import CategoryKind, PeriodLength, Subject
from scoring.standard_file.cases import Case, read_case
from scoring.standard_file.names import Names
from scoring.standard_file.nodes import MAX_BYTES, compose
from scoring.standard_file.place import Fields, Place
from scoring.standard_file.problems import InvalidStandard, Problem
from scoring.standard_file.rules import read_rule
from scoring.standard_file.sources import read_source

STANDARD_CODE: Final = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class StandardFile:
    """One file: the standard, and the worked cases that prove it."""

    standard: Standard
    cases: tuple[Case, ...] = ()


def load(text: str | bytes) -> StandardFile:
    """Read a standard from YAML text (bytes: UTF-8); raises InvalidStandard with every problem found."""
    problems: list[Problem] = []
    loaded = _read_file(Place(compose(_decoded(text)), "", problems))
    if problems:
        raise InvalidStandard(problems)
    return loaded


def _decoded(text: str | bytes) -> str:
    size = len(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
    if size > MAX_BYTES:
        raise InvalidStandard([Problem(1, "", f"文件超过 {MAX_BYTES // 1024} KB。")])
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise InvalidStandard([Problem(line, "", "文件不是 UTF-8 编码的文字。")]) from error


def _read_file(place: Place) -> StandardFile:
    fields = place.fields(
        ("format", "code", "title", "bands", "categories"),
        ("subject", "period", "note", "base", "total", "cases"),
    )
    fields.one_of("format", ("1",))
    names = Names()
    bands = _read_bands(fields, names)
    categories = tuple(_read_category(one, names) for one in fields.listed("categories"))
    names.check_counted()
    standard = Standard(
        code=_read_code(fields),
        title=fields.text("title") or "",
        note=fields.text("note") or "",
        subject=fields.one_of("subject", get_args(Subject)) or "representative",
        period=_read_period(fields),
        base=fields.number("base") or Decimal(0),
        clamp=_read_total(fields),
        bands=bands,
        categories=categories,
    )
    return StandardFile(standard, tuple(read_case(one) for one in fields.listed("cases")))


def _read_code(fields: Fields) -> str:
    code = fields.text("code")
    if code is not None and STANDARD_CODE.fullmatch(code) is None:
        fields.said["code"].refuse("「code」只用小写字母、数字和连字符。")
    return code or ""


def _read_period(fields: Fields) -> Period:
    place = fields.get("period")
    if place is None:
        return Period("year")
    period = place.fields(("length",), ("start", "end"))
    length: PeriodLength | None = period.one_of("length", get_args(PeriodLength))
    start, end = period.day("start"), period.day("end")
    if length == "custom" and not ("start" in period and "end" in period):
        place.refuse("「custom」要写起止日期「start」和「end」。")
    if start is not None and end is not None and start > end:
        place.refuse("「start」晚于「end」。")
    if length not in {None, "custom"} and ("start" in period or "end" in period):
        place.refuse("只有「custom」才写起止日期。")
    return Period(length or "year", start, end)


def _read_total(fields: Fields) -> Clamp:
    place = fields.get("total")
    return Clamp() if place is None else place.fields((), ("min", "max")).clamp()


def _read_bands(fields: Fields, names: Names) -> tuple[Band, ...]:
    """Read the bands: every one but the last has a `min`, falling strictly; no name comes twice."""
    before = len(fields.place.problems)
    places = list(fields.listed("bands"))
    bands: list[Band] = []
    last: Decimal | None = None
    for rank, place in enumerate(places, start=1):
        band = _read_band(place, is_last=rank == len(places))
        if band.name and band.name in {known.name for known in bands}:
            place.refuse(f"等次「{band.name}」写了两次。")
        if band.minimum is not None:
            if last is not None and band.minimum >= last:
                place.refuse("等次要从高到低，「min」逐档严格下降。")
            last = band.minimum
        bands.append(band)
    if "bands" in fields and not places:
        fields.said["bands"].refuse("至少写一个等次。")
    if len(fields.place.problems) == before and bands:
        names.bands = tuple(band.name for band in bands)
    return tuple(bands)


def _read_band(place: Place, *, is_last: bool) -> Band:
    fields = place.fields(("name",), ("min", "label"))
    if place.is_mapping and is_last and "min" in fields:
        fields.said["min"].refuse("最后一个等次不写「min」。")
    if place.is_mapping and not is_last and "min" not in fields:
        place.refuse("除最后一个外，每个等次都要写「min」。")
    return Band(fields.text("name") or "", fields.number("min"), fields.text("label"))


def _read_category(place: Place, names: Names) -> Category:
    fields = place.fields(("code", "name", "items"), ("kind", "min", "max", "applies_to"))
    code = fields.text("code")
    names.enter_category(fields.get("code"), code)
    return Category(
        code=code or "",
        name=fields.text("name") or "",
        kind=fields.one_of("kind", get_args(CategoryKind)) or "regular",
        clamp=fields.clamp(),
        applies_to=fields.tags("applies_to"),
        items=tuple(_read_item(one, names, place.path) for one in fields.listed("items")),
    )


def _read_item(place: Place, names: Names, category: str) -> Item:
    fields = place.fields(("code", "name", "rule"), ("unit", "applies_to", "exclusive", "sources"))
    code, rule_place = fields.text("code"), fields.get("rule")
    names.enter_item(fields.get("code"), code)
    before = len(place.problems)
    rule = Void() if rule_place is None else read_rule(rule_place, names)
    rule_is_known = rule_place is not None and len(place.problems) == before
    word, word_place = fields.text("exclusive"), fields.get("exclusive")
    if word is not None and word_place is not None:
        names.enter_exclusive(word_place, word, category)
        if rule_is_known and not isinstance(rule, Count):
            word_place.refuse("「exclusive」只用在按数量计分（count）的小项上。")
    return Item(
        code=code or "",
        name=fields.text("name") or "",
        rule=rule,
        unit=fields.text("unit"),
        applies_to=fields.tags("applies_to"),
        exclusive=word,
        sources=tuple(read_source(one) for one in fields.listed("sources")),
    )
