"""Room for the frames of deep calls, so that Python does not ask the system for it over and over.

CPython keeps frames in chunks of 16 KB and gives a chunk back to the system with its last frame: where a loop calls across
the edge of one, each call maps and unmaps memory. Below the runner our tests go so deep that it came to eight hundred times
a test, a tenth of the time of all of them.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

# Words of a frame for which only a chunk of a megabyte is large enough; what is left of it holds some thousand frames.
WORDS = 70_000


def on_one_chunk(call: Callable[P, R]) -> Callable[P, R]:
    """Return `call` with all that it calls on one chunk; memory that no frame touches is never taken."""

    @wraps(call)
    def first(*args: P.args, **kwargs: P.kwargs) -> R:
        return call(*args, **kwargs)

    first.__code__ = first.__code__.replace(co_stacksize=WORDS)
    return first
