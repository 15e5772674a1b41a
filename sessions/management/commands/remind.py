"""`manage.py remind`: one round of reminders and notices now; safe to run from cron beside the worker."""

from datetime import datetime
from typing import Any

from django.core.management import BaseCommand
from django.core.management.base import CommandParser
from django.utils import timezone

from sessions.reminders.rounds import send_due


class Command(BaseCommand):
    """Send what is due."""

    help = "发送到期的活动提醒、改期、取消和候补转正通知。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--moment", type=datetime.fromisoformat, help="以这一时刻为“现在”")

    def handle(self, *args: Any, **options: Any) -> None:
        done = send_due(options["moment"] or timezone.now())
        self.stdout.write(
            f"新排 {done.planned} 条，发出 {done.sent} 条，不用再发 {done.skipped} 条，没有发出 {done.refused} 条。"
        )
