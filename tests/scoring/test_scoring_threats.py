"""Forms that say more than they are asked, clocks at midnight, names that no old font knows (THREATS 6, 13, 17, 44)."""

import io
import re
from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from scoring import operations
from scoring.models import Assessment, Honour, MediaReport, Year
from scoring.sheets import live_sheet
from stations.operations import grant
from tests.conftest import SHANGHAI, START
from tests.opened import carried, form_at, shown
from tests.scoring.sheet_city import opened
from tests.scoring.year_city import somebody

RARE = "\U00020bb7田·示例"  # 𠮷: outside the first plane, with a middle dot


@pytest.fixture
def outlet(city):
    return operations.add_outlet(name="示例日报", level="national", medium="paper", actor=city.office)


@pytest.fixture
def mandate(city, site):
    return city.representative()


def test_a_hand_in_does_not_say_its_own_state_or_person(client, city, mandate, outlet):
    other = city.representative("李示例")
    client.force_login(mandate.representative.user)
    forged = {
        "state": "verified", "verified_by": city.office.pk, "verified_at": "2026-06-18", "mandate": other.pk,
        "handed_in_by": city.office.pk, "story": "x", "mandates": other.pk, "person": other.representative_id,
    }  # fmt: skip
    with time_machine.travel(START, tick=False):
        report = {"title": "x", "outlet": outlet.pk, "day": "2026-06-01", "url": "https://news.example/1"}
        client.post(reverse("hand_in", args=["report"]), report | forged)
        honour = {"title": "x", "level": "county", "day": "2026-06-01", "ref": "1"}
        client.post(reverse("hand_in", args=["honour"]), honour | forged)
    told, won = MediaReport.objects.get(), Honour.objects.get()
    assert (told.state, told.handed_in_by, told.verified_by, told.subjects.get().mandate) == (
        "submitted", mandate.representative.user, None, mandate,
    )  # fmt: skip
    assert (won.state, won.handed_in_by, won.verified_by, won.mandate) == (
        "submitted", mandate.representative.user, None, mandate,
    )  # fmt: skip


def test_a_self_assessment_does_not_become_the_organisations(client, city, mandate):
    opened(city, 2026)
    client.force_login(mandate.representative.user)
    data = {"award": "85", "seat": "area", "assessor": "office", "mandate": city.representative("李示例").pk}
    address = reverse("self_assessment", args=[2026])
    client.post(address, shown(client, address) | data)
    row = Assessment.objects.get()
    assert (row.assessor, row.mandate, row.given_by) == ("self", mandate, mandate.representative.user)


def test_an_office_form_does_not_verify_what_it_enters(client, city, mandate, outlet):
    client.force_login(city.office)
    data = {
        "title": "窑火", "names": "丁示例", "outlet": outlet.pk, "published_on": "2026-05-06", "form": "", "story": "",
        "url": "https://news.example/1", "clipping": "", "state": "verified", "verified_by": city.office.pk,
    }  # fmt: skip
    client.post(reverse("media_report:add"), data)
    assert MediaReport.objects.get().state == "submitted"


def test_creating_a_year_takes_no_state_and_no_seal(client, city, site):
    standard = opened(city, 2025).standard
    client.force_login(city.office)
    data = {
        "label": 2026,
        "standard": standard.pk,
        "joiners": "full",
        "state": "notified",
        "digest": "0" * 64,
    }
    client.post(reverse("review"), data | {"position": "both"})
    made = Year.objects.get(label=2026)
    assert (made.state, made.digest, made.position) == ("draft", "", "off")


def test_a_representative_who_is_also_a_reviewer_moves_no_point_of_their_own(client, city, mandate, outlet):
    """Two roles of one person (THREATS 14): every way to one's own points answers no."""
    year = opened(city, 2026)
    user = mandate.representative.user
    for role in ("reviewer", "office", "recorder"):
        grant(user=user, area=city.county, role=role, actor=None)
    user.is_staff = user.is_superuser = True
    user.save()
    client.force_login(user)
    with time_machine.travel(START, tick=False):
        report = {"title": "x", "outlet": outlet.pk, "day": "2026-06-01", "url": "https://news.example/1"}
        client.post(reverse("hand_in", args=["report"]), report)
        honour = {"title": "y", "level": "national", "day": "2026-06-01", "ref": "1"}
        client.post(reverse("hand_in", args=["honour"]), honour)
        entered = {
            "name_of": "丁示例",
            "title": "z",
            "level": "national",
            "awarded_on": "2026-06-01",
            "ref": "2",
        }
        client.post(reverse("honour:add"), entered)
        before = live_sheet(year, mandate).sheet.total
        for name, rows in (("media_report", MediaReport), ("honour", Honour)):
            for address in [reverse(f"{name}:judge", args=[row.pk]) for row in rows.objects.all()]:
                client.post(address, {"do": "verify", "story": ""} | carried(form_at(client, address)))
        said = client.post(
            reverse("review_assessment", args=[2026, mandate.pk]), {"seat": "area", "award": "100"}
        )
    assert (said.status_code, live_sheet(year, mandate).sheet.total) == (404, before)
    assert {row.state for row in (*MediaReport.objects.all(), *Honour.objects.all())} == {"submitted"}


@pytest.mark.parametrize(
    ("moment", "day", "code"),
    [
        (datetime(2026, 12, 31, 23, 50, tzinfo=SHANGHAI), "2026-12-31", 302),
        (datetime(2026, 12, 31, 23, 50, tzinfo=SHANGHAI), "2027-01-01", 400),
        (
            datetime(2027, 1, 1, 0, 10, tzinfo=SHANGHAI),
            "2027-01-01",
            302,
        ),  # 16:10 of the old year in Greenwich
    ],
)
def test_the_day_of_a_hand_in_is_that_of_the_place(client, city, mandate, moment, day, code):
    with time_machine.travel(moment, tick=False):
        client.force_login(mandate.representative.user)
        data = {"title": "x", "level": "county", "day": day, "ref": "1"}
        answer = client.post(reverse("hand_in", args=["honour"]), data)
    assert (answer.status_code, Honour.objects.count()) == (code, 1 if code == 302 else 0)


def test_a_hand_in_of_the_last_day_counts_for_the_old_year_also_when_it_is_verified_in_the_new(
    city, mandate, outlet
):
    old, new = opened(city, 2026), opened(city, 2027)
    moment = datetime(2027, 1, 1, 0, 10, tzinfo=SHANGHAI)
    report = operations.report_media(
        title="x", outlet=outlet, published_on=date(2026, 12, 31), mandates=[mandate], actor=city.office
    )
    operations.verify_report(report=report, actor=city.office, moment=moment)
    points = [live_sheet(year, mandate).sheet.points_of("media-report") for year in (old, new)]
    assert (points[0] > 0, points[1]) == (True, 0)


def test_a_rare_name_and_a_name_like_a_formula_leave_as_they_are(client, city, site):
    opened(city, 2026)
    for name in (RARE, "@示例", "+示例"):
        city.representative(name, login=False)
    client.force_login(city.office)
    answer = client.post(reverse("review_export", args=[2026]))
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert {row[0] for row in rows[3:]} == {RARE, "@示例", "+示例"}
    assert b"<f>" not in answer.content


def test_two_of_one_name_each_read_their_own_sheet(client, city, site):
    opened(city, 2026)
    one, other = city.representative("王样本"), city.representative("王样本")
    operations.add_honour(
        mandate=one, title="先进", level="county", awarded_on=date(2026, 5, 6), ref="1", actor=city.office
    )
    totals = []
    for each in (one, other):
        client.force_login(each.representative.user)
        totals.append(client.get(reverse("scorecard")).context["sheet"].total)
    assert totals[0] > totals[1]
    client.force_login(city.reviewer)
    page = client.get(reverse("review_area", args=[2026, city.township.pk]))
    assert len(set(re.findall(r"/review/sheet/(\d+)/2026/", page.text))) == 2


def test_markup_in_names_and_titles_is_text_on_every_page_of_scores(client, city, site, outlet):
    year = opened(city, 2026)
    bad = "<script>alert(1)</script>"
    mandate = city.representative(bad[:40])
    operations.add_honour(
        mandate=mandate, title=bad, level="county", awarded_on=date(2026, 5, 6), ref="", actor=city.office
    )
    operations.set_shown(year=year, position="both", wants_sheets=True, actor=city.office)
    client.force_login(somebody(city, "second", "office", city.county))
    for name, args in (
        ("staff_sheet", [mandate.pk, 2026]),
        ("review_area", [2026, city.township.pk]),
        ("review_overview", [2026]),
        ("review_missing", [2026]),
        ("sheet_record", ["honour", Honour.objects.get().pk]),
    ):
        page = client.get(reverse(name, args=args))
        assert (page.status_code, page.text.count("<script>alert")) == (200, 0)
