"""Why a file is not a valid standard: every problem, with its line and key."""

from collections.abc import Iterable
from dataclasses import dataclass


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
    """The whole file is refused; `problems` lists all that was found, in the order of the lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))
