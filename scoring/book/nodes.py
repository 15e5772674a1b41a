"""The neutral content tree of a book: frozen values in printing order, read by lint and by every writer.

The tree knows nothing of Django and nothing of PDF, DOCX or EPUB. Everything is ordered by the caller (people
by 姓名笔画, chapters by the editors); a node checks only that it has the shape the writers rely on and raises
NodeError with a Chinese sentence otherwise. Texts are plain text, never markup. In titles `|` marks a line break
wanted by the editor; writers that set one line drop it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal
    from pathlib import Path


class NodeError(ValueError):
    """A node has a shape that no writer could print; the message is a Chinese sentence for the editor."""


def _require(value: str, what: str) -> None:
    """Refuse a text without a visible character; `what` names the field for the editor."""
    if not value.strip():
        raise NodeError(f"{what}还没有填写。")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a story or chapter: level 1 is numbered 一、二、三, level 2 （一）（二）（三）."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        _require(self.text, "小标题")
        if self.level not in {1, 2}:
            raise NodeError(f"小标题「{self.text}」的级别应为 1 或 2。")


@dataclass(frozen=True, slots=True)
class Quote:
    """A pull quote, with who said it and where (may be empty)."""

    text: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture file with its size in pixels as shown (EXIF applied); `alt` defaults to the caption."""

    path: Path
    caption: str
    width_px: int
    height_px: int
    alt: str = ""

    def __post_init__(self) -> None:
        if self.width_px < 1 or self.height_px < 1:
            raise NodeError(f"图片「{self.caption or self.path.name}」的宽和高应为正数。")


@dataclass(frozen=True, slots=True)
class Table:
    """A table; rows are as long as the header; `widths` are relative whole numbers, empty for equal columns."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()
    caption: str = ""

    def __post_init__(self) -> None:
        name = self.caption or "、".join(self.header)
        if not self.header:
            raise NodeError("表格需要表头。")
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.header):
                raise NodeError(
                    f"表格「{name}」第 {number} 行有 {len(row)} 格，表头有 {len(self.header)} 格。"
                )
        if self.widths and (len(self.widths) != len(self.header) or min(self.widths) < 1):
            raise NodeError(f"表格「{name}」的列宽应与表头一一对应，且为正整数。")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the year: the value as text (the caller formats it), its unit, what it counts, a note."""

    value: str
    label: str
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """The numbers of the year side by side, with the day they were counted (截至…)."""

    figures: tuple[Figure, ...]
    as_of: str = ""

    def __post_init__(self) -> None:
        if not self.figures:
            raise NodeError("年度数字至少要有一项。")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a plot: what it is and how much (never negative)."""

    label: str
    value: Decimal | int

    def __post_init__(self) -> None:
        if self.value < 0:
            raise NodeError(f"图表中「{self.label}」的数值不能小于零。")


@dataclass(frozen=True, slots=True)
class Bars:
    """A plot of horizontal bars that share one scale from zero; every bar carries its number."""

    title: str
    bars: tuple[Bar, ...]
    unit: str = ""

    def __post_init__(self) -> None:
        if not self.bars:
            raise NodeError(f"图表「{self.title}」至少要有一项。")


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry of a timeline: a day or month as text, and what happened."""

    when: str
    text: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Entries in the caller's order."""

    entries: tuple[TimelineEntry, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short texts, numbered when `ordered`."""

    items: tuple[str, ...]
    ordered: bool = False


Block: TypeAlias = Paragraph | Heading | Quote | Picture | Table | FigureRow | Bars | Timeline | Bullets


@dataclass(frozen=True, slots=True)
class Person:
    """Who a story is about; `sort_key` is the stroke order key the caller sorted by, kept for indexes."""

    name: str
    group: str = ""
    unit: str = ""
    portrait: Path | None = None
    sort_key: str = ""

    def __post_init__(self) -> None:
        _require(self.name, "代表姓名")


@dataclass(frozen=True, slots=True)
class Story:
    """The story of one excellent representative; `band_note` is the stamp's text, empty for no stamp."""

    title: str
    person: Person
    dek: str = ""
    byline: str = ""
    band_note: str = ""
    tags: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()

    def __post_init__(self) -> None:
        _require(self.title.replace("|", ""), f"{self.person.name}代表事迹的标题")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter that is not a person's story: a preface, a year in numbers, an appendix."""

    title: str
    blocks: tuple[Block, ...] = ()
    byline: str = ""
    dek: str = ""

    def __post_init__(self) -> None:
        _require(self.title.replace("|", ""), "章的标题")


@dataclass(frozen=True, slots=True)
class Part:
    """A part (编) with its page of introduction."""

    title: str
    intro: str = ""
    chapters: tuple[Story | Chapter, ...] = ()

    def __post_init__(self) -> None:
        _require(self.title.replace("|", ""), "编的标题")


@dataclass(frozen=True, slots=True)
class BoardList:
    """One line of the editorial board (编委会): a role and the names in order."""

    role: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imprint:
    """One line of the colophon (版权页): 书名, 编者, 开本, 版次…"""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Book:
    """The whole book. `date` is printed; `issued` dates the file itself (31 December of `year` when absent).

    `notice` is printed on the title page and small at the foot of every page, e.g. 演示：人物与事件均为虚构.
    `cover` is the office's own picture for the cover; without it the packaged glaze is used.
    """

    title: str
    year: int
    publisher: str
    subtitle: str = ""
    date: str = ""
    issued: dt.date | None = None
    notice: str = ""
    cover: Path | None = None
    board: tuple[BoardList, ...] = ()
    preface: Chapter | None = None
    parts: tuple[Part, ...] = ()
    appendices: tuple[Chapter, ...] = ()
    afterword: Chapter | None = None
    colophon: tuple[Imprint, ...] = field(default=())

    def __post_init__(self) -> None:
        _require(self.title.replace("|", ""), "书名")
        if not 1954 <= self.year <= 9999:  # the first national congress met in 1954
            raise NodeError("年度应是四位数字的年份。")
