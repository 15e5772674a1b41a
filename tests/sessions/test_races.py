"""Many at once, with threads and real transactions, on SQLite and on PostgreSQL (PRODUCT.md, rules 1, 3, 15, 22).

Each was seen to fail without its guard. On PostgreSQL, without the lock on the activity's row, all twenty guesses
were judged and the close of the roll met the claims in a deadlock; with check-then-insert in place of
insert-or-ignore, the first and the third test ended in IntegrityError. On SQLite with deferred transactions
instead of IMMEDIATE all six ended in "database is locked".
"""

import uuid
from collections import Counter
from datetime import timedelta

import pytest

from sessions.checkin.codes import code_at
from sessions.models import Attendance, AttendanceEvent, Enrolment
from sessions.operations import (
    RollRefused,
    add_temporary,
    check_in,
    close_roll,
    merge_temporary,
    sign_up,
    withdraw,
)
from tests.conftest import START
from tests.sessions.races import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def scan(activity, mandate, nonce=None):
    token = code_at(activity.check_in_key, START).token
    return lambda: check_in(
        activity=activity,
        representative=mandate.representative,
        nonce=nonce or uuid.uuid4().hex,
        moment=START,
        token=token,
    )


@pytest.fixture
def one(city):
    mandate = city.representative()
    activity = city.activity()
    city.enrol(activity, mandate)
    return activity, mandate


@pytest.mark.long
def test_thirty_two_check_ins_of_one_person_leave_one_row(one):
    activity, mandate = one
    answers = at_once([scan(activity, mandate) for _ in range(32)])
    assert Counter(a.outcome for a in answers) == {"created": 1, "already": 31}
    assert sum(a.new for a in answers) == 1
    assert Attendance.objects.count() == 1
    assert Counter(AttendanceEvent.objects.values_list("kind", flat=True)) == {"created": 1, "already": 31}


@pytest.mark.long
def test_sixty_four_people_at_once_all_get_their_row(city):
    people = [city.representative(f"示例{n}", login=False) for n in range(64)]
    activity = city.activity()
    city.enrol(activity, *people)
    answers = at_once([scan(activity, mandate) for mandate in people])
    assert Counter(a.outcome for a in answers) == {"created": 64}
    assert Attendance.objects.counts() == {"present": 64}


def test_the_same_nonce_in_parallel_is_one_attempt_with_one_answer(one):
    activity, mandate = one
    answers = at_once([scan(activity, mandate, nonce="n" * 32) for _ in range(16)])
    assert Counter(a.outcome for a in answers) == {"created": 16}
    assert (Attendance.objects.count(), AttendanceEvent.objects.count()) == (1, 1)


def test_twenty_guesses_in_parallel_are_judged_five_times(one):
    activity, mandate = one
    right = int(code_at(activity.check_in_key, START).digits)

    def guess(n):
        return lambda: check_in(
            activity=activity,
            representative=mandate.representative,
            nonce=uuid.uuid4().hex,
            moment=START,
            digits=f"{(right + n) % 10**6:06d}",
        )

    answers = at_once([guess(n) for n in range(1, 21)])
    assert Counter(a.outcome for a in answers) == {"invalid": 5, "rate_limited": 15}


def test_the_close_and_the_claims_meet_in_one_sum(city):
    people = [city.representative(f"示例{n}", login=False) for n in range(16)]
    activity = city.activity()
    city.enrol(activity, *people)

    def close():
        return close_roll(activity=activity, actor=city.recorder, moment=START)

    answers = at_once([close, *(scan(activity, mandate) for mandate in people)])[1:]
    came = Counter(a.outcome for a in answers)
    counts = Attendance.objects.counts()
    assert sum(counts.values()) == 16
    assert counts.get("present", 0) == came["created"]
    assert came["created"] + came["locked"] == 16
    assert Attendance.objects.filter(confirmed_at=None).count() == 0


@pytest.mark.long
def test_one_seat_and_twenty_sign_ups_make_one_confirmed_and_nineteen_waiting(city):
    people = [city.representative(f"示例{n}", login=False) for n in range(20)]
    activity = city.activity(capacity=1)
    before = START - timedelta(hours=1)

    def seat(mandate):
        return lambda: sign_up(activity=activity, representative=mandate.representative, moment=before)

    states = Counter(entry.state for entry in at_once([seat(mandate) for mandate in people]))
    assert states == {"signed_up": 1, "waiting": 19}
    holder = Enrolment.objects.get(state="signed_up")

    def leave():
        try:
            return withdraw(activity=activity, representative=holder.representative, moment=before).state
        except ValueError:
            return "told"

    assert Counter(at_once([leave] * 4)) == {"withdrawn": 1, "told": 3}
    assert Counter(Enrolment.objects.values_list("state", flat=True)) == {
        "withdrawn": 1,
        "signed_up": 1,
        "waiting": 18,
    }


def test_one_unknown_person_merged_by_eight_at_once_becomes_one_row(city):
    """Without the lock on the activity's row several merges found the entry unsettled on PostgreSQL: two rows."""
    people = [city.representative(f"示例{n}", login=False) for n in range(8)]
    activity = city.activity()
    entry = add_temporary(
        activity=activity, name="丁示例", unit="", nonce="race-0001", actor=city.recorder, moment=START
    )

    def merge(mandate):
        try:
            return merge_temporary(
                entry=entry, representative=mandate.representative, actor=city.recorder, moment=START
            ).status
        except RollRefused:
            return "refused"

    answers = at_once([lambda m=m: merge(m) for m in people])
    assert (Counter(answers), Attendance.objects.count()) == ({"visitor": 1, "refused": 7}, 1)
