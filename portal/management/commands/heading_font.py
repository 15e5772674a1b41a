"""`manage.py heading_font`: cut the heading font now, without waiting for a publish."""

from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone
from wagtail.models import Site

from portal.headings.operations import cut_heading_font


class Command(BaseCommand):
    """Cut it for every site, and say what came of it."""

    help = "按现有标题制作标题字体。"

    def handle(self, *args: Any, **options: Any) -> None:
        for site in Site.objects.select_related("root_page"):
            font = cut_heading_font(site=site, moment=timezone.now())
            if font is None:
                self.stdout.write(
                    "这台服务器没有可用的宋体粗体（如 fonts-noto-cjk），标题使用读者电脑里的宋体。"
                )
            else:
                self.stdout.write(
                    f"标题字体：{font.source}，{len(font.characters)} 字，{font.size / 1024:.0f} KB。"
                )
