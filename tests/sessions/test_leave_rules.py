"""Leave by its operations: rules 7, 8 and 11 of attendance (PRODUCT.md; THREATS 28)."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError
from wagtail.models import ModelLogEntry

from sessions.checkin.codes import code_at
from sessions.checkin.rolls import roll_sum
from sessions.checkin.wall import wall_at
from sessions.models import Activity, Attendance, AttendanceEvent, LeaveEvent, LeaveRequest
from sessions.operations import (
    LeaveRefused,
    NotYours,
    ReasonNeeded,
    cancel_activity,
    check_in,
    decide_leaves,
    lock_rolls,
    reschedule_activity,
    withdraw_leave,
)
from stations import operations as stations_operations
from tests.conftest import START
from tests.sessions.leave_world import (
    AFTER,
    BEFORE,
    HOUR,
    MINUTE,
    SECOND,
    ask,
    close,
    decide,
    granted,
    history,
    scan,
    tick,
)


@pytest.fixture
def one(city):
    """An open activity with one obliged representative."""
    mandate = city.representative()
    activity = city.activity()
    city.enrol(activity, mandate)
    return activity, mandate


# --- rule 7: approved before the start ------------------------------------------------------------------------


def test_rule_7_leave_approved_before_the_start_is_leave_at_the_close(one, city):
    activity, mandate = one
    granted(activity, mandate, city.recorder, START - SECOND)
    assert Attendance.objects.count() == 0
    close(activity, city.recorder)
    row = Attendance.objects.get()
    assert (row.status, row.method, row.obliged) == ("leave", "roll_close", True)
    assert history(activity) == [("created", "", "leave", "请假已批准")]


def test_rule_7_approved_leave_counts_as_excused_before_the_close(one, city):
    activity, mandate = one
    granted(activity, mandate, city.recorder)
    figures = roll_sum(activity)
    assert (figures.granted, figures.excused, figures.missing, figures.unrecorded) == (1, 1, 0, 0)
    assert figures.terms[-1] == ("已批请假", 1)
    assert wall_at(activity, START)["sums"] == ["应到 1 人", "请假 1 人", "未到 0 人"]


def test_rule_7_who_comes_in_spite_of_leave_is_asked_and_then_the_scan_wins(one, city):
    activity, mandate = one
    request = granted(activity, mandate, city.recorder)
    asked = scan(activity, mandate)
    came = scan(activity, mandate, START + SECOND, despite_leave=True)
    close(activity, city.recorder)
    assert (asked.outcome, asked.attendance) == ("already", None)
    assert (came.outcome, came.attendance.status) == ("created", "present")
    assert Attendance.objects.get().status == "present"
    assert LeaveRequest.objects.get() == request
    assert history(activity)[1] == ("created", "", "present", "请假后到场")


def test_rule_7_asking_again_with_the_same_nonce_gets_the_same_answer(one, city):
    activity, mandate = one
    granted(activity, mandate, city.recorder)
    common = {
        "activity": activity,
        "representative": mandate.representative,
        "nonce": "n" * 32,
        "token": code_at(activity.check_in_key, START).token,
    }
    answers = [check_in(moment=START + n * SECOND, **common) for n in range(2)]
    assert [(a.outcome, a.attendance) for a in answers] == [("already", None)] * 2
    assert AttendanceEvent.objects.count() == 1


def test_rule_7_the_recorder_who_sees_the_person_enters_them_as_present(one, city):
    activity, mandate = one
    granted(activity, mandate, city.recorder)
    tick(activity, mandate, "present", city.recorder)
    close(activity, city.recorder)
    assert Attendance.objects.counts() == {"present": 1}


def test_rule_7_who_has_leave_and_was_not_seen_is_on_leave_not_absent(one, city):
    activity, mandate = one
    granted(activity, mandate, city.recorder)
    scan(activity, mandate, despite_leave=True)
    row = tick(activity, mandate, "absent", city.recorder, START + MINUTE, reason="现场未见到本人")
    assert (row.status, row.arrived_at) == ("leave", None)


def test_rule_7_leave_that_was_taken_back_counts_no_more(one, city):
    activity, mandate = one
    request = granted(activity, mandate, city.recorder)
    user = mandate.representative.user
    for _ in range(2):
        withdraw_leave(request=request, actor=user, moment=START - SECOND)
    close(activity, city.recorder)
    assert Attendance.objects.counts() == {"absent": 1}
    kinds = [e.kind for e in LeaveEvent.objects.order_by("pk")]
    assert kinds == ["filed", "approved", "withdrawn"]


def test_rule_7_approved_leave_is_not_taken_back_after_the_start(one, city):
    activity, mandate = one
    request = granted(activity, mandate, city.recorder)
    with pytest.raises(LeaveRefused, match="直接签到"):
        withdraw_leave(request=request, actor=mandate.representative.user, moment=START)
    assert LeaveRequest.objects.get().state == "approved"


def test_rule_7_who_was_invited_and_excused_stays_outside_the_sum(one, city):
    activity, _ = one
    guest = city.representative("李示例")
    city.enrol(activity, guest, basis="invited")
    granted(activity, guest, city.recorder)
    close(activity, city.recorder)
    rows = set(Attendance.objects.values_list("representative__name", "status", "obliged"))
    assert rows == {("丁示例", "absent", True), ("李示例", "leave", False)}
    assert roll_sum(activity).obliged == 1


# --- rule 8: refused, not filed, late -------------------------------------------------------------------------


def test_rule_8_refused_leave_is_absent_at_the_close(one, city):
    activity, mandate = one
    decide(ask(activity, mandate), city.recorder, approve=False, reason="会议重要，请克服困难")
    close(activity, city.recorder)
    assert Attendance.objects.counts() == {"absent": 1}


@pytest.mark.parametrize(("offset", "late"), [(-SECOND, False), (timedelta(0), True), (SECOND, True)])
def test_rule_8_filed_from_the_start_on_is_marked_late(one, offset, late):
    activity, mandate = one
    request = ask(activity, mandate, START + offset)
    assert (request.filed_late, LeaveEvent.objects.get().late) == (late, late)


@pytest.mark.parametrize("filed", [BEFORE, START + MINUTE])
def test_rule_8_approving_after_the_start_needs_a_reason(one, city, filed):
    activity, mandate = one
    request = ask(activity, mandate, filed)
    with pytest.raises(ReasonNeeded, match="写明原因"):
        decide(request, city.recorder, moment=START + HOUR)
    decide(request, city.recorder, moment=START + HOUR, reason="家中急事，事后说明")
    close(activity, city.recorder)
    decided = LeaveRequest.objects.get()
    assert (decided.decided_late, Attendance.objects.counts()) == (True, {"leave": 1})


def test_rule_8_what_was_filed_late_needs_a_reason_even_when_the_activity_moved_on(one, city):
    activity, mandate = one
    request = ask(activity, mandate, START + MINUTE)
    reschedule_activity(
        activity=activity, starts_at=START + 5 * HOUR, ends_at=START + 7 * HOUR, actor=city.office
    )
    with pytest.raises(ReasonNeeded):
        decide(request, city.recorder, moment=START + 2 * MINUTE)


def test_rule_8_a_refusal_always_needs_a_reason(one, city):
    activity, mandate = one
    with pytest.raises(ReasonNeeded, match="本人会看到"):
        decide(ask(activity, mandate), city.recorder, approve=False)


def test_rule_8_a_late_decision_turns_the_absence_of_a_closed_roll_into_leave(one, city):
    activity, mandate = one
    close(activity, city.recorder)
    request = ask(activity, mandate, AFTER + HOUR)
    assert Attendance.objects.counts() == {"absent": 1}  # asking alone changes nothing
    decide(request, city.recorder, moment=AFTER + 2 * HOUR, reason="补交医院证明")
    row = Attendance.objects.get()
    assert (row.status, row.method, row.confirmed_by) == ("leave", "correction", city.recorder)
    assert history(activity)[-1] == ("changed", "absent", "leave", "请假批准：补交医院证明")
    figures = roll_sum(activity)
    assert (figures.obliged, sum(figures.by_status.values())) == (1, 1)


def test_rule_8_a_late_decision_does_not_touch_who_came(one, city):
    activity, mandate = one
    request = ask(activity, mandate)
    scan(activity, mandate)
    decide(request, city.recorder, moment=START + HOUR, reason="补批")
    assert Attendance.objects.get().status == "present"


def test_rule_8_a_locked_roll_takes_no_request_and_no_decision(one, city):
    activity, mandate = one
    request = ask(activity, mandate)
    close(activity, city.recorder, pending_seen=1)
    lock_rolls(activities=Activity.objects.all())
    for attempt in (
        lambda: decide(request, city.recorder, moment=AFTER, reason="补批"),
        lambda: ask(activity, mandate, AFTER),
        lambda: withdraw_leave(request=request, actor=mandate.representative.user, moment=AFTER),
    ):
        with pytest.raises(LeaveRefused, match="已经上报"):
            attempt()
    assert Attendance.objects.get().status == "absent"


def test_rule_8_moving_the_activity_keeps_the_request_and_shows_that_it_moved(one, city):
    activity, mandate = one
    request = ask(activity, mandate)
    reschedule_activity(
        activity=activity, starts_at=START + 24 * HOUR, ends_at=START + 26 * HOUR, actor=city.office
    )
    decide(request, city.recorder, moment=START + HOUR)  # after the old start, before the new one: in time
    request.refresh_from_db()
    activity.refresh_from_db()
    assert (request.state, request.decided_late) == ("approved", False)
    assert (request.start_known, activity.starts_at) == (START, START + 24 * HOUR)


# --- rule 11 and the rest -------------------------------------------------------------------------------------


def test_rule_11_a_late_decision_after_the_mandate_ended_changes_that_row_alone(one, city):
    activity, mandate = one
    other = city.representative("李示例")
    city.enrol(activity, other)
    request = ask(activity, mandate)
    close(activity, city.recorder, pending_seen=1)
    stations_operations.end_mandate(mandate=mandate, day=START.date() - timedelta(days=9), actor=city.office)
    decide(request, city.recorder, moment=AFTER, reason="补批")
    rows = dict(Attendance.objects.values_list("representative__name", "status"))
    assert (rows, roll_sum(activity).obliged) == ({"丁示例": "leave", "李示例": "absent"}, 2)


def test_asking_twice_is_one_request_and_other_words_are_not_lost_in_silence(one):
    activity, mandate = one
    first = ask(activity, mandate, detail="发烧")
    assert ask(activity, mandate, BEFORE + MINUTE, detail="发烧") == first
    with pytest.raises(LeaveRefused, match="待批"):
        ask(activity, mandate, category="travel")
    assert (LeaveRequest.objects.count(), LeaveEvent.objects.count()) == (1, 1)


def test_the_database_itself_allows_one_live_request_a_person(one):
    activity, mandate = one
    request = ask(activity, mandate)
    request.pk = uuid.uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        request.save(force_insert=True)


def test_after_a_refusal_one_may_ask_again(one, city):
    activity, mandate = one
    decide(ask(activity, mandate), city.recorder, approve=False, reason="请补充说明")
    again = ask(activity, mandate, BEFORE + HOUR, detail="住院")
    assert (again.state, LeaveRequest.objects.count()) == ("pending", 2)


def test_who_may_not_ask_is_told_why(one, city):
    activity, mandate = one
    stranger, volunteer, there = (city.representative(name) for name in ("甲示例", "乙示例", "丙示例"))
    city.enrol(activity, volunteer, basis="voluntary")
    city.enrol(activity, there)
    scan(activity, there)
    said = {}
    for who in (stranger, volunteer, there):
        with pytest.raises(LeaveRefused) as told:
            ask(activity, who)
        said[who.representative.name] = str(told.value)
    assert said == {
        "甲示例": "这场活动的名单里没有这位代表，不用请假。",
        "乙示例": "自愿报名的活动不用请假，取消报名就可以。",
        "丙示例": "名册上已经记为出席，不用请假。记录有出入的，请联系工作人员。",
    }
    cancel_activity(activity=activity, reason="改期", actor=city.office)
    with pytest.raises(LeaveRefused, match="已取消"):
        ask(activity, mandate)


def test_nobody_takes_back_what_is_not_theirs(one, city):
    activity, mandate = one
    request = ask(activity, mandate)
    with pytest.raises(NotYours):
        withdraw_leave(request=request, actor=city.office, moment=BEFORE)
    decide(request, city.recorder, approve=False, reason="不同意")
    with pytest.raises(LeaveRefused, match="未批准"):
        withdraw_leave(request=request, actor=mandate.representative.user, moment=BEFORE)


def test_several_are_decided_each_for_itself(one, city):
    activity, mandate = one
    others = [city.representative(name) for name in ("甲示例", "乙示例")]
    city.enrol(activity, *others)
    requests = [ask(activity, each) for each in (mandate, *others)]
    decide(requests[0], city.office)
    done, refused = decide_leaves(requests=requests, approve=True, actor=city.recorder, moment=BEFORE)
    assert {r.representative.name for r in done} == {"甲示例", "乙示例"}
    assert [(r.representative.name, "代工委" in why) for r, why in refused] == [("丁示例", True)]
    assert LeaveRequest.objects.granted().count() == 3


@pytest.mark.parametrize(
    "sql", ["UPDATE sharing_leaveevent SET reason = 'x'", "DELETE FROM sharing_leaveevent"]
)
def test_the_database_refuses_to_change_the_history_of_leave(one, sql):
    activity, mandate = one
    ask(activity, mandate)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_every_step_leaves_its_line_without_anything_private(one, city):
    activity, mandate = one
    request = ask(activity, mandate, detail="住院做手术的缘由")
    decide(request, city.recorder, reason="同意，祝早日康复")
    withdraw_leave(request=request, actor=mandate.representative.user, moment=BEFORE)
    lines = ModelLogEntry.objects.filter(action__contains="leave").order_by("pk")
    assert [line.action for line in lines] == [
        "sharing.file_leave",
        "sharing.approve_leave",
        "sharing.withdraw_leave",
    ]
    told = " ".join(f"{line.label} {line.data}" for line in lines)
    assert [word for word in ("住院", "病假", "sick", "康复") if word in told] == []
