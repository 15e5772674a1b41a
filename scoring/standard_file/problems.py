"""Why a file is not a valid standard: every problem, with its line and key."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MAX_TOLD: Final = 200


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend: `line` counts from 1, `key` is the path ("categories[0].items[2].rule"), "" the file."""

    line: int
    key: str
    message: str

    def __str__(self) -> str:
        where = f"第 {self.line} 行 {self.key}".rstrip()
        return f"{where}：{self.message}"


class InvalidStandard(ValueError):
    """The whole file is refused; `problems` lists what was found, in the order of the lines.

    All of it, but past MAX_TOLD only how many more: a file of nothing but strays is one mistake.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = sorted(set(problems))
        more = len(found) - MAX_TOLD
        rest = [Problem(found[MAX_TOLD].line, "", f"从这一行起还有 {more} 处要改。")] if more > 0 else []
        self.problems = (*found[:MAX_TOLD], *rest)
        super().__init__("\n".join(map(str, self.problems)))
