"""Writes of editions: a making of the book is asked for, runs in a task, is done or says why not."""

from datetime import datetime, timedelta

from django.db import transaction

from portal.audit import record
from portal.models import User
from scoring.models import Edition, Year
from scoring.operations.year_settings import YearRefused
from scoring.year.confirmed import CONFIRMED
from scoring.year.reach import leads
from stations.permissions import Role

LEASE = timedelta(minutes=30)  # a making that has not come back by then may be asked for again
LONGEST_MESSAGE = 400
State = Edition.State


@transaction.atomic
def request_edition(*, year: Year, actor: User, moment: datetime) -> tuple[Edition, bool]:
    """Ask for the book of a year; return the edition and whether it is new (one that still runs is returned).

    Raises YearRefused for somebody who does not lead the year, and before it is confirmed.
    """
    year = Year.objects.select_for_update().get(pk=year.pk)
    if not leads(actor, (Role.OFFICE,), year):
        raise YearRefused("您没有生成汇编的权限，请联系代表工作委员会。")
    if year.state not in CONFIRMED:
        raise YearRefused(f"{year}现在是“{year.get_state_display()}”，经过主任会议确认以后才能生成汇编。")
    running = Edition.objects.filter(
        year=year, state__in=[State.WAITING, State.RUNNING], requested_at__gt=moment - LEASE
    ).first()
    if running:
        return running, False
    edition = Edition.objects.create(year=year, requested_by=actor, requested_at=moment)
    record("scoring.request_edition", edition, actor=actor)
    return edition, True


@transaction.atomic
def start_edition(*, edition: Edition) -> bool:
    """Take the making of an edition; False when another worker has it or it is over."""
    waiting = Edition.objects.filter(pk=edition.pk, state=State.WAITING)
    return waiting.update(state=State.RUNNING) == 1


@transaction.atomic
def finish_edition(
    *, edition: Edition, file_name: str, pages: int, moment: datetime, message: str = ""
) -> None:
    """Note that the book lies under `file_name` in the private folder, its pages, and what the editor should read."""
    Edition.objects.filter(pk=edition.pk, state=State.RUNNING).update(
        state=State.DONE,
        file_name=file_name,
        pages=pages,
        finished_at=moment,
        message=message[:LONGEST_MESSAGE],
    )


@transaction.atomic
def stop_edition(*, edition: Edition, message: str, moment: datetime) -> None:
    """Note why the book was not made, in words for the clerk."""
    Edition.objects.filter(pk=edition.pk, state=State.RUNNING).update(
        state=State.STOPPED, message=message[:LONGEST_MESSAGE], finished_at=moment
    )
