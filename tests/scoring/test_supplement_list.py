"""A supplement puts on the list who was left out of it: with the sheet of the records, sealed, followed by every list."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from scoring.book.appendices import roll
from scoring.eligibility import missed
from scoring.models import FrozenSheet, Supplement, SupplementLine
from scoring.models.supplements import ON_LIST
from scoring.operations import Adjustment, Change, SupplementRefused
from scoring.overview.graded import graded
from scoring.sheet.trend import stored_of
from scoring.sheets import mandates_of
from scoring.year.console import people_rows, rows_of
from scoring.year.seal import stored_digest
from stations import operations as stations_operations
from stations.operations import grant
from tests.scoring.test_supplements import LATER, change, first_item, post, supplement, told, typed, untie
from tests.scoring.year_city import held, open_year, walk


@pytest.fixture
def people(city):
    """The last of them was suspended in the records all through the year, by mistake."""
    return [city.representative(name) for name in ("王样本", "田示范", "毛假名")]


@pytest.fixture
def year(city, people, time_machine):
    time_machine.move_to(LATER, tick=False)
    year = open_year(city)
    held(city, *people)
    off = stations_operations.suspend_mandate(
        mandate=people[2], starts_on=date(2026, 1, 1), ends_on=None, reason="示例", actor=city.office
    )
    year = walk(year, city, "notify")
    stations_operations.remove_suspension(suspension=off, actor=city.office)
    return year


@pytest.fixture
def item(year):
    return first_item(year)


def onto(mandate, *more, band="", reason="名册上停职登记有误"):
    return Change(mandate.pk, (Adjustment(ON_LIST, Decimal(0), reason, "常委会文件"), *more), band)


def test_who_was_left_out_is_put_on_the_list_with_what_the_records_come_to(year, city, people):
    late = city.representative("丁一")
    assert list(missed(year).order_by("pk")) == [people[2], late]
    made = supplement(year, city, onto(people[2]), onto(late))
    assert [told(line) for line in made.lines.order_by("sheet__mandate")] == [
        ("17.00", "不称职", "17.00", "不称职"),
        ("15.00", "不称职", "15.00", "不称职"),
    ]
    sheet = FrozenSheet.objects.get(mandate=people[2])
    other = FrozenSheet.objects.get(mandate=people[0])
    assert (sheet.added_in, sheet.content["person"]) == (1, {"name": "毛假名", "area": "石桥镇"})
    assert [c["points"] for c in sheet.content["categories"]] == [
        c["points"] for c in other.content["categories"]
    ]
    assert (missed(year).count(), stored_digest(year)) == (0, year.digest)


def test_who_is_put_on_the_list_may_be_adjusted_at_once_and_later(year, city, people, item):
    supplement(year, city, onto(people[2], Adjustment(item, Decimal("45.5"), "名册漏记")))
    supplement(year, city, change(people[2], item, "-2.5"))
    assert [told(line) for line in SupplementLine.objects.order_by("supplement__number")] == [
        ("17.00", "不称职", "62.50", "基本称职"),
        ("62.50", "基本称职", "60.00", "基本称职"),
    ]
    call_command("verify_year", "2026")


def test_lists_the_trend_the_overview_and_the_book_hold_who_was_added(client, city, site, year, people, item):
    supplement(year, city, onto(people[2], Adjustment(item, Decimal(80), "名册漏记")))
    person = people[2]
    assert [(r.total, r.band, r.added) for r in people_rows(year, [person])] == [("97.00", "优秀", True)]
    (row,) = rows_of(year, city.office)
    assert [(band.name, band.people) for band in row.bands] == [("优秀", 1), ("不称职", 2)]
    assert {g.mandate: g.band for g in graded(year, [city.county])}[person.pk] == "优秀"
    assert ON_LIST not in next(g for g in graded(year, [city.county]) if g.mandate == person.pk).points
    assert [(one.total, one.band) for one in stored_of(person.representative_id)] == [(Decimal(97), "优秀")]
    client.force_login(city.office)
    page = client.get(reverse("review_results", args=[2026]))
    assert [sheet.mandate_id for sheet in page.context["sheets"]] == [person.pk]
    assert roll(year).blocks[0].text == "共 3 人，按姓名笔画为序。"
    client.force_login(person.representative.user)
    page = client.get(reverse("scorecard_year", args=[2026]))
    assert (page.context["final"], "列入名单，按记录 17 分" in page.text) == (True, True)


def test_an_area_that_nobody_reviewed_is_listed_once_somebody_of_it_was_added(year, city):
    far = city.representative("丁一", area=city.other_township)
    assert [row.area for row in rows_of(year, city.office)] == [city.township]
    supplement(year, city, onto(far))
    assert [(row.area, row.review is None, row.people) for row in rows_of(year, city.office)] == [
        (city.township, False, 2),
        (city.other_township, True, 1),
    ]


def test_nobody_is_put_on_the_list_twice_or_with_points_or_without_having_served(year, city, people, item):
    gone = city.representative("丁一")
    stations_operations.suspend_mandate(
        mandate=gone, starts_on=date(2026, 1, 1), ends_on=None, reason="示例", actor=city.office
    )
    for changes, words in (
        ([onto(people[0])], "王样本已经在2026 年度的名单里"),
        ([Change(people[2].pk, (Adjustment(ON_LIST, Decimal(1), "漏"),))], "这一行不写加减分"),
        ([onto(people[2], reason=" ")], "每一处更正都要写明理由"),
        ([onto(gone)], "请先核对任期和暂停履职的登记"),
        ([change(people[2], item, "1")], "确认的名单里没有毛假名"),
    ):
        with pytest.raises(SupplementRefused, match=words):
            supplement(year, city, *changes)
    supplement(year, city, onto(people[2]))
    with pytest.raises(SupplementRefused, match="毛假名已经在"):
        supplement(year, city, onto(people[2]))
    assert (Supplement.objects.count(), FrozenSheet.objects.count()) == (1, 3)


def test_nobody_puts_themselves_on_the_list(year, city, people):
    own = people[2].representative.user
    grant(user=own, area=city.county, role="office", actor=None)
    with pytest.raises(SupplementRefused, match="这件决定里有您本人"):
        supplement(year, city, onto(people[2]), actor=own)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE scoring_frozensheet SET total = 99 WHERE added_in = 1", "补充第 1 号被改动。"),
        ("UPDATE scoring_frozensheet SET content = '{}' WHERE added_in = 1", "补充第 1 号被改动。"),
        ("UPDATE scoring_frozensheet SET added_in = 2 WHERE added_in = 1", "补充第 1 号被改动。"),
        ("UPDATE scoring_frozensheet SET added_in = NULL", "成绩单 .*（毛假名）被改动。"),
        (
            """INSERT INTO scoring_frozensheet (year_id, mandate_id, total, band, content, added_in)
            SELECT year_id, (SELECT MAX(id) FROM stations_mandate), total, band, content, 1
            FROM scoring_frozensheet WHERE added_in = 1""",
            "是加入的，没有补充决定。",
        ),
    ],
)
def test_an_added_sheet_is_sealed_like_the_confirmed_ones(year, city, people, item, capsys, sql, words):
    supplement(year, city, onto(people[2]))
    supplement(year, city, change(people[2], item, "1"))
    city.representative("丁一")
    call_command("verify_year", "2026")
    said = f"2026 年度与确认时一致：2 份成绩单，摘要 {year.digest}；补充决定 2 件，补充列入 1 人，补充摘要"
    assert capsys.readouterr().out.startswith(said)
    with connection.cursor() as cursor:
        untie(cursor, "scoring_frozensheet")
        cursor.execute(sql)
    with pytest.raises(CommandError, match=words):
        call_command("verify_year", "2026")


# --- the page -------------------------------------------------------------------------------------------------


def test_the_form_names_who_was_left_out_and_a_row_puts_them_on_the_list(client, city, site, year, people):
    client.force_login(city.office)
    page = client.get(reverse("supplement_new", args=[2026]))
    assert (list(page.context["missed"]), "毛假名（石桥镇）" in page.text) == ([people[2]], True)
    data = typed(("毛假名", ON_LIST, ""))
    page = post(client, city.office, **data)
    assert (page.status_code, "新列入" in page.text, FrozenSheet.objects.count()) == (200, True, 2)
    sent = data | {"do": "record", "seen": page.context["seen"], "sure": "on"}
    assert post(client, city.office, **sent).status_code == 302
    listed = client.get(reverse("supplements", args=[2026]))
    assert ("新列入" in listed.text, "补充列入名单：名册漏记" in listed.text) == (True, True)
    assert post(client, city.office, **sent).status_code == 409  # a second click
    page = client.get(reverse("supplement_new", args=[2026]))
    assert (list(page.context["missed"]), mandates_of(year).count()) == ([], 3)


def test_points_beside_the_row_of_the_list_are_refused_beside_their_field(client, city, site, year):
    page = post(client, city.office, **typed(("毛假名", ON_LIST, "3")))
    assert (page.status_code, page.context["rows"].forms[0].errors["points"]) == (
        400,
        ["列入名单的得分按记录算出，这一行不写加减分。"],
    )


def test_records_that_changed_between_preview_and_record_are_shown_anew(client, city, site, year, people):
    page = post(client, city.office, **typed(("毛假名", ON_LIST, "")))
    stations_operations.suspend_mandate(
        mandate=people[2],
        starts_on=date(2026, 6, 1),
        ends_on=date(2026, 6, 30),
        reason="示例",
        actor=city.office,
    )
    sent = typed(("毛假名", ON_LIST, "")) | {"do": "record", "seen": page.context["seen"], "sure": "on"}
    page = post(client, city.office, **sent)
    assert (page.status_code, f"{page.context['found'][0].new_total:.2f}") == (409, "15.00")
