"""The overview of a year: figures of the reader's areas that agree with the sheets, and a spreadsheet that is noted."""

import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from scoring import operations
from scoring.overview.figures import overview
from scoring.overview.graded import graded
from scoring.sheets import live_sheet, mandates_of
from tests.scoring.year_city import END, confirm, held, open_year, somebody, walk


@pytest.fixture
def year(city):
    return open_year(city)


@pytest.fixture
def people(city):
    return [city.representative(name, login=False) for name in ("王样本", "田示范", "毛假名")]


def of(year, *roots):
    return overview(year, graded(year, roots), roots)


def test_the_figures_are_those_of_the_sheets(city, year, people):
    held(city, *people[:2])
    found = of(year, city.township)
    totals = sorted(live_sheet(year, mandate).sheet.total for mandate in people)
    assert totals == [Decimal("15.00"), Decimal("17.00"), Decimal("17.00")]
    spread = found.spread
    assert (spread.people, spread.mean, spread.middle, spread.least, spread.most) == (
        3, Decimal("16.33"), Decimal("17.00"), totals[0], totals[2],
    )  # fmt: skip
    assert found.bands == (("优秀", 0), ("称职", 0), ("基本称职", 0), ("不称职", 3))
    assert found.bins == (("15", 1), ("16", 0), ("17", 2))
    assert [(line.area.name, line.bands, line.near) for line in found.areas] == [("石桥镇", found.bands, 0)]


def test_items_say_whom_they_moved_and_which_nobody_earned(city, year, people):
    held(city, people[0])
    items = {item.name: item for item in of(year, city.township).items}
    moved = {name: item.moved for name, item in items.items() if item.moved}
    assert sum(moved.values()) == 4  # three have their opening points, one came to a session
    assert {item.nobody for name, item in items.items() if name not in moved} == {True}
    assert {item.people for item in items.values()} == {3}


def test_a_confirmed_year_shows_what_was_frozen(city, year, people):
    held(city, *people)
    live = of(year, city.township)
    walk(year, city, "publicise")
    confirm(year, city)
    year.refresh_from_db()
    frozen = of(year, city.township)
    assert (frozen.spread, frozen.bands, frozen.items) == (live.spread, live.bands, live.items)


def test_nobody_at_all_is_a_state_of_its_own(client, city, year):
    assert of(year, city.township) is None
    client.force_login(city.office)
    page = client.get(reverse("review_overview", args=[2026]))
    assert (page.status_code, page.text.count("还没有可以统计的代表"), page.text.count("导出表格")) == (
        200,
        1,
        0,
    )


def test_what_does_not_count_yet_is_told(client, city, year, people):
    city.activity()
    outlet = operations.add_outlet(name="示例日报", level="county", medium="paper", actor=city.office)
    operations.report_media(
        title="窑火",
        outlet=outlet,
        published_on=END.date().replace(year=2026),
        mandates=people,
        actor=city.office,
    )
    client.force_login(city.office)
    text = client.get(reverse("review_overview", args=[2026])).text
    assert (text.count("<li>1 篇专题报道待核实</li>"), text.count("<li>1 场已结束的活动还没有收册</li>")) == (
        1,
        1,
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_for_one_and_three(client, city, year, count):
    for number in range(count):
        city.representative(f"虚构{number}", login=False)
    client.force_login(city.office)
    address = reverse("review_overview", args=[2026])
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address)
    assert (page.context["found"].spread.people, len(queries)) == (count, 22)


def test_each_reader_sees_the_figures_of_the_own_branches_alone(client, city, year, people):
    city.representative("李邻镇", area=city.other_township, group=None, login=False)
    seen = {}
    for user in (
        city.office,
        city.auditor,
        city.reviewer,
        somebody(city, "elsewhere", "reviewer", city.other_township),
    ):
        client.force_login(user)
        seen[user.username] = (
            client.get(reverse("review_overview", args=[2026])).context["found"].spread.people
        )
    assert seen == {"office": 4, "auditor": 4, "reviewer": 3, "elsewhere": 1}
    for user in (city.recorder, somebody(city, "nobody")):
        client.force_login(user)
        assert client.get(reverse("review_overview", args=[2026])).status_code == 404


def test_an_area_of_others_is_not_there(client, city, year, people):
    city.representative("李邻镇", area=city.other_township, group=None, login=False)
    client.force_login(city.reviewer)
    own, other = city.township.pk, city.other_township.pk
    answers = [
        client.get(reverse("review_overview_area", args=[2026, pk])).status_code for pk in (own, other)
    ]
    answers += [
        client.post(reverse("review_export_area", args=[2026, pk])).status_code for pk in (own, other)
    ]
    assert answers == [200, 404, 200, 404]


def exported(client, user):
    client.force_login(user)
    answer = client.post(reverse("review_export", args=[2026]))
    return list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)), answer


def test_the_spreadsheet_holds_figures_as_numbers_and_words_as_text(client, city, year, people):
    people[1].representative.name = "=1+1"
    people[1].representative.save()
    held(city, people[0])
    rows, answer = exported(client, city.office)
    assert rows[2][:5] == ("姓名", "区域", "选举单位", "总分", "等次")
    found = {row[0]: (row[1], row[3], row[4]) for row in rows[3:]}
    assert found == {
        "王样本": ("石桥镇", 17, "不称职"), "=1+1": ("石桥镇", 15, "不称职"), "毛假名": ("石桥镇", 15, "不称职"),
    }  # fmt: skip
    assert b"<f>" not in answer.content
    assert answer["Content-Disposition"] == 'attachment; filename="jifen-2026.xlsx"'
    assert rows[1][0].startswith("未最终确认 · 代工委于 ")


def test_an_export_is_noted_with_who_took_how_many(client, city, year, people):
    exported(client, city.reviewer)
    entry = ModelLogEntry.objects.get(action="scoring.export")
    assert (entry.user, entry.data["people"]) == (city.reviewer, 3)
    assert client.get(reverse("review_export", args=[2026])).status_code == 405


def test_nothing_of_the_overview_is_kept_by_a_cache(client, city, year, people):
    client.force_login(city.office)
    for answer in (client.get(reverse("review_overview", args=[2026])), exported(client, city.office)[1]):
        assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
    assert mandates_of(year).count() == 3
