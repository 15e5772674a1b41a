"""`manage.py reckon [LABEL]`: reckon everybody's total of the running years, as the worker does every night.

Exit codes: 0 reckoned, 2 there is no such year, or it is confirmed.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from scoring.models import Year
from scoring.operations import YearRefused, reckon_year

REFUSED = 2
BAR = 30  # characters of the progress bar


class Command(BaseCommand):
    """Reckon and remember, with a bar that moves where a person looks on."""

    help = "核算一个进行中年度全部代表的总分；不写年度时核算所有正在进行的年度。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("label", type=int, nargs="?", help="年度，例如 2026")

    def handle(self, *args: Any, **options: Any) -> None:
        label = options["label"]
        years = Year.objects.filter(label=label) if label else Year.objects.running().order_by("label")
        if not years:
            missing = f"没有 {label} 年度。" if label else "没有正在进行的年度，请先建立并开放年度。"
            raise CommandError(missing, returncode=REFUSED)
        for year in years:
            self._reckon(year)

    def _reckon(self, year: Year) -> None:
        now = timezone.now()
        try:
            found = reckon_year(year=year, actor=None, moment=now, progress=self._show)
        except YearRefused as refused:
            raise CommandError(str(refused), returncode=REFUSED) from refused
        self.stdout.write(
            f"{year}：核算 {found.people} 人，{found.moved} 人有变动，{found.gone} 人不再列入；"
            f"用时 {(timezone.now() - now).total_seconds():.1f} 秒。"
        )

    def _show(self, done: int, people: int) -> None:
        if self.stderr.isatty():
            full = BAR * done // max(people, 1)
            end = "\r" if done < people else "\n"
            self.stderr.write(f"[{'█' * full}{'·' * (BAR - full)}] {done}/{people}", ending=end)
