"""What can still be done this year, and the stage the year is in."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from scoring import operations
from scoring.models import Year
from scoring.sheet.outlook import chances_of
from scoring.sheet.progress import stages_of
from scoring.sheets import live_sheet
from scoring.year.levels import COUNTY
from sessions.operations import sign_up
from stations.operations import end_mandate, grant
from tests.conftest import START
from tests.scoring.sheet_city import END, NOW, ahead, held, opened, see, text_of, walk


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def year(city, site):
    return opened(city, 2026)


@pytest.fixture
def mandate(city):
    return city.representative("王样本")


def chances(year, mandate):
    return [
        (c.coming.activity.title, c.gain, c.items, c.enrolled)
        for c in chances_of(year, live_sheet(year, mandate), NOW)
    ]


def test_what_would_earn_is_named_the_most_first(city, year, mandate):
    ahead(city, title="分享会")
    ahead(city, 9, kind="training", title="培训班")
    listed = ahead(city, 5, kind="reception", title="接待日")
    city.enrol(listed, mandate)
    assert chances(year, mandate) == [
        ("培训班", Decimal("4.00"), ("参加培训班、代表大课堂",), False),
        ("分享会", Decimal("2.00"), ("参加代表分享会、研讨",), False),
        ("接待日", Decimal("2.00"), ("进站接待选民",), True),
    ]


def test_who_speaks_would_earn_as_a_speaker(city, year, mandate):
    activity = ahead(city, title="分享会")
    city.enrol(activity, mandate, role="speaker")
    assert chances(year, mandate) == [
        ("分享会", Decimal("4.00"), ("在分享会主讲、参加巡讲、提供课件",), True)
    ]


def test_what_a_ceiling_leaves_without_effect_is_not_offered(city, year, mandate):
    for day in range(4):
        held(city, mandate, at=START + timedelta(days=day))
    ahead(city)
    assert chances(year, mandate) == []


def test_half_of_it_is_offered_where_the_ceiling_leaves_half(city, year, mandate):
    for day in range(3):
        held(city, mandate, at=START + timedelta(days=day))
    held(city, mandate, status="late", at=START + timedelta(days=5))
    ahead(city)
    assert [gain for _, gain, _, _ in chances(year, mandate)] == [Decimal("1.00")]


@pytest.mark.parametrize("kind", ["congress", "duty_report", "group_activity"])
def test_what_one_is_called_to_is_not_offered_to_who_is_not_listed(city, year, mandate, kind):
    ahead(city, kind=kind)
    assert chances(year, mandate) == []


def test_next_years_activities_are_not_offered(city, year, mandate):
    ahead(city, 60)
    assert chances(year, mandate) == []


def test_nothing_is_offered_after_ones_mandate_ends(city, year, mandate):
    end_mandate(mandate=mandate, day=date(2026, 11, 21), actor=city.office)
    mandate.refresh_from_db()
    ahead(city)
    assert chances(year, mandate) == []


def test_nothing_is_offered_once_the_review_has_begun(city, year, mandate):
    city.activity(starts_at=END + timedelta(hours=1))
    assert len(chances(year, mandate)) == 1
    reviewing = walk(city, year, until="review")
    assert chances(reviewing, mandate) == []


def test_a_seat_waited_for_is_told_as_such(client, city, year, mandate):
    activity = ahead(city, capacity=0)
    sign_up(activity=activity, representative=mandate.representative, moment=NOW)
    words = text_of(see(client, mandate))
    assert (words.count(" 候补 "), words.count("报名：")) == (1, 0)


def test_signing_up_from_the_sheet_comes_back_to_it(client, city, year, mandate):
    activity = ahead(city)
    page = see(client, mandate)
    address = reverse("me_sign_up", args=[activity.pk])
    forms = re.findall(rf'action="{address}".*?name="next" value="([^"]+)"', page.content.decode(), re.DOTALL)
    answer = client.post(address, {"next": forms[0]})
    assert (forms, answer["Location"]) == (["/me/score/"], "/me/score/")


# Where the year stands


@pytest.mark.parametrize(
    ("until", "current"),
    [
        (None, "履职记录与自评"),
        ("review", "乡镇人大、街道人大工委审核"),
        ("submit", "县级代表工委复核"),
        ("recheck", "公示"),
        ("publicise", "公示"),
        ("confirm", "向全体代表通报"),
        ("notify", None),
    ],
)
def test_the_stage_the_year_is_in_is_marked(city, year, mandate, until, current):
    moved = walk(city, year, until) if until else year
    marked = [stage.label for stage in stages_of(moved, mandate, COUNTY) if stage.phase == "cur"]
    assert marked == ([current] if current else [])


def test_a_returned_area_reads_why(city, year, mandate):
    walk(city, year, "submit")
    operations.return_area(review=year.reviews.get(), reason="请核对名册", actor=city.office, moment=END)
    current = next(stage for stage in stages_of(Year.objects.get(), mandate, COUNTY) if stage.phase == "cur")
    assert (current.label, current.note, current.day) == (
        "乡镇人大、街道人大工委审核",
        "已退回：请核对名册",
        None,
    )


def test_the_part_of_another_area_is_not_mistaken_for_ones_own(city, year, mandate):
    areas = [city.township, city.other_township]
    operations.start_review(year=year, areas=areas, actor=city.office, moment=END)
    grant(user=city.reviewer, area=city.other_township, role="reviewer", actor=city.office)
    review = year.reviews.get(area=city.other_township)
    operations.submit_area(review=review, actor=city.reviewer, moment=END)
    stages = stages_of(Year.objects.get(), mandate, COUNTY)
    assert [stage.label for stage in stages if stage.phase == "cur"] == ["乡镇人大、街道人大工委审核"]
