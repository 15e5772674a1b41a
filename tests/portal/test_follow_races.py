"""Many at once on one address and on the outbox of letters (THREATS 18, 42), on both databases.

Seen to fail on PostgreSQL without the guards: with the client's row read without a lock all of forty requests passed;
with `_claim` reading without a lock each reader got up to four letters and six workers held the same rows; without
`ignore_conflicts` planners met in an IntegrityError; with the address's row not taken, by who asks or by the sweep, a
swept address ended a request. One letter for sixteen requests is kept by the constraints alone as well. On SQLite the
guard is the IMMEDIATE transaction.
"""

from collections import Counter

import pytest
from django.core import mail
from django.test import Client

from portal.follow.links import Purpose, link_behind
from portal.follow.operations import (
    TooMany,
    ask_to_follow,
    claim_items,
    confirm,
    issue_link,
    leave,
    plan_letters,
    sweep,
)
from portal.follow.rounds import send_followed
from portal.models import Delivery, Follower, Subscription
from tests.conftest import START
from tests.portal.following import DAY, READER, SECTION, following, notice
from tests.sessions.races import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def asking(client="10.0.0.1", address=READER):
    def ask():
        try:
            ask_to_follow(address=address, topic=SECTION, client=client, moment=START)
        except TooMany:
            return "too many"
        return "taken"

    return ask


def test_sixteen_requests_for_one_address_at_once_are_one_row_and_one_letter(site):
    answers = at_once([asking(f"10.0.0.{number}") for number in range(16)])
    assert answers == ["taken"] * 16
    assert [Follower.objects.count(), Subscription.objects.count(), Delivery.objects.count()] == [1, 1, 1]


def test_the_form_sent_eight_times_at_once_is_answered_alike_and_queues_one_letter(site):
    def post():
        return Client().post("/dingyue/youjian/", {"address": READER, "topic": SECTION}).status_code

    assert at_once([post] * 8) == [200] * 8
    assert Delivery.objects.count() == 1


def test_of_forty_requests_of_one_client_at_once_twenty_are_taken(site):
    calls = [asking(address=f"r{number}@example.org") for number in range(40)]
    assert Counter(at_once(calls[:20]) + at_once(calls[20:])) == {"taken": 20, "too many": 20}
    assert Follower.objects.count() == 20


def test_two_workers_send_every_letter_to_readers_once(site):
    for number in range(30):
        following(SECTION, address=f"r{number}@example.org")
    notice(site)
    at_once([lambda: send_followed(START)] * 4)
    send_followed(START)
    sent = Counter(letter.to[0] for letter in mail.outbox)
    assert sent == {f"r{number}@example.org": 1 for number in range(30)}
    assert set(Delivery.objects.of_items().values_list("state", flat=True)) == {"sent"}


def test_two_workers_send_every_confirmation_once(site):
    for number in range(12):
        asking(f"10.0.1.{number}", f"r{number}@example.org")()
    at_once([lambda: send_followed(START)] * 3)
    assert sorted(Counter(letter.to[0] for letter in mail.outbox).values()) == [1] * 12


def test_workers_that_plan_and_take_at_once_never_hold_the_same_row(site):
    for number in range(20):
        following(SECTION, address=f"r{number}@example.org")
    notice(site)
    at_once([lambda: plan_letters(moment=START)] * 4)
    assert Delivery.objects.of_items().count() == 20
    held = at_once([lambda: [row.pk for row in claim_items(moment=START)]] * 6)
    assert sorted(pk for batch in held for pk in batch) == sorted(
        Delivery.objects.of_items().values_list("pk", flat=True)
    )


def test_confirming_leaving_and_sweeping_at_once_end_in_one_state_without_a_fault(site):
    asking()()
    subscription = Subscription.objects.get()
    common = {"follower": subscription.follower, "moment": START}
    token = issue_link(**common, purpose=Purpose.CONFIRM, subscription=subscription)
    links = [
        link_behind(token, Purpose.CONFIRM, START),
        link_behind(issue_link(**common, purpose=Purpose.LEAVE), Purpose.LEAVE, START),
    ]
    calls = [lambda: confirm(link=links[0], moment=START)] * 4
    calls += [lambda: leave(link=links[1], topic="", moment=START)] * 4
    at_once([*calls, lambda: sweep(moment=START), asking("10.0.0.9")])
    row = Subscription.objects.get()
    assert (row.state, row.left_at) in {("left", START), ("pending", None)}


def test_an_address_that_is_swept_while_it_asks_again_is_there_afterwards(site):
    for _ in range(5):
        Follower.objects.all().delete()
        Follower.objects.create(address=READER, created_at=START - DAY)
        at_once([asking(), lambda: sweep(moment=START), asking("10.0.0.2"), lambda: sweep(moment=START)])
        assert Subscription.objects.values_list("follower__address", flat=True).get() == READER
