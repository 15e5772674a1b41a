"""The PDF writer: one book in, one PDF/UA-1 and PDF/A-2a file out, set by typst in a process of its own.

The process has a memory limit, a time limit and an environment without secrets; its folder is fresh and holds
copies. The same book gives the same bytes: dates come from the book, pictures and pages from the text alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scoring.book import letters
from scoring.book.writers.manuscript import PAPERS, Composer, Manuscript, Paper

if TYPE_CHECKING:
    from scoring.book.nodes import Book

PROJECT = Path(__file__).resolve().parents[3]
PRESS = "scoring.book.writers.press"


class BookError(Exception):
    """The book could not be printed; the message is a Chinese sentence that names the story where it can."""


@dataclass(frozen=True, slots=True)
class PdfReport:
    """What was printed: number of pages, size in bytes, seconds it took, Chinese sentences worth reading."""

    pages: int
    bytes: int
    seconds: float
    warnings: tuple[str, ...]


def write_pdf(
    book: Book,
    out: Path,
    *,
    paper: Paper = "a4",
    bleed_mm: int = 0,
    memory_limit_mb: int = 2048,
    timeout_s: int = 300,
    extra_fonts: Path | None = None,
) -> PdfReport:
    """Print `book` to `out` and return the report.

    `paper` is the trimmed size, `bleed_mm` (0–10) what the grounds run over it for the cutter. `extra_fonts` is
    a folder with fonts for rare characters. Raises BookError; then `out` is as it was before.
    """
    if paper not in PAPERS or not 0 <= bleed_mm <= 10:
        raise BookError("开本应为 A4 或 210×285，出血应在 0 到 10 毫米之间。")
    started = time.monotonic()
    manuscript = Composer(
        book, paper=paper, bleed_mm=bleed_mm, characters=letters.repertoire(extra_fonts)
    ).compose()
    with tempfile.TemporaryDirectory(prefix="book-") as name:
        folder = Path(name)
        _write_order(manuscript, folder, memory_limit_mb, extra_fonts)
        result = _run_press(folder, memory_limit_mb, timeout_s)
        size = _deliver(folder / "book.pdf", out)
    warnings = (*manuscript.warnings, *result["warnings"])
    return PdfReport(result["pages"], size, round(time.monotonic() - started, 3), warnings)


def _write_order(
    manuscript: Manuscript, folder: Path, memory_limit_mb: int, extra_fonts: Path | None
) -> None:
    """Lay everything the press needs into its folder."""
    folders = [str(letters.font_folder())] + ([str(extra_fonts.resolve())] if extra_fonts else [])
    order = {
        "book": manuscript.data,
        "pictures": [asdict(job) for job in manuscript.pictures],
        "font_folders": folders,
        "families": letters.FAMILIES,
        "memory_limit_mb": memory_limit_mb,
    }
    (folder / "order.json").write_text(json.dumps(order, ensure_ascii=False), encoding="utf-8")


def _run_press(folder: Path, memory_limit_mb: int, timeout_s: int) -> dict[str, Any]:
    """Run the press on its folder and return its result; raise BookError in the reader's words."""
    # PYTHONPATH finds the project from any directory; nothing else of our environment is handed on.
    environment = {"PYTHONPATH": str(PROJECT), "PYTHONHASHSEED": "0", "LANG": "C.UTF-8"}
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell, no word from outside
            [sys.executable, "-m", PRESS, str(folder)],
            env=environment,
            cwd=folder,
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BookError(
            f"排版超过 {timeout_s} 秒还没有完成，书稿没有改动。可以分编导出，或稍后再试一次。"
        ) from None
    result_file = folder / "result.json"
    if not result_file.exists():
        raise BookError(_end_of_press(done.returncode, done.stderr, memory_limit_mb))
    result: dict[str, Any] = json.loads(result_file.read_text(encoding="utf-8"))
    if "short_of_memory" in result:
        raise BookError(_short_of_memory(memory_limit_mb))
    if "error" in result:
        raise BookError(result["error"])
    return result


def _end_of_press(code: int, stderr: bytes, memory_limit_mb: int) -> str:
    """Say why the press ended without a result: its memory limit, or something unforeseen."""
    words = stderr.decode("utf-8", "replace")
    if "memory" in words.lower() or "MemoryError" in words or code in {-6, -9, -11}:
        return _short_of_memory(memory_limit_mb)
    last = words.strip().splitlines()[-1:] or ["没有留下说明"]
    return f"排版没有完成（代码 {code}）：{last[0][:200]}"


def _short_of_memory(memory_limit_mb: int) -> str:
    """Say that the memory limit was met."""
    return f"排版所需的内存超过 {memory_limit_mb} MB。可以减少图片，或分编导出。"


def _deliver(made: Path, out: Path) -> int:
    """Put the finished file in place at once; a reader of `out` never sees half a book. Return its size."""
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(made.read_bytes())
        part.chmod(0o644)
        part.replace(out)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return out.stat().st_size
