"""Texts of the site's pages as blocks of the book: rich text becomes plain paragraphs and lists."""

from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any

from scoring.book.nodes import Block, Bullets, Heading, Paragraph, Picture, Quote
from scoring.book.pictures import PictureFolder

PARAGRAPHS = {"p", "h2", "h3", "h4", "blockquote"}
LISTS = {"ul", "ol"}


class _Reader(HTMLParser):
    """Gathers the paragraphs and lists of one rich text; inline marks fall away, their words stay."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._words: list[str] = []
        self._items: list[str] = []
        self._ordered = self._in_item = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "br" or (self._in_item and tag in PARAGRAPHS):
            self._words.append("\n")
        elif tag in LISTS:
            self._end_paragraph()
            self._ordered = tag == "ol"
        elif tag in PARAGRAPHS or tag == "li":
            self._end_paragraph()
            self._in_item = tag == "li"

    def handle_endtag(self, tag: str) -> None:
        if tag == "li":
            self._items.append(self._text())
            self._in_item = False
        elif tag in LISTS:
            items = tuple(item for item in self._items if item)
            self._items = []
            if items:
                self.blocks.append(Bullets(items, ordered=self._ordered))
        elif tag in PARAGRAPHS and not self._in_item:
            self._end_paragraph()

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def close(self) -> None:
        super().close()
        self._end_paragraph()

    def _end_paragraph(self) -> None:
        self.blocks += [Paragraph(line) for line in self._text().split("\n") if line.strip()]

    def _text(self) -> str:
        text, self._words = "".join(self._words), []
        return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def rich_text(source: str) -> list[Block]:
    """Return a rich text (HTML as Wagtail stores it) as paragraphs and lists without markup."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return reader.blocks


def prose(stream: Iterable[Any], pictures: PictureFolder) -> list[Block]:
    """Return a stream of portal.blocks.ProseBlock as blocks; pictures are copied into the folder."""
    made: list[Block] = []
    for child in stream:
        made += _block(child.block_type, child.value, pictures)
    return made


def _block(kind: str, value: Any, pictures: PictureFolder) -> list[Block]:
    if kind == "paragraph":
        return rich_text(value.source)
    if kind == "heading":
        return [Heading(value)] if value.strip() else []
    if kind == "quote":
        return [Quote(value["text"], value.get("who") or "")]
    if kind == "picture" and value["image"] is not None:  # a picture that was deleted leaves an empty place
        return [_picture(value, pictures)]
    return []


def _picture(value: Any, pictures: PictureFolder) -> Picture:
    return pictures.picture(value["image"], caption=value.get("caption") or "", alt=value.get("alt") or "")
