"""One round of sending: sweep, plan, then take batch after batch, judge each item as it now stands, send, settle.

A letter is handed over before its rows are marked. Who dies in between lets the next worker send it again after the
lease: at least once at worst. Nothing else repeats an item, as its row is there once.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from portal.follow.items import told_pages
from portal.follow.letters import Letter, Sender, already, confirmation, digest, sender
from portal.follow.operations import (
    claim_confirmations,
    claim_items,
    issue_link,
    plan_letters,
    settle_refused,
    settle_sent,
    settle_skipped,
    sweep,
)
from portal.follow.topics import labels_of
from portal.models import BasePage, Delivery, Follower, MailLink, Subscription

CONFIRMATIONS = (
    60  # letters of confirmation in one round: a flood of requests waits, items do not wait for it
)
BATCHES = 7  # of 20 readers each: 140 letters of items in one round
Followed = Mapping[int, Mapping[str, datetime]]  # {follower: {topic: since when}}
Purpose, State = MailLink.Purpose, Subscription.State
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Round:
    """What a round came to: rows planned, letters sent and not taken over, rows not wanted any more."""

    planned: int = 0
    sent: int = 0
    refused: int = 0
    skipped: int = 0


def send_followed(moment: datetime) -> Round:
    """Send what is due at `moment` and return the figures. Two at once send nothing twice."""
    sweep(moment=moment)
    done = Round(planned=plan_letters(moment=moment))
    whose = sender()
    done = _confirmations(whose, moment, done)
    for _ in range(BATCHES):
        batch = claim_items(moment=moment)
        if not batch:
            break
        done = _items(batch, whose, moment, done)
    return done


def _confirmations(whose: Sender, moment: datetime, done: Round) -> Round:
    batch = claim_confirmations(moment=moment, limit=CONFIRMATIONS)
    labels = labels_of(row.subscription.topic for row in batch if row.subscription)
    for row in batch:
        subscription = row.subscription
        label = labels.get(subscription.topic) if subscription else None
        if subscription is None or label is None or subscription.state == State.LEFT:
            settle_skipped(rows=[row])
            done = replace(done, skipped=done.skipped + 1)
            continue
        common = {
            "to": row.follower.address,
            "label": label,
            "leave": issue_link(follower=row.follower, purpose=Purpose.LEAVE, moment=moment),
        }
        if subscription.state == State.CONFIRMED:
            letter = already(**common, sender=whose)
        else:
            token = issue_link(
                follower=row.follower, purpose=Purpose.CONFIRM, subscription=subscription, moment=moment
            )
            letter = confirmation(**common, token=token, sender=whose)
        done = _sent(letter, [row], moment, done)
    return done


def _items(batch: list[Delivery], whose: Sender, moment: datetime, done: Round) -> Round:
    """Send one letter to each reader of a batch: what is public now and followed now, no more."""
    pages = {page.pk: page for page in told_pages(pk__in={row.page_id for row in batch})}
    followed = _followed(row.follower_id for row in batch)
    labels = labels_of(topic for topics in followed.values() for topic in topics)
    for follower, rows in groupby(batch, key=lambda row: row.follower):
        mine = followed.get(follower.pk, {})
        wanted: list[Delivery] = []
        unwanted: list[Delivery] = []
        for row in rows:
            (wanted if _why(pages.get(row.page_id or 0), mine) else unwanted).append(row)
        if unwanted:
            settle_skipped(rows=unwanted)
            done = replace(done, skipped=done.skipped + len(unwanted))
        if wanted:
            shown = [pages[row.page_id] for row in wanted if row.page_id]
            letter = _digest(follower, shown, mine, labels, whose, moment)
            done = _sent(letter, wanted, moment, done)
    return done


def _digest(
    follower: Follower,
    pages: list[BasePage],
    mine: Mapping[str, datetime],
    labels: Mapping[str, str],
    whose: Sender,
    moment: datetime,
) -> Letter:
    pages = sorted(pages, key=lambda page: (page.first_published_at, page.pk))
    why = dict.fromkeys(topic for page in pages for topic in _why(page, mine))
    return digest(
        to=follower.address,
        pages=pages,
        labels=[labels[topic] for topic in why if topic in labels] or ["本站内容"],
        leave=issue_link(follower=follower, purpose=Purpose.LEAVE, moment=moment),
        sender=whose,
    )


def _followed(followers: Iterable[int]) -> Followed:
    """Return what each of the readers follows now, and since when (1 query)."""
    found: dict[int, dict[str, datetime]] = defaultdict(dict)
    rows = Subscription.objects.filter(follower__in=set(followers), state=State.CONFIRMED).order_by("pk")
    for follower, topic, since in rows.values_list("follower_id", "topic", "confirmed_at"):
        if since:
            found[follower][topic] = since
    return found


def _why(page: BasePage | None, mine: Mapping[str, datetime]) -> list[str]:
    """Return the topics by which a page concerns a reader; none when it is not public any more or they left."""
    if page is None:
        return []
    return [topic for topic in page.topics() if topic in mine and mine[topic] < page.first_published_at]


def _sent(letter: Letter, rows: list[Delivery], moment: datetime, done: Round) -> Round:
    try:
        letter.send()
    except Exception as error:  # noqa: BLE001 -- whatever the mail server raises is one try that did not work
        log.warning("letters %s: not taken over (%s)", [row.pk for row in rows], type(error).__name__)
        settle_refused(rows=rows, error=type(error).__name__, moment=moment)
        return replace(done, refused=done.refused + 1)
    settle_sent(rows=rows, moment=moment)
    return replace(done, sent=done.sent + 1)
