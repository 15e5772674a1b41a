"""A list that was typed or filled in, XLSX or CSV, becomes rows of cells, or a sentence says why not.

A file is bounded before anything unpacks or parses it (THREATS 7); no cell is ever reckoned.
"""

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from django.core.files.base import File

from portal.spreadsheets.opening import cells_of, only_this
from portal.uploads import UploadRefused, safe_name, take

HEADER_WITHIN = 10  # lines: a title may stand above the header
MARKS = re.compile(r"\(.*?\)|[*:]")  # what people add to a heading: 姓名*, 出生日期（年月日）
Rows = Iterator[tuple[int, list[Any]]]


class ListUnreadable(ValueError):
    """The file is no list that can be read; the message says why and what to do."""


class Formula:
    """A cell that would be reckoned; it is named, never read."""


def rows_of(file: File, *, what: str, at_most: int, limit: int) -> tuple[str, str, Rows]:  # type: ignore[type-arg]
    """Return (name, sha256, rows as (number, cells)) of a list: XLSX, or CSV in UTF-8, UTF-16 or GB18030.

    `what` is the sheet that is read and what people call the list, `at_most` bytes, `limit` rows. A column 姓名 tells
    which line of a CSV has the headings. Raises UploadRefused for a file that is not taken at all, ListUnreadable,
    at once or with the first row, for one that holds no list.
    """
    name = safe_name(file.name or "")
    if name.lower().endswith((".csv", ".txt")):
        data = _bounded(file, name, what, at_most)
        return name, hashlib.sha256(data).hexdigest(), _csv(data, what, limit)
    upload = take(file, allowed={"xlsx"}, at_most=at_most, beside=["CSV"])
    cells = cells_of(upload.content, limit=limit, formula=Formula(), refused=ListUnreadable, what=what)
    return upload.name, upload.sha256, cells


def header_of(
    rows: Rows, wanted: Mapping[str, Collection[str]], needed: Collection[str], why: str
) -> tuple[dict[str, int], list[str]]:
    """Return ({field: column}, all headings) of the first row that has the `needed` fields; later rows are left.

    `wanted` gives the headings of each field. Raises ListUnreadable saying `why` when no row near the top has them.
    """
    for number, cells in rows:
        heads = [" ".join(text_of(cell).split()) for cell in cells]
        places = places_of(heads, wanted)
        if places.keys() >= set(needed):
            return places, heads
        if number >= HEADER_WITHIN:
            break
    raise ListUnreadable(why)


def places_of(heads: list[str], wanted: Mapping[str, Collection[str]]) -> dict[str, int]:
    """Return {field: column}; of several headings of one field the first in `wanted` counts."""
    words = [MARKS.sub("", squeezed(head)) for head in heads]
    return {
        field: words.index(name)
        for field, names in wanted.items()
        for name in reversed([*names])
        if name in words
    }


def squeezed(text: str) -> str:
    """Return text for comparing: NFKC, without any space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def text_of(value: Any) -> str:
    """Return a cell as text: whole numbers without a point, control characters as spaces, ends stripped."""
    if value is None or isinstance(value, Formula):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    written = value.isoformat() if isinstance(value, (datetime, date, time)) else str(value)
    return "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in written).strip()


def _bounded(file: File, name: str, what: str, at_most: int) -> bytes:  # type: ignore[type-arg]
    if file.size > at_most:
        raise UploadRefused(f"“{name}”超过 {at_most // 1024 // 1024} MB，没有收下。请只留{what}的行再传。")
    file.seek(0)
    return bytes(file.read(at_most + 1))


def _csv(data: bytes, what: str, limit: int) -> Rows:
    """Yield the rows of a text: UTF-8 with or without mark, UTF-16 with mark, else GB18030."""
    text = _decoded(data, what)
    first = next((line for line in text.splitlines() if "姓名" in line), "")
    delimiter = max(",\t;，", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [(number, list(cells)) for number, cells in zip(range(1, limit + 2), reader, strict=False)]
    except csv.Error as broken:
        raise ListUnreadable("表里的引号或换行对不上，请另存为 .xlsx 再传。") from broken
    if len(rows) > limit:
        raise ListUnreadable(f"表里超过 {limit} 行，没有收下。{only_this(what)}")
    yield from rows


def _decoded(data: bytes, what: str) -> str:
    encodings = ["utf-16"] if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ListUnreadable(f"这份文件不是文字表格。请把{what}另存为 .xlsx 或 CSV 再传。")
