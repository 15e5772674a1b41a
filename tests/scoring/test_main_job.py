"""From a closed roll to a frozen year: the arithmetic of the main job, without pages."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from scoring import operations
from scoring.models import FrozenSheet
from scoring.sheets import live_sheet
from scoring.year.seal import stored_digest
from sessions.checkin.codes import code_at
from sessions.operations import RollRefused, check_in, close_roll, record_status
from tests.conftest import START
from tests.scoring.adopted import adopted

EXAMPLE = Path(__file__).resolve().parents[1] / "data" / "standards" / "example-6x11.yaml"


@pytest.fixture
def year(city):
    standard = adopted(city)
    made = operations.create_year(label=2026, term=city.term, standard=standard, actor=city.office)
    return operations.open_year(year=made, actor=city.office, moment=START)


def test_a_closed_roll_moves_the_score_by_exactly_the_standards_points(city, year):
    mandate = city.representative()
    before = live_sheet(year, mandate).sheet.total
    activity = city.activity()
    city.enrol(activity, mandate)
    token = code_at(activity.check_in_key, START).token
    check_in(activity=activity, representative=mandate.representative, nonce="n", moment=START, token=token)
    claimed = live_sheet(year, mandate).sheet.total
    close_roll(activity=activity, actor=city.recorder, moment=START + timedelta(hours=2))
    assert (before, claimed, live_sheet(year, mandate).sheet.total) == (
        Decimal("15.00"),
        Decimal("15.00"),
        Decimal("17.00"),
    )


def test_a_confirmed_year_keeps_its_sheets_whatever_is_corrected_later(city, year):
    mandate = city.representative()
    activity = city.activity()
    city.enrol(activity, mandate)
    record_status(
        activity=activity,
        representative=mandate.representative,
        status="present",
        actor=city.recorder,
        moment=START,
    )
    close_roll(activity=activity, actor=city.recorder, moment=START + timedelta(hours=2))
    end = START + timedelta(days=200)
    operations.start_review(year=year, areas=[city.township], actor=city.office, moment=end)
    review = year.reviews.get()
    operations.submit_area(review=review, actor=city.reviewer, moment=end)
    operations.recheck_area(review=review, actor=city.office, moment=end)
    operations.publicise_year(year=year, actor=city.office, moment=end)
    confirmed = operations.confirm_year(
        year=year,
        meeting="主任会议",
        number="示例 1 号",
        decided_on=date(2027, 2, 1),
        actor=city.office,
        moment=end,
    )
    sheet = FrozenSheet.objects.get(year=year, mandate=mandate)
    assert (sheet.total, sheet.band, stored_digest(confirmed)) == (
        Decimal("17.00"),
        "不称职",
        confirmed.digest,
    )
    with pytest.raises(RollRefused):
        record_status(
            activity=activity,
            representative=mandate.representative,
            status="late",
            actor=city.recorder,
            moment=end,
            reason="x",
        )


def test_a_live_sheet_of_one_person_takes_at_most_six_queries(city, year, django_assert_num_queries):
    mandate = city.representative()
    live_sheet(year, mandate)
    with django_assert_num_queries(6):
        live_sheet(year, mandate)


def test_the_same_story_in_two_outlets_earns_once(city, year):
    mandate = city.representative()
    county = operations.add_outlet(name="示例县报", level="county", medium="paper", actor=city.office)
    national = operations.add_outlet(name="示例国家台", level="national", medium="tv", actor=city.office)
    for outlet, url in ((county, "https://news.example/a"), (national, "https://news.example/b")):
        report = operations.report_media(
            title="一条断头路",
            outlet=outlet,
            published_on=date(2026, 5, 1),
            mandates=[mandate],
            url=url,
            story="断头路",
            actor=city.office,
        )
        operations.verify_report(report=report, actor=city.office, moment=START)
    assert live_sheet(year, mandate).sheet.points_of("media-report") == 5
