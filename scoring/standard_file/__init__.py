"""The scoring-standard file: YAML text to values and back, its worked cases, and the check of a file.

The format is version 1; docs/standards.md tells how a file becomes values.
"""

from scoring.standard_file.cases import Case
from scoring.standard_file.check import check
from scoring.standard_file.dump import dump
from scoring.standard_file.load import StandardFile, load
from scoring.standard_file.problems import InvalidStandard, Problem
from scoring.standard_file.run import CaseResult, run_cases
from scoring.standard_file.sources import ACTIVITY_KINDS, items_without_source

__all__ = [
    "ACTIVITY_KINDS",
    "Case",
    "CaseResult",
    "InvalidStandard",
    "Problem",
    "StandardFile",
    "check",
    "dump",
    "items_without_source",
    "load",
    "run_cases",
]
