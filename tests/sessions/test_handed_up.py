"""Rule 21: once an area has handed up its year, no activity finds its way into those days, and no roll is closed there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions.models import Activity
from sessions.operations import (
    ActivityRefused,
    RollRefused,
    close_roll,
    lock_period,
    reschedule_activity,
    unlock_period,
)
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


def test_a_roll_left_open_is_not_closed_after_its_year_was_handed_up_unless_it_is_sent_back(city):
    activity = city.activity()
    hand_up(city, city.township)
    with pytest.raises(RollRefused, match="2026 年度已经上报，6 月 18 日不能再增加记录"):
        close_roll(activity=activity, actor=city.recorder, moment=START + 2 * HOUR)
    unlock_period(area=city.township, **YEAR, actor=city.office)
    assert close_roll(activity=activity, actor=city.recorder, moment=START + 2 * HOUR).state == "closed"
