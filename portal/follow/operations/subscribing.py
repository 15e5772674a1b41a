"""Asking to follow, confirming, leaving, and erasing an address on request."""

import ipaddress
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from portal.audit import record
from portal.dates import cn_time
from portal.follow.topics import labels_of
from portal.models import ClientHour, Delivery, Follower, MailLink, Subscription, User

State = Subscription.State
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LETTERS_A_DAY = 5  # letters of confirmation to one address, whatever the topics
AN_HOUR = 20  # requests of one client address
IPV6_NETWORK = 64  # bits: an IPv6 customer has a network, not an address


class FollowRefused(ValueError):
    """The request cannot be taken like this; the message says what to do instead."""


class TooMany(FollowRefused):
    """One client address asked too often; the message says when to go on."""


@transaction.atomic
def ask_to_follow(*, address: str, topic: str, client: str, moment: datetime) -> None:
    """Queue a letter of confirmation to `address` (lower case, checked by the form) for `topic`.

    Who asks is told the same whatever happens here (THREATS 29): for an address that follows already a letter says
    so, and a second one within an hour for the topic, or a sixth within a day, is not written at all. `client` is the
    reader's network address. No line of the audit log: nothing holds before the address confirms, and a flood would
    fill the log; the row with its moment is the record. Raises FollowRefused for a topic nobody can follow, TooMany
    after 20 requests of a client within an hour of the clock.
    """
    if topic not in labels_of([topic]):
        raise FollowRefused("没有找到要订阅的内容，请重新选择。")
    _count(client, moment)
    # The address's own row orders what is asked for it: the limits are judged on what is settled.
    follower, _ = Follower.objects.select_for_update().get_or_create(
        address=address, defaults={"created_at": moment}
    )
    if not _may_write(follower, topic, moment):
        return
    subscription, _ = Subscription.objects.select_for_update().get_or_create(
        follower=follower, topic=topic, defaults={"asked_at": moment}
    )
    if subscription.state != State.CONFIRMED:
        subscription.state, subscription.asked_at = State.PENDING, moment
        subscription.confirmed_at = subscription.left_at = None
        subscription.save()
    Delivery.objects.bulk_create(
        [Delivery(follower=follower, subscription=subscription, created_at=moment)], ignore_conflicts=True
    )


def _may_write(follower: Follower, topic: str, moment: datetime) -> bool:
    written = Delivery.objects.of_confirmation().filter(follower=follower, created_at__gt=moment - DAY)
    of_topic = written.filter(subscription__topic=topic, created_at__gt=moment - HOUR)
    return not of_topic.exists() and written.count() < LETTERS_A_DAY


def _count(client: str, moment: datetime) -> None:
    hour = moment.replace(minute=0, second=0, microsecond=0)
    row, _ = ClientHour.objects.select_for_update().get_or_create(client=_client_key(client), hour=hour)
    if row.asked >= AN_HOUR:
        raise TooMany(
            f"这里一小时内已经提交了 {AN_HOUR} 次，请到 {cn_time(hour + HOUR)} 以后再试。您填写的内容还在。"
        )
    row.asked += 1
    row.save()


def _client_key(client: str) -> str:
    """Return a keyed digest of the client's address, of its network for IPv6."""
    try:
        parsed = ipaddress.ip_address(client)
    except ValueError:
        parsed = None
    if isinstance(parsed, ipaddress.IPv6Address):
        client = str(ipaddress.ip_network((parsed, IPV6_NETWORK), strict=False))
    return salted_hmac("portal.follow.client", client, algorithm="sha256").hexdigest()


@transaction.atomic
def confirm(*, link: MailLink, moment: datetime) -> bool:
    """Let the subscription of a confirmation link hold from `moment` on; return whether it now holds.

    Twice changes nothing. False when the reader has left meanwhile: a link of before brings nobody back.
    """
    Follower.objects.select_for_update().filter(pk=link.follower_id).first()
    subscription = Subscription.objects.filter(links=link).first()
    if subscription is None or subscription.state == State.LEFT:
        return False
    if subscription.state == State.PENDING:
        subscription.state, subscription.confirmed_at = State.CONFIRMED, moment
        subscription.save(update_fields=["state", "confirmed_at"])
        record("portal.follow", subscription, actor=None)
    return True


@transaction.atomic
def leave(*, link: MailLink, topic: str, moment: datetime) -> list[str]:
    """End what the address of a leave link follows: `topic`, or everything when that is empty; return the topics ended.

    Twice changes nothing. Letters that wait are not sent any more, and links to confirm no longer do.
    """
    Follower.objects.select_for_update().filter(pk=link.follower_id).first()
    rows = Subscription.objects.filter(follower_id=link.follower_id).exclude(state=State.LEFT)
    # Compared here: what was posted may hold what no database takes for a text.
    ended = [row for row in rows.order_by("pk") if topic in {"", row.topic}]
    if ended:
        keys = [row.pk for row in ended]
        Subscription.objects.filter(pk__in=keys).update(state=State.LEFT, left_at=moment)
        MailLink.objects.filter(subscription__in=keys).delete()
        record("portal.leave", link.follower, actor=None, topics=[row.topic for row in ended])
    return [row.topic for row in ended]


@transaction.atomic
def erase(*, address: str, actor: User | None) -> int | None:
    """Delete an address with all that is kept of it, as its owner has asked; return how many topics it followed.

    None when it is not known. The audit log keeps the masked address alone.
    """
    follower = Follower.objects.select_for_update().filter(address=address).first()
    if follower is None:
        return None
    number = follower.subscriptions.count()
    record("portal.erase_follower", follower, actor=actor, address=follower.masked, topics=number)
    follower.delete()
    return number
