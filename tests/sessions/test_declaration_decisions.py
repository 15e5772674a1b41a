"""Somebody else decides: one row, never two; four eyes; a locked year takes nothing new (THREATS 14; rules 1, 12, 20, 21)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from sessions.checkin.codes import code_at
from sessions.declarations.queue import likely_of, others_of
from sessions.models import Activity, Attendance, AttendanceEvent, Declaration
from sessions.operations import (
    DeclarationRefused,
    Finding,
    check_in,
    close_roll,
    confirm_declaration,
    confirm_declarations,
    lock_period,
    lock_rolls,
    record_status,
    return_declaration,
    unlock_period,
    withdraw_declaration,
)
from stations.operations import grant
from tests.conftest import START
from tests.sessions.declared import DAY, LATER, attended, deed


@pytest.fixture
def mandate(city):
    return city.representative()


@pytest.fixture
def missed(city, mandate):
    """An activity the person was listed for and has no row of."""
    activity = city.activity()
    city.enrol(activity, mandate)
    return activity


def confirm(city, declaration, *, actor=None, seen=None, **finding):
    return confirm_declaration(
        declaration=declaration,
        actor=actor or city.recorder,
        moment=LATER,
        seen=seen,
        finding=Finding(**finding),
    )


def closed(city, activity):
    return close_roll(activity=activity, actor=city.recorder, moment=START + timedelta(hours=3))


def rolls():
    """Return every row with how it stands."""
    return list(Attendance.objects.order_by("pk").values_list("activity__title", "status", "method"))


# --- attendance ---------------------------------------------------------------------------------------------


def test_a_confirmed_attendance_is_one_row_of_the_roll_with_its_history(city, mandate, missed):
    done = confirm(city, attended(mandate, missed), note="合影里有本人")
    row = done.attendance
    event = AttendanceEvent.objects.get(kind="created")
    assert (done.state, row.status, row.method, row.obliged, row.arrived_at) == (
        "confirmed", "present", "declaration", True, None,
    )  # fmt: skip
    assert (row.confirmed_by, event.actor, event.reason) == (
        city.recorder, city.recorder, "代表申报，核实后登记：合影里有本人",
    )  # fmt: skip


@pytest.mark.parametrize("status", ["late", "left_early"])
def test_the_reviewer_says_how_they_came(city, mandate, missed, status):
    assert confirm(city, attended(mandate, missed), status=status).attendance.status == status


@pytest.mark.parametrize("status", ["absent", "leave", "exempt", "visitor", "nonsense"])
def test_confirming_never_means_another_thing_than_having_come(city, mandate, missed, status):
    with pytest.raises(DeclarationRefused, match="请选择出席、迟到或早退"):
        confirm(city, attended(mandate, missed), status=status)


def test_who_was_ticked_meanwhile_is_merged_and_not_doubled(city, mandate, missed):
    declaration = attended(mandate, missed)
    record_status(
        activity=missed,
        representative=mandate.representative,
        status="late",
        actor=city.recorder,
        moment=START,
    )
    done = confirm(city, declaration)
    assert (done.state, done.attendance.status, rolls()) == (
        "merged", "late", [("示例分享会", "late", "staff_tick")],
    )  # fmt: skip


def test_a_claim_of_their_own_is_confirmed_by_the_merge(city, mandate, missed):
    declaration = attended(mandate, missed)
    check_in(
        activity=missed, representative=mandate.representative, nonce="n", moment=START,
        token=code_at(missed.check_in_key, START).token,
    )  # fmt: skip
    row = confirm(city, declaration).attendance
    assert (row.method, row.confirmed_by) == ("self_qr", city.recorder)


def test_rule_20_after_the_close_absent_becomes_present_only_by_choice_and_with_a_reason(
    city, mandate, missed
):
    declaration = attended(mandate, missed)
    closed(city, missed)
    for finding in ({}, {"correct": True}, {"note": "合影里有本人"}):
        with pytest.raises(DeclarationRefused, match="名册上现在是“缺席”"):
            confirm(city, declaration, **finding)
    done = confirm(city, declaration, correct=True, note="合影里有本人")
    event = AttendanceEvent.objects.get(kind="changed")
    assert (done.state, rolls()) == ("confirmed", [("示例分享会", "present", "correction")])
    assert (event.old_status, event.new_status, event.reason) == (
        "absent", "present", "代表申报，核实后登记：合影里有本人",
    )  # fmt: skip


def test_rule_21_a_locked_roll_takes_no_declaration(city, mandate, missed):
    declaration = attended(mandate, missed)
    closed(city, missed)
    lock_rolls(activities=Activity.objects.all())
    with pytest.raises(DeclarationRefused, match="本年度已经上报"):
        confirm(city, declaration, correct=True, note="合影里有本人")
    assert Declaration.objects.get().state == "submitted"


# --- deeds --------------------------------------------------------------------------------------------------


def test_a_confirmed_deed_becomes_an_activity_of_its_kind_with_a_closed_roll_of_one(city, mandate):
    done = confirm(city, deed(mandate), units=Decimal(2))
    row, activity = done.attendance, done.attendance.activity
    assert (activity.kind, activity.title, activity.area, activity.state, activity.declared, activity.place) == (
        "visit", "走访三户示例家庭", mandate.area, "closed", True, "示例村",
    )  # fmt: skip
    assert (row.status, row.method, row.obliged, row.units, row.mandate, row.confirmed_by) == (
        "present", "declaration", False, 2, mandate, city.recorder,
    )  # fmt: skip
    assert (Activity.objects.arranged().count(), rolls()) == (
        0,
        [("走访三户示例家庭", "present", "declaration")],
    )


def test_a_deed_done_together_is_one_activity_of_two(city, mandate):
    other = city.representative("田示范")
    first, second = deed(mandate), deed(other)
    assert [d.pk for d in others_of(second)] == [first.pk]
    activity = confirm(city, first).attendance.activity
    offered = [(each.activity, each.words) for each in likely_of(second, city.recorder)]
    done = confirm(city, second, into=activity)
    assert offered == [(activity, "由其他代表申报")]
    assert (done.state, done.attendance.status, Activity.objects.count(), Attendance.objects.count()) == (
        "confirmed", "present", 1, 2,
    )  # fmt: skip


def test_rule_12_a_deed_that_was_an_activity_with_a_list_makes_a_visitor(city, mandate):
    held = city.activity(kind="visit", title="小组走访")
    closed(city, held)
    assert confirm(city, deed(mandate), into=held).attendance.status == "visitor"


def test_a_second_deed_of_one_kind_and_day_counts_only_when_the_reviewer_says_so(city, mandate):
    first = confirm(city, deed(mandate))
    second, third = deed(mandate), deed(mandate)
    with pytest.raises(DeclarationRefused, match="本人这一天已有同类记录"):
        confirm(city, second)
    merged = confirm(city, second, into=first.attendance.activity)
    anew = confirm(city, third, anew=True)
    assert (merged.state, merged.attendance, anew.state) == ("merged", first.attendance, "confirmed")
    assert Attendance.objects.count() == 2


@pytest.mark.parametrize("other", [{"kind": "reception"}, {"starts_at": START + timedelta(days=1)}])
def test_a_deed_is_not_put_into_something_else(city, mandate, other):
    held = city.activity(**({"kind": "visit"} | other))
    with pytest.raises(DeclarationRefused, match="只能并入同一天、同一类"):
        confirm(city, deed(mandate), into=held)


def test_a_deed_is_not_put_into_an_activity_of_elsewhere(city, mandate):
    held = city.activity(kind="visit", area=city.other_township)
    with pytest.raises(DeclarationRefused, match="您负责的活动"):
        confirm(city, deed(mandate), into=held)


def test_rule_21_a_deed_of_a_year_that_was_handed_up_is_refused_until_it_comes_back(city, mandate):
    declaration = deed(mandate)
    span = {"first": DAY.replace(month=1, day=1), "last": DAY.replace(month=12, day=31)}
    lock_period(areas=[mandate.area], **span, actor=city.office)
    with pytest.raises(DeclarationRefused, match="2026 年度已经上报"):
        confirm(city, declaration)
    unlock_period(area=mandate.area, **span, actor=city.office)
    assert confirm(city, declaration).state == "confirmed"


# --- who decides --------------------------------------------------------------------------------------------


def test_nobody_decides_on_their_own_also_not_as_recorder(city, mandate):
    user = mandate.representative.user
    grant(user=user, area=city.county, role="recorder", actor=city.office)
    for decide in (
        lambda d: confirm(city, d, actor=user),
        lambda d: return_declaration(declaration=d, reason="退", actor=user, moment=LATER),
    ):
        with pytest.raises(DeclarationRefused, match="自己的申报要由另一位同志审核"):
            decide(deed(mandate))


def test_the_database_keeps_four_eyes_too(mandate):
    declaration = deed(mandate)
    with pytest.raises(IntegrityError), transaction.atomic():
        Declaration.objects.filter(pk=declaration.pk).update(decided_by=mandate.representative.user)


@pytest.mark.parametrize("who", ["other_recorder", "reviewer", "auditor"])
def test_who_keeps_no_rolls_of_the_area_decides_nothing(city, mandate, who):
    with pytest.raises(DeclarationRefused, match="不在您负责的区域"):
        confirm(city, deed(mandate), actor=getattr(city, who))


def test_the_attendance_of_an_activity_is_the_business_of_its_initiator(city, mandate):
    activity = city.activity(area=city.county)
    city.enrol(activity, mandate)
    declaration = attended(mandate, activity)
    with pytest.raises(DeclarationRefused, match="不在您负责的区域"):
        confirm(city, declaration)
    assert confirm(city, declaration, actor=city.office).state == "confirmed"


def test_the_second_reviewer_is_told_who_was_first(city, mandate):
    declaration = deed(mandate)
    confirm(city, declaration)
    with pytest.raises(DeclarationRefused, match="刚由记录员办理过，现在是“已通过”"):
        confirm(city, declaration, actor=city.office)
    with pytest.raises(DeclarationRefused, match="不能撤回"):
        withdraw_declaration(declaration=declaration, actor=mandate.representative.user, moment=LATER)


def test_what_was_amended_behind_the_reviewers_back_is_not_confirmed(city, mandate):
    with pytest.raises(DeclarationRefused, match="代表刚刚修改过"):
        confirm(city, deed(mandate), seen=2)


@pytest.mark.parametrize("reason", ["", "  ", "长" * 301])
def test_nothing_goes_back_without_a_reason_that_can_be_read(city, mandate, reason):
    with pytest.raises(DeclarationRefused, match="请写明退回的原因"):
        return_declaration(declaration=deed(mandate), reason=reason, actor=city.recorder, moment=LATER)


def test_a_note_too_long_for_the_history_is_refused(city, mandate, missed):
    with pytest.raises(DeclarationRefused, match="不超过 150 字"):
        confirm(city, attended(mandate, missed), note="长" * 151)
    assert confirm(city, deed(mandate), note="长" * 150).state == "confirmed"


def test_of_many_each_has_its_own_outcome(city, mandate, missed):
    plain, stale, absent = deed(mandate), deed(mandate, kind="reception"), attended(mandate, missed)
    closed(city, missed)
    chosen = [(plain, 1), (stale, 7), (absent, 1)]
    outcomes = confirm_declarations(chosen=chosen, actor=city.recorder, moment=LATER)
    assert [(o.declaration.state, o.refused[:12]) for o in outcomes] == [
        ("confirmed", ""),
        ("submitted", "代表刚刚修改过这件申报，"),
        ("submitted", "名册上现在是“缺席”。核"),
    ]
    assert sorted(Declaration.objects.values_list("state", flat=True)) == [
        "confirmed",
        "submitted",
        "submitted",
    ]


def test_every_step_of_a_declaration_leaves_its_line_in_the_log(city, mandate):
    first = deed(mandate)
    return_declaration(declaration=first, reason="请补照片", actor=city.recorder, moment=LATER)
    withdraw_declaration(declaration=first, actor=mandate.representative.user, moment=LATER)
    confirm(city, deed(mandate))
    lines = ModelLogEntry.objects.filter(action__contains="declar").order_by("pk")
    steps = [
        (line.action.removeprefix("sharing."), line.data.get("step", ""), line.user_id) for line in lines
    ]
    user, recorder = mandate.representative.user_id, city.recorder.pk
    written = [("declare", "start", user), ("declare", "write", user), ("submit_declaration", "", user)]
    assert steps == [
        *written, ("return_declaration", "", recorder), ("withdraw_declaration", "", user),
        *written, ("confirm_declaration", "", recorder),
    ]  # fmt: skip
    assert {line.label for line in lines} == {f"申报 {d.pk}" for d in Declaration.objects.all()}
