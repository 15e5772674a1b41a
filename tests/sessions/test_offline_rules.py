"""Entries of recorders' devices: any order, any clock, the same roll (PRODUCT.md, rules 3, 4, 15, 17–20)."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessions.models import Attendance, AttendanceEvent, RollConflict
from sessions.operations import (
    cancel_activity,
    close_roll,
    lock_rolls,
)
from tests.conftest import START
from tests.sessions.devices import HOUR, LATER, MINUTE, SECOND, claim, entry, outcomes, rows, upload


@pytest.fixture
def two(city):
    """An open activity with two obliged representatives."""
    people = [city.representative("示例甲"), city.representative("示例乙")]
    activity = city.activity()
    city.enrol(activity, *people)
    return activity, people


def test_rule_17_two_hundred_entries_of_a_device_become_two_hundred_rows(city):
    people = [city.representative(f"示例{n}", login=False) for n in range(200)]
    activity = city.activity()
    city.enrol(activity, *people)
    entries = [entry(mandate) for mandate in people]
    for start in range(0, 200, 50):
        upload(city, activity, *entries[start : start + 50])
    assert Attendance.objects.counts() == {"present": 200}
    assert set(rows("method", "confirmed_by__username", "arrived_at")) == {
        ("offline_device", "recorder", START)
    }


def test_rule_3_an_entry_sent_again_is_answered_as_before_and_changes_nothing(two, city):
    activity, people = two
    once = entry(people[0])
    first = upload(city, activity, once)
    again = upload(city, activity, once, entry(people[1]), moment=LATER + MINUTE)
    assert (outcomes(first), outcomes(again)) == (["created"], ["created", "created"])
    assert (Attendance.objects.count(), AttendanceEvent.objects.count()) == (2, 2)


def test_rule_3_the_same_nonce_with_other_content_is_a_conflict_and_enters_nothing(two, city):
    activity, people = two
    upload(city, activity, entry(people[0], nonce="n" * 32))
    answers = upload(
        city,
        activity,
        entry(people[0], "leave", nonce="n" * 32),
        entry(people[1], nonce="n" * 32),
        entry(people[0], when=START + SECOND, nonce="n" * 32),
    )
    assert outcomes(answers) == ["conflict"] * 3
    assert rows("representative__name", "status") == [("示例甲", "present")]


def test_rule_18_of_two_devices_the_earliest_time_makes_the_one_row_and_both_entries_are_kept(two, city):
    activity, (person, _) = two
    early, late = START + 5 * MINUTE, START + 12 * MINUTE
    first = upload(city, activity, entry(person, when=late), device="one")
    second = upload(city, activity, entry(person, when=early), actor=city.office, device="two")
    assert (outcomes(first), outcomes(second)) == (["created"], ["changed"])
    assert rows("status", "arrived_at", "confirmed_by__username") == [("present", early, "office")]
    assert set(AttendanceEvent.objects.values_list("happened_at", "device", "new_status")) == {
        (late, "one", "late"),
        (early, "two", "present"),
    }


@pytest.mark.parametrize("offset", [-5 * HOUR, -3 * MINUTE, 3 * MINUTE, 8 * HOUR])
def test_rule_19_a_wrong_clock_is_corrected_and_all_three_times_are_kept_and_flagged(two, city, offset):
    activity, (person, _) = two
    upload(city, activity, entry(person, when=START + 12 * MINUTE, offset=offset))
    assert rows("status", "arrived_at") == [("late", START + 12 * MINUTE)]
    event = AttendanceEvent.objects.get()
    assert (
        event.happened_at,
        event.device_at,
        event.received_at,
        event.clock_ahead,
        event.clock_flagged,
    ) == (
        START + 12 * MINUTE,
        START + 12 * MINUTE + offset,
        LATER,
        offset,
        True,
    )


def test_rule_19_two_minutes_are_no_reason_for_a_flag(two, city):
    activity, people = two
    upload(city, activity, entry(people[0], offset=2 * MINUTE), entry(people[1], offset=2 * MINUTE + SECOND))
    assert {e.clock_offset_ms: e.clock_flagged for e in AttendanceEvent.objects.all()} == {
        120_000: False,
        121_000: True,
    }


@pytest.mark.parametrize(
    ("when", "happened_at"),
    [
        (START - 31 * MINUTE, START - 30 * MINUTE),
        (START - 30 * MINUTE, START - 30 * MINUTE),
        (START + 20 * MINUTE, START + 20 * MINUTE),
        (START + 21 * MINUTE, START + 20 * MINUTE),
        (START + 400 * 24 * HOUR, START + 20 * MINUTE),
    ],
)
def test_rule_19_no_time_lies_before_the_doors_open_or_after_the_upload(two, city, when, happened_at):
    activity, (person, _) = two
    upload(city, activity, entry(person, when=when), moment=START + 20 * MINUTE)
    assert rows("arrived_at") == [(happened_at,)]


def test_rule_19_a_clock_of_another_century_is_read_as_no_measure(two, city):
    activity, (person, _) = two
    upload(city, activity, entry(person, offset=-40 * 366 * 24 * HOUR))
    assert rows("arrived_at") == [(START - 30 * MINUTE,)]


@pytest.mark.parametrize(
    ("after", "reason", "outcome", "status"),
    [
        (10 * MINUTE, "", "created", "present"),
        (10 * MINUTE + SECOND, "", "created", "late"),
        (30 * MINUTE, "", "created", "late"),
        (30 * MINUTE + SECOND, "", "window_closed", None),
        (30 * MINUTE + SECOND, "路上堵车", "created", "late"),
    ],
)
def test_rule_4_the_time_of_the_tick_decides_not_the_time_of_the_upload(
    two, city, after, reason, outcome, status
):
    activity, (person, _) = two
    answers = upload(city, activity, entry(person, when=START + after, reason=reason))
    assert (outcomes(answers), rows("status")) == ([outcome], [(status,)] if status else [])


def test_a_tick_sent_at_once_is_staff_tick_a_scan_staff_scan_and_what_waited_offline_device(two, city):
    activity, (person, _) = two
    extra = [city.representative(name, login=False) for name in ("示例丙", "示例丁")]
    city.enrol(activity, *extra)
    upload(
        city,
        activity,
        entry(person, queued=False),
        entry(extra[0], queued=False, scanned=True),
        entry(extra[1], queued=False, when=START - 2 * MINUTE),
        moment=START + SECOND,
    )
    assert set(rows("representative__name", "method")) == {
        ("示例甲", "staff_tick"),
        ("示例丙", "staff_scan"),
        ("示例丁", "offline_device"),
    }


def test_rule_12_who_is_not_on_the_list_comes_as_a_visitor_and_cannot_have_leave(two, city):
    activity, _ = two
    guest = city.representative("来访者", area=city.other_township)
    answers = upload(city, activity, entry(guest, "leave"), entry(guest), entry(None, refused="invalid"))
    assert outcomes(answers) == ["not_eligible", "created", "invalid"]
    assert rows("representative__name", "status", "obliged") == [("来访者", "visitor", False)]


def test_rule_21_a_closed_or_locked_roll_takes_nothing_and_keeps_what_was_brought(two, city):
    activity, people = two
    close_roll(activity=activity, actor=city.recorder, moment=LATER)
    closed = upload(city, activity, entry(people[0]))
    lock_rolls(activities=type(activity).objects.all())
    locked = upload(city, activity, entry(people[1]))
    assert (outcomes(closed), outcomes(locked)) == (["locked"], ["locked"])
    assert rows("status") == [("absent",), ("absent",)]
    kept = AttendanceEvent.objects.filter(kind="refused").values_list(
        "reason_code", "new_status", "happened_at"
    )
    assert list(kept) == [("locked", "present", START)] * 2


def test_a_cancelled_activity_takes_nothing(two, city):
    activity, people = two
    cancel_activity(activity=activity, reason="暴雨", actor=city.office)
    assert outcomes(upload(city, activity, entry(people[0]))) == ["revoked"]
    assert Attendance.objects.count() == 0


@pytest.mark.parametrize(
    "sql", ["UPDATE sharing_attendanceevent SET device_at = NULL", "DELETE FROM sharing_attendanceevent"]
)
def test_rule_20_the_new_times_of_an_event_cannot_be_changed_either(two, city, sql):
    activity, people = two
    upload(city, activity, entry(people[0]))
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.parametrize("count", [1, 3, 50])
def test_an_upload_takes_the_same_queries_at_any_length(city, django_assert_num_queries, count):
    people = [city.representative(f"示例{n}", login=False) for n in range(count)]
    activity = city.activity()
    city.enrol(activity, *people)
    batch = [entry(mandate) for mandate in people]
    with django_assert_num_queries(11):
        upload(city, activity, *batch)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_rules_17_and_18_any_order_and_any_batches_of_two_devices_lead_to_the_same_roll(two, city, data):
    activity, people = two
    said = data.draw(
        st.lists(
            st.tuples(
                st.integers(0, 1),
                st.sampled_from(["present", "late", "leave", "absent"]),
                st.integers(-20, 29),
                st.sampled_from(["one", "two"]),
            ),
            min_size=2,
            max_size=7,
        )
    )
    made = [
        (entry(people[who], status, START + minute * MINUTE, nonce=f"nonce-{n:04d}"), device)
        for n, (who, status, minute, device) in enumerate(said)
    ]
    claimed = data.draw(st.booleans())
    ends = [
        end_of(
            city,
            activity,
            data.draw(st.permutations(made)),
            data.draw(cuts(len(made))),
            people[0] if claimed else None,
        )
        for _ in "ab"
    ]
    assert ends[0] == ends[1]


def cuts(length):
    return st.lists(st.booleans(), min_size=length, max_size=length)


def end_of(city, activity, entries, cut_after, claimant):
    """Bring the entries in this order, a new upload wherever device or the cut says so; return the end, undone."""
    actors = {"one": city.recorder, "two": city.office}
    with transaction.atomic():
        if claimant:
            claim(activity, claimant, START + 5 * MINUTE)
        batch, last = [], None
        for number, ((each, device), cut) in enumerate(zip(entries, cut_after, strict=True)):
            if batch and (cut or device != last):
                upload(
                    city, activity, *batch, moment=LATER + number * SECOND, actor=actors[last], device=last
                )
                batch = []
            batch, last = [*batch, each], device
        upload(city, activity, *batch, moment=LATER + HOUR, actor=actors[last], device=last)
        end = (
            set(rows("representative", "status", "method", "arrived_at", "confirmed_by")),
            set(RollConflict.objects.values_list("representative", "first__nonce", "second__nonce", "state")),
            set(
                AttendanceEvent.objects.values_list(
                    "nonce", "new_status", "happened_at", "device_at", "actor"
                )
            ),
        )
        transaction.set_rollback(True)
    return end
