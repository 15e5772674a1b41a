"""What the tags of scoring show on the pages of the floors below."""

from datetime import date, datetime
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.urls import reverse

from scoring import operations
from tests.conftest import SHANGHAI, START
from tests.scoring.adopted import adopted

EXAMPLE = Path(__file__).resolve().parents[1] / "data" / "standards" / "example-6x11.yaml"
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def show(words, **context):
    return Template("{% load scoring_tags %}" + words).render(Context(context))


def opened(city, label=2026):
    standard = adopted(city)
    made = operations.create_year(label=label, term=city.term, standard=standard, actor=city.office)
    return operations.open_year(year=made, actor=city.office, moment=START)


def report(city, *mandates, number=1, verify=True, level="provincial", **more):
    outlet = operations.add_outlet(name=f"示例{number}台", level=level, medium="tv", actor=city.office)
    made = operations.report_media(
        title=f"报道{number}",
        outlet=outlet,
        published_on=date(2026, 5, number),
        mandates=mandates,
        url=f"https://news.example/{number}",
        actor=city.office,
        **more,
    )
    if verify:
        operations.verify_report(report=made, actor=city.office, moment=START)
    return made


def test_the_card_shows_ones_own_points_with_the_way_to_the_sheet(city):
    mandate = city.representative()
    opened(city)
    text = show("{% my_score_card %}", user=mandate.representative.user)
    assert [
        text.count(words)
        for words in (
            '<span class="num">15</span> 分 · 目前不称职',
            "再得 45 分，就是基本称职",
            "（未最终确认）",
            '"/me/score/2026/"',
        )
    ] == [1, 1, 1, 1]


def test_the_card_before_any_year_says_that_nothing_is_recorded(city):
    mandate = city.representative()
    assert show("{% my_score_card %}", user=mandate.representative.user).count("本年度还没有积分记录。") == 1


def test_staff_and_strangers_have_no_card(city):
    opened(city)
    assert [show("{% my_score_card %}", user=user).strip() for user in (city.office, AnonymousUser())] == [
        "",
        "",
    ]


def test_a_page_about_somebody_else_shows_the_readers_card(city):
    mine, other = city.representative(), city.representative("李示例")
    opened(city)
    operations.add_honour(
        mandate=other, title="优秀", level="county", awarded_on=date(2026, 1, 9), actor=city.office
    )
    text = show("{% my_score_card %}", user=mine.representative.user, person=other.representative)
    assert text.count('<span class="num">15</span>') == 1


def test_the_card_of_a_person_the_page_has_found_takes_eight_queries(city, django_assert_num_queries):
    mandate = city.representative()
    opened(city)
    person = mandate.representative
    show("{% my_score_card %}", user=person.user, person=person)
    with django_assert_num_queries(8):
        show("{% my_score_card %}", user=person.user, person=person)


def test_verified_reports_are_listed_with_outlet_level_date_and_link(city):
    mandate = city.representative()
    report(city, mandate)
    report(city, mandate, number=2, verify=False)
    report(city, city.representative("李示例"), number=3)
    text = show("{% media_reports_of person %}", person=mandate.representative)
    assert [
        text.count(words)
        for words in (
            '<a href="https://news.example/1" rel="noopener">报道1</a>',
            "示例1台 · 省级",
            "2026-05-01</time>",
            "报道2",
            "报道3",
        )
    ] == [1, 1, 1, 0, 0]


def test_without_a_verified_report_nothing_is_listed(city):
    mandate = city.representative()
    report(city, mandate, verify=False)
    assert show("{% media_reports_of person %}", person=mandate.representative).strip() == ""


def test_a_title_with_marks_is_shown_as_text(city):
    mandate = city.representative()
    made = report(city, mandate)
    type(made).objects.update(title="<b>x</b>")
    text = show("{% media_reports_of person %}", person=mandate.representative)
    assert (text.count("&lt;b&gt;x&lt;/b&gt;"), text.count("<b>x")) == (1, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_reports_takes_one_query(city, django_assert_num_queries, count):
    mandate = city.representative()
    for number in range(1, count + 1):
        report(city, mandate, number=number)
    person = mandate.representative
    with django_assert_num_queries(1):
        show("{% media_reports_of person %}", person=person)


@pytest.mark.parametrize("count", [1, 3])
def test_highlights_with_their_people_take_two_queries(city, django_assert_num_queries, count):
    people = [city.representative(f"代表{n}") for n in range(2)]
    for number in range(1, count + 1):
        report(city, *people, number=number)
    words = (
        "{% media_highlights limit=4 as reports %}{% for r in reports %}{{ r.title }}，{{ r.outlet.name }}："
        "{% for s in r.subjects.all %}{{ s.mandate }}{% endfor %};{% endfor %}"
    )
    with django_assert_num_queries(2):
        text = show(words)
    assert text == "".join(f"报道{n}，示例{n}台：代表0代表1;" for n in range(count, 0, -1))


def test_highlights_stop_at_their_limit(city):
    mandate = city.representative()
    for number in (1, 2, 3):
        report(city, mandate, number=number)
    assert show("{% media_highlights limit=2 as reports %}{{ reports|length }}") == "2"


def test_the_way_to_the_standard_can_have_other_words(site):
    assert (show("{% standard_link %}"), show('{% standard_link "怎样计分" %}')) == (
        f'<a href="{reverse("method")}">积分标准</a>',
        f'<a href="{reverse("method")}">怎样计分</a>',
    )
