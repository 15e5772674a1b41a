"""What runs outside of a request: a round of letters to readers every minute, each of which asks for the next."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from portal.follow.rounds import send_followed

EVERY = timedelta(minutes=1)
KEPT = timedelta(days=1)  # results of earlier rounds tell nothing after that


@task()
def follow() -> None:
    """Send what is due; the next round is asked for first, so that a fault of this one does not end them."""
    keep_following(after=EVERY)
    send_followed(timezone.now())


def keep_following(*, after: timedelta = timedelta(0)) -> None:
    """Ask for a round, unless one is waiting already: as often as a worker starts, there is one chain."""
    finished = DBTaskResult.objects.finished().filter(task_path=follow.module_path)
    finished.filter(finished_at__lt=timezone.now() - KEPT).delete()
    waiting = DBTaskResult.objects.filter(task_path=follow.module_path, status=TaskResultStatus.READY)
    if not waiting.exists():
        follow.using(run_after=timezone.now() + after).enqueue()
