"""The generation: one number that every process sees alike; what was stored under another number is worthless.

It is read at every request, so reading must cost next to nothing. On one machine it is the modification time of an
empty file: one system call, where a cache of files opens, reads and unpickles. Beyond one machine it lies in Redis.

What stands around every page (`portal.frame`) has a number of its own: a story that is published changes no footer.
"""

import os
import time
from pathlib import Path

from django.conf import settings
from django.core.cache import caches

KEY = "generation"
FRAME = ".frame"  # what the key and the name of the file end with


def current(of: str = "") -> int:
    """Return the number of this moment, of pages or of the FRAME; 0 before the first change."""
    if settings.GENERATION_FILE is None:
        return int(caches["shared"].get(KEY + of, 0))
    try:
        return os.stat(settings.GENERATION_FILE + of).st_mtime_ns  # noqa: PTH116 -- a Path is built anew otherwise
    except FileNotFoundError:
        return 0


def advance() -> None:
    """Make every stored page worthless, and what stands around it, in every process."""
    _advance(FRAME)  # first: a page that is rendered in between is stored under the old number
    _advance("")


def advance_pages() -> None:
    """Make every stored page worthless; what stands around it did not change."""
    _advance("")


def _advance(of: str) -> None:
    # A moment, not a counter: two processes that count at once would reach the same one and bring an old page back.
    number = max(time.time_ns(), current(of) + 1)
    if settings.GENERATION_FILE is None:
        caches["shared"].set(KEY + of, number, timeout=None)
        return
    file = Path(settings.GENERATION_FILE + of)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    os.utime(file, ns=(number, number))
