"""The manuscript: the content tree set out as plain JSON data for the press, with the pictures it needs.

Everything a person wrote goes to typst through this data alone, never as markup. Lengths are millimetres; the
page geometry is decided here once, because the size of a printed picture depends on it.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from scoring.book import letters, nodes
from scoring.book.titles import (
    LONGEST_PHRASE,
    aligned_name,
    chinese_number,
    name_of,
    phrases,
    plain_title,
    title_size,
)

Paper = Literal["a4", "210x285"]
PAPERS: dict[str, tuple[int, int]] = {"a4": (210, 297), "210x285": (210, 285)}
MARGINS = {"inside": 33.0, "outside": 29.0, "top": 30.0, "bottom": 27.0}
PICTURE_MAX_HEIGHT_MM = 108.0
PORTRAIT_MM = (34.0, 40.2)  # 11:13, DESIGN_LANGUAGE §4
PART_TEXTURES = ("glaze-sky", "glaze-rose", "glaze-green", "glaze-amber", "glaze-begonia", "glaze-moon")
COVER_TEXTURE = "glaze-hero"
NUMBER = re.compile(r"[-+−]?[\d,，.]+\s*(?:%|‰|分|人|次|件|条|篇|名|场|个|期|—|-)?|—|-|")


@dataclass(frozen=True, slots=True)
class PictureJob:
    """One picture to be scaled: from `source` to the file `name`, filling width × height mm when `crop`."""

    source: str
    name: str
    width_mm: float
    height_mm: float
    crop: bool
    where: str  # empty for our own grounds


@dataclass(slots=True)
class Manuscript:
    """What the press needs: the data of the book, its pictures, and what had to be replaced."""

    data: dict[str, Any]
    pictures: list[PictureJob] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class Composer:
    """Walks one book and gathers its manuscript."""

    def __init__(self, book: nodes.Book, *, paper: Paper, bleed_mm: int, characters: frozenset[str]) -> None:
        self.book = book
        self.characters = characters
        self.pictures: list[PictureJob] = []
        self.warnings: list[str] = []
        width, height = PAPERS[paper]
        self.page = {"width": width, "height": height, "bleed": bleed_mm, **MARGINS}
        self.text_width = width - MARGINS["inside"] - MARGINS["outside"]
        self.where = f"《{plain_title(book.title)}》"

    def text(self, value: str) -> str:
        """Return a text ready to print; characters the fonts lack are noted with the story they stand in."""
        for char in letters.missing(value, self.characters):
            note = f"{self.where}中的「{char}」（U+{ord(char):04X}）字库里没有，印作「{letters.GETA}」。"
            if note not in self.warnings:
                self.warnings.append(note)
        return letters.printable(value, self.characters)

    def title(self, title: str) -> dict[str, Any]:
        """Return a title in one line and by phrases; phrases too long to keep whole are marked breakable."""
        lines = [
            [{"text": self.text(p), "whole": len(p) <= LONGEST_PHRASE} for p in line]
            for line in phrases(title)
        ]
        return {
            "plain": self.text(plain_title(title)),
            "lines": lines,
            "size": title_size(plain_title(title)),
        }

    def picture(
        self, source: Path, width_mm: float, height_mm: float, *, crop: bool, where: str | None = None
    ) -> dict[str, Any]:
        """Order one scaled picture and return its place in the layout."""
        where = self.where if where is None else where
        name = f"picture-{len(self.pictures) + 1:05d}.jpg"
        job = PictureJob(str(source), name, round(width_mm, 2), round(height_mm, 2), crop, where)
        self.pictures.append(job)
        return {"file": name, "width": job.width_mm, "height": job.height_mm}

    def texture(self, name: str) -> dict[str, Any]:
        """Order a glaze ground over the whole page with its bleed."""
        bleed = 2 * self.page["bleed"]
        source = Path(__file__).parent / "typst" / "assets" / f"{name}.webp"
        return self.picture(
            source, self.page["width"] + bleed, self.page["height"] + bleed, crop=True, where=""
        )

    def blocks(self, blocks: tuple[nodes.Block, ...], depth: int) -> list[dict[str, Any]]:
        """Return the blocks of one story or chapter; `depth` is the heading level of its first headings."""
        numbers = [0, 0]
        return [self.block(block, depth, numbers) for block in blocks]

    def block(self, block: nodes.Block, depth: int, numbers: list[int]) -> dict[str, Any]:
        """Return one block as data; `numbers` counts the headings of both levels so far."""
        t = self.text
        match block:
            case nodes.Paragraph():
                return {"kind": "paragraph", "text": t(block.text)}
            case nodes.Heading():
                return self.heading(block, depth, numbers)
            case nodes.Quote():
                return {"kind": "quote", "lines": self.title(block.text)["lines"], "who": t(block.who)}
            case nodes.Picture():
                return self.figure(block)
            case nodes.Table():
                return self.table(block)
            case nodes.FigureRow():
                cells = [
                    {"value": t(f.value), "unit": t(f.unit), "label": t(f.label), "note": t(f.note)}
                    for f in block.figures
                ]
                return {"kind": "figures", "cells": cells, "as_of": t(block.as_of)}
            case nodes.Bars():
                return self.bars(block)
            case nodes.Timeline():
                return {"kind": "timeline", "title": t(block.title), "entries": self.entries(block.entries)}
            case nodes.Bullets():
                return {"kind": "bullets", "items": [t(i) for i in block.items], "ordered": block.ordered}

    def heading(self, block: nodes.Heading, depth: int, numbers: list[int]) -> dict[str, Any]:
        """Return a numbered heading: 一 for level 1, （一） for level 2, starting again under each level 1."""
        # A level 2 before any level 1 would skip a level, which PDF/UA forbids: it is set as level 1.
        level = block.level if numbers[0] else 1
        numbers[level - 1] += 1
        if level == 1:
            numbers[1] = 0
        number = chinese_number(numbers[level - 1])
        mark = number if level == 1 else f"（{number}）"
        return {
            "kind": "heading",
            "text": self.text(plain_title(block.text)),
            "mark": mark,
            "rank": level,
            "level": depth + level - 1,
        }

    def figure(self, block: nodes.Picture) -> dict[str, Any]:
        """Return a picture at its printed size with caption and alternative text."""
        width, height = printed_size(block, self.text_width)
        alt = block.alt or block.caption or f"{self.where}配图"
        placed = self.picture(block.path, width, height, crop=False)
        return {"kind": "picture", **placed, "caption": self.text(block.caption), "alt": self.text(alt)}

    def table(self, block: nodes.Table) -> dict[str, Any]:
        """Return a table; columns that hold only numbers are set right."""
        columns = list(zip(*block.rows, strict=True)) if block.rows else [() for _ in block.header]
        numeric = [bool(c) and all(NUMBER.fullmatch(v.strip()) for v in c) for c in columns]
        return {
            "kind": "table",
            "caption": self.text(block.caption),
            "header": [self.text(h) for h in block.header],
            "rows": [[self.text(v) for v in row] for row in block.rows],
            "widths": list(block.widths or (1,) * len(block.header)),
            "align": ["right" if n else "left" for n in numeric],
        }

    def bars(self, block: nodes.Bars) -> dict[str, Any]:
        """Return a plot with every bar as a share of the longest, in thousandths."""
        longest = max((bar.value for bar in block.bars), default=0)
        rows = [
            {
                "label": self.text(bar.label),
                "value": self.text(f"{bar.value}{block.unit}"),
                "share": int(bar.value * 1000 / longest) if longest else 0,
            }
            for bar in block.bars
        ]
        return {"kind": "bars", "title": self.text(block.title), "rows": rows}

    def entries(self, entries: tuple[nodes.TimelineEntry, ...]) -> list[dict[str, str]]:
        """Return the entries of a timeline."""
        return [{"when": self.text(e.when), "text": self.text(e.text)} for e in entries]

    def story(self, story: nodes.Story) -> dict[str, Any]:
        """Return one story with its portrait, or the tones of the monogram tile when there is none."""
        self.where = name_of(story)
        person = story.person
        portrait = self.picture(person.portrait, *PORTRAIT_MM, crop=True) if person.portrait else None
        return {
            "kind": "story",
            "title": self.title(story.title),
            "dek": self.text(story.dek),
            "byline": self.text(story.byline),
            "stamp": self.text(story.band_note),
            "tags": [self.text(tag) for tag in story.tags],
            "name": self.text(person.name),
            "facts": [self.text(v) for v in (person.unit, person.group) if v],
            "portrait": portrait,
            "monogram": self.text(person.name[:1]),
            "tone": sum(map(ord, person.name)) % 6,
            "blocks": self.blocks(story.blocks, depth=3),
            "timeline": self.entries(story.timeline),
        }

    def chapter(self, chapter: nodes.Chapter, *, depth: int, label: str = "") -> dict[str, Any]:
        """Return one chapter; `depth` is the heading level of its title, `label` the small line above it."""
        self.where = name_of(chapter)
        return {
            "kind": "chapter",
            "label": label,
            "depth": depth,
            "title": self.title(chapter.title),
            "dek": self.text(chapter.dek),
            "byline": self.text(chapter.byline),
            "blocks": self.blocks(chapter.blocks, depth=depth + 1),
        }

    def part(self, number: int, part: nodes.Part) -> dict[str, Any]:
        """Return one part with its chapters, its number in words and its glaze."""
        self.where = f"《{plain_title(part.title)}》编"
        tone = (number - 1) % len(PART_TEXTURES)
        return {
            "label": f"第{chinese_number(number)}编",
            "title": self.title(part.title),
            "intro": self.text(part.intro),
            "tone": tone,
            "texture": self.texture(PART_TEXTURES[tone]),
            "chapters": [
                self.story(item) if isinstance(item, nodes.Story) else self.chapter(item, depth=2)
                for item in part.chapters
            ],
        }

    def front(self) -> dict[str, Any]:
        """Return cover, title page and board."""
        book = self.book
        issued = book.issued or dt.date(book.year, 12, 31)
        page = self.page
        bleed = 2 * page["bleed"]
        cover = (
            self.picture(book.cover, page["width"] + bleed, page["height"] + bleed, crop=True, where="封面")
            if book.cover
            else self.texture(COVER_TEXTURE)
        )
        return {
            "page": page,
            "title": self.title(book.title),
            "subtitle": self.text(book.subtitle),
            "year": str(book.year),
            "publisher": self.text(book.publisher),
            "date": self.text(book.date or f"{book.year} 年 12 月"),
            "issued": {"year": issued.year, "month": issued.month, "day": issued.day},
            "notice": self.text(book.notice),
            "cover": cover,
            "endpaper": self.texture("glaze-moon"),
            "board": [
                {"role": self.text(b.role), "names": [aligned_name(self.text(n)) for n in b.names]}
                for b in book.board
            ],
        }

    def back(self) -> dict[str, Any]:
        """Return appendices, afterword and colophon."""
        book = self.book
        many = len(book.appendices) > 1
        labels = [f"附录{chinese_number(n)}" if many else "附录" for n in range(1, len(book.appendices) + 1)]
        appendices = [
            self.chapter(c, depth=1, label=label) for label, c in zip(labels, book.appendices, strict=True)
        ]
        afterword = self.chapter(book.afterword, depth=1) if book.afterword else None
        self.where = "版权页"
        colophon = [{"label": self.text(i.label), "value": self.text(i.value)} for i in book.colophon]
        return {"appendices": appendices, "afterword": afterword, "colophon": colophon}

    def compose(self) -> Manuscript:
        """Return the whole manuscript, in printing order."""
        data = self.front()
        data["preface"] = self.chapter(self.book.preface, depth=1) if self.book.preface else None
        data["parts"] = [self.part(n, part) for n, part in enumerate(self.book.parts, start=1)]
        data |= self.back()
        return Manuscript(data, self.pictures, self.warnings)


def printed_size(picture: nodes.Picture, text_width_mm: float) -> tuple[float, float]:
    """Return the printed width and height in mm: as wide as the text, but no higher than 108 mm."""
    width = text_width_mm
    height = width * picture.height_px / picture.width_px
    if height > PICTURE_MAX_HEIGHT_MM:
        width, height = PICTURE_MAX_HEIGHT_MM * picture.width_px / picture.height_px, PICTURE_MAX_HEIGHT_MM
    return width, height
