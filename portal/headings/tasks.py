"""What runs outside of a request: cutting the heading font after something was published, one at a time."""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail.models import Site

from portal.headings.operations import cut_heading_font

KEPT = timedelta(days=1)  # results of earlier rounds tell nothing after that


@task()
def cut_heading_fonts() -> None:
    """Cut the heading font of every site that needs it; nothing new, nothing done."""
    for site in Site.objects.select_related("root_page"):
        cut_heading_font(site=site, moment=timezone.now())


def ask_for_cutting(**kwargs: Any) -> None:
    """Ask for a cut once the running transaction has committed; receives what is published or saved."""
    if not any(waiting[1] is _enqueue for waiting in connection.run_on_commit):
        transaction.on_commit(_enqueue, robust=True)


def _enqueue() -> None:
    """Enqueue, unless one is waiting already: however much is published at once, there is one cut."""
    mine = DBTaskResult.objects.filter(task_path=cut_heading_fonts.module_path)
    mine.filter(finished_at__lt=timezone.now() - KEPT).delete()
    if not mine.filter(status=TaskResultStatus.READY).exists():
        cut_heading_fonts.enqueue()
