"""What is in a courseware's file: its fingerprint, its number of pages, pictures of the first ones, its words."""

import hashlib
import json
import logging
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

EXAMINED = frozenset({"pdf", "pptx", "docx", "xlsx"})
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
    text: str = ""


def fingerprint(file: Any) -> str:
    """Return the SHA-256 of a stored file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def examine(file: Any, kind: str) -> Found:
    """Return what is in a stored file of `kind` ("pdf"); a broken or endless one is no fault, only nothing.

    Pages and pictures stay where only the words cannot be read.

    The drawing is a process of its own with bounds to its memory and its time (threats 7 and 8).
    """
    if kind not in EXAMINED:
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
            log.warning("not all of %s was read: %s", file.name, type(problem).__name__)
        return _read(folder)


def _read(folder: Path) -> Found:
    if not (folder / "result.json").exists():
        return Found()
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    pictures = [
        Picture(int(number), width, height, (folder / f"{number}.webp").read_bytes())
        for number, (width, height) in result["sizes"].items()
    ]
    text = folder / "text.txt"
    return Found(result["pages"], pictures, text.read_text(encoding="utf-8") if text.exists() else "")
