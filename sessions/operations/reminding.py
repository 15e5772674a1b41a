"""Writes of the outbox: planning reminders, taking a batch, settling what became of it (PRODUCT.md, rule 23)."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone

from portal.audit import record
from portal.models import User
from sessions.models import Activity, Enrolment, Notice, ReminderRule
from sessions.operations.activities import ActivityRefused, still_open
from sessions.reminders.excused import without_excused
from sessions.reminders.offsets import AHEAD, offsets_of, still_ahead, usual
from sessions.reminders.people import channel_for

State = Notice.State
LEASE = timedelta(minutes=10)  # a worker that has not settled a batch by then is taken for dead
TRIES = 5
WAIT = timedelta(minutes=5)  # before the second try; each further wait is twice as long
MOST_RULES, LONGEST = 6, 60 * 24 * 60  # offsets an activity may have; minutes an offset may be


def plan_reminders(*, moment: datetime) -> int:
    """Put the reminders of the coming days into the outbox and return how many are new; run it as often as you like.

    People and offsets are read anew each time, so that who is listed later is reminded too; an offset that was
    past already is not made up for. What went out for this very day is not repeated after a small move.
    """
    own = ReminderRule.objects.aggregate(longest=Max("offset_minutes"))["longest"] or 0
    horizon = moment + timedelta(minutes=max(own, *usual(), 0)) + AHEAD
    soon = Activity.objects.filter(
        state=Activity.State.OPEN, starts_at__gt=moment, starts_at__lte=horizon
    ).prefetch_related("reminder_rules")
    return sum(_plan(activity, moment) for activity in soon.order_by("pk"))


@transaction.atomic
def _plan(activity: Activity, moment: datetime) -> int:
    due = still_ahead(activity, offsets_of(activity), moment)
    if not due:
        return 0
    # The row is taken, so that no move of the start comes between reading it and writing what rests on it.
    fresh = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    if (fresh.state, fresh.starts_at) != (Activity.State.OPEN, activity.starts_at):
        return 0  # the next run plans it as it now is
    day = timezone.localdate(fresh.starts_at)
    known = set()
    rows = Notice.objects.filter(activity=fresh, kind=Notice.Kind.REMINDER).values_list(
        "representative_id", "offset_minutes", "round", "about"
    )
    for person, offset, moves, about in rows:
        if moves == fresh.moves or timezone.localdate(about) == day:
            known.add((person, offset))
    listed = without_excused(Enrolment.objects.filter(activity=fresh))
    new = [
        Notice(
            activity=fresh,
            representative=entry.representative,
            kind=Notice.Kind.REMINDER,
            channel=channel_for(entry.representative),
            offset_minutes=offset,
            round=fresh.moves,
            about=fresh.starts_at,
            due_at=at,
        )
        for entry in listed.select_related("representative__user")
        for offset, at in due
        if (entry.representative_id, offset) not in known
    ]
    Notice.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
    return len(new)


@transaction.atomic
def claim_notices(*, moment: datetime, limit: int = 50) -> list[Notice]:
    """Take up to `limit` notices that are due, for the length of a lease, and return them with people and activity.

    Two workers never hold the same one: PostgreSQL passes over rows that another has locked, SQLite lets one
    write at a time. What a dead worker held comes back when its lease has run out.
    """
    due = Notice.objects.ready(moment)
    # Whom no worker ever answered for, five leases long, would end the sixth too: the staff decide.
    due.filter(attempts__gte=TRIES).update(state=State.FAILED, claim=None, last_error="发送时中断")
    ready = due.order_by("pk")
    if connection.features.has_select_for_update_skip_locked:
        ready = ready.select_for_update(skip_locked=True)
    claim = uuid.uuid4()
    taken = list(ready.values_list("pk", flat=True)[:limit])
    Notice.objects.filter(pk__in=taken).update(
        state=State.SENDING, claim=claim, not_before=moment + LEASE, attempts=F("attempts") + 1
    )
    mine = Notice.objects.filter(claim=claim).select_related("activity", "representative__user")
    return list(mine.order_by("pk"))


def settle_sent(*, notice: Notice, moment: datetime) -> bool:
    """Note that a notice went out; return False when the lease had passed to another worker meanwhile."""
    return _settle(notice, state=State.SENT, sent_at=moment, last_error="")


def settle_skipped(*, notice: Notice) -> bool:
    """Note that a notice is not wanted any more."""
    return _settle(notice, state=State.SKIPPED)


def settle_refused(*, notice: Notice, error: str, moment: datetime) -> bool:
    """Note that a notice was not taken over: it waits for another try, or is given up after TRIES of them.

    `error` must hold no address and no number.
    """
    if notice.attempts >= TRIES:
        return _settle(notice, state=State.FAILED, last_error=error[:120])
    wait = WAIT * 2 ** (notice.attempts - 1)
    return _settle(notice, state=State.PENDING, last_error=error[:120], not_before=moment + wait)


def _settle(notice: Notice, **columns: object) -> bool:
    """Write the outcome only while the row is still ours; the lease may have passed to another worker."""
    ours = Notice.objects.filter(pk=notice.pk, claim=notice.claim, state=State.SENDING)
    return bool(ours.update(**({"not_before": None, "claim": None} | columns)))


@transaction.atomic
def set_reminders(*, activity: Activity, offsets: Iterable[int] | None, actor: User) -> Activity:
    """Give an activity its own offsets in minutes before the start, or with None the installation's; return it.

    No offsets at all means that nobody is reminded. Reminders that wait are planned anew. Raises ActivityRefused
    for a closed or called-off activity and for offsets that make no sense.
    """
    activity = still_open(activity)
    wanted = sorted(set(offsets or ()), reverse=True)
    if len(wanted) > MOST_RULES:
        raise ActivityRefused(f"最多设 {MOST_RULES} 次提醒，请删去几次。")
    if any(not 0 < offset <= LONGEST for offset in wanted):
        raise ActivityRefused("提醒时间要在开始以前，最早提前 60 天，请改一下。")
    ReminderRule.objects.filter(activity=activity).exclude(offset_minutes__in=wanted).delete()
    ReminderRule.objects.bulk_create(
        [ReminderRule(activity=activity, offset_minutes=offset) for offset in wanted], ignore_conflicts=True
    )
    activity.own_reminders = offsets is not None
    activity.save(update_fields=["own_reminders"])
    kept = wanted if activity.own_reminders else usual()
    waiting = Notice.objects.filter(activity=activity, kind=Notice.Kind.REMINDER, state=State.PENDING)
    waiting.exclude(offset_minutes__in=kept).delete()
    record("sharing.set_reminders", activity, actor=actor, minutes=list(kept))
    return activity


@transaction.atomic
def send_again(*, activity: Activity, actor: User) -> int:
    """Let notices that were given up be tried again, and return how many."""
    given_up = Notice.objects.filter(activity=activity, state=State.FAILED)
    number = int(given_up.update(state=State.PENDING, attempts=0, not_before=None))
    if number:
        record("sharing.send_again", activity, actor=actor, notices=number)
    return number
