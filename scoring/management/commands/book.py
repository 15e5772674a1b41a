"""`manage.py book YEAR --out DIR`: the book of a confirmed year as a PDF.

Exit codes: 0 printed, 1 the book could not be printed, 2 there is no such year, it is not confirmed, or nobody's
story may be compiled.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, get_args

from django.core.management import BaseCommand, CommandError

from scoring.book.collect import BookRefused
from scoring.book.making import make_book
from scoring.book.writers.manuscript import Paper
from scoring.book.writers.pdf import BookError
from scoring.year.confirmed import YearNotConfirmed, confirmed_year

REFUSED = 2


class Command(BaseCommand):
    """Print the book of a year into a folder."""

    help = "把已确认的年度汇编成册（PDF）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", nargs="?", type=int, help="年度，例如 2025；不写则取最近确认的年度")
        parser.add_argument("--out", type=Path, required=True, help="存放的文件夹")
        parser.add_argument("--paper", choices=get_args(Paper), default="a4", help="开本")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            year = confirmed_year(options["year"])
            out = options["out"] / f"汇编-{year.label}.pdf"
            self.stdout.write(f"正在汇编 {year}……")
            made = make_book(year, out, paper=options["paper"])
        except (BookRefused, YearNotConfirmed) as refused:
            raise CommandError(str(refused), returncode=REFUSED) from refused
        except (BookError, OSError) as problem:
            raise CommandError(str(problem)) from problem
        for line in made.remarks:
            self.stdout.write(f"提示：{line}")
        megabytes = made.report.bytes / 1_000_000
        self.stdout.write(
            f"已汇编：{made.path}（{made.stories} 篇事迹，{made.report.pages} 页，"
            f"{megabytes:.1f} MB，用时 {made.report.seconds:.0f} 秒）"
        )
