"""Many at once on seats and on the outbox (PRODUCT.md, rules 22 and 23; THREATS 18, 19, 42), on both databases.

Each but the letters was seen to fail on PostgreSQL without its guard: without the lock on the activity's row eight
of eight got the one seat, withdrawals at once promoted the same person several times and left seats empty; with
`claim_notices` reading without a lock six workers held each of thirty notices; with `add_stop` not taking the tour's
row two stops met in an IntegrityError. On SQLite the guard is the IMMEDIATE transaction.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail

from sessions.models import Activity, Enrolment, Notice, Tour
from sessions.operations import add_stop, change_activity, sign_up, withdraw
from sessions.operations.reminding import claim_notices, plan_reminders
from sessions.reminders.rounds import send_due
from tests.conftest import START
from tests.sessions.races import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
BEFORE = START - timedelta(days=9)


def in_queue(city, capacity, number):
    """Return an activity and its people in the order they signed up."""
    activity = city.activity(capacity=capacity)
    people = [city.representative(f"示例{n}", login=False).representative for n in range(number)]
    for minute, person in enumerate(people):
        sign_up(activity=activity, representative=person, moment=BEFORE + timedelta(minutes=minute))
    return activity, people


def states(activity):
    return list(activity.enrolments.order_by("signed_up_at").values_list("state", flat=True))


def test_rule_22_withdrawals_at_once_promote_the_first_of_the_queue_each_once(city):
    activity, people = in_queue(city, 8, 20)

    def leave(person):
        return lambda: withdraw(activity=activity, representative=person, moment=BEFORE)

    at_once([leave(person) for person in people[:8]])
    assert states(activity) == ["withdrawn"] * 8 + ["signed_up"] * 8 + ["waiting"] * 4
    told = Notice.objects.filter(kind="promoted").values_list("representative_id", flat=True)
    assert sorted(told) == sorted(person.pk for person in people[8:16])


def test_rule_22_a_larger_room_and_a_withdrawal_at_once_fill_every_seat_once(city):
    activity, people = in_queue(city, 1, 8)
    at_once(
        [
            lambda: change_activity(activity=activity, actor=city.office, capacity=4),
            lambda: withdraw(activity=activity, representative=people[0], moment=BEFORE),
            lambda: withdraw(activity=activity, representative=people[7], moment=BEFORE),
        ]
    )
    assert states(activity) == ["withdrawn"] + ["signed_up"] * 4 + ["waiting"] * 2 + ["withdrawn"]
    assert Notice.objects.filter(kind="promoted").count() == 4


def test_rule_22_the_obliged_are_never_refused_however_many_come_at_once(city):
    activity = city.activity(capacity=1)
    obliged = [city.representative(f"应到{n}", login=False) for n in range(4)]
    others = [city.representative(f"示例{n}", login=False) for n in range(8)]
    city.enrol(activity, *obliged)

    def seat(mandate):
        return lambda: sign_up(activity=activity, representative=mandate.representative, moment=BEFORE)

    at_once([seat(mandate) for mandate in (*obliged, *others)])
    counted = Counter(Enrolment.objects.values_list("basis", "state"))
    assert counted == {
        ("obliged", "signed_up"): 4,
        ("voluntary", "signed_up"): 1,
        ("voluntary", "waiting"): 7,
    }


def test_rule_23_two_workers_send_every_letter_once(city):
    activity = city.activity()
    people = [city.representative(f"示例{n}") for n in range(12)]
    for number, mandate in enumerate(people):
        mandate.representative.user.email = f"{number}@example.org"
        mandate.representative.user.save()
    city.enrol(activity, *people)
    at_once([lambda: plan_reminders(moment=START - timedelta(days=4))] * 2)
    at_once([lambda: send_due(START - timedelta(days=3))] * 4)
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(f"{n}@example.org" for n in range(12))
    assert Counter(Notice.objects.values_list("offset_minutes", "state")) == {
        (4320, "sent"): 12,
        (1440, "pending"): 12,
        (120, "pending"): 12,
    }


def test_rule_23_no_two_workers_hold_the_same_notice(city):
    activity = city.activity()
    city.enrol(activity, *(city.representative(f"示例{n}", login=False) for n in range(40)))
    plan_reminders(moment=START - timedelta(days=4))
    batches = at_once([lambda: claim_notices(moment=START - timedelta(days=3), limit=30)] * 6)
    held = [notice.pk for batch in batches for notice in batch]
    assert len(held) == len(set(held))
    later = claim_notices(moment=START - timedelta(days=3), limit=100)
    assert len(held) + len(later) == 40


def test_two_who_add_a_stop_at_once_get_two_numbers(city):
    tour = Tour.objects.create(title="示例巡讲")

    def add(number):
        return lambda: add_stop(
            tour=tour,
            title=f"第{number}站",
            area=city.township,
            starts_at=START,
            ends_at=START + timedelta(hours=1),
            actor=city.office,
        )

    at_once([add(n) for n in range(4)])
    assert sorted(Activity.objects.values_list("stop_number", flat=True)) == [1, 2, 3, 4]
