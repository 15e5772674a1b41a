"""One test a rule of attendance, in the order of PRODUCT.md: rules 1 to 12, who is on the roll and how."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from sessions.checkin.codes import code_at
from sessions.checkin.rolls import roll_sum
from sessions.models import Attendance, AttendanceEvent
from sessions.operations import (
    ActivityRefused,
    RollRefused,
    close_roll,
    enrol,
    request_walk_in,
)
from stations import operations as stations_operations
from tests.conftest import START
from tests.sessions.attending import MINUTE, SECOND, history, scan, tick, type_in


@pytest.fixture
def one(city):
    """An open activity with one obliged representative."""
    mandate = city.representative()
    activity = city.activity()
    city.enrol(activity, mandate)
    return activity, mandate


def test_rule_1_the_database_itself_allows_one_row_a_person(one):
    activity, mandate = one
    scan(activity, mandate)
    with pytest.raises(DatabaseError), transaction.atomic():
        Attendance.objects.create(
            activity=activity,
            representative=mandate.representative,
            mandate=mandate,
            status="late",
            method="self_qr",
        )


def test_rule_2_a_second_scan_answers_already_with_the_first_time_and_changes_only_the_history(one):
    activity, mandate = one
    first = scan(activity, mandate)
    again = scan(activity, mandate, START + 5 * MINUTE)
    assert (again.outcome, again.attendance.arrived_at, again.attendance.method, again.new) == (
        "already",
        START,
        "self_qr",
        False,
    )
    assert Attendance.objects.values().get() == Attendance.objects.values().get(pk=first.attendance.pk)
    assert history(activity) == [("created", "", "", "present"), ("already", "already", "present", "present")]


def test_rule_3_a_retry_with_the_same_nonce_returns_the_first_result(one):
    activity, mandate = one
    first = scan(activity, mandate, nonce="n" * 32)
    retry = scan(activity, mandate, START + 5 * MINUTE, nonce="n" * 32, shown_at=START)
    assert (first.outcome, retry.outcome, retry.attendance) == ("created", "created", first.attendance)
    assert history(activity) == [("created", "", "", "present")]


def test_rule_3_the_same_nonce_with_other_content_is_a_conflict_and_judges_nothing(one, city):
    activity, mandate = one
    right = code_at(activity.check_in_key, START).digits
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    other = city.representative("王样本")
    city.enrol(activity, other)
    outcomes = [
        type_in(activity, mandate, wrong, nonce="n" * 32).outcome,
        type_in(activity, mandate, right, nonce="n" * 32).outcome,
        type_in(activity, other, wrong, nonce="n" * 32).outcome,
        type_in(activity, mandate, right, nonce="m" * 32).outcome,
    ]
    assert outcomes == ["invalid", "conflict", "conflict", "created"]


@pytest.mark.parametrize(
    ("offset", "outcome", "status"),
    [
        (-30 * MINUTE - SECOND, "not_open", None),
        (-30 * MINUTE, "created", "present"),
        (10 * MINUTE, "created", "present"),
        (10 * MINUTE + SECOND, "created", "late"),
        (30 * MINUTE, "created", "late"),
        (30 * MINUTE + SECOND, "window_closed", None),
    ],
)
def test_rule_4_the_edges_of_the_window_hold_to_the_second(one, offset, outcome, status):
    activity, mandate = one
    answer = scan(activity, mandate, START + offset)
    assert (answer.outcome, answer.attendance and answer.attendance.status) == (outcome, status)


def test_rule_4_after_the_limit_the_recorder_may_still_enter_with_a_reason(one, city):
    activity, mandate = one
    with pytest.raises(RollRefused, match="要写明原因"):
        tick(city, activity, mandate, "late", START + 31 * MINUTE)
    row = tick(city, activity, mandate, "late", START + 31 * MINUTE, reason="当场核对身份")
    assert (row.status, row.method, row.confirmed_by) == ("late", "staff_tick", city.recorder)


def test_rule_5_too_early_leaves_no_row_and_a_later_scan_succeeds(one):
    activity, mandate = one
    early = scan(activity, mandate, START - 31 * MINUTE)
    assert (early.outcome, Attendance.objects.count()) == ("not_open", 0)
    assert scan(activity, mandate, START - 30 * MINUTE).outcome == "created"


def test_rule_6_the_recorder_can_enter_who_left_early(one, city):
    activity, mandate = one
    scan(activity, mandate)
    row = tick(city, activity, mandate, "left_early", START + 90 * MINUTE, reason="15:40 离场")
    assert (row.status, row.arrived_at, row.method) == ("left_early", START, "staff_tick")


def test_rule_7_who_has_leave_is_asked_and_when_they_come_the_scan_wins(one, city):
    activity, mandate = one
    tick(city, activity, mandate, "leave", START - 60 * MINUTE)
    asked = scan(activity, mandate)
    came = scan(activity, mandate, START + SECOND, despite_leave=True)
    assert (asked.outcome, asked.attendance.status) == ("already", "leave")
    assert (came.outcome, came.attendance.status, came.attendance.confirmed_at) == (
        "created",
        "present",
        None,
    )
    assert history(activity)[-1] == ("changed", "", "leave", "present")


def test_rule_7_leave_is_not_undone_by_oneself_after_the_late_limit(one, city):
    activity, mandate = one
    tick(city, activity, mandate, "leave", START - 60 * MINUTE)
    answer = scan(activity, mandate, START + 31 * MINUTE, despite_leave=True)
    assert (answer.outcome, answer.attendance.status) == ("window_closed", "leave")


def test_rule_7_leave_stays_leave_at_the_close(one, city):
    activity, mandate = one
    tick(city, activity, mandate, "leave", START - 60 * MINUTE)
    close_roll(activity=activity, actor=city.recorder, moment=START + 60 * MINUTE)
    assert Attendance.objects.counts() == {"leave": 1}


def test_rule_8_who_has_neither_row_nor_leave_is_absent_at_the_close(one, city):
    activity, _ = one
    close_roll(activity=activity, actor=city.recorder, moment=START + 60 * MINUTE)
    row = Attendance.objects.get()
    assert (row.status, row.method, row.obliged) == ("absent", "roll_close", True)


def test_a_recorded_absence_is_not_scanned_away_but_settled_by_a_person(one, city):
    activity, mandate = one
    tick(city, activity, mandate, "absent")
    answer = scan(activity, mandate)
    assert (answer.outcome, answer.attendance.status) == ("conflict", "absent")


def test_rule_10_the_sum_of_a_closed_roll_is_the_obliged(city):
    people = [city.representative(f"示例{n}") for n in "甲乙丙丁戊己庚"]
    guest, volunteer = city.representative("来访"), city.representative("自愿")
    activity = city.activity()
    city.enrol(activity, *people)
    city.enrol(activity, volunteer, basis="voluntary")
    for status, mandate in zip(
        ("late", "left_early", "late_left", "leave", "exempt"), people[:5], strict=True
    ):
        tick(city, activity, mandate, status)
    scan(activity, people[5])
    scan(activity, volunteer)
    tick(city, activity, guest, "visitor")
    close_roll(activity=activity, actor=city.recorder, moment=START + 60 * MINUTE)
    figures = roll_sum(activity)
    assert figures.by_status == dict.fromkeys(
        ("present", "late", "left_early", "late_left", "leave", "absent", "exempt"), 1
    )
    assert (figures.obliged, figures.came, figures.visitors, figures.unrecorded) == (7, 6, 1, 0)
    assert Attendance.objects.filter(activity=activity).reconciled() is True


def test_rule_10_who_was_put_on_the_list_after_arriving_counts_as_obliged(city):
    early, guest = city.representative("先到"), city.representative("来访")
    activity = city.activity()
    city.enrol(activity, early, basis="voluntary")
    scan(activity, early)
    tick(city, activity, guest, "visitor", START + 20 * MINUTE)
    city.enrol(activity, early, guest)
    close_roll(activity=activity, actor=city.recorder, moment=START + 60 * MINUTE)
    assert roll_sum(activity).by_status == {"present": 1, "late": 1}
    assert Attendance.objects.filter(obliged=True).count() == 2
    assert ("changed", "", "visitor", "late") in history(activity)


def test_rule_10_closing_twice_changes_nothing(one, city):
    activity, _ = one
    first = close_roll(activity=activity, actor=city.recorder, moment=START + 60 * MINUTE)
    before = (list(Attendance.objects.values()), history(activity))
    second = close_roll(activity=activity, actor=city.office, moment=START + 90 * MINUTE)
    assert (second.closed_at, second.closed_by) == (first.closed_at, city.recorder)
    assert (list(Attendance.objects.values()), history(activity)) == before


def test_rule_10_nothing_closes_before_the_start(one, city):
    activity, _ = one
    with pytest.raises(RollRefused, match="还没有开始"):
        close_roll(activity=activity, actor=city.recorder, moment=START - SECOND)


def test_rule_11_moving_or_ending_a_mandate_changes_no_closed_roll(one, city):
    activity, mandate = one
    close_roll(activity=activity, actor=city.recorder, moment=START + 60 * MINUTE)
    before = (roll_sum(activity), list(Attendance.objects.values()))
    stations_operations.end_mandate(mandate=mandate, day=START.date() - timedelta(days=9), actor=city.office)
    assert (roll_sum(activity), list(Attendance.objects.values())) == before
    with pytest.raises(ActivityRefused):
        enrol(activity=activity, mandates=[city.representative()], basis="obliged", actor=city.office)


def test_rule_12_a_walk_in_is_a_visitor_outside_the_denominator(one, city):
    activity, _ = one
    guest = city.representative("王样本")
    assert scan(activity, guest).outcome == "not_eligible"
    request_walk_in(activity=activity, representative=guest.representative, moment=START, actor=city.recorder)
    row = tick(city, activity, guest, "present")
    assert (row.status, row.obliged) == ("visitor", False)
    assert (roll_sum(activity).obliged, roll_sum(activity).came) == (1, 1)
    assert scan(activity, guest, START + MINUTE).outcome == "already"


def test_rule_12_asking_to_be_let_in_twice_is_one_request(one, city):
    activity, _ = one
    guest = city.representative("王样本")
    for minutes in (0, 59):
        request_walk_in(
            activity=activity,
            representative=guest.representative,
            moment=START + minutes * MINUTE,
            actor=city.recorder,
        )
    assert AttendanceEvent.objects.filter(kind="requested").count() == 1


def test_rule_12_an_obliged_person_never_becomes_a_visitor(one, city):
    activity, mandate = one
    with pytest.raises(RollRefused, match="在名单里"):
        tick(city, activity, mandate, "visitor")
