"""Two of the office over one report, one honour, one assessment: the second is told of the first (THREATS 23)."""

import re
from datetime import date

import pytest
from django.urls import reverse

from scoring import operations as scoring
from scoring.models import Assessment
from tests.opened import shown
from tests.scoring.test_refused_by_form import assessed_year
from tests.test_two_editors import filled, honour, office_and_colleague, report


@pytest.fixture
def two(city, site):
    return office_and_colleague(city)


def told(page):
    """Return what the page says of the form as a whole and of what it carries."""
    form = page.context["form"]
    lines = [*form.non_field_errors(), *(line for field in form.hidden_fields() for line in field.errors)]
    assert [page.text.count(line) for line in lines] == [1] * len(lines)
    return [re.sub(r"（\d\d:\d\d）", "（…）", line) for line in lines]


BY_NAME = "您打开之后，代工委（…）已改过这条。您填的都还在；请对照写出的内容核对，再保存，将以您填的为准。"


@pytest.mark.parametrize(
    ("name", "make", "before"), [("media_report", report, "待核实"), ("honour", honour, "已核实")]
)
def test_who_verifies_what_was_set_aside_meanwhile_is_told_and_may_still(city, two, name, make, before):
    row, (office, colleague) = make(city), two
    address = reverse(f"{name}:judge", args=[row.pk])
    mine, theirs = filled(office.get(address).context["form"]), filled(colleague.get(address).context["form"])
    assert office.post(address, mine | {"note": "重复", "do": "reject"}).status_code == 302
    page = colleague.post(address, theirs | {"note": "属实", "do": "verify"})
    row.refresh_from_db()
    assert (page.status_code, told(page), row.state, page.context["form"]["note"].value()) == (
        409, [BY_NAME, f"已由“{before}”改为“未采用”。"], "rejected", "属实",
    )  # fmt: skip
    again = colleague.post(address, filled(page.context["form"]) | {"do": "verify"})
    row.refresh_from_db()
    assert (again.status_code, row.state) == (302, "verified")


def test_who_verifies_a_report_that_became_another_is_told(city, two):
    row, (_, colleague) = report(city), two
    address = reverse("media_report:judge", args=[row.pk])
    theirs = filled(colleague.get(address).context["form"])
    scoring.change_report(
        report=row, actor=city.office, title="灯火", outlet=row.outlet, published_on=date(2026, 6, 1),
        mandates=[subject.mandate for subject in row.subjects.all()], url="", form="", story=row.story, clipping=None,
    )  # fmt: skip
    page = colleague.post(address, theirs | {"do": "verify"})
    row.refresh_from_db()
    facts = "示例日报（县级），2026-06-01，丁示例"
    assert (page.status_code, told(page), row.state) == (
        409, [BY_NAME, f"已由“《窑火》，{facts}”改为“《灯火》，{facts}”。"], "submitted",
    )  # fmt: skip


def test_of_two_who_assess_one_person_the_second_is_told(city, two):
    assessed_year(city)
    mandate, (office, colleague) = city.representative(), two
    address = reverse("review_assessment", args=[2026, mandate.pk])
    mine, theirs = (shown(client, f"{address}?seat=area") for client in (office, colleague))
    given = {"seat": "area", "note": ""}
    assert office.post(address, mine | given | {"award": "70"}).status_code == 302
    page = colleague.post(address, theirs | given | {"award": "90"})
    form = page.context["form"]
    assert (page.status_code, told(page), form.errors["award"], Assessment.objects.get().award) == (
        409, [BY_NAME], ["已由空白改为“70.00”。"], 70,
    )  # fmt: skip
    assert colleague.post(address, given | filled(form)).status_code == 302
    assert Assessment.objects.get().award == 90
