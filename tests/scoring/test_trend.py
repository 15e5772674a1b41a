"""历年得分: totals of all years and mandates of one person, said which are final and which may be compared."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from scoring import operations
from scoring.models import FrozenSheet, Standard, Year, YearTotal
from scoring.sheet.trend import DRAWN, former, stored_of
from stations.models import Mandate, Term
from stations.operations import end_mandate
from tests.conftest import START
from tests.scoring.adopted import EXAMPLE, adopted
from tests.scoring.sheet_city import NOW, held, hrefs, opened, see, text_of, walk
from tests.scoring.year_city import somebody


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


def past(city, mandate, label, total, band="称职", standard=None, state="notified"):
    """A confirmed year with one frozen sheet, as if it had gone its way."""
    made = Year.objects.create(
        label=label,
        term=mandate.term,
        standard=standard or adopted(city),
        starts_on=date(label, 1, 1),
        ends_on=date(label, 12, 31),
        state=state,
        digest="0" * 64,
        decided_on=date(label + 1, 2, 1),
        decision_number="示例",
    )
    FrozenSheet.objects.create(year=made, mandate=mandate, total=Decimal(total), band=band, content={})
    return made


def another_standard():
    return Standard.objects.create(code="old", version=3, title="旧标准", text=EXAMPLE, digest="1" * 64)


def told(page):
    return [
        (each.label, each.total, each.band, each.final, each.here) for each in page.context["trend"].points
    ]


def test_confirmed_years_are_frozen_and_the_running_one_is_live(client, city, year, mandate):
    past(city, mandate, 2024, "64.5", "基本称职")
    past(city, mandate, 2025, 78)
    held(city, mandate)
    page = see(client, mandate)
    assert told(page) == [
        (2024, Decimal("64.50"), "基本称职", True, False),
        (2025, Decimal("78.00"), "称职", True, False),
        (2026, Decimal("17.00"), "不称职", False, True),
    ]
    text = text_of(page)
    said = [text.count(words) for words in ("已确认 ", "当前得分，未最终确认", "不能直接比较")]
    assert said == [2, 1, 0]
    assert "2025 年度 78 分，称职；2026 年度 17 分，不称职（未最终确认）。" in page.text


def test_one_year_alone_is_a_sentence(client, city, year, mandate):
    page = see(client, mandate)
    text = text_of(page)
    assert (text.count("您现在只有 2026 年度的得分"), page.text.count('<svg class="trend-c')) == (1, 0)


def test_an_earlier_year_does_not_say_that_there_is_no_other(client, city, year, mandate):
    past(city, mandate, 2025, 78)
    address = reverse("staff_sheet", args=[mandate.pk, 2025])
    own = text_of(see(client, mandate, "scorecard_year", 2025))
    client.force_login(city.reviewer)
    texts = [own, text_of(client.get(address))]
    said = "这里现在列出 2025 年度的得分；其他年度的得分核算以后，也列在这里。"
    assert [(text.count("现在只有"), text.count(said)) for text in texts] == [(0, 1)] * 2


def test_a_year_leads_to_its_own_sheet(client, city, year, mandate):
    past(city, mandate, 2025, 78)
    own = f"/me/score/2025/?mandate={mandate.pk}"
    assert hrefs(see(client, mandate)).count(own) == 1
    client.force_login(city.reviewer)
    page = client.get(reverse("staff_sheet", args=[mandate.pk, 2026]))
    assert hrefs(page).count(reverse("staff_sheet", args=[mandate.pk, 2025])) == 1


def test_years_under_another_standard_are_marked_and_not_coloured_as_if_alike(client, city, year, mandate):
    past(city, mandate, 2024, 90, "优秀", another_standard())
    past(city, mandate, 2025, 78)
    page = see(client, mandate)
    trend = page.context["trend"]
    assert [(each.label, each.rank, each.apart) for each in trend.points] == [
        (2024, 0, False), (2025, 2, True), (2026, 4, False),
    ]  # fmt: skip
    assert trend.mixed
    assert (page.text.count('<line class="edge"'), text_of(page).count("不能直接比较")) == (1, 1)
    assert text_of(page).count("旧标准（第 3 版）") == 1


def test_other_mandates_of_the_person_are_among_them_and_other_people_never(client, city, year, mandate):
    old = Term.objects.create(number=8, name="第八届", starts_on=date(2017, 1, 1), ends_on=date(2021, 12, 31))
    before = Mandate.objects.create(
        representative=mandate.representative,
        term=old,
        area=city.township,
        starts_on=old.starts_on,
        ends_on=old.ends_on,
    )
    past(city, before, 2021, 55, "不称职")
    other = city.representative("李示例")
    FrozenSheet.objects.create(
        year=Year.objects.get(label=2021), mandate=other, total=Decimal(99), band="优秀", content={}
    )
    assert [(each.label, each.mandate) for each in see(client, mandate).context["trend"].points] == [
        (2021, before.pk), (2026, mandate.pk),
    ]  # fmt: skip


def test_staff_read_no_year_of_an_area_that_is_not_theirs(client, city, year, mandate):
    moved = Mandate.objects.create(
        representative=mandate.representative,
        term=city.term,
        area=city.other_township,
        starts_on=date(2023, 1, 1),
        ends_on=date(2023, 12, 31),
    )
    past(city, moved, 2023, 91, "优秀")
    seen = {}
    for user in (city.office, city.reviewer):
        client.force_login(user)
        page = client.get(reverse("staff_sheet", args=[mandate.pk, 2026]))
        seen[user.username] = [each.label for each in page.context["trend"].points]
    assert seen == {"office": [2023, 2026], "reviewer": [2026]}


def test_another_running_year_says_when_it_was_reckoned(client, city, year, mandate):
    older = opened(city, 2025)
    operations.reckon_year(year=older, actor=None, moment=START)
    page = see(client, mandate)
    assert told(page)[0] == (2025, Decimal("15.00"), "不称职", False, False)
    assert text_of(page).count("2026-06-18 核算，未最终确认") == 1


def test_a_year_in_preparation_is_no_part_of_it(city, mandate):
    draft = operations.create_year(label=2026, term=city.term, standard=adopted(city), actor=city.office)
    operations.reckon_year(year=draft, actor=None, moment=START)
    assert YearTotal.objects.filter(mandate=mandate).count() == 1
    assert stored_of(mandate.representative_id) == []


def test_once_confirmed_the_remembered_total_speaks_no_more(client, city, year, mandate):
    operations.reckon_year(year=year, actor=None, moment=START)
    held(city, mandate)
    walk(city, year)
    assert [(each.total, each.final) for each in stored_of(mandate.representative_id)] == [
        (Decimal("17.00"), True)
    ]
    assert told(see(client, mandate)) == [(2026, Decimal("17.00"), "不称职", True, True)]


def test_last_year_counts_only_once_it_was_notified(city, year, mandate):
    made = past(city, mandate, 2025, 78, state="confirmed")
    assert former(stored_of(mandate.representative_id), year) is None
    Year.objects.filter(pk=made.pk).update(state="notified")
    assert former(stored_of(mandate.representative_id), year).total == Decimal(78)


def test_the_chart_draws_the_latest_years_and_the_table_tells_all(client, city, year, mandate):
    for label in range(2018, 2026):
        past(city, mandate, label, 60 + label - 2018)
    page = see(client, mandate)
    trend = page.context["trend"]
    assert (len(trend.points), [c.point.label for c in trend.columns]) == (9, list(range(2021, 2027)))
    assert text_of(page).count(f"图中是最近 {DRAWN} 个年度") == 1


def test_a_total_below_nought_hangs_from_the_line(client, city, year, mandate):
    past(city, mandate, 2025, -20, "不称职")
    below, above = see(client, mandate).context["trend"].columns
    assert (below.top, float(below.height[:-1]) > 0) == (see(client, mandate).context["trend"].base, True)
    assert float(above.top[:-1]) < float(below.top[:-1])


def test_two_mandates_of_one_year_are_told_apart(client, city, year, mandate):
    end_mandate(mandate=mandate, day=date(2026, 6, 30), actor=city.office)
    second = Mandate.objects.create(
        representative=mandate.representative, term=city.term, area=city.township, starts_on=date(2026, 7, 1)
    )
    operations.reckon_year(year=year, actor=None, moment=START)
    page = see(client, mandate)
    assert {each.mandate for each in page.context["trend"].points} == {mandate.pk, second.pk}
    assert text_of(page).count("2026-07-01 起的任期") == 1


def test_nothing_of_a_trend_is_seen_by_somebody_of_elsewhere(client, city, year, mandate):
    client.force_login(somebody(city, "elsewhere", "reviewer", city.other_township))
    assert client.get(reverse("staff_sheet", args=[mandate.pk, 2026])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_all_years_take_one_query(city, year, mandate, count, django_assert_num_queries):
    for number in range(count):
        past(city, mandate, 2025 - number, 70)
    with django_assert_num_queries(1):
        assert len(stored_of(mandate.representative_id)) == count
