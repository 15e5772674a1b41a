"""One round of sending: plan, then take batch after batch, judge each notice as it now stands, send, settle."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q

from portal.models import CongressSettings
from sessions.models import Activity, Enrolment, Notice
from sessions.operations.reminding import (
    claim_notices,
    plan_reminders,
    settle_refused,
    settle_sent,
    settle_skipped,
)
from sessions.reminders.channels import Channel, Email, sms
from sessions.reminders.excused import without_excused
from sessions.reminders.texts import letter, message

Kind = Notice.Kind
BATCHES = 40  # of 50 notices: a round ends, the next goes on
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Round:
    """What a round came to."""

    planned: int = 0
    sent: int = 0
    skipped: int = 0
    refused: int = 0


def send_due(moment: datetime) -> Round:
    """Plan what is to come, send what is due at `moment`, and return the figures. Two at once send nothing twice."""
    done = Round(planned=plan_reminders(moment=moment))
    ways: dict[str, Channel] = {Notice.Channel.EMAIL: Email(), Notice.Channel.SMS: sms()}
    site_name = str((CongressSettings.objects.first() or CongressSettings()).site_name)
    for _ in range(BATCHES):
        batch = claim_notices(moment=moment)
        if not batch:
            break
        bases = _bases(batch)
        later = _later_ones(batch, moment)
        for notice in batch:
            if not _wanted(notice, bases, later, moment):
                settle_skipped(notice=notice)
                done = replace(done, skipped=done.skipped + 1)
            elif _sent(notice, bases, ways, site_name, moment):
                done = replace(done, sent=done.sent + 1)
            else:
                done = replace(done, refused=done.refused + 1)
    return done


def _bases(batch: list[Notice]) -> dict[tuple[int, int], str]:
    """Return {(activity, person): why they are expected} of who is still to be reminded (1 query)."""
    listed = Enrolment.objects.filter(
        activity__in={n.activity_id for n in batch}, representative__in={n.representative_id for n in batch}
    )
    rows = without_excused(listed).values_list("activity_id", "representative_id", "basis")
    return {(activity, person): basis for activity, person, basis in rows}


def _later_ones(batch: list[Notice], moment: datetime) -> dict[tuple[int, int], int]:
    """Return {(activity, person): the shortest offset due by now}: after a pause only the latest reminder counts."""
    due = Notice.objects.filter(
        Q(state__in=["pending", "sending", "sent"]),
        kind=Kind.REMINDER,
        due_at__lte=moment,
        activity__in={n.activity_id for n in batch},
        representative__in={n.representative_id for n in batch},
    ).values_list("activity_id", "representative_id", "offset_minutes", "round", "activity__moves")
    shortest: dict[tuple[int, int], int] = {}
    for activity, person, offset, moves, now in due:
        if moves == now:
            shortest[activity, person] = min(offset, shortest.get((activity, person), offset))
    return shortest


def _wanted(notice: Notice, bases: Mapping[Any, str], later: Mapping[Any, int], moment: datetime) -> bool:
    """Whether the notice is still true and of use at `moment`."""
    activity, key = notice.activity, (notice.activity_id, notice.representative_id)
    if notice.kind == Kind.CANCELLED:
        return activity.state == Activity.State.CANCELLED
    if activity.state != Activity.State.OPEN or moment >= activity.starts_at:
        return False
    if notice.kind == Kind.MOVED:
        return notice.round == activity.moves  # a later move tells the rest
    if key not in bases:
        return False
    return notice.kind == Kind.PROMOTED or notice.offset_minutes <= later.get(key, notice.offset_minutes)


def _sent(
    notice: Notice, bases: Mapping[Any, str], ways: Mapping[str, Channel], site_name: str, moment: datetime
) -> bool:
    """Send by the notice's channel and settle; who has lost the address meanwhile reads it on 我的履职."""
    person = notice.representative
    to = {
        Notice.Channel.EMAIL: person.user.email if person.user else "",
        Notice.Channel.SMS: person.phone,
    }.get(Notice.Channel(notice.channel), "")
    if to:
        basis = bases.get((notice.activity_id, notice.representative_id), "")
        is_letter = notice.channel == Notice.Channel.EMAIL
        try:
            ways[notice.channel].send(
                to, letter(notice, basis, site_name=site_name) if is_letter else message(notice)
            )
        except Exception as error:  # noqa: BLE001 -- whatever an adapter raises is one try that did not work
            log.warning("notice %s: not taken over (%s)", notice.pk, type(error).__name__)
            settle_refused(notice=notice, error=type(error).__name__, moment=moment)
            return False
    return settle_sent(notice=notice, moment=moment)
