"""Every write of scoring that a person makes by a page leaves its line, with who made it (THREATS 28); none can be edited."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import ModelLogEntry, PageLogEntry

from scoring import operations
from scoring.models import Honour, MediaReport, Outlet, Proposal, Standard, Year
from scoring.year.forms import joiners_form, shown_form
from stations.operations import grant
from tests.conftest import START
from tests.opened import carried, opened, shown
from tests.scoring.adopted import EXAMPLE, adopted
from tests.scoring.year_city import somebody
from tests.sessions.declared import photo

DAY = "2026-05-06"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(START + timedelta(days=250), tick=False):
        yield


@pytest.fixture
def did(client, city):
    """Return a function: post as somebody and return the lines that it left, as (action, user, step)."""

    def post(user, name, args=(), data=None):
        client.force_login(user)
        known = set(ModelLogEntry.objects.values_list("pk", flat=True))
        address = reverse(name, args=args)
        hidden = opened if name.endswith((":edit", ":judge")) else shown if "assessment" in name else None
        page = client.post(address, (data or {}) | (hidden(client, address) if hidden else {}))
        assert page.status_code == 302, (
            page.context and page.context.get("form") and page.context["form"].errors
        )
        fresh = (
            ModelLogEntry.objects.exclude(pk__in=known).filter(action__startswith="scoring.").order_by("pk")
        )
        return [(line.action, line.user, (line.data or {}).get("step", "")) for line in fresh]

    return post


def test_the_records_of_the_office(did, city, site):
    office, other = city.office, somebody(city, "office2", "office", city.county)
    other.is_staff = other.is_superuser = True
    other.save()
    city.representative()
    outlet = {"name": "示例日报", "level": "county", "medium": "paper"}
    assert did(office, "outlet:add", (), outlet) == [("scoring.record", office, "")]
    paper = Outlet.objects.get()
    assert did(office, "outlet:edit", [paper.pk], outlet | {"medium": "tv"}) == [
        ("scoring.record", office, "change")
    ]
    report = {
        "title": "窑火", "names": "丁示例", "outlet": paper.pk, "published_on": DAY, "url": "https://news.example/1",
        "form": "", "story": "", "clipping": "",
    }  # fmt: skip
    assert did(office, "media_report:add", (), report) == [("scoring.record", office, "")]
    made = MediaReport.objects.get()
    judge = {"do": "verify", "story": "", "note": ""}
    assert did(office, "media_report:judge", [made.pk], judge) == [("scoring.verify_report", office, "")]
    assert did(office, "media_report:edit", [made.pk], report | {"form": "消息"}) == [
        ("scoring.record", office, "change")
    ]
    aside = {"do": "reject", "story": "", "note": "重复"}
    assert did(other, "media_report:judge", [made.pk], aside) == [("scoring.reject_report", other, "")]
    proposal = {
        "title": "修路",
        "ref": "示 1",
        "submitted_on": DAY,
        "first": "丁示例",
        "seconders": "",
        "filed": "on",
    }
    assert did(office, "proposal:add", (), proposal) == [("scoring.record", office, "")]
    moved = Proposal.objects.get()
    assert did(office, "proposal:edit", [moved.pk], proposal | {"title": "修桥"}) == [
        ("scoring.record", office, "change")
    ]
    assert did(office, "proposal:delete", [moved.pk]) == [("scoring.record", office, "remove")]
    honour = {"name_of": "丁示例", "title": "先进", "level": "county", "awarded_on": DAY, "ref": "证 1"}
    assert did(office, "honour:add", (), honour) == [("scoring.record", office, "")]
    won = Honour.objects.get()
    assert did(office, "honour:edit", [won.pk], honour | {"level": "municipal"}) == [
        ("scoring.record", office, "change")
    ]
    assert did(other, "honour:judge", [won.pk], {"do": "reject", "note": "不属实"}) == [
        ("scoring.reject_honour", other, "")
    ]
    assert did(other, "honour:judge", [won.pk], {"do": "verify"}) == [("scoring.verify_honour", other, "")]
    assert did(office, "honour:delete", [won.pk]) == [("scoring.record", office, "remove")]


def test_the_hand_ins_of_a_representative(did, city, site):
    mandate = city.representative()
    user = mandate.representative.user
    data = {"title": "先进", "day": DAY, "level": "county", "ref": "证 1", "photo": photo()}
    assert did(user, "hand_in", ["honour"], data) == [("scoring.hand_in", user, "")]
    won = Honour.objects.get()
    assert did(user, "hand_in_withdraw", ["honour", won.pk]) == [("scoring.withdraw", user, "")]


def test_the_standard_and_the_year(did, city, site):
    office = city.office
    file = SimpleUploadedFile("s.yaml", EXAMPLE.encode())
    assert did(office, "standard:upload", (), {"file": file, "is_example": "on"}) == [
        ("scoring.store_standard", office, "")
    ]
    standard = Standard.objects.get()
    assert did(office, "standard:inspect", [standard.pk], {"effective_from": "2020-01-01"}) == [
        ("scoring.adopt_standard", office, "")
    ]
    draft = operations.store_standard(text=EXAMPLE.replace("max: 5", "max: 6", 1), actor=office)
    assert did(office, "standard:discard", [draft.pk]) == [("scoring.discard_standard", office, "")]
    year = {"label": 2026, "standard": standard.pk, "joiners": "full"}
    assert did(office, "review", (), year) == [("scoring.step", office, "create")]
    mandate, made = city.representative(), Year.objects.get()
    steps = [
        ("review_joiners", {"joiners": "pro_rata"} | carried(joiners_form(made)), "joiners"),
        ("review_shown", {"position": "city"} | carried(shown_form(made)), "shown"),
        ("review_step", {"step": "open"}, "open"),
    ]
    for name, data, step in steps:
        assert did(office, name, [2026], data) == [("scoring.step", office, step)]
    user = mandate.representative.user
    assert did(user, "self_assessment", [2026], {"award": "85"}) == [("scoring.assess", user, "")]
    said = {"seat": "area", "award": "80"}
    assert did(city.reviewer, "review_assessment", [2026, mandate.pk], said) == [
        ("scoring.assess", city.reviewer, "")
    ]
    assert did(office, "review_step", [2026], {"step": "review", "sure": "on"}) == [
        ("scoring.step", office, "review")
    ]
    part = Year.objects.get().reviews.get().area_id
    for who, action, more in (
        (city.reviewer, "submit", {}),
        (office, "return", {"reason": "缺一件"}),
        (city.reviewer, "submit", {}),
        (office, "recheck", {}),
    ):
        lines = did(who, "review_areas", [2026], {"action": action, "areas": [part]} | more)
        assert lines == [("scoring.step", who, action)]
    assert did(office, "review_step", [2026], {"step": "publicise", "sure": "on"}) == [
        ("scoring.step", office, "publicise")
    ]
    Year.objects.update(publicised_until=START.date())
    decision = {"step": "confirm", "meeting": "主任会议", "number": "示例 1 号", "decided_on": "2026-12-31"}
    assert did(office, "review_step", [2026], decision) == [("scoring.step", office, "confirm")]
    assert did(office, "review_step", [2026], {"step": "notify"}) == [("scoring.step", office, "notify")]
    assert did(office, "editions", [2026])[0] == ("scoring.request_edition", office, "")


def test_taking_figures_out_leaves_who_took_them(client, city, site):
    operations.create_year(label=2026, term=city.term, standard=adopted(city), actor=city.office)
    city.representative()
    client.force_login(city.reviewer)
    assert client.post(reverse("review_export", args=[2026])).status_code == 200
    client.force_login(city.office)
    assert client.post(reverse("proposal:export")).status_code == 200
    lines = ModelLogEntry.objects.filter(action="scoring.export").order_by("pk")
    assert [line.user for line in lines] == [city.reviewer, city.office]


@pytest.mark.parametrize("who", ["office", "reviewer", "auditor"])
def test_no_page_of_ours_changes_or_removes_a_line(client, city, site, who):
    operations.create_year(label=2026, term=city.term, standard=adopted(city), actor=city.office)
    user = getattr(city, who)
    grant(user=user, area=city.county, role="office", actor=None)
    client.force_login(user)
    lines = list(ModelLogEntry.objects.order_by("pk").values())
    for line in lines:
        for method in (client.post, client.delete, client.put):
            for address in (f"/admin/reports/site-history/{line['id']}/", "/admin/reports/site-history/"):
                assert method(address).status_code in {302, 403, 404, 405}
    assert (
        list(ModelLogEntry.objects.filter(pk__in=[line["id"] for line in lines]).order_by("pk").values())
        == lines
    )
    assert PageLogEntry.objects.filter(action__startswith="scoring.").count() == 0
