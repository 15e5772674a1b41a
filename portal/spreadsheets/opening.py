"""A workbook from outside, opened only after it is known to be small and plain (THREATS 7)."""

import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from django.core.files.base import File
from openpyxl import load_workbook  # type: ignore[import-untyped]

MAX_MEMBERS = 300
MAX_UNPACKED = 12 * 1024 * 1024  # bytes of all parts together: some 10 000 lines of a roll
MAX_TAGS = 300_000  # of all XML parts together: what can be parsed in half a second
MAX_COLUMN = 100
ENTITY = re.compile(
    rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE
)  # defusedxml refuses them too, where it is installed
# A cell or row this far out makes readers reckon with a million empty rows of 16 384 cells.
FAR = re.compile(rb'\br="(?:[A-Z]{3,}[0-9]|[A-Z]{0,2}[0-9]{6,}")')


def cells_of(
    file: File,  # type: ignore[type-arg]
    *,
    limit: int,
    formula: Any,
    refused: type[ValueError],
    what: str,
    only: bool = False,
) -> Iterator[tuple[int, list[Any]]]:
    """Yield (row number, values) of the rows that are not empty; a cell with a formula or a fault is `formula`.

    `what` is the name of the sheet that is read, else the first one is; with `only`, none. Raises `refused` with a
    sentence for a workbook that is too large, leads outside, declares entities, is damaged, or has more than `limit`
    rows.
    """
    _look_inside(file, refused, what)
    try:
        found = list(_rows(file, limit, formula, what, only=only))
    except Exception as broken:  # a damaged workbook fails in many ways, none of them is ours
        raise refused("这份表格打不开，可能没有传完整。请用 Excel 或 WPS 另存为 .xlsx 再传。") from broken
    if found and found[-1][0] > limit:
        raise refused(f"表里超过 {limit} 行，没有收下。{only_this(what)}")
    yield from found


def only_this(what: str) -> str:
    """Return what to do with a list that is too long."""
    return f"请只留{what}，太长的分成几份再传。"


def _rows(
    file: File,  # type: ignore[type-arg]
    limit: int,
    formula: Any,
    what: str,
    *,
    only: bool,
) -> Iterator[tuple[int, list[Any]]]:
    """Yield the rows that are not empty, down to the first one beyond `limit`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl remarks on whatever else stands in the file
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        try:
            if only and what not in book.sheetnames:
                return
            sheet = book[what] if what in book.sheetnames else book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its own size may be anything
            for number, row in enumerate(sheet.iter_rows(max_row=100_000), start=1):
                cells = row[:MAX_COLUMN]
                values = [formula if c.data_type in {"f", "e"} and c.value else c.value for c in cells]
                if any(value not in {None, ""} for value in values):
                    yield number, values
                    if number > limit:
                        return
        finally:
            book.close()


def _look_inside(file: File, refused: type[ValueError], what: str) -> None:  # type: ignore[type-arg]
    """Read every part once, as bytes: sizes as they are, no entities, no links to other files."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED:
                raise refused(f"表格展开后太大，没有收下。请只留{what}一张表，删去多余的行、列和图片。")
            parts = [archive.read(member) for member in members]
    except (zipfile.BadZipFile, OSError, RuntimeError, EOFError) as broken:
        raise refused("这份表格打不开，可能没有传完整。请用 Excel 或 WPS 另存为 .xlsx 再传。") from broken
    finally:
        file.seek(0)
    if any("externallinks/" in member.filename.lower() for member in members):
        raise refused("表格引用了别的文件，没有收下。请把引用粘贴为数值再传。")
    # Every part, whatever its name: the workbook itself says which of them is a sheet.
    if any(ENTITY.search(part) for part in parts):
        raise refused("表格的内部结构不对，没有收下。请用 Excel 或 WPS 另存为 .xlsx 再传。")
    if any(FAR.search(part) for part in parts):
        raise refused(f"表里的行或列太多，没有收下。请删去{what}以外的内容再传。")
    if sum(part.count(b"<") for part in parts) > MAX_TAGS:
        raise refused(f"表里的行或格子太多，没有收下。{only_this(what)}")
