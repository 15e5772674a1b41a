"""What runs outside of a request: a round of reminders every minute, each of which asks for the next."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from sessions.reminders.rounds import send_due

EVERY = timedelta(minutes=1)
KEPT = timedelta(days=1)  # results of earlier rounds tell nothing after that


@task()
def remind() -> None:
    """Send what is due; the next round is asked for first, so that a fault of this one does not end them."""
    keep_reminding(after=EVERY)
    send_due(timezone.now())


def keep_reminding(*, after: timedelta = timedelta(0)) -> None:
    """Ask for a round, unless one is waiting already: as often as a worker starts, there is one chain."""
    finished = DBTaskResult.objects.finished().filter(task_path=remind.module_path)
    finished.filter(finished_at__lt=timezone.now() - KEPT).delete()
    waiting = DBTaskResult.objects.filter(task_path=remind.module_path, status=TaskResultStatus.READY)
    if not waiting.exists():
        remind.using(run_after=timezone.now() + after).enqueue()
