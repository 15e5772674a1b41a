"""The words of a file: of PDF by pypdfium2, of office files from their XML. Part of the drawing process; knows no Django.

Office XML is never parsed, only looked through for its runs of text: no entity is resolved, nothing is fetched. Every
member is read to a bound, whatever the archive says of its size (threats 7 and 8).
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from html import unescape
from typing import TYPE_CHECKING

import pypdfium2 as pdfium

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST = 240_000  # characters of one file
MOST_PAGES = 1_000
MOST_MEMBERS = 400
MAX_MEMBER = 8 * 2**20  # bytes
MEMBERS = {
    "docx": re.compile(r"word/document\.xml"),
    "pptx": re.compile(r"ppt/slides/slide(\d{1,5})\.xml"),
    "xlsx": re.compile(r"xl/(?:sharedStrings|worksheets/sheet(\d{1,5}))\.xml"),
}
# Runs of text (w:t, a:t, t), and what ends a line. Deleted text, comments and speakers' notes are none of them.
RUNS = re.compile(rb"<(?:w:t|a:t|t)(?:\s[^<>]*)?>([^<]*)</|<(?:/w:p|/a:p|/si|/is|w:br|w:tab|a:br)\b")
HIDDEN = re.compile(rb'<p:sld\b[^>]*\sshow="(?:0|false)"')
READINGS = re.compile(rb"<rPh\b.*?</rPh>", re.DOTALL)  # phonetic guides of a spreadsheet repeat the text
# Numbers of telephones and of identity cards are not to be found by, whatever a speaker's last slide says.
NUMBERS = re.compile(r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|\d{17}[\dXx])(?!\d)")
SPACES = re.compile(r"[^\S\n]+")
BETWEEN = re.compile(
    r"(?<=[\u3000-\u303f\u3400-\u9fff\uff00-\uffef])\n(?=[\u3000-\u303f\u3400-\u9fff\uff00-\uffef])"
)


def read(source: Path, kind: str) -> str:
    """Return the words of a file of `kind` ("pdf"), at most MOST characters, without telephone and identity numbers."""
    parts, length = [], 0
    for part in _pdf(source) if kind == "pdf" else _office(source, kind):
        parts.append(part)
        length += len(part)
        if length > MOST:
            break
    return clean("\n".join(parts))[:MOST]


def clean(text: str) -> str:
    """Return text without signs no database keeps, with single spaces, Chinese lines joined, private numbers left out."""
    text = text.replace("\r", "\n").replace("\ufffe", "")  # pdfium's sign of a hyphen at the end of a line
    kept = (sign for sign in text if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs", "Cn"})
    text = SPACES.sub(" ", "".join(kept))
    text = re.sub(r" ?\n[ \n]*", "\n", text)
    return NUMBERS.sub("", BETWEEN.sub("", text)).strip()


def _pdf(source: Path) -> Iterator[str]:
    with pdfium.PdfDocument(source) as pdf:
        for number in range(min(len(pdf), MOST_PAGES)):
            page = pdf[number].get_textpage()
            yield page.get_text_bounded()


def _office(source: Path, kind: str) -> Iterator[str]:
    with zipfile.ZipFile(source) as archive:
        found = [(MEMBERS[kind].fullmatch(name), name) for name in archive.namelist()]
        numbered = [
            (int((match[1] if match.re.groups else None) or 0), name) for match, name in found if match
        ]
        for _, name in sorted(numbered)[:MOST_MEMBERS]:
            with archive.open(name) as member:
                content = member.read(MAX_MEMBER)
            if not (kind == "pptx" and HIDDEN.search(content[:4096])):
                yield _words(content)


def _words(content: bytes) -> str:
    runs = RUNS.finditer(READINGS.sub(b"", content))
    parts = (run[1].decode("utf-8", "ignore") if run[1] is not None else "\n" for run in runs)
    return unescape("".join(parts))
