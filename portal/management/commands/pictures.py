"""`manage.py pictures`: make every rendition that public pages lack; safe to run from cron beside the worker."""

from typing import Any

from django.core.management import BaseCommand
from django.core.management.base import CommandParser

from portal.pictures.making import make_missing


class Command(BaseCommand):
    """Make what is missing, in the order WebP, JPEG, AVIF."""

    help = "生成公开页面还缺的各种尺寸的图片。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seconds", type=float, help="最多用多少秒；不填就全部做完")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"生成了 {make_missing(seconds=options['seconds'])} 个图片文件。")
