"""缺少佐证: what counts already and shows nothing, counted on the overview and listed with the way to its record."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from portal.uploads import take
from scoring import operations
from scoring.models import Year
from scoring.overview.evidence import lacking
from sessions.operations import close_roll, confirm_declaration, keep_sheet, void_sheet
from tests.conftest import START
from tests.scoring.year_city import held, open_year, walk
from tests.sessions.declared import deed

DAY = date(2026, 5, 6)


@pytest.fixture
def year(city):
    return open_year(city)


@pytest.fixture
def mandate(city):
    return city.representative("王样本")


@pytest.fixture
def outlet(city):
    return operations.add_outlet(name="示例日报", level="county", medium="paper", actor=city.office)


def report(city, outlet, *mandates, title="窑火", url="", day=DAY, verify=True):
    made = operations.report_media(
        title=title, outlet=outlet, published_on=day, mandates=mandates, url=url, actor=city.office
    )
    if verify:
        operations.verify_report(report=made, actor=city.office, moment=START)
    return made


def honour(city, mandate, ref="", day=DAY, title="先进个人"):
    return operations.add_honour(
        mandate=mandate, title=title, level="county", awarded_on=day, ref=ref, actor=city.office
    )


def confirmed(city, mandate, files=0, title="走访困难家庭"):
    made = deed(mandate, kind="research", title=title, day=START.date(), moment=START, files=files)
    confirm_declaration(declaration=made, actor=city.recorder, moment=START)
    return made


def counted(year, *roots):
    return {each.sort: each.count for each in lacking(year, roots)}


def test_a_verified_report_without_link_clipping_or_photo_is_counted_once(city, year, mandate, outlet):
    report(city, outlet, mandate, city.representative("李示例"))
    report(city, outlet, mandate, title="有链接", url="https://news.example/1")
    report(city, outlet, mandate, title="没核实", verify=False)
    report(city, outlet, mandate, title="去年的", day=date(2025, 5, 6))
    assert counted(year, city.county) == {"report": 1}


def test_an_honour_without_number_or_photo_is_counted(city, year, mandate):
    honour(city, mandate)
    honour(city, mandate, ref="证 1", title="模范")
    shown = honour(city, mandate, title="有照片")
    shown.evidence.save("a.jpg", ContentFile(b"x"))
    assert counted(year, city.county) == {"honour": 1}


def test_a_confirmed_declaration_without_a_file_is_counted(city, year, mandate):
    confirmed(city, mandate)
    deed(mandate, kind="inspection", title="还没审核", day=START.date(), moment=START)
    assert counted(year, city.county) == {"deed": 1}


def test_a_declaration_with_a_file_is_not(city, year, mandate):
    confirmed(city, mandate, files=1)
    assert counted(year, city.county) == {}


def test_rolls_are_asked_for_their_sheets_only_where_the_office_wants_them(
    city, year, mandate, settings, tmp_path
):
    settings.PRIVATE_ROOT = tmp_path
    activity = held(city, mandate)
    city.activity(title="还没收册")
    confirmed(city, mandate, files=1)  # the roll that a deed makes for itself has no paper
    assert counted(year, city.county) == {}
    year = operations.set_shown(year=year, position="off", wants_sheets=True, actor=city.office)
    assert counted(year, city.county) == {"roll": 1}
    upload = take(ContentFile(b"%PDF-1.7 x", name="x.pdf"), allowed={"pdf"}, at_most=100)
    sheet = keep_sheet(activity=activity, upload=upload, actor=city.recorder, moment=START)
    assert counted(year, city.county) == {}
    void_sheet(sheet=sheet, reason="拍错了", actor=city.recorder, moment=START)
    assert counted(year, city.county) == {"roll": 1}


def test_nothing_of_another_area_is_counted(city, year, outlet):
    far = city.representative("赵示例", area=city.other_township, group=None)
    report(city, outlet, far)
    honour(city, far)
    assert (counted(year, city.township), counted(year, city.county)) == ({}, {"report": 1, "honour": 1})


def test_the_overview_leads_to_the_list_and_the_list_to_the_records(
    client, city, site, year, mandate, outlet
):
    report(city, outlet, mandate)
    honour(city, mandate)
    confirmed(city, mandate)
    client.force_login(city.reviewer)
    page = client.get(reverse("review_overview", args=[2026]))
    there = reverse("review_missing", args=[2026])
    for sort, words in (
        ("report", "1 篇已核实的报道没有链接，也没有剪报或照片"),
        ("honour", "1 项荣誉没有证书编号，也没有照片"),
        ("deed", "1 条已通过的申报没有材料"),
    ):
        assert page.text.count(f'<a href="{there}?sort={sort}">{words}</a>') == 1
        (row,) = client.get(there, {"sort": sort}).context["rows"]
        record = client.get(row.href)
        assert (record.status_code, record.text.count("王样本") > 0, row.title in record.text) == (
            200,
            True,
            True,
        )


def test_a_roll_leads_on_for_who_keeps_it(client, city, site, year, mandate):
    held(city, mandate)
    Year.objects.filter(pk=year.pk).update(wants_sheets=True)
    doors = {}
    for user in (city.office, city.reviewer):
        client.force_login(user)
        (row,) = client.get(reverse("review_missing", args=[2026]), {"sort": "roll"}).context["rows"]
        doors[user.username] = bool(row.href) and client.get(row.href).status_code
    assert doors == {"office": 200, "reviewer": False}


def test_an_area_of_others_has_no_list(client, city, year, mandate):
    city.representative("李邻镇", area=city.other_township, group=None, login=False)
    client.force_login(city.reviewer)
    codes = [
        client.get(reverse("review_missing_area", args=[2026, pk])).status_code
        for pk in (city.township.pk, city.other_township.pk)
    ]
    client.force_login(city.recorder)
    codes.append(client.get(reverse("review_missing", args=[2026])).status_code)
    assert codes == [200, 404, 404]


@pytest.mark.parametrize("asked", ["", "nonsense", "report"])
def test_without_anything_lacking_the_list_says_so(client, city, year, mandate, asked):
    client.force_login(city.office)
    page = client.get(reverse("review_missing", args=[2026]), {"sort": asked, "page": "x"})
    assert (page.status_code, page.text.count("没有缺少佐证的记录")) == (200, 1)


def test_a_confirmed_year_still_tells_what_shows_nothing(client, city, year, mandate, outlet):
    report(city, outlet, mandate)
    walk(year, city, "notify")
    client.force_login(city.office)
    page = client.get(reverse("review_overview", args=[2026]))
    assert (page.context["gaps"], [each.sort for each in page.context["lacking"]]) == ([], ["report"])


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("sort", "queries"), [("report", 13), ("honour", 12), ("deed", 12), ("roll", 12)])
def test_the_list_takes_the_same_queries(
    client, city, site, year, mandate, outlet, count, sort, queries, django_assert_num_queries
):
    Year.objects.filter(pk=year.pk).update(wants_sheets=True)
    for number in range(count):
        report(city, outlet, mandate, title=f"报道{number}")
        honour(city, mandate, title=f"荣誉{number}")
        one = city.representative(f"虚构{number}")
        confirmed(city, one, title=f"调研{number}")
        activity = city.activity(title=f"活动{number}", starts_at=START + timedelta(days=number))
        close_roll(activity=activity, actor=city.recorder, moment=START + timedelta(days=number, hours=3))
    client.force_login(city.office)
    address = reverse("review_missing", args=[2026])
    client.get(address, {"sort": sort})
    with django_assert_num_queries(queries):
        page = client.get(address, {"sort": sort})
    assert len(page.context["rows"]) == count
