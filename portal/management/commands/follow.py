"""`manage.py follow`: one round of letters to readers now; safe to run from cron beside the worker."""

from datetime import datetime
from typing import Any

from django.core.management import BaseCommand
from django.core.management.base import CommandParser
from django.utils import timezone

from portal.follow.rounds import send_followed


class Command(BaseCommand):
    """Send what is due."""

    help = "发送邮件订阅的确认信和新内容，清除过期的申请。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--moment", type=datetime.fromisoformat, help="以这一时刻为“现在”")

    def handle(self, *args: Any, **options: Any) -> None:
        done = send_followed(options["moment"] or timezone.now())
        self.stdout.write(
            f"新排 {done.planned} 条，发出 {done.sent} 封，没有发出 {done.refused} 封，不用再发 {done.skipped} 条。"
        )
