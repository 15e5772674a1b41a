"""成绩单 on its page: whose it is, every point's source, what is ahead, and who else may look."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from scoring import operations
from scoring.models import Honour
from scoring.sheet.shown import cut_sentence
from sessions.checkin.codes import code_at
from sessions.operations import check_in
from stations.models import Mandate, Term
from stations.operations import end_mandate
from tests.conftest import START
from tests.scoring.adopted import adopted
from tests.scoring.sheet_city import END, NOW, count_of, held, opened, report, see, text_of, walk


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


# Whose it is


def test_who_is_not_signed_in_is_asked_to(client, site):
    page = client.get(reverse("scorecard"))
    assert (page.status_code, page["Location"]) == (302, "/accounts/login/?next=/me/score/")


def test_staff_without_a_mandate_have_no_sheet(client, city, year):
    client.force_login(city.office)
    assert client.get(reverse("scorecard")).status_code == 404


def test_a_person_before_any_year_reads_that_nothing_is_recorded(client, city, site, mandate):
    page = see(client, mandate)
    assert (page.status_code, count_of(page, "本年度还没有积分记录")) == (200, 1)


def test_a_year_in_preparation_is_not_shown(client, city, site, mandate):
    standard = adopted(city)
    operations.create_year(label=2026, term=city.term, standard=standard, actor=city.office)
    assert [see(client, mandate).status_code, see(client, mandate, "scorecard_year", 2026).status_code] == [
        200,
        404,
    ]


def test_a_year_without_a_record_shows_the_start_and_says_so(client, city, year, mandate):
    page = see(client, mandate)
    assert (count_of(page, "本年度还没有积分记录 "), page.context["sheet"].total) == (1, Decimal("15.00"))


def test_another_persons_mandate_answers_404(client, city, year, mandate):
    other = city.representative("李示例")
    client.force_login(mandate.representative.user)
    codes = [
        client.get(reverse("scorecard"), {"mandate": each}).status_code
        for each in (mandate.pk, other.pk, "x")
    ]
    assert codes == [200, 404, 404]


def test_a_year_before_ones_mandate_answers_404(client, city, site, mandate):
    old = Term.objects.create(number=8, name="第八届", starts_on=date(2017, 1, 1), ends_on=date(2021, 12, 31))
    opened(city, 2021, old)
    assert see(client, mandate, "scorecard_year", 2021).status_code == 404


def test_a_person_with_two_mandates_in_a_year_chooses(client, city, year, mandate):
    end_mandate(mandate=mandate, day=date(2026, 6, 30), actor=city.office)
    second = Mandate.objects.create(
        representative=mandate.representative, term=city.term, area=city.township, starts_on=date(2026, 7, 1)
    )
    held(city, mandate)
    page = see(client, mandate)
    first = client.get(reverse("scorecard"), {"mandate": mandate.pk})
    assert [(p.context["mandate"], p.context["sheet"].total) for p in (page, first)] == [
        (second, Decimal("15.00")),
        (mandate, Decimal("17.00")),
    ]


def test_the_choice_of_a_year_leads_to_its_address(client, city, year, mandate):
    client.force_login(mandate.representative.user)
    answers = [client.get(reverse("scorecard"), {"year": asked}) for asked in ("2026", "2031", "甲")]
    assert [(a.status_code, a.get("Location")) for a in answers] == [
        (302, "/me/score/2026/"),
        (404, None),
        (200, None),
    ]


def test_nobody_stores_the_page(client, city, year, mandate):
    assert "no-store" in see(client, mandate)["Cache-Control"]


# What it says


def test_the_plate_names_total_band_and_the_way_to_the_next(client, city, year, mandate):
    held(city, mandate)
    words = text_of(see(client, mandate))
    assert [
        words.count(each)
        for each in ("当前得分（未最终确认）", "17 分", "再得 43 分，就是基本称职", "短板有 6 处：")
    ] == [1, 1, 1, 1]


def test_a_clamp_is_said_with_what_stood_before_it(client, city, year, mandate):
    for number in range(3):
        report(city, mandate, f"https://news.example/{number}", level="provincial")
    assert count_of(see(client, mandate), "封顶后计 6 分，共 9 分") == 1


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("ceiling", "封顶后计 6 分，共 9.5 分"),
        ("floor", "保底计 6 分，按记录为 9.5 分"),
        ("zeroed", "本项清零，原为 9.5 分"),
        ("short_of_target", "没有达到目标，计 6 分"),
        ("voided", "总分清零，原为 9.5 分"),
    ],
)
def test_every_cut_is_a_sentence(kind, words):
    assert cut_sentence({"kind": kind, "limit": "6", "by": "-3.5"}) == words


def test_a_fact_that_does_not_count_says_why(client, city, year, mandate):
    report(city, mandate, "https://news.example/1", level="county", story="断头路")
    report(city, mandate, "https://news.example/2", story="断头路")
    words = text_of(see(client, mandate))
    assert words.count("2026-05-01 · 县级 · 同一事项只计一次") == 1


def test_coming_to_the_congress_takes_nothing_away_and_says_so(client, city, year, mandate):
    held(city, mandate, kind="congress", title="第一次全体会议")
    assert count_of(see(client, mandate), "2026-06-18 · 出席 · 不扣分") == 1


def test_what_waits_for_the_staff_is_named_with_the_reason(client, city, year, mandate):
    claimed = city.activity(title="只签了到")
    city.enrol(claimed, mandate)
    token = code_at(claimed.check_in_key, START).token
    check_in(activity=claimed, representative=mandate.representative, nonce="n", moment=START, token=token)
    held(city, mandate, close=False, title="还没有收册", at=START + timedelta(days=1))
    report(city, mandate, "https://news.example/1", verify=False)
    waiting = see(client, mandate).context["waiting"]
    assert [(each.label, each.reason) for each in waiting] == [
        ("还没有收册", "名册收册后计分"),
        ("只签了到", "待工作人员确认"),
        ("报道1", "专题报道，核实后计分"),
    ]


def test_last_years_result_stands_beside(client, city, site, mandate):
    walk(city, opened(city, 2025))
    opened(city, 2026)
    assert count_of(see(client, mandate), "上年度 15 分，不称职") == 1


def test_a_confirmed_year_is_final_and_offers_nothing_more(client, city, year, mandate):
    held(city, mandate)
    city.activity(starts_at=END + timedelta(hours=1))
    walk(city, year)
    page = see(client, mandate)
    words = text_of(page)
    assert [
        words.count(each)
        for each in (
            "未最终确认",
            "今年还能做什么",
            "2026 年度得分",
            "已由主任会议确认（示例 1 号，2027-02-01）",
        )
    ] == [0, 0, 1, 1]


def test_the_page_of_a_confirmed_year_shows_what_was_frozen(client, city, year, mandate):
    walk(city, year)
    Honour.objects.create(
        mandate=mandate, title="示例", level="national", awarded_on=date(2026, 6, 1), state="verified"
    )
    page = see(client, mandate)
    assert (page.context["final"], page.context["sheet"].total) == (True, Decimal("15.00"))
