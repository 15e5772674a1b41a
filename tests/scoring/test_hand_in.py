"""Representatives hand in media reports and honours; the office verifies; nobody vouches for their own."""

import io
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from scoring import operations
from scoring.models import Honour, MediaReport, MediaReportSubject
from scoring.operations import (
    EarnedRefused,
    FactsLocked,
    HandInRefused,
    TooManyWaiting,
    YearRefused,
    hand_in_honour,
    hand_in_report,
    reject_honour,
    verify_honour,
    verify_report,
    withdraw,
)
from scoring.operations.hand_in import MOST_WAITING, Told
from scoring.sheets import live_sheet
from sessions.operations import lock_period
from stations import operations as stations_operations
from tests.conftest import START
from tests.opened import carried, form_at
from tests.scoring.sheet_city import opened
from tests.scoring.year_city import somebody

DAY = date(2026, 6, 1)
URL = "https://news.example/a/1"


def photo(name="a.jpg", size=(40, 20)):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "在家"
    Image.new("RGB", size, "red").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


@pytest.fixture
def outlet(city):
    return operations.add_outlet(name="示例日报", level="county", medium="paper", actor=city.office)


@pytest.fixture
def mandate(city):
    return city.representative()


def report(mandate, outlet, url=URL, day=DAY, title="修桥的人", remark="", person=None):
    person = person or mandate.representative
    return hand_in_report(
        person=person,
        told=Told(title, day, remark=remark),
        outlet=outlet,
        url=url,
        actor=person.user,
        moment=START,
    )


def honour(mandate, title="先进个人", ref="证 1", day=DAY):
    person = mandate.representative
    return hand_in_honour(
        person=person, told=Told(title, day), level="county", ref=ref, actor=person.user, moment=START
    )


def total(year, mandate):
    return live_sheet(year, mandate).sheet.total


def test_what_is_handed_in_earns_once_the_office_has_verified_it(city, mandate, outlet):
    year = opened(city, 2026)
    told, won = report(mandate, outlet), honour(mandate)
    assert (told.state, won.state, total(year, mandate)) == ("submitted", "submitted", 15)
    verify_report(report=told, actor=city.office, moment=START)
    verify_honour(honour=won, actor=city.office, moment=START)
    sheet = live_sheet(year, mandate).sheet
    assert (sheet.points_of("media-report") > 0, sheet.points_of("honour") > 0) == (True, True)
    reject_honour(honour=won, actor=city.office, moment=START, note="证书不是本人的")
    assert live_sheet(year, mandate).sheet.points_of("honour") == 0


def test_a_report_needs_a_link_or_a_photo_and_an_honour_a_number_or_a_photo(city, mandate, outlet):
    with pytest.raises(HandInRefused, match="请填写网页链接，或者拍一张"):
        report(mandate, outlet, url="")
    with pytest.raises(HandInRefused, match="请填写证书编号，或者拍一张"):
        honour(mandate, ref="")
    with pytest.raises(HandInRefused, match="请在说明里写上它的名称"):
        report(mandate, None)
    assert MediaReport.objects.count() == Honour.objects.count() == 0


def test_the_same_link_is_refused_with_the_title_only_when_it_is_public(city, mandate, outlet):
    first = report(mandate, outlet)
    with pytest.raises(HandInRefused, match=r"^这个链接已经有人报送，正在核实，不用再报。$"):
        report(mandate, outlet, url="http://www.news.example/a/1/?utm_source=x")
    verify_report(report=first, actor=city.office, moment=START)
    with pytest.raises(HandInRefused, match="这个链接已经登记过：《修桥的人》"):
        report(mandate, outlet)


def test_an_honour_handed_in_twice_is_one(city, mandate):
    honour(mandate)
    with pytest.raises(HandInRefused, match="这项荣誉已经登记过"):
        honour(mandate, ref="证 2")


def test_a_report_of_an_unknown_outlet_waits_for_the_directory(city, mandate, outlet):
    told = report(mandate, None, remark="某某视频号")
    with pytest.raises(EarnedRefused, match="还没有选定媒体"):
        verify_report(report=told, actor=city.office, moment=START)
    operations.change_report(
        report=told,
        title=told.title,
        outlet=outlet,
        published_on=DAY,
        mandates=[mandate],
        url=URL,
        actor=city.office,
    )
    assert verify_report(report=told, actor=city.office, moment=START).state == "verified"


def test_days_outside_the_mandate_in_the_future_or_handed_up_are_refused(city, mandate, outlet):
    with pytest.raises(EarnedRefused, match="不在丁示例的任期"):
        report(mandate, outlet, day=date(2021, 12, 31))
    with pytest.raises(HandInRefused, match="日期还没有到"):
        report(mandate, outlet, day=START.date() + timedelta(days=1))
    lock_period(areas=[city.township], first=date(2026, 1, 1), last=date(2026, 12, 31), actor=city.office)
    with pytest.raises(FactsLocked):
        report(mandate, outlet)


def test_twenty_wait_at_most(city, mandate, outlet):
    for number in range(MOST_WAITING):
        honour(mandate, title=f"荣誉 {number}")
    with pytest.raises(TooManyWaiting, match="已有 20 件等待核实"):
        report(mandate, outlet)


@pytest.mark.parametrize("verb", [verify_honour, reject_honour])
def test_nobody_judges_their_own_honour(city, mandate, verb):
    user = mandate.representative.user
    stations_operations.grant(user=user, area=city.county, role="office", actor=None)
    won = honour(mandate)
    more = {"note": "不"} if verb is reject_honour else {}
    with pytest.raises(EarnedRefused, match="请由另一位同事核实"):
        verb(honour=won, actor=user, moment=START, **more)


def test_a_clerk_who_enters_their_own_honour_waits_for_another(city, mandate):
    user = mandate.representative.user
    own = operations.add_honour(mandate=mandate, title="先进", level="county", awarded_on=DAY, actor=user)
    other = operations.add_honour(
        mandate=mandate, title="模范", level="county", awarded_on=DAY, actor=city.office, moment=START
    )
    assert (own.state, other.state, other.verified_by) == ("submitted", "verified", city.office)


def test_the_database_keeps_verifier_and_hander_apart(city, mandate):
    won = honour(mandate)
    with pytest.raises(IntegrityError), transaction.atomic():
        Honour.objects.filter(pk=won.pk).update(
            state="verified", verified_by=won.handed_in_by, verified_at=START
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Honour.objects.filter(pk=won.pk).update(state="verified")


def test_what_was_withdrawn_stays_so_and_its_link_is_free_again(city, mandate, outlet):
    told = report(mandate, outlet)
    withdraw(row=told, actor=mandate.representative.user)
    with pytest.raises(EarnedRefused, match="已经撤回"):
        verify_report(report=told, actor=city.office, moment=START)
    again = report(mandate, outlet)
    verify_report(report=again, actor=city.office, moment=START)
    with pytest.raises(HandInRefused, match="现在是“已核实”，不能撤回"):
        withdraw(row=again, actor=mandate.representative.user)


def test_an_area_cannot_be_handed_up_while_an_honour_waits(city, mandate):
    year = opened(city, 2026)
    won = honour(mandate)
    operations.start_review(year=year, areas=[city.township], actor=city.office, moment=START)
    review = year.reviews.get()
    with pytest.raises(YearRefused, match="还有 1 项荣誉没有核实（先进个人）"):
        operations.submit_area(review=review, actor=city.reviewer, moment=START)
    verify_honour(honour=won, actor=city.office, moment=START)
    assert operations.submit_area(review=review, actor=city.reviewer, moment=START).state == "submitted"


# --- pages


@pytest.fixture
def own(client, mandate):
    client.force_login(mandate.representative.user)
    with time_machine.travel(START, tick=False):
        yield client


def test_a_report_is_handed_in_on_the_phone_with_a_photo_made_anew(own, mandate, outlet):
    data = {"title": "修桥的人", "outlet": outlet.pk, "day": "2026-06-01", "photo": photo()}
    answer = own.post(reverse("hand_in", args=["report"]), data)
    assert (answer.status_code, answer.url) == (302, reverse("hand_ins"))
    told = MediaReport.objects.get()
    assert (told.state, told.handed_in_by, told.subjects.get().mandate) == (
        "submitted",
        mandate.representative.user,
        mandate,
    )
    seen = own.get(reverse("hand_in_photo", args=["report", told.pk]))
    assert dict(Image.open(io.BytesIO(b"".join(seen.streaming_content))).getexif()) == {}
    assert "待核实" in own.get(reverse("hand_ins")).content.decode()


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("report", {}, "请填写标题。"),
        ("report", {"title": "x", "day": "2026-06-01", "url": "javascript:alert(1)"}, "这不像一个网址"),
        ("report", {"title": "x", "day": "2027-01-01", "url": URL}, "日期还没有到"),
        ("report", {"title": "x", "day": "昨天", "url": URL}, "没有读懂日期"),
        ("report", {"title": "x", "day": "2026-06-01", "url": URL}, "请在说明里写上它的名称"),
        ("honour", {"title": "x", "day": "2026-06-01", "level": "county"}, "请填写证书编号"),
        ("honour", {"title": "x", "day": "2026-06-01", "level": "galactic", "ref": "1"}, "不在可用的选项中"),
    ],
)
def test_nonsense_is_said_in_words_and_kept(own, outlet, kind, data, words):
    page = own.post(reverse("hand_in", args=[kind]), data)
    text = page.content.decode()
    assert (page.status_code, words in text) == (400, True)
    assert not data or 'value="x"' in text
    assert MediaReport.objects.count() == Honour.objects.count() == 0


def test_a_file_that_is_no_picture_is_refused(own, outlet):
    file = SimpleUploadedFile("a.jpg", b"<html><script>alert(1)</script>", "image/jpeg")
    data = {"title": "x", "outlet": outlet.pk, "day": "2026-06-01", "photo": file}
    page = own.post(reverse("hand_in", args=["report"]), data)
    assert (page.status_code, MediaReport.objects.count()) == (400, 0)


HANDED = {
    "report": {"title": "x", "day": "2026-06-01"},
    "honour": {"title": "x", "day": "2026-06-01", "level": "county"},
}
SEES_PHOTOS = {
    "who handed it in": 200, "office": 200, "reviewer": 200, "auditor": 200, "fellow": 404, "recorder": 404,
    "office elsewhere": 404, "reviewer elsewhere": 404, "auditor elsewhere": 404,
}  # fmt: skip


@pytest.fixture
def people(city, mandate):
    """One of every role, in the area of the hand-in and elsewhere."""
    far = {
        f"{role} elsewhere": somebody(city, f"far-{role}", role, city.other_township)
        for role in ("office", "reviewer", "auditor")
    }
    return far | {
        "who handed it in": mandate.representative.user,
        "office": city.office,
        "reviewer": city.reviewer,
        "auditor": city.auditor,
        "recorder": city.recorder,
        "fellow": city.representative("王示例").representative.user,
    }


@pytest.mark.parametrize("role", SEES_PHOTOS)
@pytest.mark.parametrize("kind", HANDED)
def test_a_photo_is_for_its_hander_and_who_reads_the_scores_of_the_area(own, outlet, people, kind, role):
    extra = {"outlet": outlet.pk} if kind == "report" else {}
    own.post(reverse("hand_in", args=[kind]), HANDED[kind] | extra | {"photo": photo()})
    row = (MediaReport if kind == "report" else Honour).objects.get()
    address = reverse("hand_in_photo", args=[kind, row.pk])
    own.force_login(people[role])
    answer = own.get(address)
    if answer.streaming:
        b"".join(answer)
    own.logout()
    assert (answer.status_code, own.get(address).status_code) == (SEES_PHOTOS[role], 302)


def test_the_record_of_a_line_leads_to_its_photo_for_who_may_see_it(own, city, mandate, outlet, people):
    own.post(reverse("hand_in", args=["honour"]), HANDED["honour"] | {"photo": photo()})
    data = HANDED["report"] | {"outlet": outlet.pk, "photo": photo(), "url": URL}
    own.post(reverse("hand_in", args=["report"]), data)
    won, told = Honour.objects.get(), MediaReport.objects.get()
    fellow = people["fellow"].representative.mandates.get()
    MediaReportSubject.objects.create(report=told, mandate=fellow)
    verify_honour(honour=won, actor=city.office, moment=START)
    verify_report(report=told, actor=city.office, moment=START)
    doors = {}
    for role in ("reviewer", "who handed it in", "fellow"):
        own.force_login(people[role])
        page = own.get(reverse("sheet_record", args=["media_report", told.pk]))
        doors[role] = [door.words for door in page.context["record"].doors]
    both = ["看原文", "看照片"]
    assert doors == {"reviewer": both, "who handed it in": both, "fellow": ["看原文"]}
    own.force_login(city.reviewer)
    page = own.get(reverse("sheet_record", args=["honour", won.pk]))
    assert [door.href for door in page.context["record"].doors] == [
        reverse("hand_in_photo", args=["honour", won.pk])
    ]


def test_one_takes_back_ones_own_only(own, client, city, mandate, outlet):
    told = report(mandate, outlet)
    fellow = city.representative("王示例").representative.user
    client.force_login(fellow)
    address = reverse("hand_in_withdraw", args=["report", told.pk])
    assert client.post(address).status_code == 404
    client.force_login(mandate.representative.user)
    assert client.post(address).status_code == 302
    told.refresh_from_db()
    assert told.state == "withdrawn"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_queries(own, mandate, outlet, count, django_assert_num_queries):
    for number in range(count):
        report(mandate, outlet, url=f"{URL}{number}")
        honour(mandate, title=f"荣誉 {number}")
    own.get(reverse("hand_ins"))
    with django_assert_num_queries(6):
        page = own.get(reverse("hand_ins"))
    assert len(page.context["rows"]) == 2 * count


def test_the_office_judges_honours_in_the_admin(client, city, mandate):
    won = honour(mandate)
    client.force_login(city.office)
    address = reverse("honour:judge", args=[won.pk])
    assert "证 1" in client.get(address).content.decode()
    shown = carried(form_at(client, address))
    silent = client.post(address, {"do": "reject"} | shown)
    assert "请写明未采用的原因。" in silent.content.decode()
    assert client.post(address, {"do": "reject", "note": "不属实"} | shown).status_code == 302
    won.refresh_from_db()
    assert (won.state, won.note) == ("rejected", "不属实")


def test_what_waits_is_told_on_the_sheet(own, city, mandate):
    opened(city, 2026)
    honour(mandate)
    page = own.get(reverse("scorecard_year", args=[2026]))
    assert [(each.label, each.reason) for each in page.context["waiting"]] == [
        ("先进个人", "履职荣誉，核实后计分")
    ]


def test_a_report_handed_in_by_nobody_is_about_nobody_else(city, mandate, outlet):
    report(mandate, outlet)
    assert MediaReportSubject.objects.count() == 1
