"""Each step of the year: allowed, refused by state, refused by role, four eyes; and who moved it is told."""

from datetime import date

import pytest

from scoring import operations
from scoring.models import AreaReview, Year, YearEvent
from scoring.operations import YearRefused
from scoring.year.ahead import working_days_after
from sessions.operations import RollRefused, record_status
from stations.models import Area, Term
from tests.conftest import START
from tests.scoring.year_city import DECIDED, END, STEPS, confirm, held, open_year, somebody, walk


@pytest.fixture
def year(city):
    city.representative("王样本")
    return open_year(city)


def take(step, year, city, actor):
    """Take one step as `actor`."""
    review = AreaReview.objects.filter(year=year).first()
    common = {"actor": actor, "moment": END}
    if step == "review":
        return operations.start_review(year=year, areas=[city.township], **common)
    if step in {"submit", "recheck"}:
        return getattr(operations, f"{step}_area")(review=review, **common)
    if step in {"return", "reopen"}:
        return getattr(operations, f"{step}_area")(review=review, reason="缺证明", **common)
    if step == "withdraw":
        return operations.withdraw_publicity(year=year, reason="更正", **common)
    if step == "confirm":
        return operations.confirm_year(
            year=year, meeting="主任会议", number="1 号", decided_on=DECIDED, **common
        )
    return getattr(operations, f"{step}_year")(year=year, **common)


def test_a_year_goes_from_review_to_notice_and_keeps_every_step(city, year):
    walk(year, city, "notify")
    events = YearEvent.objects.filter(year=year).order_by("happened_at", "pk")
    assert sorted((e.action, e.old_state, e.new_state, e.actor.username) for e in events) == [
        ("confirm", "publicised", "confirmed", "office"),
        ("notify", "confirmed", "notified", "office"),
        ("open", "draft", "open", "office"),
        ("publicise", "reviewing", "publicised", "office"),
        ("recheck", "submitted", "rechecked", "office"),
        ("review", "open", "reviewing", "office"),
        ("submit", "pending", "submitted", "reviewer"),
    ]


@pytest.mark.parametrize("step", [*STEPS, "open"])
def test_no_step_is_taken_twice(city, year, step):
    if step != "open":
        walk(year, city, step)
    before = YearEvent.objects.count()
    actor = city.reviewer if step == "submit" else city.office
    with pytest.raises(YearRefused, match="刚被"):
        take(step, year, city, actor)
    assert YearEvent.objects.count() == before


@pytest.mark.parametrize(
    ("standing", "step"),
    [
        ("review", "confirm"),
        ("review", "notify"),
        ("review", "recheck"),
        ("review", "return"),
        ("recheck", "return"),
        ("submit", "reopen"),
        ("publicise", "reopen"),
        ("recheck", "withdraw"),
        ("confirm", "withdraw"),
        ("recheck", "confirm"),
        ("publicise", "submit"),
        ("publicise", "notify"),
        ("confirm", "publicise"),
        ("confirm", "recheck"),
        ("notify", "confirm"),
    ],
)
def test_no_step_is_taken_out_of_turn(city, year, standing, step):
    walk(year, city, standing)
    actor = city.reviewer if step == "submit" else city.office
    with pytest.raises(YearRefused):
        take(step, year, city, actor)


@pytest.mark.parametrize(
    ("standing", "step", "who"),
    [
        ("", "review", "reviewer"),
        ("review", "submit", "office"),
        ("review", "submit", "auditor"),
        ("review", "submit", "recorder"),
        ("submit", "recheck", "reviewer"),
        ("submit", "return", "reviewer"),
        ("submit", "return", "auditor"),
        ("recheck", "reopen", "reviewer"),
        ("publicise", "withdraw", "reviewer"),
        ("recheck", "publicise", "reviewer"),
        ("publicise", "confirm", "auditor"),
        ("confirm", "notify", "reviewer"),
    ],
)
def test_a_step_is_for_its_role_alone(city, year, standing, step, who):
    if standing:
        walk(year, city, standing)
    with pytest.raises(YearRefused, match=r"您没有“.+”的权限"):
        take(step, year, city, getattr(city, who))


def test_a_reviewer_submits_only_the_own_branch(city, year):
    walk(year, city, "review")
    stranger = somebody(city, "stranger", "reviewer", city.other_township)
    with pytest.raises(YearRefused, match="您没有“报送复核”的权限"):
        take("submit", year, city, stranger)


def test_the_office_of_one_township_does_not_step_the_whole_year(city, year):
    city.representative("田示范", area=city.other_township)
    small = somebody(city, "small", "office", city.township)
    with pytest.raises(YearRefused, match="您没有“开始区域审核”的权限"):
        take("review", year, city, small)


def test_who_submitted_does_not_pass_it(city, year):
    walk(year, city, "review")
    both = somebody(city, "both", "reviewer", city.township)
    from stations import operations as stations_operations

    stations_operations.grant(user=both, area=city.county, role="office", actor=None)
    take("submit", year, city, both)
    with pytest.raises(YearRefused, match="报送和复核不能是同一个人"):
        take("recheck", year, city, both)
    assert AreaReview.objects.get(year=year).state == "submitted"


def test_whose_own_sheet_it_is_does_not_pass_it(city, year):
    mandate = city.representative("田示范")
    from stations import operations as stations_operations

    user = mandate.representative.user
    stations_operations.grant(user=user, area=city.county, role="office", actor=None)
    walk(year, city, "submit")
    with pytest.raises(YearRefused, match="您的成绩单也在这个区域里"):
        take("recheck", year, city, user)


def test_nobody_is_left_without_a_reviewing_area(city, year):
    city.representative("田示范", area=city.other_township)
    with pytest.raises(YearRefused, match="还没有区域的有 1 人"):
        take("review", year, city, city.office)
    with pytest.raises(YearRefused, match="还没有区域的有 2 人"):
        operations.start_review(year=year, areas=[], actor=city.office, moment=END)


def test_an_open_roll_holds_up_the_review(city, year):
    city.activity(title="没有收册的分享会")
    with pytest.raises(YearRefused, match="还有 1 场已结束的活动没有收册（没有收册的分享会）"):
        take("review", year, city, city.office)


def test_a_roll_opened_during_the_review_holds_up_its_area(city, year):
    walk(year, city, "review")
    city.activity(title="补开的分享会")
    city.activity(title="别处的分享会", area=city.other_township)
    with pytest.raises(YearRefused, match="还有 1 场已结束的活动没有收册（补开的分享会）"):
        take("submit", year, city, city.reviewer)
    assert AreaReview.objects.get(year=year).state == "pending"


def correct(activity, mandate, actor, status="late"):
    return record_status(
        activity=activity,
        representative=mandate.representative,
        status=status,
        actor=actor,
        moment=END,
        reason="核对签到表",
    )


def test_after_submission_the_rolls_of_the_area_are_locked(city, year):
    mandate = city.representative("田示范")
    here = held(city, mandate)
    walk(year, city, "submit")
    with pytest.raises(RollRefused, match="本年度已经上报"):
        correct(here, mandate, city.recorder)
    neighbour = city.representative("丁一", area=city.other_township)
    elsewhere = held(city, neighbour, area=city.other_township)
    assert correct(elsewhere, neighbour, city.other_recorder).status == "late"


def test_a_returned_area_may_correct_and_submit_again(city, year):
    mandate = city.representative("田示范")
    activity = held(city, mandate)
    walk(year, city, "submit")
    review = take("return", year, city, city.office)
    assert (review.state, review.note) == ("returned", "缺证明")
    assert correct(activity, mandate, city.recorder).status == "late"
    assert take("submit", year, city, city.reviewer).state == "submitted"
    with pytest.raises(RollRefused):
        correct(activity, mandate, city.recorder, "present")


def test_what_was_passed_is_reopened_for_what_came_up_since(city, year):
    mandate = city.representative("田示范")
    activity = held(city, mandate)
    walk(year, city, "recheck")
    review = take("reopen", year, city, city.office)
    assert (review.state, review.note) == ("returned", "缺证明")
    assert correct(activity, mandate, city.recorder).status == "late"


@pytest.mark.parametrize("reason", ["", "  ", "长" * 301])
def test_a_return_needs_a_reason_of_fit_length(city, year, reason):
    walk(year, city, "submit")
    with pytest.raises(YearRefused, match="请写明退回的原因"):
        operations.return_area(review=year.reviews.get(), reason=reason, actor=city.office, moment=END)


def test_a_year_is_publicised_when_every_area_is_rechecked(city, year):
    city.representative("田示范", area=city.other_township)
    walk(year, city, "review", areas=[city.township, city.other_township])
    with pytest.raises(YearRefused, match="还有 2 个区域没有通过复核：石桥镇、清源镇"):
        take("publicise", year, city, city.office)


def test_objections_have_five_working_days(city, year):
    assert walk(year, city, "publicise").publicised_until == date(2027, 1, 11)
    assert working_days_after(date(2027, 1, 8), 1) == date(2027, 1, 11)  # Friday to Monday
    with pytest.raises(YearRefused, match="公示到 2027-01-11 为止"):
        confirm(year, city, decided_on=date(2027, 1, 11))
    assert confirm(year, city, decided_on=date(2027, 1, 12)).state == "confirmed"


@pytest.mark.parametrize("words", [{"meeting": " "}, {"number": ""}])
def test_a_decision_has_a_meeting_and_a_number(city, year, words):
    walk(year, city, "publicise")
    with pytest.raises(YearRefused, match="请填写会议名称和文号"):
        confirm(year, city, **words)


def test_the_refusal_says_who_was_faster(city, year):
    walk(year, city, "submit")
    take("recheck", year, city, city.office)
    with pytest.raises(YearRefused) as refused:
        take("return", year, city, city.office)
    assert str(refused.value) == (
        "石桥镇刚被代工委更新为“已复核”（1 月 4 日 14:30），没有再“退回”。请看过再定。"
    )


def test_a_year_is_created_once(city, year):
    with pytest.raises(YearRefused, match="2026 年度已经建立"):
        operations.create_year(label=2026, term=city.term, standard=year.standard, actor=city.office)


@pytest.mark.parametrize(("starts_on", "ends_on"), [("2017-01-01", "2026-12-31"), ("2028-01-01", None)])
def test_a_year_outside_its_term_is_not_created(city, year, starts_on, ends_on):
    term = Term.objects.create(number=10, name="第十届", starts_on=starts_on, ends_on=ends_on)
    with pytest.raises(YearRefused) as refused:
        operations.create_year(label=2027, term=term, standard=year.standard, actor=city.office)
    assert (str(refused.value), Year.objects.count()) == (
        "第十届的任期和 2027 年度没有重叠，请核对“人员与站点 → 届”里的起止日期。",
        1,
    )


def test_areas_named_twice_get_one_part(city, year):
    operations.start_review(
        year=year,
        areas=[city.township, Area.objects.get(pk=city.township.pk)],
        actor=city.office,
        moment=END,
    )
    assert [review.area for review in Year.objects.get().reviews.all()] == [city.township]
    assert START < END
