"""`manage.py verify_year LABEL`: whether a confirmed year still is what was confirmed.

Exit codes: 0 unaltered, 1 altered (the first altered sheet or supplement is named), 2 there is no such year or it is not confirmed.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from scoring.year.confirmed import YearNotConfirmed, confirmed_year
from scoring.year.seal import first_fault

REFUSED = 2


class Command(BaseCommand):
    """Compute the seal of a year from the database and compare it with what was confirmed."""

    help = "核对已确认的年度有没有被改动。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("label", type=int, help="年度，例如 2025")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            year = confirmed_year(options["label"])
        except YearNotConfirmed as refused:
            raise CommandError(str(refused), returncode=REFUSED) from refused
        fault = first_fault(year)
        if fault:
            raise CommandError(f"{year}与确认时不一致：{fault}")
        last = year.supplements.order_by("-number").first()
        added = year.sheets.filter(added_in__isnull=False).count()
        listed = f"，补充列入 {added} 人" if added else ""
        more = f"；补充决定 {last.number} 件{listed}，补充摘要 {last.seal}" if last else ""
        confirmed = year.sheets.count() - added
        self.stdout.write(f"{year}与确认时一致：{confirmed} 份成绩单，摘要 {year.digest}{more}")
