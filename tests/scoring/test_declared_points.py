"""A confirmed declaration moves the sheet by what the standard says, by itself, and nothing before that moves it."""

import pytest

from scoring import operations
from scoring.models import Year
from scoring.operations import YearRefused
from scoring.sheet.waiting import waiting_of
from scoring.sheets import live_sheet
from sessions.operations import (
    DeclarationRefused,
    Finding,
    close_roll,
    confirm_declaration,
    return_declaration,
)
from tests.scoring.year_city import open_year, walk
from tests.sessions.declared import LATER, attended, deed, slipped_in


@pytest.fixture
def year(city):
    return Year.objects.select_related("standard").get(pk=open_year(city).pk)


def confirm(city, declaration, **finding):
    return confirm_declaration(
        declaration=declaration, actor=city.recorder, moment=LATER, finding=Finding(**finding)
    )


def test_a_deed_counts_once_it_is_confirmed_and_by_exactly_its_points(city, year):
    mandate = city.representative()
    points = [live_sheet(year, mandate).sheet.total]
    declaration = deed(mandate, kind="reception", title="接待三位群众")  # 进站接待: 2 points each
    points.append(live_sheet(year, mandate).sheet.total)
    confirm(city, declaration)
    points.append(live_sheet(year, mandate).sheet.total)
    again = deed(mandate, kind="reception", title="接待三位群众")
    confirm(city, again, into=declaration_row(declaration).activity)
    points.append(live_sheet(year, mandate).sheet.total)
    confirm(city, deed(mandate, kind="reception", title="又接待两位"), anew=True)
    points.append(live_sheet(year, mandate).sheet.total)
    assert [total - points[0] for total in points] == [0, 0, 2, 2, 4]


def declaration_row(declaration):
    declaration.refresh_from_db()
    return declaration.attendance


def test_a_declared_attendance_counts_like_any_other_once_the_roll_is_closed(city, year):
    mandate, activity = city.representative(), city.activity()
    city.enrol(activity, mandate)
    before = live_sheet(year, mandate).sheet.total
    confirm(city, attended(mandate, activity))
    close_roll(activity=activity, actor=city.recorder, moment=LATER)
    assert live_sheet(year, mandate).sheet.total - before == 2  # 参加代表分享会: 2 points


def test_what_waits_for_a_reviewer_is_named_beside_the_sheet_until_it_counts(city, year):
    mandate = city.representative()
    declaration = deed(mandate, kind="reception", title="接待三位群众")
    waiting = [(each.label, each.reason) for each in waiting_of(year, mandate)]
    confirm(city, declaration)
    assert (waiting, waiting_of(year, mandate)) == ([("接待三位群众", "代表申报，审核后计分")], [])


def test_what_was_sent_back_counts_nothing(city, year):
    mandate = city.representative()
    before = live_sheet(year, mandate).sheet.total
    return_declaration(
        declaration=deed(mandate, kind="reception"), reason="请补照片", actor=city.recorder, moment=LATER
    )
    assert live_sheet(year, mandate).sheet.total == before


def test_an_area_with_declarations_that_wait_is_not_handed_up(city, year):
    mandate = city.representative()
    elsewhere = city.representative("田示范", area=city.other_township, group=None)
    away, here = city.activity(title="邻镇的会", area=city.other_township), city.activity(title="本镇的会")
    city.enrol(away, mandate)
    city.enrol(here, elsewhere)
    first = deed(mandate, title="接待三位群众")
    declared = [first, attended(mandate, away), attended(elsewhere, here)]
    deed(elsewhere, title="别处的走访")
    close_roll(activity=away, actor=city.office, moment=LATER)
    close_roll(activity=here, actor=city.office, moment=LATER)
    areas = [city.township, city.other_township]
    operations.start_review(year=year, areas=areas, actor=city.office, moment=LATER)
    review = year.reviews.get(area=city.township)

    def refusal():
        with pytest.raises(YearRefused) as refused:
            operations.submit_area(review=review, actor=city.reviewer, moment=LATER)
        return str(refused.value)

    said = [refusal()]
    return_declaration(declaration=first, reason="请补照片", actor=city.recorder, moment=LATER)
    said.append(refusal())
    for each in declared[1:]:
        return_declaration(declaration=each, reason="请补照片", actor=city.office, moment=LATER)
    done = operations.submit_area(review=review, actor=city.reviewer, moment=LATER)
    assert (said, done.state) == (
        [
            "还有 3 件履职申报没有审核（接待三位群众、邻镇的会、本镇的会），请记录员先通过或退回。",
            "还有 2 件履职申报没有审核（邻镇的会、本镇的会），请记录员先通过或退回。",
        ],
        "submitted",
    )


def test_rule_21_once_the_area_has_submitted_no_deed_of_the_year_is_confirmed(city, year):
    mandate = city.representative()
    operations.start_review(year=year, areas=[city.township], actor=city.office, moment=LATER)
    review = year.reviews.get()
    operations.submit_area(review=review, actor=city.reviewer, moment=LATER)
    declaration = slipped_in(mandate, kind="reception")
    with pytest.raises(DeclarationRefused, match="2026 年度已经上报"):
        confirm(city, declaration)
    operations.return_area(review=review, reason="缺一件申报", actor=city.office, moment=LATER)
    assert confirm(city, declaration).state == "confirmed"


def test_a_confirmed_year_takes_no_deed_of_any_area(city):
    mandate = city.representative()
    walk(open_year(city), city, "notify")
    declaration = slipped_in(mandate, kind="reception")
    with pytest.raises(DeclarationRefused, match="2026 年度已经上报"):
        confirm(city, declaration)
