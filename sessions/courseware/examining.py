"""What is in a courseware's file: its fingerprint, its number of pages, pictures of the first ones."""

import hashlib
import json
import logging
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DRAWN = frozenset({"pdf", "pptx", "docx"})
PATIENCE = 60  # seconds; the process itself stops after half of that at work
ROOT = Path(__file__).resolve().parents[2]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a file, as WebP; number 0 is the one of lists."""

    number: int
    width: int
    height: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """What a file was found to be; nothing at all for one that cannot be read."""

    pages: int | None = None
    pictures: list[Picture] = field(default_factory=list)


def fingerprint(file: Any) -> str:
    """Return the SHA-256 of a stored file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def examine(file: Any, kind: str) -> Found:
    """Return pages and pictures of a stored file of `kind` ("pdf"); a broken or endless one is no fault, only nothing.

    The drawing is a process of its own with bounds to its memory and its time (threats 7 and 8).
    """
    if kind not in DRAWN:
        return Found()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "source"
        with file.open("rb") as content, source.open("wb") as copy:
            for chunk in iter(lambda: content.read(2**20), b""):
                copy.write(chunk)
        command = [sys.executable, "-m", "sessions.courseware.drawing", str(source), kind, str(folder)]
        try:
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=PATIENCE)  # noqa: S603
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as problem:
            log.warning("no preview of %s: %s", file.name, type(problem).__name__)
            return Found()
        return _read(folder)


def _read(folder: Path) -> Found:
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    pictures = [
        Picture(int(number), width, height, (folder / f"{number}.webp").read_bytes())
        for number, (width, height) in result["sizes"].items()
    ]
    return Found(result["pages"], pictures)
