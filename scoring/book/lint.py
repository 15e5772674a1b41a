"""Checks of a book before it is written: pure reading of the tree and its picture files, no writing.

A finding is an error when the printed book would be wrong or could not be made (a missing character, a missing
picture, a story without text), a warning when it would be poor (a coarse picture, a very long title).
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PIL import Image

from scoring.book import letters, nodes
from scoring.book.titles import name_of, plain_title
from scoring.book.writers.manuscript import MARGINS, PAPERS, PORTRAIT_MM, printed_size

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MM_PER_INCH = 25.4
LEAST_PRINT_DPI = 150  # below this a photograph looks coarse on paper
LONGEST_TITLE = 44  # three lines at the size of a story's headline
LONGEST_DEK = 120


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to settle: how grave, where (story or chapter by name), and a Chinese sentence for the editor."""

    level: Literal["error", "warning"]
    where: str
    message: str


def check(book: nodes.Book, *, extra_fonts: Path | None = None) -> tuple[Finding, ...]:
    """Return every finding in printing order; `extra_fonts` is the folder write_pdf would get."""
    characters = letters.repertoire(extra_fonts)
    findings = [*_front(book, characters)]
    for where, item in _items(book):
        findings += _rare(where, _texts(item), characters)
        findings += _title(where, item)
        findings += _emptiness(where, item)
        findings += _pictures(where, item)
    findings += _duplicates(book)
    return tuple(findings)


def _items(book: nodes.Book) -> Iterator[tuple[str, nodes.Story | nodes.Chapter]]:
    """Yield every story and chapter with its name, in printing order."""
    chapters: list[nodes.Story | nodes.Chapter] = [book.preface] if book.preface else []
    chapters += [item for part in book.parts for item in part.chapters]
    chapters += [*book.appendices, *([book.afterword] if book.afterword else [])]
    for item in chapters:
        yield name_of(item), item


def _front(book: nodes.Book, characters: frozenset[str]) -> Iterator[Finding]:
    """Check the words outside stories and chapters, and the cover's picture."""
    board = [text for line in book.board for text in (line.role, *line.names)]
    imprint = [text for line in book.colophon for text in (line.label, line.value)]
    yield from _rare(
        "封面和书名页", [book.title, book.subtitle, book.publisher, book.date, book.notice], characters
    )
    yield from _rare("编委会", board, characters)
    for part in book.parts:
        where = f"《{plain_title(part.title)}》编"
        yield from _rare(where, [part.title, part.intro], characters)
        if not part.chapters:
            yield Finding("warning", where, f"{where}还没有内容。")
    yield from _rare("版权页", imprint, characters)
    if book.cover and _size(book.cover) is None:
        yield Finding("error", "封面", f"封面的图片「{book.cover.name}」没有找到或无法读取，请换一张。")


def _rare(where: str, texts: list[str], characters: frozenset[str]) -> Iterator[Finding]:
    """Report 生僻字: characters no font of the book can print."""
    for char in letters.missing("".join(texts), characters):
        yield Finding(
            "error",
            where,
            f"{where}中的生僻字「{char}」（U+{ord(char):04X}）字库里没有，会印作「{letters.GETA}」。"
            "可以换用通用字，或由管理员添加含有这个字的字体。",
        )


def _title(where: str, item: nodes.Story | nodes.Chapter) -> Iterator[Finding]:
    """Report titles and deks that would not fit their place well."""
    length = len(plain_title(item.title))
    if length > LONGEST_TITLE:
        yield Finding("warning", where, f"{where}的标题有 {length} 个字，建议不超过 {LONGEST_TITLE} 个字。")
    if len(item.dek) > LONGEST_DEK:
        yield Finding(
            "warning", where, f"{where}的导语有 {len(item.dek)} 个字，建议不超过 {LONGEST_DEK} 个字。"
        )


def _emptiness(where: str, item: nodes.Story | nodes.Chapter) -> Iterator[Finding]:
    """Report a story without a word of running text, or a chapter with nothing at all."""
    if isinstance(item, nodes.Story):
        if not any(isinstance(b, nodes.Paragraph) and b.text.strip() for b in item.blocks):
            yield Finding("error", where, f"{where}还没有正文。")
    elif not item.blocks:
        yield Finding("warning", where, f"{where}还没有内容。")


def _pictures(where: str, item: nodes.Story | nodes.Chapter) -> Iterator[Finding]:
    """Report pictures that are missing, unreadable or too coarse for their printed width (on A4)."""
    text_width = PAPERS["a4"][0] - MARGINS["inside"] - MARGINS["outside"]
    wanted = [
        (b.path, printed_size(b, text_width)[0], f"图片「{b.caption or b.path.name}」")
        for b in item.blocks
        if isinstance(b, nodes.Picture)
    ]
    if isinstance(item, nodes.Story) and item.person.portrait:
        wanted.insert(0, (item.person.portrait, PORTRAIT_MM[0], "代表照片"))
    for path, width_mm, what in wanted:
        size = _size(path)
        if size is None:
            yield Finding("error", where, f"{where}的{what}没有找到或无法读取，请换一张。")
            continue
        dpi = int(size[0] / (width_mm / MM_PER_INCH))
        if dpi < LEAST_PRINT_DPI:
            needed = math.ceil(width_mm / MM_PER_INCH * LEAST_PRINT_DPI)
            yield Finding(
                "warning",
                where,
                f"{where}的{what}分辨率偏低：宽 {size[0]} 像素，印出来每英寸 {dpi} 点，"
                f"建议宽度不小于 {needed} 像素。",
            )


def _size(path: Path) -> tuple[int, int] | None:
    """Return a picture's width and height in pixels, read from its head alone; None when that cannot be."""
    try:
        with Image.open(path) as picture:
            return picture.size
    except (OSError, ValueError, Image.DecompressionBombError):
        return None


def _duplicates(book: nodes.Book) -> Iterator[Finding]:
    """Report people with several stories: the same person twice, or two of one name the reader must tell apart."""
    stories = [i for part in book.parts for i in part.chapters if isinstance(i, nodes.Story)]
    counts = Counter(story.person.name for story in stories)
    for name in (name for name, count in counts.items() if count > 1):
        same = [story for story in stories if story.person.name == name]
        titles = "、".join(f"《{plain_title(story.title)}》" for story in same)
        yield Finding(
            "warning",
            "、".join(name_of(story) for story in same),
            f"{name}代表在书中出现 {len(same)} 次：{titles}。请核对是同一位代表，还是同名的两位。",
        )


def _texts(item: nodes.Story | nodes.Chapter) -> list[str]:
    """Return every text of a story or chapter."""
    texts = [item.title, item.dek, item.byline]
    if isinstance(item, nodes.Story):
        texts += [item.person.name, item.person.group, item.person.unit, item.band_note, *item.tags]
        texts += [text for entry in item.timeline for text in (entry.when, entry.text)]
    for block in item.blocks:
        texts += _block_texts(block)
    return texts


def _block_texts(block: nodes.Block) -> list[str]:
    """Return every text of one block."""
    match block:
        case nodes.Paragraph() | nodes.Heading():
            return [block.text]
        case nodes.Quote():
            return [block.text, block.who]
        case nodes.Picture():
            return [block.caption, block.alt]
        case nodes.Table():
            return [block.caption, *block.header, *(value for row in block.rows for value in row)]
        case nodes.FigureRow():
            return [text for f in block.figures for text in (f.value, f.label, f.unit, f.note)] + [
                block.as_of
            ]
        case nodes.Bars():
            return [block.title, block.unit, *(bar.label for bar in block.bars)]
        case nodes.Timeline():
            return [block.title, *(text for e in block.entries for text in (e.when, e.text))]
        case nodes.Bullets():
            return list(block.items)
