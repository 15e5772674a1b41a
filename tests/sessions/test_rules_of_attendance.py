"""One test a rule of attendance, in the order of PRODUCT.md."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from sessions.checkin.codes import code_at
from sessions.checkin.rolls import roll_sum
from sessions.models import Activity, Attendance, AttendanceEvent
from sessions.operations import (
    ActivityRefused,
    Entry,
    RollRefused,
    cancel_activity,
    check_in,
    close_roll,
    confirm_claims,
    enrol,
    lock_rolls,
    record_roll,
    record_status,
    renew_key,
    request_walk_in,
    sign_up,
    withdraw,
)
from stations import operations as stations_operations
from tests.conftest import START

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def scan(activity, mandate, moment=START, nonce=None, shown_at=None, **more):
    activity.refresh_from_db()
    token = code_at(activity.check_in_key, shown_at or more.get("scanned_at") or moment).token
    return check_in(
        activity=activity,
        representative=mandate.representative,
        nonce=nonce or uuid.uuid4().hex,
        moment=moment,
        token=token,
        **more,
    )


def type_in(activity, mandate, digits, moment=START, nonce=None):
    return check_in(
        activity=activity,
        representative=mandate.representative,
        nonce=nonce or uuid.uuid4().hex,
        moment=moment,
        digits=digits,
    )


def tick(city, activity, mandate, status, moment=START, **more):
    return record_status(
        activity=activity,
        representative=mandate.representative,
        status=status,
        actor=city.recorder,
        moment=moment,
        **more,
    )


def history(activity):
    events = AttendanceEvent.objects.filter(activity=activity).order_by("received_at", "kind")
    return [(e.kind, e.reason_code, e.old_status, e.new_status) for e in events]


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
