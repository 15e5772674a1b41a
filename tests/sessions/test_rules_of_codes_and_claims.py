"""One test a rule of attendance, in the order of PRODUCT.md: rules 13 to 22, codes, claims, history, seats."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from sessions.checkin.codes import code_at
from sessions.models import Activity, Attendance, AttendanceEvent
from sessions.operations import (
    Entry,
    RollRefused,
    cancel_activity,
    check_in,
    close_roll,
    confirm_claims,
    lock_rolls,
    record_roll,
    renew_key,
    sign_up,
    withdraw,
)
from tests.conftest import START
from tests.sessions.attending import MINUTE, SECOND, history, scan, tick, type_in


@pytest.fixture
def one(city):
    """An open activity with one obliged representative."""
    mandate = city.representative()
    activity = city.activity()
    city.enrol(activity, mandate)
    return activity, mandate


def test_rule_13_a_renewed_key_stops_every_code_shown_before(one, city):
    activity, mandate = one
    old = code_at(activity.check_in_key, START)
    renew_key(activity=activity, actor=city.recorder)
    answers = [
        check_in(
            activity=activity,
            representative=mandate.representative,
            nonce=uuid.uuid4().hex,
            moment=START,
            **code,
        ).outcome
        for code in ({"token": old.token}, {"digits": old.digits})
    ]
    assert [*answers, scan(activity, mandate).outcome] == ["invalid", "invalid", "created"]


def test_rule_13_the_previous_step_is_accepted_and_an_older_one_expired(one):
    activity, mandate = one
    assert scan(activity, mandate, shown_at=START - timedelta(seconds=61)).outcome == "expired"
    assert scan(activity, mandate, shown_at=START - timedelta(seconds=30)).outcome == "created"


def test_rule_13_a_scan_waits_five_minutes_for_a_slow_login_and_its_own_moment_counts(one):
    activity, mandate = one
    scanned = START + 10 * MINUTE
    late_login = scan(activity, mandate, scanned + 5 * MINUTE + SECOND, scanned_at=scanned)
    in_time = scan(activity, mandate, scanned + 5 * MINUTE, scanned_at=scanned)
    assert late_login.outcome == "expired"
    assert (in_time.outcome, in_time.attendance.status, in_time.attendance.arrived_at) == (
        "created",
        "present",
        scanned,
    )


def test_rule_13_the_code_of_another_activity_is_told_apart(one, city):
    activity, mandate = one
    other = city.activity(title="另一场")
    code = code_at(other.check_in_key, START)
    by_token = check_in(
        activity=activity,
        representative=mandate.representative,
        nonce="t" * 32,
        moment=START,
        token=code.token,
    )
    assert (by_token.outcome, type_in(activity, mandate, code.digits).outcome) == (
        "wrong_activity",
        "wrong_activity",
    )


def test_rule_15_a_second_account_on_one_device_is_accepted_and_flagged(one, city):
    activity, mandate = one
    second, third = city.representative("王样本"), city.representative("李拟名")
    city.enrol(activity, second, third)
    flags = [scan(activity, m, device=d).attendance.shared_device for m, d in
             ((mandate, "d1"), (second, "d1"), (third, "d2"))]  # fmt: skip
    assert flags == [False, True, False]


def test_rule_15_the_sixth_guess_is_not_judged_even_when_right_and_the_qr_still_works(one):
    activity, mandate = one
    right = code_at(activity.check_in_key, START).digits
    wrong = [f"{(int(right) + n) % 10**6:06d}" for n in range(1, 6)]
    outcomes = [type_in(activity, mandate, digits).outcome for digits in [*wrong, right, right]]
    assert outcomes == ["invalid"] * 5 + ["rate_limited"] * 2
    assert AttendanceEvent.objects.filter(reason_code="rate_limited").count() == 1
    later = START + 10 * MINUTE
    assert (
        type_in(activity, mandate, code_at(activity.check_in_key, later).digits, later).outcome == "created"
    )


def test_rule_15_guesses_of_one_account_do_not_stop_another(one, city):
    activity, mandate = one
    other = city.representative("王样本")
    city.enrol(activity, other)
    code = code_at(activity.check_in_key, START)
    for n in range(1, 7):
        type_in(activity, mandate, f"{(int(code.digits) + n) % 10**6:06d}")
    assert scan(activity, mandate).outcome == "created"
    assert type_in(activity, other, code.digits).outcome == "created"


def test_ten_thousand_guesses_leave_six_lines_and_no_row(one):
    activity, mandate = one
    right = int(code_at(activity.check_in_key, START).digits)
    guesses = [type_in(activity, mandate, f"{(right + n) % 10**6:06d}").outcome for n in range(1, 201)]
    assert set(guesses[5:]) == {"rate_limited"}
    assert (AttendanceEvent.objects.count(), Attendance.objects.count()) == (6, 0)


def test_rule_16_a_claim_counts_once_confirmed_and_both_names_are_kept(one, city):
    activity, mandate = one
    user = mandate.representative.user
    scan(activity, mandate, actor=user)
    count = confirm_claims(activity=activity, actor=city.recorder, moment=START + MINUTE)
    again = confirm_claims(activity=activity, actor=city.recorder, moment=START + 2 * MINUTE)
    events = AttendanceEvent.objects.order_by("received_at").values_list("kind", "actor", "method")
    assert (count, again) == (1, 0)
    assert list(events) == [
        ("created", user.pk, "self_qr"),
        ("confirmed", city.recorder.pk, "self_qr"),
    ]


def test_rule_16_ticking_what_was_claimed_confirms_it_and_keeps_how_it_was_claimed(one, city):
    activity, mandate = one
    scan(activity, mandate)
    row = tick(city, activity, mandate, "present", START + MINUTE)
    assert (row.method, row.arrived_at, row.confirmed_by) == ("self_qr", START, city.recorder)


def test_rule_16_not_seen_takes_a_claim_back_with_its_history(one, city):
    activity, mandate = one
    scan(activity, mandate)
    row = tick(city, activity, mandate, "absent", START + SECOND, reason="现场未见到本人")
    assert (row.status, row.arrived_at) == ("absent", None)
    assert history(activity)[-1] == ("changed", "", "present", "absent")


def test_rule_20_every_later_change_needs_a_reason_and_adds_an_event(one, city):
    activity, mandate = one
    close_roll(activity=activity, actor=city.recorder, moment=START + 60 * MINUTE)
    with pytest.raises(RollRefused, match="要写明原因"):
        tick(city, activity, mandate, "leave", START + 70 * MINUTE)
    row = tick(city, activity, mandate, "leave", START + 70 * MINUTE, reason="补交请假条")
    event = AttendanceEvent.objects.get(kind="changed")
    assert (row.method, event.old_status, event.new_status, event.reason, event.actor) == (
        "correction",
        "absent",
        "leave",
        "补交请假条",
        city.recorder,
    )


def test_rule_20_who_looks_at_an_older_status_changes_nothing(one, city):
    activity, mandate = one
    tick(city, activity, mandate, "leave", expected="")
    with pytest.raises(RollRefused, match="现在是“请假”"):
        tick(city, activity, mandate, "absent", reason="未请假", expected="")
    assert Attendance.objects.get().status == "leave"


@pytest.mark.parametrize("sql", ["UPDATE sharing_attendanceevent SET reason = 'x'", "DELETE FROM sharing_attendanceevent"])  # fmt: skip
def test_rule_20_the_database_refuses_to_change_the_history(one, sql):
    activity, mandate = one
    scan(activity, mandate)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert AttendanceEvent.objects.count() == 1


def test_rule_20_the_orm_is_refused_too(one):
    activity, mandate = one
    scan(activity, mandate)
    with pytest.raises(DatabaseError), transaction.atomic():
        AttendanceEvent.objects.update(reason="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        AttendanceEvent.objects.all().delete()
    assert history(activity) == [("created", "", "", "present")]


def test_rule_21_a_locked_roll_takes_neither_scans_nor_corrections(one, city):
    activity, mandate = one
    close_roll(activity=activity, actor=city.recorder, moment=START + 60 * MINUTE)
    assert lock_rolls(activities=Activity.objects.all()) == 1
    assert scan(activity, mandate).outcome == "locked"
    with pytest.raises(RollRefused, match="已经上报"):
        tick(city, activity, mandate, "present", reason="更正")


def test_a_scan_behind_the_close_or_the_cancelling_adds_no_row(city):
    late, off = city.activity(), city.activity()
    mandate = city.representative()
    city.enrol(off, mandate)
    close_roll(activity=late, actor=city.recorder, moment=START + MINUTE)
    cancel_activity(activity=off, reason="天气", actor=city.recorder)
    stale = Activity(pk=late.pk, door=late.door, state="open")  # what a slow request still holds in its hands
    answers = [scan(late, mandate).outcome, scan(off, mandate).outcome]
    token = code_at(late.check_in_key, START).token
    answers.append(
        check_in(
            activity=stale, representative=mandate.representative, nonce="s" * 32, moment=START, token=token
        ).outcome
    )
    assert (answers, Attendance.objects.count()) == (["locked", "revoked", "locked"], 0)


def test_rule_22_a_cancellation_promotes_the_first_who_waits_once(city):
    activity = city.activity(capacity=1)
    people = [city.representative(f"示例{n}") for n in "甲乙丙"]
    states = [
        sign_up(
            activity=activity,
            representative=m.representative,
            moment=START - 60 * MINUTE + n * SECOND,
        ).state
        for n, m in enumerate(people)
    ]
    assert states == ["signed_up", "waiting", "waiting"]
    withdraw(activity=activity, representative=people[0].representative, moment=START - MINUTE)
    assert list(activity.enrolments.order_by("pk").values_list("state", flat=True)) == [
        "withdrawn",
        "signed_up",
        "waiting",
    ]


def test_rule_22_whom_the_office_has_listed_takes_no_seat_and_frees_none(city):
    activity = city.activity(capacity=1)
    invited, first, second = (city.representative(f"示例{n}") for n in "甲乙丙")
    city.enrol(activity, invited, basis="invited")
    before = START - 60 * MINUTE
    states = [
        sign_up(activity=activity, representative=m.representative, moment=before).state
        for m in (first, second, invited)
    ]
    withdraw(activity=activity, representative=invited.representative, moment=before)
    assert states == ["signed_up", "waiting", "signed_up"]
    assert activity.enrolments.get(mandate=second).state == "waiting"


def test_who_withdrew_and_is_then_called_is_obliged(city):
    mandate = city.representative()
    activity = city.activity()
    sign_up(activity=activity, representative=mandate.representative, moment=START - MINUTE)
    withdraw(activity=activity, representative=mandate.representative, moment=START - MINUTE)
    city.enrol(activity, mandate)
    close_roll(activity=activity, actor=city.recorder, moment=START)
    assert Attendance.objects.counts() == {"absent": 1}


def test_reading_the_same_list_twice_changes_nothing(one, city):
    activity, mandate = one
    entries = [Entry(mandate.representative, "present", START)]
    counts = [
        record_roll(activity=activity, entries=entries, actor=city.recorder, moment=START) for _ in "ab"
    ]
    assert (counts, history(activity)) == ([1, 0], [("created", "", "", "present")])


def test_a_list_with_an_unknown_status_is_refused_whole(one, city):
    activity, mandate = one
    with pytest.raises(RollRefused, match="丁示例"):
        record_roll(
            activity=activity,
            entries=[Entry(mandate.representative, "visitor")],
            actor=city.recorder,
            moment=START,
        )
    assert Attendance.objects.count() == 0
