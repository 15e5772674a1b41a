"""The press: a process of its own that scales the pictures and lets typst set the book.

Run as `python -m scoring.book.writers.press FOLDER`; it reads FOLDER/order.json and leaves book.pdf and
result.json (pages and warnings, or an error for the editor). It limits its own memory before it opens anything a
person uploaded.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import typst

from scoring.book.writers.pictures import BEST_DPI, PictureError, check_picture, resolution, scale_picture

TEMPLATES = Path(__file__).parent / "typst"
STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
# Objects start at the beginning of a line and strings in them hold no line ends, so no title can forge this.
PAGE_TREE = re.compile(rb"^<</Type/Pages/Count (\d+)", re.MULTILINE)


class PressError(Exception):
    """Something the editor can settle; the message is a Chinese sentence."""


def limit_memory(megabytes: int) -> None:
    """Refuse this process more address space than `megabytes`, where the system knows such a limit."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))


def lay_out(order: dict[str, Any], root: Path) -> list[str]:
    """Fill typst's folder with templates, data and scaled pictures; return warnings."""
    for template in sorted(TEMPLATES.glob("*.typ")):
        shutil.copyfile(template, root / template.name)
    jobs = order["pictures"]
    dpi, slack = resolution(jobs, order["memory_limit_mb"])
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(lambda job: scale_picture(job, root, dpi, slack), jobs))
    extra = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=order["font_folders"][1:]
    ).families()
    data = order["book"] | {"families": [*order["families"], *sorted(set(extra))]}
    (root / "book.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return [] if dpi == BEST_DPI else [f"图片较多，为控制内存按每英寸 {dpi} 点印制。"]


def set_type(order: dict[str, Any], root: Path) -> bytes:
    """Return the PDF of the laid out folder; a warning of typst is an error, for none is expected."""
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(root / "book.typ"),
            root=str(root),
            font_paths=order["font_folders"],
            ignore_system_fonts=True,
            pdf_standards=STANDARDS,
        )
    except typst.TypstError as problem:
        for job in order["pictures"]:
            check_picture(job, root)
        raise PressError(f"排版没有完成：{problem.message}") from problem
    if warnings:
        raise PressError(f"排版没有完成：{warnings[0].message}")
    return pdf


def main(folder: Path) -> None:
    """Print the order in `folder`."""
    order = json.loads((folder / "order.json").read_text(encoding="utf-8"))
    limit_memory(order["memory_limit_mb"])
    root = folder / "root"
    root.mkdir()
    result: dict[str, Any]
    try:
        warnings = lay_out(order, root)
        pdf = set_type(order, root)
        (folder / "book.pdf").write_bytes(pdf)
        result = {"pages": max(map(int, PAGE_TREE.findall(pdf))), "warnings": warnings}
    except (PressError, PictureError) as problem:
        result = {"error": str(problem)}
    except MemoryError:
        result = {"short_of_memory": True}
    (folder / "result.json").write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
