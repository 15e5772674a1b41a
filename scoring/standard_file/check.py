"""The check a standard file is put to from the command line."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final, Protocol

from scoring.standard_file.load import load
from scoring.standard_file.nodes import MAX_BYTES
from scoring.standard_file.problems import InvalidStandard
from scoring.standard_file.run import CaseResult, run_cases

ALL_PASSED: Final = 0
SOME_FAILED: Final = 1
NOT_A_STANDARD: Final = 2


class Writer(Protocol):
    """Where lines go."""

    def write(self, text: str, /) -> object:
        """Take some text."""


def check(paths: Iterable[Path], out: Writer, err: Writer) -> int:
    """Run the cases of each file, one line a case and the sums to `out`, what is no standard to `err`.

    Returns the exit code: 0 all passed, 1 a case failed, 2 a file is not a valid standard (the rest is
    still run, so that one look shows everything).
    """
    results: list[CaseResult] = []
    every_file_is_a_standard = True
    for path in paths:
        try:
            loaded = load(_read(path))
        except FileNotFoundError:
            err.write(f"{path}: 没有找到这个文件。\n")
            every_file_is_a_standard = False
        except OSError as error:
            err.write(f"{path}: 打不开这个文件（{error.strerror or error}）。\n")
            every_file_is_a_standard = False
        except InvalidStandard as invalid:
            for problem in invalid.problems:
                err.write(f"{path}:{problem.line}: {problem.key or '(文件)'}: {problem.message}\n")
            every_file_is_a_standard = False
        else:
            for result in run_cases(loaded):
                out.write(_line(result))
                results.append(result)
    failed = sum(not result.passed for result in results)
    out.write(f"{len(results) - failed} passed, {failed} failed\n")
    if not every_file_is_a_standard:
        return NOT_A_STANDARD
    return SOME_FAILED if failed else ALL_PASSED


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)  # one byte over is enough for the loader to refuse it


def _line(result: CaseResult) -> str:
    name = " ".join(result.case.name.split())
    if result.passed:
        return f"ok {name}\n"
    return f"FAIL {name}: expected {result.expected}; got {result.got}\n"
