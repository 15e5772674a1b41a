"""Sheets follow from the records by themselves until the year is confirmed, and never after."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from scoring import operations
from scoring.models import FrozenSheet, Honour, Year
from scoring.sheets import (
    band_counts,
    frozen_content,
    live_sheet,
    live_sheets,
    mandates_of,
    rules_of,
    sheet_content,
)
from scoring.standard_file import load
from sessions.operations import close_roll, record_status
from stations.models import MandateTag
from stations.operations import end_mandate
from tests.conftest import START
from tests.scoring.adopted import adopted

EXAMPLE = Path(__file__).resolve().parents[1] / "data" / "standards" / "example-6x11.yaml"
END = START + timedelta(days=200)


@pytest.fixture
def year(city):
    return opened(city, EXAMPLE.read_text())


def opened(city, text, label=2026):
    standard = adopted(city, text)
    made = operations.create_year(label=label, term=city.term, standard=standard, actor=city.office)
    operations.open_year(year=made, actor=city.office, moment=START)
    return Year.objects.select_related("standard").get(pk=made.pk)


def held(city, *mandates, status="present", role="attendee", at=START, close=True, **more):
    activity = city.activity(starts_at=at, **more)
    city.enrol(activity, *mandates, role=role)
    for mandate in mandates:
        record_status(
            activity=activity,
            representative=mandate.representative,
            status=status,
            actor=city.recorder,
            moment=at,
        )
    if close:
        close_roll(activity=activity, actor=city.recorder, moment=at + timedelta(hours=2))
    return activity


def confirmed(city, year, areas=None):
    operations.start_review(year=year, areas=areas or [city.township], actor=city.office, moment=END)
    for review in year.reviews.all():
        operations.submit_area(review=review, actor=city.reviewer, moment=END)
        operations.recheck_area(review=review, actor=city.office, moment=END)
    operations.publicise_year(year=year, actor=city.office, moment=END)
    return operations.confirm_year(
        year=year,
        meeting="主任会议",
        number="示例 1 号",
        decided_on=date(2027, 2, 1),
        actor=city.office,
        moment=END,
    )


def figures(content):
    """A frozen sheet without what only freezing adds: whose it was, and its place in the seal."""
    return {key: value for key, value in content.items() if key not in {"person", "seal"}}


def total(year, mandate):
    return live_sheet(year, mandate).sheet.total


def report(city, mandate, url, level, story=""):
    outlet = operations.add_outlet(name=f"示例{url[-1]}", level=level, medium="tv", actor=city.office)
    made = operations.report_media(
        title="一条断头路",
        outlet=outlet,
        published_on=date(2026, 5, 1),
        mandates=[mandate],
        url=url,
        story=story,
        actor=city.office,
    )
    return operations.verify_report(report=made, actor=city.office, moment=START)


def test_the_example_year_of_a_diligent_person_comes_to_an_exact_total(city, year):
    mandate = city.representative()
    days = iter(range(1, 100))
    deeds = (
        [("congress", "attendee", "present"), ("congress", "speaker", "present")]
        + [("standing_committee", "attendee", "late")] * 2
        + [("training", "attendee", "present"), ("lecture", "attendee", "left_early")]
        + [("sharing", "attendee", "present"), ("tour", "attendee", "late")]
        + [("bright_ideas", "speaker", "present")]
        + [("group_activity", "attendee", "present")] * 5
        + [("reception", "attendee", "present")] * 3
        + [("duty_report", "attendee", "present"), ("hearing", "attendee", "present")]
    )
    for kind, role, status in deeds:
        held(city, mandate, kind=kind, role=role, status=status, at=START + timedelta(days=next(days)))
    operations.add_proposal(
        title="甲",
        ref="1",
        submitted_on=date(2026, 1, 9),
        movers={mandate: "sole"},
        fine=True,
        actor=city.office,
    )
    report(city, mandate, "https://news.example/1", "provincial")
    # 15 + 2.5 + 5; 4 + 4; 4 + 2, 2 + 1; 5 × 3 → 12, 4; 3 × 2, 6; 2.5; 5 + 3
    assert total(year, mandate) == Decimal("78.00")


def test_a_correction_after_the_close_moves_the_sheet_by_exactly_the_standards_points(city, year):
    mandate = city.representative()
    activity = held(city, mandate, kind="training")
    before = total(year, mandate)
    record_status(
        activity=activity,
        representative=mandate.representative,
        status="late",
        actor=city.recorder,
        moment=END,
        reason="看了签到表",
    )
    assert (before, total(year, mandate)) == (Decimal("19.00"), Decimal("17.00"))


def test_the_media_bonus_is_capped_by_the_standard(city, year):
    mandate = city.representative()
    report(city, mandate, "https://news.example/1", "national")
    report(city, mandate, "https://news.example/2", "provincial")
    content, _ = sheet_content(year, mandate)
    bonus = content["categories"][-1]["items"][2]
    assert (bonus["raw"], bonus["points"], bonus["cut"]) == (
        "8",
        "6",
        {"kind": "ceiling", "limit": "6", "by": "-2"},
    )


def test_a_story_that_ran_twice_names_the_report_that_does_not_count_and_why(city, year):
    mandate = city.representative()
    report(city, mandate, "https://news.example/1", "county", "断头路")
    report(city, mandate, "https://news.example/2", "national", "断头路")
    content, _ = sheet_content(year, mandate)
    lines = content["categories"][-1]["items"][2]["lines"]
    assert [(line["points"], line["omitted"]) for line in lines] == [("0", ["同一事项只计一次"]), ("5", [])]


def test_a_level_that_the_office_corrects_moves_the_sheet(city, year):
    mandate = city.representative()
    made = report(city, mandate, "https://news.example/1", "county")
    before = total(year, mandate)
    operations.change_outlet(
        outlet=made.outlet, name="示例1", level="national", medium="tv", actor=city.office
    )
    assert (before, total(year, mandate)) == (Decimal("16.00"), Decimal("20.00"))


def test_an_item_for_some_tags_applies_to_who_has_one(city):
    text = EXAMPLE.read_text().replace(
        "      - code: deliberation\n", "      - code: deliberation\n        applies_to: [standing_member]\n"
    )
    year = opened(city, text.split("cases:")[0])
    with_tag, without = city.representative(), city.representative("李示例")
    MandateTag.objects.create(mandate=with_tag, code="standing_member")
    MandateTag.objects.create(mandate=with_tag, code="leader")
    held(city, with_tag, without, kind="congress", role="speaker")
    assert [total(year, each) for each in (with_tag, without)] == [Decimal("17.50"), Decimal("15.00")]


def test_a_live_sheet_knows_the_tags_of_its_mandate(city, year):
    mandate, plain = city.representative(tags=["leader", "standing_member"]), city.representative("李示例")
    assert [live_sheet(year, each).tags for each in (mandate, plain)] == [
        frozenset({"leader", "standing_member"}),
        frozenset(),
    ]


def test_two_mandates_of_one_person_have_two_sheets(city, year):
    first = city.representative()
    end_mandate(mandate=first, day=date(2026, 6, 30), actor=city.office)
    second = first._meta.model.objects.create(
        representative=first.representative, term=city.term, area=city.township, starts_on=date(2026, 7, 1)
    )
    held(city, first)
    totals = {live.mandate: live.sheet.total for live in live_sheets(year, mandates_of(year))}
    assert totals == {first: Decimal("17.00"), second: Decimal("15.00")}


def test_a_mandate_that_ended_before_the_year_is_not_graded(city, year):
    gone, here = city.representative(), city.representative("李示例")
    end_mandate(mandate=gone, day=date(2025, 12, 31), actor=city.office)
    assert list(mandates_of(year)) == [here]


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize("facts", [1, 3])
def test_sheets_of_many_take_six_queries(city, year, django_assert_num_queries, people, facts):
    mandates = [city.representative(f"代表{n}", login=False, tags=["a", "b"][: n + 1]) for n in range(people)]
    for number in range(facts):
        held(city, *mandates, at=START + timedelta(days=number))
    with django_assert_num_queries(6):
        sheets = list(live_sheets(year, mandates_of(year).by_strokes()))
    assert {live.sheet.total for live in sheets} == {Decimal(15 + 2 * facts)}


@pytest.mark.parametrize("facts", [1, 3])
def test_the_sheet_of_one_person_takes_six_queries(city, year, django_assert_num_queries, facts):
    mandate = city.representative()
    for number in range(facts):
        held(city, mandate, at=START + timedelta(days=number))
    with django_assert_num_queries(6):
        sheet_content(year, mandate)


def test_a_frozen_sheet_takes_one_query(city, year, django_assert_num_queries):
    mandate = city.representative()
    held(city, mandate)
    sealed = confirmed(city, year)
    with django_assert_num_queries(1):
        sheet_content(sealed, mandate)


def test_a_frozen_sheet_stays_what_it_was_whatever_is_entered_later(city, year):
    mandate = city.representative()
    held(city, mandate)
    live = live_sheet(year, mandate).content
    sealed = confirmed(city, year)
    # No operation takes it any more (tests/scoring/test_locked.py); a row that came otherwise changes nothing either.
    Honour.objects.create(
        mandate=mandate, title="优秀", level="national", awarded_on=date(2026, 6, 1), state="verified"
    )
    content, frozen = sheet_content(sealed, mandate)
    assert (figures(content), frozen, total(sealed, mandate)) == (live, True, Decimal("23.00"))


def test_before_the_confirmation_nothing_is_frozen(city, year):
    mandate = city.representative()
    assert (frozen_content(year, mandate), FrozenSheet.objects.count()) == (None, 0)


def test_who_was_registered_after_the_confirmation_has_a_sheet_that_is_not_final(city, year):
    city.representative()
    sealed = confirmed(city, year)
    late = city.representative("李示例")
    assert sheet_content(sealed, late)[1] is False


def test_a_sheet_survives_the_way_to_the_database_and_back(city, year):
    mandate = city.representative()
    held(city, mandate)
    live = live_sheet(year, mandate).content
    confirmed(city, year)
    assert figures(FrozenSheet.objects.get(mandate=mandate).content) == live


def test_a_line_says_what_it_is_and_where_it_comes_from(city, year):
    mandate = city.representative()
    activity = held(city, mandate, status="late")
    content, frozen = sheet_content(year, mandate)
    (line,) = content["categories"][2]["items"][1]["lines"]
    assert (line, frozen) == (
        {
            "source": f"attendance:{activity.attendances.get().pk}",
            "label": "示例分享会",
            "date": "2026-06-18",
            "what": "late",
            "n": "1",
            "points": "1",
            "omitted": [],
            "effect": "",
        },
        False,
    )


def test_a_sheet_names_the_next_band_and_the_distance(city, year):
    content, _ = sheet_content(year, city.representative())
    assert (content["total"], content["band"], content["next"]) == (
        "15.00",
        "不称职",
        {"band": "基本称职", "distance": "45.00"},
    )


def test_the_values_of_a_stored_version_are_read_once(city, year, django_assert_num_queries):
    first = rules_of(year.standard)
    assert rules_of(Year.objects.get().standard) is first
    assert first == load(EXAMPLE.read_text()).standard


def test_bands_are_counted_in_the_order_of_their_first_sight():
    assert list(band_counts(["称职", "优秀", "称职"]).items()) == [("称职", 2), ("优秀", 1)]
