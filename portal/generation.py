"""The generation: one number that every process sees alike; what was stored under another number is worthless.

It is read at every request, so reading must cost next to nothing. On one machine it is the modification time of an
empty file: one system call, where a cache of files opens, reads and unpickles. Beyond one machine it lies in Redis.
"""

import os
import time
from pathlib import Path

from django.conf import settings
from django.core.cache import caches

KEY = "generation"


def current() -> int:
    """Return the number of this moment; 0 before the first change."""
    if settings.GENERATION_FILE is None:
        return int(caches["shared"].get(KEY, 0))
    try:
        return os.stat(settings.GENERATION_FILE).st_mtime_ns  # noqa: PTH116 -- a Path is built anew otherwise
    except FileNotFoundError:
        return 0


def advance() -> None:
    """Make every stored page worthless, in every process."""
    # A moment, not a counter: two processes that count at once would reach the same one and bring an old page back.
    number = max(time.time_ns(), current() + 1)
    if settings.GENERATION_FILE is None:
        caches["shared"].set(KEY, number, timeout=None)
        return
    file = Path(settings.GENERATION_FILE)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    os.utime(file, ns=(number, number))
