"""What runs outside of a request: a round each night that builds the index of the search anew."""

from datetime import datetime, time, timedelta

from django.core.management import call_command
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

LATER = -60  # after whatever else waits
NIGHT = time(3, 20)  # local time, when the site is read least
KEPT = timedelta(days=1)  # results of earlier rounds tell nothing after that


@task(priority=LATER)
def renew_index() -> None:
    """Build the index anew; the next night is asked for first, so that a fault of this one does not end them.

    A renamed station or speaker, a theme or a tag reaches the pages that name it, and what is gone leaves.
    """
    keep_renewing()
    call_command("update_index", verbosity=0)


def keep_renewing() -> None:
    """Ask for a round in the coming night, unless one is waiting already: one chain, as often as a worker starts."""
    path = renew_index.module_path
    now = timezone.now()
    DBTaskResult.objects.finished().filter(task_path=path, finished_at__lt=now - KEPT).delete()
    if not DBTaskResult.objects.filter(task_path=path, status=TaskResultStatus.READY).exists():
        renew_index.using(run_after=_next_night(now)).enqueue()


def _next_night(now: datetime) -> datetime:
    today = timezone.localdate(now)
    tonight = timezone.make_aware(datetime.combine(today, NIGHT))
    return tonight if tonight > now else tonight + timedelta(days=1)
