"""Writes of the outbox: planning letters, taking a batch, settling what became of it, links in letters."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q

from portal.audit import record
from portal.follow.items import fresh_pages
from portal.follow.links import digest_of, new_token
from portal.follow.querysets import DeliveryQuerySet
from portal.models import BasePage, Delivery, Follower, MailLink, Subscription, User

State = Delivery.State
LEASE = timedelta(minutes=10)  # a worker that has not settled a batch by then is taken for dead
TRIES = 5
WAIT = timedelta(minutes=5)  # before the second try; each further wait is twice as long
CHUNK = 50  # pages in one question: its condition grows with each


def plan_letters(*, moment: datetime) -> int:
    """Put what readers are still to be told of into the outbox and return how many rows were missing.

    An item concerns who confirmed a topic of it before it was first published, and has no row for that address
    yet. Run it as often as you like, by as many workers as there are: the database keeps each row once.
    """
    pages = fresh_pages(moment)
    return sum(_plan(pages[at : at + CHUNK], moment) for at in range(0, len(pages), CHUNK))


def _plan(pages: list[BasePage], moment: datetime) -> int:
    owed = Q()
    for page in pages:
        told = Delivery.objects.filter(follower=OuterRef("follower"), page=page.pk)
        concerns = Q(topic__in=page.topics(), confirmed_at__lt=page.first_published_at)
        owed |= concerns & Q(~Exists(told))
    followed = Subscription.objects.filter(owed, state=Subscription.State.CONFIRMED)
    rows = {
        (follower, page.pk)
        for follower, topic, confirmed_at in followed.values_list("follower_id", "topic", "confirmed_at")
        for page in pages
        if topic in page.topics() and confirmed_at < page.first_published_at
    }
    Delivery.objects.bulk_create(
        [Delivery(follower_id=f, page_id=p, created_at=moment) for f, p in sorted(rows)],
        batch_size=500,
        ignore_conflicts=True,
    )
    return len(rows)


@transaction.atomic
def claim_items(*, moment: datetime, readers: int = 20) -> list[Delivery]:
    """Take all that is due for up to `readers` addresses, for the length of a lease, ordered by address.

    Two workers never hold the same row: PostgreSQL passes over rows that another has locked, SQLite lets one
    write at a time. What a dead worker held comes back when its lease has run out.
    """
    due = Delivery.objects.of_items().ready(moment)
    _give_up_the_dead(due)
    chosen = list(due.order_by("follower").values_list("follower", flat=True).distinct()[:readers])
    return _claim(due.filter(follower__in=chosen).order_by("follower", "pk"), moment)


@transaction.atomic
def claim_confirmations(*, moment: datetime, limit: int) -> list[Delivery]:
    """Take up to `limit` letters of confirmation that are due, for the length of a lease, the oldest first."""
    due = Delivery.objects.of_confirmation().ready(moment)
    _give_up_the_dead(due)
    return _claim(due.order_by("pk"), moment, limit)


def _give_up_the_dead(due: DeliveryQuerySet) -> None:
    # Whom no worker ever answered for, five leases long, would end the sixth too: the staff decide.
    due.filter(attempts__gte=TRIES).update(state=State.FAILED, claim=None, last_error="发送时中断")


def _claim(due: DeliveryQuerySet, moment: datetime, limit: int | None = None) -> list[Delivery]:
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    taken = list(due.values_list("pk", flat=True)[:limit])
    if not taken:
        return []
    claim = uuid.uuid4()
    Delivery.objects.filter(pk__in=taken).update(
        state=State.SENDING, claim=claim, not_before=moment + LEASE, attempts=F("attempts") + 1
    )
    mine = Delivery.objects.filter(claim=claim).select_related("follower", "subscription")
    return list(mine.order_by("follower", "pk"))


def issue_link(
    *, follower: Follower, purpose: str, moment: datetime, subscription: Subscription | None = None
) -> str:
    """Make a link for one letter and return its token, which is not kept.

    Each letter has its own, each try too: what went out before stays good.
    """
    token = new_token()
    MailLink.objects.create(
        follower=follower,
        subscription=subscription,
        purpose=purpose,
        digest=digest_of(token),
        made_at=moment,
    )
    return token


def settle_sent(*, rows: Iterable[Delivery], moment: datetime) -> int:
    """Note that rows went out; return how many: fewer when their lease had passed to another worker meanwhile."""
    return _settle(rows, state=State.SENT, sent_at=moment, last_error="")


def settle_skipped(*, rows: Iterable[Delivery]) -> int:
    """Note that rows are not wanted any more."""
    return _settle(rows, state=State.SKIPPED)


def settle_refused(*, rows: Iterable[Delivery], error: str, moment: datetime) -> None:
    """Note that a letter was not taken over: its rows wait for another try, or are given up after TRIES of them.

    `error` must hold no address.
    """
    rows = list(rows)
    for attempts in sorted({row.attempts for row in rows}):
        same = [row for row in rows if row.attempts == attempts]
        if attempts >= TRIES:
            _settle(same, state=State.FAILED, last_error=error[:120])
        else:
            wait = WAIT * 2 ** (attempts - 1)
            _settle(same, state=State.PENDING, last_error=error[:120], not_before=moment + wait)


def _settle(rows: Iterable[Delivery], **columns: object) -> int:
    """Write the outcome only while the rows are still ours; the lease may have passed to another worker."""
    rows = list(rows)
    ours = Delivery.objects.filter(
        pk__in=[row.pk for row in rows], claim__in={row.claim for row in rows}, state=State.SENDING
    )
    return int(ours.update(**({"not_before": None, "claim": None} | columns)))


@transaction.atomic
def send_again(*, actor: User | None) -> int:
    """Let letters that were given up be tried again, and return how many rows."""
    given_up = Delivery.objects.given_up()
    first = given_up.select_related("follower").first()
    if first is None:
        return 0
    # A reader who asked anew has a letter waiting: the given-up one of the same subscription stays as it is.
    waiting = Delivery.objects.filter(
        subscription=OuterRef("subscription"), state__in=[State.PENDING, State.SENDING]
    )
    newest = Delivery.objects.given_up().filter(subscription=OuterRef("subscription")).values("pk")[:1]
    wanted = Q(page__isnull=False) | (Q(pk=newest) & ~Exists(waiting))
    keys = list(given_up.filter(wanted).values_list("pk", flat=True))
    number = int(
        Delivery.objects.filter(pk__in=keys).update(state=State.PENDING, attempts=0, not_before=None)
    )
    record("portal.send_again", first, actor=actor, rows=number)
    return number
