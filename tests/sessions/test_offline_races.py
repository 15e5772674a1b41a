"""Recorders' devices upload at the same instant, on SQLite and PostgreSQL (PRODUCT.md, rules 3, 17, 18).

Each was seen to fail without its guard, the lock on the activity's row at the start of take_entries: on PostgreSQL
the first two ended in IntegrityError (a second event of one nonce, a second row of one person), the third in a
deadlock. On SQLite IMMEDIATE transactions are the lock, as tests/sessions/test_races.py says.
"""

import uuid
from collections import Counter
from datetime import timedelta

import pytest

from sessions.models import Attendance, AttendanceEvent, RollConflict
from sessions.operations import DeskEntry, close_roll, take_entries
from tests.conftest import START
from tests.sessions.races import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
MINUTE = timedelta(minutes=1)


def entry(mandate, status="present", when=START):
    return DeskEntry(
        nonce=uuid.uuid4().hex,
        representative=mandate.representative,
        status=status,
        device_at=when,
        offset=timedelta(0),
        queued=True,
    )


def upload(activity, actor, entries, device="one"):
    def call():
        answers = take_entries(
            activity=activity, entries=entries, actor=actor, moment=START + 20 * MINUTE, device=device
        )
        return [answer.outcome for answer in answers]

    return call


@pytest.fixture
def hall(city):
    people = [city.representative(f"示例{n}", login=False) for n in range(10)]
    activity = city.activity()
    city.enrol(activity, *people)
    return activity, people


def test_the_same_batch_eight_times_at_once_counts_once_and_gets_one_answer(hall, city):
    activity, people = hall
    batch = [entry(mandate) for mandate in people]
    answers = at_once([upload(activity, city.recorder, batch) for _ in range(8)])
    assert answers == [["created"] * 10] * 8
    assert (Attendance.objects.count(), AttendanceEvent.objects.count()) == (10, 10)


def test_rule_18_eight_devices_with_the_same_people_at_once_leave_one_row_each_with_the_earliest_time(
    hall, city
):
    activity, people = hall
    devices = [[entry(mandate, when=START + n * MINUTE) for mandate in people] for n in range(8)]
    answers = at_once([upload(activity, city.recorder, batch, f"d{n}") for n, batch in enumerate(devices)])
    assert sum(Counter(each)["created"] for each in answers) == 10
    assert set(Attendance.objects.values_list("status", "arrived_at")) == {("present", START)}
    assert (Attendance.objects.count(), AttendanceEvent.objects.count()) == (10, 80)


def test_rule_18_the_close_and_contradicting_devices_never_leave_an_open_conflict_on_a_closed_roll(
    hall, city
):
    activity, people = hall

    def close():
        try:
            return close_roll(activity=activity, actor=city.office, moment=START + 30 * MINUTE).state
        except ValueError:
            return "waits"

    present = upload(activity, city.recorder, [entry(mandate) for mandate in people], "one")
    leave = upload(activity, city.office, [entry(mandate, "leave") for mandate in people], "two")
    closed, *answers = at_once([close, present, leave])
    activity.refresh_from_db()
    conflicts = RollConflict.objects.filter(state="open").count()
    assert (activity.state, conflicts > 0) in {("closed", False), ("open", True)}
    assert closed == ("waits" if conflicts else "closed")
    assert Counter(outcome for each in answers for outcome in each)["disputed"] == conflicts
