"""The position in group and congress: shown only where the office switched it on, to its own person and the staff."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from wagtail.models import ModelLogEntry

from scoring import operations
from scoring.models import Year, YearTotal
from scoring.year.forms import shown_form
from scoring.year.seal import first_fault
from stations.models import DeputyGroup
from stations.operations import suspend_mandate
from tests.conftest import START
from tests.opened import carried
from tests.scoring.sheet_city import NOW, held, opened, see, text_of, walk
from tests.scoring.year_city import somebody

DAY = date(2026, 6, 18)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def year(city, site):
    return opened(city, 2026)


@pytest.fixture
def people(city):
    """Three of one group, two of none."""
    own = [city.representative(name) for name in ("王样本", "田示范", "毛假名")]
    return own + [city.representative(name, group=None) for name in ("李示例", "赵示例")]


def reckoned(year, position="both", moment=START, **totals):
    """Remember these totals ({mandate's name: total}) and switch the position on."""
    operations.reckon_year(year=year, actor=None, moment=moment)
    for total in YearTotal.objects.filter(year=year).select_related("mandate__representative"):
        total.total = Decimal(totals.get(total.mandate.representative.name, 10))
        total.save()
    Year.objects.filter(pk=year.pk).update(position=position)


def places(page):
    found = page.context["position"]
    return [(place.among, place.place, place.people) for place in found.places] if found else None


TOTALS = {"王样本": 80, "田示范": 90, "毛假名": 80, "李示例": 95}


def test_who_have_the_same_total_share_a_place(client, city, year, people):
    reckoned(year, **TOTALS)
    group = str(city.group)
    found = {str(each): places(see(client, each)) for each in people}
    assert found == {
        "田示范": [(group, 1, 3), ("全体代表", 2, 5)],
        "王样本": [(group, 2, 3), ("全体代表", 3, 5)],
        "毛假名": [(group, 2, 3), ("全体代表", 3, 5)],
        "李示例": [("全体代表", 1, 5)],
        "赵示例": [("全体代表", 5, 5)],
    }


def test_it_says_the_place_the_number_and_the_day(client, city, year, people):
    reckoned(year, **TOTALS)
    text = text_of(see(client, people[0]))
    said = f"{city.group}第 2 名，共 3 人；全体代表第 3 名，共 5 人。"
    assert (text.count(said), text.count("按 2026 年 6 月 18 日（周四）核算的得分，得分相同的名次相同")) == (
        1,
        1,
    )


@pytest.mark.parametrize(
    ("chosen", "among"),
    [
        ("off", None),
        ("group", ["石桥镇代表小组"]),
        ("city", ["全体代表"]),
        ("both", ["石桥镇代表小组", "全体代表"]),
    ],
)
def test_only_what_the_office_chose_is_shown(client, city, year, people, chosen, among):
    reckoned(year, chosen, **TOTALS)
    found = places(see(client, people[0]))
    assert (found and [name for name, _, _ in found]) == among


def test_switched_off_nothing_of_it_stands_in_the_page(client, city, year, people):
    reckoned(year, "off", **TOTALS)
    pages = [see(client, people[0])]
    client.force_login(city.office)
    pages.append(client.get(reverse("staff_sheet", args=[people[0].pk, 2026])))
    words = ("位置：", " 名，共", "核算的得分", "全体代表第")
    assert [[page.text.count(word) for word in words] for page in pages] == [[0, 0, 0, 0]] * 2


def test_a_new_year_shows_nothing(year):
    assert year.position == "off"


def test_who_is_suspended_is_left_out_and_reads_nothing(client, city, year, people):
    reckoned(year, **TOTALS)
    suspend_mandate(mandate=people[1], starts_on=DAY, ends_on=DAY, reason="示例", actor=city.office)
    # A group of two is left: a place in it would tell the other's total.
    assert places(see(client, people[0])) == [("全体代表", 2, 4)]
    assert places(see(client, people[1])) is None


def test_who_is_not_graded_is_left_out(client, city, year, people):
    operations.set_joiners(year=year, joiners="not_graded", actor=city.office)
    late = city.representative("钱示例", starts_on=date(2026, 3, 1))
    reckoned(year, **TOTALS)
    assert not YearTotal.objects.filter(mandate=late).exists()
    assert places(see(client, people[0]))[1] == ("全体代表", 3, 5)


def test_a_member_of_another_group_is_no_fellow(client, city, year, people):
    other = DeputyGroup.objects.create(term=city.term, area=city.township, name="邻组")
    city.representative("孙示例", group=other)
    reckoned(year, **TOTALS)
    assert [(name, number) for name, _, number in places(see(client, people[0]))] == [
        ("石桥镇代表小组", 3), ("全体代表", 6),
    ]  # fmt: skip


def test_before_the_first_reckoning_it_says_so(client, city, year, people):
    Year.objects.filter(pk=year.pk).update(position="both")
    assert text_of(see(client, people[0])).count("核算以后这里显示位置") == 1


def test_a_confirmed_year_stands_by_what_was_frozen(client, city, year, people):
    reckoned(year, **TOTALS)
    held(city, people[0])
    walk(city, year)
    page = see(client, people[0])
    assert places(page) == [("石桥镇代表小组", 1, 3), ("全体代表", 1, 5)]
    assert text_of(page).count("按 2027 年 2 月 1 日（周一）确认的得分") == 1
    assert places(see(client, people[3])) == [("全体代表", 2, 5)]


def test_nobody_reads_it_of_another(client, city, year, people):
    reckoned(year, **TOTALS)
    address = reverse("staff_sheet", args=[people[0].pk, 2026])
    codes = []
    for user in (people[1].representative.user, city.recorder, city.reviewer):
        client.force_login(user)
        codes.append(client.get(address).status_code)
    assert codes == [404, 404, 200]


def sheet_queries(client, mandate, count):
    see(client, mandate)
    with count:
        client.get(reverse("scorecard"))


@pytest.mark.parametrize("more", [0, 3])
def test_it_takes_one_query_however_many_people(client, city, year, people, more, django_assert_num_queries):
    for number in range(more):
        city.representative(f"虚构{number}", login=False)
    reckoned(year, "off", **TOTALS)
    sheet_queries(client, people[0], django_assert_num_queries(21))
    Year.objects.filter(pk=year.pk).update(position="both")
    sheet_queries(client, people[0], django_assert_num_queries(22))


# The office switches it


def test_the_office_switches_it_on_and_off_and_the_log_keeps_both(client, city, year, people):
    client.force_login(city.office)
    address = reverse("review_shown", args=[2026])
    before = carried(shown_form(year))
    page = client.post(address, {"position": "both", "wants_sheets": "on"} | before, follow=True)
    assert page.text.count("代表看到的位置：小组和全体都显示，名册要有签到册原件。") == 1
    year.refresh_from_db()
    assert (year.position, year.wants_sheets) == ("both", True)
    off = {"position": "off"} | carried(shown_form(year))
    client.post(address, off)
    client.post(address, off)  # the same again leaves no line
    data = [entry.data for entry in ModelLogEntry.objects.filter(action="scoring.step").order_by("pk")]
    assert [each for each in data if each["step"] == "shown"] == [
        {"step": "shown", "old": ["off", False], "new": ["both", True]},
        {"step": "shown", "old": ["both", True], "new": ["off", False]},
    ]


def test_it_may_be_switched_off_after_the_confirmation_and_the_seal_holds(client, city, year, people):
    Year.objects.filter(pk=year.pk).update(position="both")
    walk(city, year)
    client.force_login(city.office)
    year.refresh_from_db()
    off = {"position": "off"} | carried(shown_form(year))
    assert client.post(reverse("review_shown", args=[2026]), off).status_code == 302
    year.refresh_from_db()
    assert (year.position, first_fault(year)) == ("off", "")


def test_nobody_else_switches_it(client, city, year, people):
    address = reverse("review_shown", args=[2026])
    township = somebody(city, "township-office", "office", city.township)
    city.representative("李邻镇", area=city.other_township, group=None, login=False)
    codes = []
    for user in (city.reviewer, city.auditor, township, people[0].representative.user):
        client.force_login(user)
        codes.append(client.post(address, {"position": "both"}).status_code)
    year.refresh_from_db()
    assert (codes, year.position) == ([404] * 4, "off")
    with pytest.raises(operations.YearRefused, match="没有设置年度的权限"):
        operations.set_shown(year=year, position="both", wants_sheets=False, actor=city.reviewer)


@pytest.mark.parametrize("data", [{}, {"position": "everybody"}])
def test_nonsense_sets_nothing(client, city, year, people, data):
    client.force_login(city.office)
    assert client.post(reverse("review_shown", args=[2026]), data).status_code == 404
    year.refresh_from_db()
    assert year.position == "off"
