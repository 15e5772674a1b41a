"""Rounds: work that comes again and again without being asked, by one chain of tasks each.

A round asks for the next before it begins, so that a fault of one does not end them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import wraps

from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django_tasks import task
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

Moment = Callable[[datetime], datetime]
Work = Callable[[], None]
KEPT = timedelta(days=1)  # results of earlier rounds tell nothing after that


@dataclass(frozen=True)
class Round:
    """Work that comes again: its task, when it first comes after a moment, and when again."""

    task: Task[[], None]
    first: Moment
    again: Moment


ROUNDS: list[Round] = []


def every(gap: timedelta, *, priority: int = 0) -> Callable[[Work], Task[[], None]]:
    """Make a task of a function without arguments that comes at once, and again `gap` after each round began."""
    return _coming(lambda now: now, lambda now: now + gap, priority)


def nightly(at: time, *, priority: int = 0) -> Callable[[Work], Task[[], None]]:
    """Make a task of a function without arguments that comes at `at`, local time, of each day."""

    def coming(now: datetime) -> datetime:
        today = timezone.localdate(now)
        tonight = timezone.make_aware(datetime.combine(today, at))
        return tonight if tonight > now else timezone.make_aware(datetime.combine(today + timedelta(1), at))

    return _coming(coming, coming, priority)


def _coming(first: Moment, again: Moment, priority: int) -> Callable[[Work], Task[[], None]]:
    def made(work: Work) -> Task[[], None]:
        @wraps(work)
        def one_round() -> None:
            ask_for(each.task, at=again(timezone.now()))
            work()

        each = Round(task(priority=priority)(one_round), first, again)
        ROUNDS.append(each)
        return each.task

    return made


def ask_for(wanted: Task[[], None], *, at: datetime) -> None:
    """Ask for a round at `at`, unless one is waiting already: however often a worker starts, there is one chain."""
    known = DBTaskResult.objects.filter(task_path=wanted.module_path)
    known.finished().filter(finished_at__lt=timezone.now() - KEPT).delete()
    if not known.filter(status=TaskResultStatus.READY).exists():
        wanted.using(run_after=at).enqueue()


def begin(now: datetime) -> None:
    """Ask for the first round of everything that comes again: all that `<app>.tasks` knows, as the worker starts."""
    autodiscover_modules("tasks")
    for each in ROUNDS:
        ask_for(each.task, at=each.first(now))
