"""`manage.py check_standard FILE [FILE ...]`: do the worked cases of a standard hold. Needs no database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from scoring.standard_file import check


class Command(BaseCommand):
    help = "核对积分标准文件：逐个运行文件里的算例。"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take one or more files."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="积分标准文件（YAML）")

    def handle(self, *_args: Any, files: list[Path], **_options: Any) -> None:
        """Print a line a case and the sums; exit 1 when a case did not hold, 2 when a file is no standard."""
        code = check(files, self.stdout, self.stderr)
        if code:
            raise SystemExit(code)
