"""Rule 21: once an area has handed up its year, no activity finds its way into those days, and no roll is closed there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions.models import Activity
from sessions.operations import (
    ActivityRefused,
    Entry,
    LeaveRefused,
    RollRefused,
    change_activity,
    close_roll,
    decide_leave,
    file_leave,
    lock_period,
    record_status,
    reschedule_activity,
    unlock_period,
)
from sessions.operations.corrections import change_rows
from sessions.operations.roll import refuse_handed_up
from tests.conftest import START

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YEAR = {"first": START.date().replace(month=1, day=1), "last": START.date().replace(month=12, day=31)}
ELSEWHEN = START.replace(year=2027)


def hand_up(city, *areas):
    lock_period(areas=areas, **YEAR, actor=city.office)


def said(area):
    return (
        f"{area.name}的 2026 年度已经上报，6 月 18 日不能再安排活动；确需补记请向代表工作委员会提出补充决定。"
    )


def test_no_activity_is_planned_in_days_that_were_handed_up(city):
    hand_up(city, city.township)
    with pytest.raises(ActivityRefused) as refused:
        city.activity()
    assert (str(refused.value), Activity.objects.count()) == (said(city.township), 0)


def test_other_days_other_areas_and_the_county_go_on(city):
    hand_up(city, city.township)
    made = [
        city.activity(starts_at=ELSEWHEN),
        city.activity(area=city.other_township),
        city.activity(area=city.county),
    ]
    assert Activity.objects.count() == len(made) == 3


def test_what_the_county_handed_up_is_closed_for_every_area_below(city):
    hand_up(city, city.county)
    for area in (city.county, city.township, city.other_township):
        with pytest.raises(ActivityRefused) as refused:
            city.activity(area=area)
        assert str(refused.value) == said(area)


def test_no_activity_is_moved_into_days_that_were_handed_up_and_one_that_lies_there_may_leave(city):
    inside, outside = city.activity(), city.activity(starts_at=ELSEWHEN)
    hand_up(city, city.township)
    with pytest.raises(ActivityRefused) as refused:
        reschedule_activity(activity=outside, starts_at=START, ends_at=START + HOUR, actor=city.office)
    assert str(refused.value) == said(city.township)
    reschedule_activity(activity=inside, starts_at=ELSEWHEN, ends_at=ELSEWHEN + HOUR, actor=city.office)
    days = [timezone.localdate(each.starts_at) for each in Activity.objects.order_by("pk")]
    assert days == [ELSEWHEN.date()] * 2


def test_no_activity_is_given_to_an_area_that_has_handed_up_and_one_of_it_may_be_given_away(city):
    inside, outside = city.activity(), city.activity(area=city.other_township)
    hand_up(city, city.township)
    with pytest.raises(ActivityRefused) as refused:
        change_activity(activity=outside, area=city.township, actor=city.office)
    assert str(refused.value) == said(city.township)
    change_activity(activity=inside, area=city.other_township, actor=city.office)
    assert set(Activity.objects.values_list("area", flat=True)) == {city.other_township.pk}


def test_a_move_that_meets_a_change_of_the_area_is_told(city):
    activity = city.activity()
    change_activity(activity=Activity.objects.get(), area=city.other_township, actor=city.office)
    with pytest.raises(ActivityRefused, match="这场活动的区域刚被别人改了。请看过再改。"):
        reschedule_activity(activity=activity, starts_at=ELSEWHEN, ends_at=ELSEWHEN + HOUR, actor=city.office)


def test_a_roll_left_open_is_not_closed_after_its_year_was_handed_up_unless_it_is_sent_back(city):
    activity = city.activity()
    hand_up(city, city.township)
    with pytest.raises(RollRefused, match="2026 年度已经上报，6 月 18 日不能再增加记录"):
        close_roll(activity=activity, actor=city.recorder, moment=START + 2 * HOUR)
    unlock_period(area=city.township, **YEAR, actor=city.office)
    assert close_roll(activity=activity, actor=city.recorder, moment=START + 2 * HOUR).state == "closed"


# --- rolls of a wider area: locked are the figures of whose area handed up, not the roll -----------------------

REFUSED = "石桥镇的王样本：本年度已经上报，名册不能再改；确需更正请向代表工作委员会提出补充决定。"


@pytest.fixture
def wide(city):
    """Return a roll of the county with somebody of each township, still open, and these two."""
    people = [city.representative("王样本"), city.representative("田示范", area=city.other_township)]
    activity = city.activity(area=city.county)
    city.enrol(activity, *people)
    return activity, *people


def closed(activity, city):
    return close_roll(activity=activity, actor=city.office, moment=START + 2 * HOUR)


def said_late(activity, mandate, actor):
    return record_status(
        activity=activity,
        representative=mandate.representative,
        status="late",
        actor=actor,
        moment=START + DAY,
        reason="核对签到表",
    ).status


def test_on_a_roll_of_the_county_nobody_is_corrected_whose_area_handed_up(city, wide):
    activity, here, there = wide
    closed(activity, city)
    hand_up(city, city.township)
    with pytest.raises(RollRefused) as refused:
        said_late(activity, here, city.office)
    assert (str(refused.value), said_late(activity, there, city.office)) == (REFUSED, "late")
    change = Entry(here.representative, "late", reason="据会议签到册核对")
    with pytest.raises(RollRefused) as refused:
        change_rows(activity=activity, entries=[change], actor=city.office, moment=START + DAY)
    assert str(refused.value) == REFUSED
    unlock_period(area=city.township, **YEAR, actor=city.office)
    assert said_late(activity, here, city.office) == "late"


def test_leave_of_somebody_whose_area_handed_up_is_granted_no_more_after_the_close(city, wide):
    activity, here, _ = wide
    user = here.representative.user
    asked = file_leave(
        activity=activity, representative=here.representative, category="sick", actor=user, moment=START - DAY
    )
    close_roll(activity=activity, actor=city.office, moment=START + 2 * HOUR, pending_seen=1)
    hand_up(city, city.township)
    with pytest.raises(LeaveRefused) as refused:
        decide_leave(request=asked, approve=True, actor=city.office, moment=START + DAY, reason="有证明")
    assert str(refused.value) == REFUSED


def test_a_roll_of_the_county_is_not_closed_over_people_whose_area_handed_up(city, wide):
    hand_up(city, city.township)
    with pytest.raises(RollRefused) as refused:
        closed(wide[0], city)
    assert str(refused.value) == REFUSED


def test_a_visitor_is_not_entered_for_an_area_that_handed_up(city, wide):
    there = wide[2]
    elsewhere = city.activity(title="邻镇没有的分享会")
    closed(elsewhere, city)
    hand_up(city, city.other_township)
    with pytest.raises(RollRefused, match="清源镇的田示范：本年度已经上报"):
        said_late(elsewhere, there, city.recorder)


def test_a_correction_among_people_of_one_area_asks_nothing_more(city, django_assert_num_queries):
    mandate = city.representative("王样本")
    activity = city.activity()
    city.enrol(activity, mandate)
    closed(activity, city)
    hand_up(city, city.other_township)
    with django_assert_num_queries(0):
        refuse_handed_up(activity, [mandate])
