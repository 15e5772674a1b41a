"""自评 and 组织评定: what is taken and refused, what counts, who sees which figure."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from wagtail.models import ModelLogEntry

from scoring import operations
from scoring.assessments import raters_of, side_by_side
from scoring.models import Assessment, AssessmentEvent, Year
from scoring.operations import AssessmentRefused, FactsLocked, Figure, StandardRefused, assess
from scoring.sheets import live_sheet, live_sheets, mandates_of, rules_of
from scoring.whole.scores import scores
from stations import operations as stations_operations
from tests.conftest import START
from tests.opened import carried, shown
from tests.scoring.adopted import EXAMPLE, adopted
from tests.scoring.year_city import somebody

D = Decimal
ASSESSED = """
format: 1
code: assessed
title: 有人评定的标准（测试用，虚构）
subject: representative
period: {length: year}
bands: [{name: 优秀, min: 40}, {name: 不称职}]
categories:
  - code: said
    name: 评议
    kind: regular
    max: 45
    items:
      - {code: own, name: 自我评价, sources: [{from: assessment, where: {assessor: self}}], rule: {kind: assessed, min: 0, max: 10}}
      - {code: voters, name: 选民满意度, sources: [{from: assessment, where: {assessor: electors}}], rule: {kind: assessed, min: 0, max: 30, ranges: [{rate: 80, min: 20, max: 30}, {rate: 60, min: 5, max: 19.5}]}}
      - {code: organ, name: 组织评价, sources: [{from: assessment, where: {assessor: [area, office]}}], rule: {kind: assessed, min: 0, max: 20}}
"""


@pytest.fixture
def year(city):
    return opened(city, ASSESSED)


def opened(city, text=EXAMPLE):
    made = operations.create_year(label=2026, term=city.term, standard=adopted(city, text), actor=city.office)
    operations.open_year(year=made, actor=city.office, moment=START)
    return Year.objects.select_related("standard", "term").get(pk=made.pk)


def give(year, mandate, assessor, *figures, actor, moment=START):
    given = [
        figure if isinstance(figure, Figure) else Figure(figure[0], *map(D, figure[1:])) for figure in figures
    ]
    return assess(year=year, mandate=mandate, assessor=assessor, figures=given, actor=actor, moment=moment)


def items(year, mandate):
    sheet = live_sheet(year, mandate).sheet
    return {code: sheet.points_of(code) for code in ("own", "voters", "organ")}


def test_a_figure_feeds_its_own_item_and_no_other(city, year):
    mandate = city.representative()
    give(year, mandate, "self", ("own", "8.5"), actor=mandate.representative.user)
    give(year, mandate, "electors", ("voters", "25", "91.5"), actor=city.reviewer)
    give(year, mandate, "area", ("organ", "9"), actor=city.reviewer)
    give(year, mandate, "office", ("organ", "10"), actor=city.office)
    assert items(year, mandate) == {"own": D("8.5"), "voters": 25, "organ": 19}
    assert live_sheet(year, mandate).sheet.total == 45  # 52.5, clamped


def test_a_figure_for_the_whole_year_never_counts(city, year):
    mandate = city.representative()
    give(year, mandate, "self", Figure("", D(99), note="我看可以"), actor=mandate.representative.user)
    assert live_sheet(year, mandate).sheet.total == 0


def test_the_line_leads_to_who_said_it(client, city, year):
    mandate = city.representative()
    (row,) = give(year, mandate, "area", ("organ", "9"), actor=city.reviewer)
    client.force_login(mandate.representative.user)
    page = client.get(reverse("scorecard_year", args=[2026]))
    (line,) = page.context["sheet"].regular[0].items[2].lines
    assert (line.label, line.points, line.link.href) == (
        "区域评定",
        9,
        reverse("sheet_record", args=["assessment", row.pk]),
    )
    record = client.get(line.link.href).context["record"]
    assert (record.title, dict(record.rows)["评分"], dict(record.rows)["填写人"]) == (
        "组织评价：区域评定",
        "9 分",
        "审核员",
    )


def test_the_scores_of_all_are_those_of_the_sheets(city, year):
    people = [city.representative(f"{name}示例") for name in "丁王李"]
    for number, mandate in enumerate(people):
        give(year, mandate, "self", ("own", str(number + 5)), actor=mandate.representative.user)
        give(year, mandate, "area", ("organ", "20"), actor=city.reviewer)
    found = {each.mandate: (each.total, each.band) for each in scores(year, mandates_of(year))}
    sheets = list(live_sheets(year, mandates_of(year)))
    assert found == {live.mandate.pk: (live.sheet.total, live.sheet.band.name) for live in sheets}
    assert sorted(total for total, _ in found.values()) == [25, 26, 27]


@pytest.mark.parametrize(
    ("assessor", "figure", "words"),
    [
        ("self", ("own", "10.01"), "不在 0—10 分之内。 可评 0 到 10 分。"),
        ("self", ("organ", "5"), "这一小项不由您评定"),
        ("self", ("", "1000"), "总的评分要在 0 到"),
        ("self", ("", "-0.01"), "总的评分要在 0 到"),
        ("electors", ("voters", "25"), "没有写比率"),
        (
            "electors",
            ("voters", "25", "79.99"),
            "不在 5—19.5 分之内。 按比率评分：80% 以上 20—30 分；60% 以上",
        ),
        ("electors", ("voters", "5", "59"), "低于各档"),
    ],
)
def test_a_figure_out_of_range_is_refused_and_nothing_is_written(city, year, assessor, figure, words):
    mandate = city.representative()
    actor = mandate.representative.user if assessor == "self" else city.reviewer
    good = ("own", "8") if assessor == "self" else ("", "80")
    with pytest.raises(AssessmentRefused, match=words):
        give(year, mandate, assessor, good, figure, actor=actor)
    assert Assessment.objects.count() == AssessmentEvent.objects.count() == 0


def test_nobody_is_the_organisation_for_oneself(city, year):
    mandate = city.representative()
    user = mandate.representative.user
    stations_operations.grant(user=user, area=city.township, role="reviewer", actor=None)
    with pytest.raises(AssessmentRefused, match="这是您本人的成绩单"):
        give(year, mandate, "area", ("organ", "20"), actor=user)


@pytest.mark.parametrize("who", ["office", "reviewer", "recorder"])
def test_nobody_assesses_in_anothers_name(city, year, who):
    with pytest.raises(AssessmentRefused, match="自评只能由代表本人填写"):
        give(year, city.representative(), "self", ("own", "10"), actor=getattr(city, who))


@pytest.mark.parametrize(
    ("who", "assessor"), [("recorder", "area"), ("auditor", "office"), ("reviewer", "office")]
)
def test_a_seat_needs_its_role(city, year, who, assessor):
    with pytest.raises(AssessmentRefused, match="没有填写这一栏的权限"):
        give(year, city.representative(), assessor, ("organ", "5"), actor=getattr(city, who))


def test_a_reviewer_of_elsewhere_has_no_seat(city, year):
    other = somebody(city, "elsewhere", "reviewer", city.other_township)
    with pytest.raises(AssessmentRefused, match="没有填写这一栏的权限"):
        give(year, city.representative(), "area", ("organ", "5"), actor=other)


def test_once_handed_up_the_figures_are_locked_until_returned(city, year):
    mandate = city.representative()
    own = mandate.representative.user
    operations.start_review(year=year, areas=[city.township], actor=city.office, moment=START)
    with pytest.raises(AssessmentRefused, match="自评在履职与自评期间填写"):
        give(year, mandate, "self", ("own", "5"), actor=own)
    give(year, mandate, "area", ("organ", "5"), actor=city.reviewer)
    review = year.reviews.get()
    operations.submit_area(review=review, actor=city.reviewer, moment=START)
    with pytest.raises(FactsLocked):
        give(year, mandate, "area", ("organ", "6"), actor=city.reviewer)
    operations.return_area(review=review, reason="请再看", actor=city.office, moment=START)
    give(year, mandate, "area", ("organ", "6"), actor=city.reviewer)
    assert items(year, mandate)["organ"] == 6


def test_a_change_keeps_what_stood_before_and_the_same_again_writes_nothing(city, year):
    mandate = city.representative()
    later = START + timedelta(days=1)
    (row,) = give(year, mandate, "area", ("organ", "5"), actor=city.reviewer)
    give(year, mandate, "area", ("organ", "7"), actor=city.office, moment=later)
    assert give(year, mandate, "area", ("organ", "7"), actor=city.office, moment=later) == []
    told = row.events.order_by("happened_at").values_list("old_award", "new_award", "actor__username")
    assert list(told) == [(None, 5, "reviewer"), (5, 7, "office")]
    line = ModelLogEntry.objects.filter(action="scoring.assess").latest("pk")
    assert line.data == {"year": 2026, "assessor": "area", "figures": 1}


def test_the_history_cannot_be_changed(city, year):
    give(year, city.representative(), "area", ("organ", "5"), actor=city.reviewer)
    with pytest.raises(DatabaseError), transaction.atomic():
        AssessmentEvent.objects.update(new_award=20)


def test_a_figure_given_after_the_year_belongs_to_its_last_day(city, year):
    mandate = city.representative()
    late = START + timedelta(days=300)
    operations.start_review(year=year, areas=[city.township], actor=city.office, moment=late)
    (row,) = give(year, mandate, "area", ("organ", "5"), actor=city.reviewer, moment=late)
    assert (row.given_on, items(year, mandate)["organ"]) == (date(2026, 12, 31), 5)


def test_the_order_of_the_raters_is_that_of_the_standard(city, year):
    assert raters_of(rules_of(year.standard)) == ["self", "electors", "area", "office"]
    assert raters_of(rules_of(adopted(city))) == ["self", "area", "office"]


def test_an_assessor_nobody_knows_keeps_a_standard_from_use(city):
    with pytest.raises(StandardRefused, match="不认识的评定人（chair）"):
        adopted(city, ASSESSED.replace("assessor: electors", "assessor: chair"))


def test_figures_stand_beside_the_computed_points(city, year):
    mandate = city.representative()
    give(year, mandate, "self", ("own", "8"), ("", "85"), actor=mandate.representative.user)
    table = side_by_side(year, mandate, live_sheet(year, mandate).content)
    assert table.raters == (
        ("self", "自评"),
        ("electors", "选民评议"),
        ("area", "区域评定"),
        ("office", "代工委评定"),
    )
    told = [(line.name, line.computed, [f and f.award for _, f in line.figures]) for line in table.lines]
    assert told == [
        ("自我评价", "8", [8, None, None, None]),
        ("选民满意度", "0", [None] * 4),
        ("组织评价", "0", [None] * 4),
        ("全年", "8.00", [85, None, None, None]),
    ]


# --- pages


def test_a_representative_assesses_the_own_year_on_the_phone(client, city, year):
    mandate = city.representative()
    client.force_login(mandate.representative.user)
    address = reverse("self_assessment", args=[2026])
    seen = shown(client, address)
    wrong = client.post(address, seen | {"award": "８５", "note": "还可以", "award-own": "11"})
    (told,) = wrong.context["form"].errors["award-own"]
    assert (wrong.status_code, told.endswith("不在 0—10 分之内。 可评 0 到 10 分。")) == (400, True)
    assert ('value="８５"' in wrong.content.decode(), Assessment.objects.count()) == (True, 0)
    done = client.post(address, seen | {"award": "８５", "note": "还可以", "award-own": "9"})
    assert (done.status_code, done.url) == (302, address)
    given = Assessment.objects.order_by("item").values_list("item", "award", "note")
    assert list(given) == [("", 85, "还可以"), ("own", 9, "")]
    again = client.get(address)
    assert [again.context["form"].initial[name] for name in ("award", "award-own")] == [85, 9]


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({}, "award", "请至少填一个评分。"),
        ({"award": "很好"}, "award", "请填数字，例如 85 或 85.5。"),
        ({"award": "NaN"}, "award", "请填数字，例如 85 或 85.5。"),
        ({"award": "85.555"}, "award", "最多写两位小数。"),
        ({"award-own": "5", "note": "话"}, "award", "写了说明，请把全年评分也填上。"),
    ],
)
def test_nonsense_is_said_beside_its_field(client, city, year, data, field, words):
    client.force_login(city.representative().representative.user)
    page = client.post(reverse("self_assessment", args=[2026]), data)
    assert (page.status_code, page.context["form"].errors[field]) == (400, [words])


def test_after_the_year_opened_for_review_the_page_shows_and_takes_nothing(client, city, year):
    mandate = city.representative()
    give(year, mandate, "self", ("", "85"), actor=mandate.representative.user)
    client.force_login(mandate.representative.user)
    address = reverse("self_assessment", args=[2026])
    seen = shown(client, address)
    operations.start_review(year=year, areas=[city.township], actor=city.office, moment=START)
    page = client.get(address)
    assert (page.context["form"], "自评已经结束" in page.content.decode()) == (None, True)
    late = client.post(address, seen | {"award": "99"})
    assert (late.status_code, "自评在履职与自评期间填写" in late.content.decode()) == (409, True)
    assert late.content.decode().count('value="99"') == 1
    assert Assessment.objects.get().award == 85


def test_the_area_assesses_one_person_beside_the_own_word(client, city, year):
    mandate = city.representative()
    give(year, mandate, "self", Figure("", D(85), note="还可以"), actor=mandate.representative.user)
    client.force_login(city.reviewer)
    address = reverse("review_assessment", args=[2026, mandate.pk])
    page = client.get(address)
    assert ([seat for seat, _ in page.context["seats"]], page.context["seat"]) == (
        ["electors", "area"],
        "area",
    )
    assert "还可以" in page.content.decode()
    given = carried(page.context["form"]) | {"seat": "area", "award-organ": "12"}
    assert client.post(address, given).status_code == 302
    assert client.post(address, {"seat": "office", "award-organ": "20"}).status_code == 404
    assert items(year, mandate)["organ"] == 12


def _handed_up(city, year, mandate):
    operations.start_review(year=year, areas=[city.township], actor=city.office, moment=START)
    operations.submit_area(review=year.reviews.get(), actor=city.reviewer, moment=START)


def _publicised(city, year, mandate):
    Year.objects.filter(pk=year.pk).update(state=Year.State.PUBLICISED)


@pytest.mark.parametrize(
    ("gone_on", "words"),
    [
        (_handed_up, "石桥镇的 2026 年度已经上报，2026 年"),
        (_publicised, "现在是“公示”，评定在公示以前填写。"),
    ],
)
def test_what_comes_after_the_year_has_gone_on_is_kept_on_the_page_with_the_reason(
    client, city, year, gone_on, words
):
    mandate = city.representative()
    client.force_login(city.reviewer)
    address = reverse("review_assessment", args=[2026, mandate.pk])
    seen = shown(client, address) | {"seat": "area"}
    gone_on(city, year, mandate)
    late = client.post(address, seen | {"award-organ": "12", "award": "８８", "note": "一句话"})
    assert (late.status_code, Assessment.objects.count()) == (409, 0)
    said = late.content.decode()
    assert [said.count(each) for each in (words, 'value="12"', 'value="８８"', "一句话")] == [1, 1, 1, 1]
    nonsense = client.post(address, {"seat": "area", "award-organ": "很多"})
    assert (nonsense.status_code, nonsense.context["form"].errors["award-organ"]) == (
        400, ["请填数字，例如 85 或 85.5。"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("gone_on", "words"), [(_handed_up, "石桥镇已经上报"), (_publicised, "评定已经结束")]
)
def test_who_opens_the_page_after_the_year_has_gone_on_reads_why_there_is_no_form(
    client, city, year, gone_on, words
):
    mandate = city.representative()
    client.force_login(city.reviewer)
    gone_on(city, year, mandate)
    page = client.get(reverse("review_assessment", args=[2026, mandate.pk]))
    assert (page.context["form"], page.content.decode().count(words)) == (None, 1)


def test_who_reads_scores_only_sees_no_form(client, city, year):
    mandate = city.representative()
    client.force_login(city.auditor)
    page = client.get(reverse("review_assessment", args=[2026, mandate.pk]))
    assert (page.context["form"], "您可以看，不能填写" in page.content.decode()) == (None, True)


@pytest.mark.parametrize("name", ["review_assessments", "review_assessment"])
def test_elsewhere_and_lesser_roles_find_nothing(client, city, year, name):
    mandate = city.representative()
    city.representative("王示例", area=city.other_township, group=None)
    other = somebody(city, "elsewhere", "reviewer", city.other_township)
    address = reverse(name, args=[2026, mandate.pk] if name == "review_assessment" else [2026])
    codes = []
    for user in (city.recorder, mandate.representative.user, other):
        client.force_login(user)
        codes.append(client.get(address).status_code)
    assert codes == [404, 404, 404 if name == "review_assessment" else 200]
    if name == "review_assessments":
        page = client.get(address)
        assert [row.mandate.representative.name for row in page.context["rows"]] == ["王示例"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_queries(client, city, year, count, django_assert_num_queries):
    for number in range(count):
        mandate = city.representative(f"丁示{number}")
        give(year, mandate, "self", ("", "85"), actor=mandate.representative.user)
    client.force_login(city.reviewer)
    client.get(reverse("review"))  # remembers the site
    with django_assert_num_queries(10):
        page = client.get(reverse("review_assessments", args=[2026]))
    assert [row.figures[0] for row in page.context["rows"]] == [("自评", D(85), True)] * count


def test_a_standard_whose_maximum_is_lower_is_not_tried_but_told(client, city, year):
    mandate = city.representative()
    give(year, mandate, "area", ("organ", "20"), actor=city.reviewer)
    lower = operations.store_standard(text=ASSESSED.replace("max: 20}", "max: 15}"), actor=city.office)
    client.force_login(city.office)
    page = client.get(reverse("standard:try", args=[lower.pk, 2026]))
    assert page.status_code == 200
    assert "的评分 20.00 不在 0—15 分之内" in page.content.decode()
