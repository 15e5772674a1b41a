"""Forgetting what is not needed any more: unconfirmed requests, those who left, old letters and counts."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.follow.links import CONFIRM_WITHIN
from portal.models import ClientHour, Delivery, Follower, MailLink, Subscription

UNCONFIRMED = timedelta(days=7)
LEFT_KEPT = timedelta(days=30)  # so that a link to leave still answers who has just left
LETTERS_KEPT = timedelta(
    days=30
)  # longer than items.FRESH: what was sent is not new any more when its row goes
State = Subscription.State


@transaction.atomic
def sweep(*, moment: datetime) -> int:
    """Delete what has had its time at `moment`, and return how many addresses were forgotten with it."""
    stale = Q(state=State.PENDING, asked_at__lte=moment - UNCONFIRMED)
    stale |= Q(state=State.LEFT, left_at__lte=moment - LEFT_KEPT)
    Subscription.objects.filter(pk__in=_free(Subscription.objects.filter(stale))).delete()
    MailLink.objects.filter(purpose=MailLink.Purpose.CONFIRM, made_at__lte=moment - CONFIRM_WITHIN).delete()
    done = Delivery.objects.exclude(state__in=[Delivery.State.PENDING, Delivery.State.SENDING])
    done.filter(created_at__lte=moment - LETTERS_KEPT).delete()
    ClientHour.objects.filter(hour__lte=moment - timedelta(days=1)).delete()
    return _forget_addresses()


def _free(rows: QuerySet[Any]) -> list[int]:
    """Take the rows that nobody is using right now and return their keys; the others are left for the next time."""
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    return list(rows.values_list("pk", flat=True))


def _forget_addresses() -> int:
    idle = Follower.objects.filter(~Exists(Subscription.objects.filter(follower=OuterRef("pk"))))
    # Asked again behind the lock: somebody may have begun to follow between the look and the lock.
    gone = Follower.objects.filter(pk__in=_free(idle)).exclude(subscriptions__isnull=False)
    return int(gone.delete()[1].get("portal.Follower", 0))
