"""What planners may change of an activity, and what stays as it is."""

from datetime import timedelta

import pytest

from sessions.months import Month, read_month
from sessions.operations import (
    ActivityRefused,
    cancel_activity,
    change_activity,
    create_session,
    record_status,
    sign_up,
)
from tests.conftest import START
from tests.sessions.faces import HOUR_BEFORE, face


def test_a_larger_room_gives_its_seats_to_who_waits_in_order(city):
    activity = city.activity(capacity=1)
    people = [city.representative(name) for name in ("丁示例", "王样本", "李拟名", "周虚构")]
    for minute, mandate in enumerate(people):
        moment = HOUR_BEFORE + timedelta(minutes=minute)
        sign_up(activity=activity, representative=mandate.representative, moment=moment)
    states = []
    for capacity in (1, 3, 2, None):
        change_activity(activity=activity, actor=city.office, capacity=capacity)
        rows = activity.enrolments.order_by("signed_up_at").values_list("state", flat=True)
        states.append([state == "signed_up" for state in rows])
    assert states == [
        [True, False, False, False],
        [True, True, True, False],
        [True, True, True, False],
        [True, True, True, True],
    ]


@pytest.mark.parametrize(
    "change", [{"starts_at": START + timedelta(minutes=5)}, {"units": 2}, {"grace_minutes": 20}]
)
def test_what_the_roll_was_judged_by_stays_once_somebody_came(city, change):
    activity, mandate = city.activity(), city.representative()
    city.enrol(activity, mandate)
    record_status(
        activity=activity,
        representative=mandate.representative,
        status="present",
        actor=city.recorder,
        moment=START,
    )
    with pytest.raises(ActivityRefused, match="已经有人签到"):
        change_activity(activity=activity, actor=city.office, **change)
    assert change_activity(activity=activity, actor=city.office, place="二楼").place == "二楼"


@pytest.mark.parametrize(
    ("change", "words"),
    [({"ends_at": START}, "结束时间要晚于开始时间"), ({"late_minutes": 5}, "迟到截止不能早于宽限")],
)
def test_a_change_that_makes_no_sense_is_refused_and_nothing_is_written(city, change, words):
    activity = city.activity()
    with pytest.raises(ActivityRefused, match=words):
        change_activity(activity=activity, actor=city.office, title="改", **change)
    activity.refresh_from_db()
    assert activity.title == "示例分享会"


def test_the_state_is_no_plain_fact(city):
    with pytest.raises(TypeError):
        change_activity(activity=city.activity(), actor=city.office, state="closed")


def test_what_was_called_off_is_changed_no_more(city):
    activity = city.activity()
    cancel_activity(activity=activity, reason="改期", actor=city.office)
    with pytest.raises(ActivityRefused, match="已取消"):
        change_activity(activity=activity, actor=city.office, title="改")


def test_a_refused_session_leaves_neither_activity_nor_page(city, site):
    face(city, site, page={"number": 3})
    before = (type(city.activity()).objects.count(), site["fenxianghui"].get_children().count())
    facts = {"title": "新", "kind": "sharing", "format": "topic", "area": city.township, "actor": city.office}
    for wrong in ({"number": 3, "ends_at": START + timedelta(hours=1)}, {"ends_at": START}):
        with pytest.raises(ActivityRefused):
            create_session(index=site["fenxianghui"], starts_at=START, **facts, **wrong)
    after = (type(city.activity()).objects.count() - 1, site["fenxianghui"].get_children().count())
    assert after == before


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-06", "2026-06"),
        ("2026-6", "2026-06"),
        ("2026-13", "2026-08"),
        ("2026-00", "2026-04"),
        ("1999-01", "2026-04"),
        ("９９９９-01", "2026-05"),
        ("", "2026-05"),
        ("2026-06-18", "2026-05"),
    ],
)
def test_a_month_is_read_into_what_there_is(text, month):
    limits = {"default": Month(2026, 5), "first": Month(2026, 4), "last": Month(2026, 8)}
    assert str(read_month(text, **limits)) == month


def test_months_go_over_the_end_of_a_year():
    assert [str(Month(2026, 1) + n) for n in (-1, 11, 12)] == ["2025-12", "2026-12", "2027-01"]
