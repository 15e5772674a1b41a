"""`manage.py work`: the worker behind the site; starts the rounds that come again, then does what is asked for."""

from typing import Any

from django.utils import timezone
from django_tasks_db.management.commands import db_worker

from portal.rounds import begin


class Command(db_worker.Command):
    """The worker of django-tasks-db with the portal's rounds: with it cron is needed for nothing."""

    help = "处理后台任务，并按时提醒、发信、定时发布、补图片、核算总分、更新检索和清理。"

    def handle(self, **options: Any) -> None:
        begin(timezone.now())
        super().handle(**options)
