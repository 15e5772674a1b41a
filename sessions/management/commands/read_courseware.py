"""`manage.py read_courseware`: have the words of courseware read that was examined before words were kept."""

from typing import Any

from django.core.management import BaseCommand

from sessions.courseware.tasks import examine_document
from sessions.models import CoursewareFile


class Command(BaseCommand):
    """Ask for each file of published courseware whose words are not known; the worker does the rest."""

    help = "重新读取已发布课件文件里的文字，供全站搜索使用。"

    def handle(self, *args: Any, **options: Any) -> None:
        files = CoursewareFile.objects.filter(page__live=True, document__texts__isnull=True)
        keys = sorted(set(files.values_list("document", flat=True)))
        for key in keys:
            examine_document.enqueue(key)
        self.stdout.write(f"已安排读取 {len(keys)} 个文件，由后台任务完成。")
