"""Bad input where a person meets it: refused or shown with the reason and the way out, and nothing is half-written."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scoring import operations
from scoring.models import (
    Assessment,
    AssessmentEvent,
    Honour,
    MediaReport,
    MediaReportSubject,
    Proposal,
    ProposalMover,
    Standard,
    Year,
)
from scoring.operations import Figure, assess
from sessions.models import Attendance, AttendanceEvent, Declaration
from tests.conftest import START
from tests.opened import opened, shown
from tests.scoring.adopted import EXAMPLE, adopted
from tests.scoring.year_city import held, open_year, somebody, walk
from tests.sessions.declared import photo as evidence
from tests.sessions.declared import slipped_in

LATER = START + timedelta(days=3)
DAY = "2026-05-06"
FACTS = (
    MediaReport, MediaReportSubject, Proposal, ProposalMover, Honour, Assessment, AssessmentEvent, Attendance,
    AttendanceEvent, Declaration, Standard, Year,
)  # fmt: skip
ASSESSED = EXAMPLE.replace(
    "categories:\n",
    """categories:
  - code: said
    name: 评定
    kind: regular
    items:
      - {code: own, name: 自评, sources: [{from: assessment, where: {assessor: [self]}}], rule: {kind: assessed, min: 0, max: 10}}
      - {code: organ, name: 组织评价, sources: [{from: assessment, where: {assessor: [area]}}], rule: {kind: assessed, min: 0, max: 20}}
""",
    1,
)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def office(client, city, site):
    client.force_login(city.office)
    return client


def stored():
    """Every row that carries a fact, as it stands: equal before and after what was refused."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in FACTS}


def told(page, words):
    """The status and how often the words stand on the page."""
    return page.status_code, page.text.count(words)


# A standard


def upload(client, text):
    return client.post(reverse("standard:upload"), {"file": SimpleUploadedFile("s.yaml", text.encode())})


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("kind: count, points: 2.5, max: 5", "kind: cuont", "categories[0].items[1].rule.kind", "「cuont」"),
        ("min: 70", "min: 95", "bands[1]", "等次要从高到低，「min」逐档严格下降。"),
    ],
    ids=["unknown kind", "bands out of order"],
)
def test_a_file_that_is_no_standard_is_refused_by_line_and_key(office, old, new, place, words):
    assert EXAMPLE.count(old) == 1
    before = stored()
    page = upload(office, EXAMPLE.replace(old, new))
    assert page.text.count(f"<code>{place}</code>") == 1
    assert page.text.count("改好后请再上传一次") == 1
    (problem,) = page.context["problems"]
    assert (problem.key, words in problem.message) == (place, True)
    assert stored() == before


def test_a_standard_with_an_item_without_source_is_kept_as_a_draft_and_not_taken_into_use(office, city):
    start = EXAMPLE.index("sources:")
    without = EXAMPLE[:start] + EXAMPLE[EXAMPLE.index("rule:", start) :]
    answer = upload(office, without)
    there = answer["Location"]
    page = office.get(there)
    assert page.text.count("个小项没有写来源（") == 1
    assert page.text.count("请在文件里补上 sources 再上传") == 1
    before = stored()
    other = adopting_office(city)
    office.force_login(other)
    refused = office.post(there, {"effective_from": "2026-01-01"})
    assert (refused.status_code, Standard.objects.get().adopted_at) == (200, None)
    assert refused.text.count("请在文件里补上 sources 再上传") >= 1
    assert stored() == before


def adopting_office(city):
    return staff(somebody(city, "office2", "office", city.county))


def staff(user):
    user.is_staff = user.is_superuser = True
    user.save()
    return user


def test_effective_dates_that_overlap_are_refused_with_the_day_that_is_taken(office, city):
    adopted(city, first_day=date(2026, 1, 1))
    draft = operations.store_standard(
        text=EXAMPLE.replace("max: 5", "max: 6", 1), actor=city.office, is_example=True
    )
    before = stored()
    page = office.post(reverse("standard:inspect", args=[draft.pk]), {"effective_from": "2025-07-01"})
    words = "第 1 版从 2026-01-01 起生效，两版的日期不能交叉；请选更晚的生效日期。"
    assert told(page, words) == (200, 1)
    assert stored() == before


def test_a_year_before_its_standard_is_refused_on_the_form(office, city):
    standard = adopted(city, first_day=date(2026, 1, 1))
    page = office.post(reverse("review"), {"label": 2025, "standard": standard.pk, "joiners": "full"})
    assert told(page, "在 2025-01-01 还没有生效，请先启用标准，或选当时生效的一版。") == (400, 1)
    assert Year.objects.count() == 0


def test_a_year_without_any_term_is_refused_in_words(office, city):
    standard = adopted(city)
    city.group.delete()
    city.term.delete()
    page = office.post(reverse("review"), {"label": 2026, "standard": standard.pk, "joiners": "full"})
    assert told(page, "2026 年没有在任的届次，请先在“人员与站点 → 届”里登记。") == (400, 1)


# Facts outside the term


@pytest.fixture
def outlet(city):
    return operations.add_outlet(name="示例日报", level="county", medium="paper", actor=city.office)


def form_of(kind, outlet, day=DAY, name="丁示例", **more):
    forms = {
        "media_report": {
            "title": "窑火", "names": name, "outlet": outlet.pk, "published_on": day,
            "url": "https://news.example/z", "form": "", "story": "", "clipping": "",
        },
        "proposal": {
            "title": "打通示例路", "ref": "示 9", "submitted_on": day, "first": name, "seconders": "", "filed": "on",
        },
        "honour": {"name_of": name, "title": "先进", "level": "county", "awarded_on": day, "ref": "证 9"},
    }  # fmt: skip
    return forms[kind] | more


KINDS = ["media_report", "proposal", "honour"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_outside_the_term_is_said_beside_the_person(office, city, outlet, kind):
    city.representative()
    before = stored()
    page = office.post(reverse(f"{kind}:add"), form_of(kind, outlet, day="2021-12-31"))
    assert told(page, "2021-12-31 在任的代表里没有找到“丁示例”，请核对姓名和日期。") == (200, 1)
    assert stored() == before


def test_a_hand_in_outside_the_term_is_refused_and_keeps_what_was_typed(client, city, site, outlet):
    mandate = city.representative()
    client.force_login(mandate.representative.user)
    before = stored()
    data = {"title": "修桥的人", "outlet": outlet.pk, "day": "2021-12-31", "url": "https://news.example/1"}
    page = client.post(reverse("hand_in", args=["report"]), data)
    assert told(page, "2021-12-31 不在丁示例的任期（2022-01-01 至 今）内") == (400, 1)
    assert page.text.count('value="修桥的人"') == 1
    assert stored() == before


# A report dated in another year


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2025-12-31", "2025-12-31 属于2025 年度，计入那个年度的得分；日期写错的请更正。"),
        ("2024-12-31", "2024-12-31 不在已开启的年度里，那个年度开启以后才计分；日期写错的请更正。"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_of_another_year_says_to_which_it_counts(office, city, outlet, kind, day, words):
    open_year(city)
    older = operations.create_year(label=2025, term=city.term, standard=adopted(city), actor=city.office)
    operations.open_year(year=older, actor=city.office, moment=START)
    city.representative()
    page = office.post(reverse(f"{kind}:add"), form_of(kind, outlet, day=day), follow=True)
    assert told(page, words) == (200, 1)
    page = office.post(
        reverse(f"{kind}:add"),
        form_of(
            kind, outlet, **{"url": "https://news.example/y"} if kind == "media_report" else {"ref": "另"}
        ),
        follow=True,
    )
    assert page.text.count("日期写错的请更正") == 0


def test_a_hand_in_of_another_year_says_so(client, city, site, outlet):
    open_year(city)
    mandate = city.representative()
    client.force_login(mandate.representative.user)
    data = {"title": "x", "outlet": outlet.pk, "day": "2025-12-31", "url": "https://news.example/1"}
    page = client.post(reverse("hand_in", args=["report"]), data, follow=True)
    assert told(page, "2025-12-31 不在已开启的年度里") == (200, 1)


def test_a_fact_of_a_confirmed_year_is_refused(office, city, outlet):
    city.representative(login=False)
    walk(open_year(city), city, "notify")
    before = stored()
    page = office.post(reverse("media_report:add"), form_of("media_report", outlet))
    assert told(page, "2026 年度已经上报，2026 年 5 月 6 日的记录不能再增加或修改") == (200, 2)
    assert stored() == before


# An assessor above the maximum


def assessed_year(city):
    year = operations.create_year(
        label=2026, term=city.term, standard=adopted(city, ASSESSED), actor=city.office
    )
    return operations.open_year(year=year, actor=city.office, moment=START)


@pytest.mark.parametrize(
    ("figure", "words"),
    [("10.01", "可评 0 到 10 分。"), ("-0.01", "可评 0 到 10 分。"), ("１１", "可评 0 到 10 分。")],
)
def test_a_representative_above_the_maximum_is_told_the_bounds_beside_the_field(
    client, city, site, figure, words
):
    assessed_year(city)
    mandate = city.representative()
    client.force_login(mandate.representative.user)
    before = stored()
    address = reverse("self_assessment", args=[2026])
    page = client.post(address, shown(client, address) | {"award": "90", "award-own": figure})
    (said,) = page.context["form"].errors["award-own"]
    assert (page.status_code, said.endswith(words), page.text.count('value="90"')) == (400, True, 1)
    assert stored() == before  # the figure for the year, which was good, is not written either


def test_the_area_above_the_maximum_is_told_the_bounds_beside_the_field(client, city, site):
    assessed_year(city)
    mandate = city.representative()
    client.force_login(city.reviewer)
    before = stored()
    address = reverse("review_assessment", args=[2026, mandate.pk])
    given = {"seat": "area", "award": "90", "award-organ": "20.01"}
    page = client.post(address, shown(client, address) | given)
    (said,) = page.context["form"].errors["award-organ"]
    assert (page.status_code, said.endswith("可评 0 到 20 分。")) == (400, True)
    assert stored() == before


# A revision after the submission


@pytest.fixture
def submitted(city, site, outlet):
    """A year whose area handed up, with a fact of every sort; what waits came in between."""
    year = assessed_year(city)
    mandate = city.representative()
    facts = {"actor": city.office}
    day = date(2026, 5, 6)
    report = operations.report_media(
        title="窑火",
        outlet=outlet,
        published_on=day,
        mandates=[mandate],
        url="https://news.example/1",
        **facts,
    )
    operations.verify_report(report=report, actor=city.office, moment=START)
    proposal = operations.add_proposal(
        title="建议", ref="示 1", submitted_on=day, movers={mandate: "sole"}, **facts
    )
    honour = operations.add_honour(
        mandate=mandate, title="先进", level="county", awarded_on=day, ref="1", **facts
    )
    assess(
        year=year, mandate=mandate, assessor="area", figures=[Figure("organ", Decimal(9))],
        actor=city.reviewer, moment=START,
    )  # fmt: skip
    activity = held(city, mandate)
    walk(year, city, "submit")
    waiting = slipped_in(mandate, kind="research", title="调研", day=START.date(), moment=START)
    return {"report": report, "proposal": proposal, "honour": honour, "activity": activity, "deed": waiting, "mandate": mandate}  # fmt: skip


LOCKED = "2026 年度已经上报"


def address_of(name, key):
    return reverse(name, args=[key.pk])


@pytest.mark.parametrize(
    ("name", "row", "data"),
    [
        ("media_report:edit", "report", {"title": "改了"}),
        ("media_report:judge", "report", {"do": "reject", "note": "不属实", "story": ""}),
        ("proposal:edit", "proposal", {"title": "改了", "ref": "示 1"}),
        ("honour:edit", "honour", {"title": "改了"}),
        ("honour:judge", "honour", {"do": "reject", "note": "不属实"}),
    ],
)
def test_the_offices_forms_say_that_the_area_has_handed_up_and_how_to_go_on(
    office, city, outlet, submitted, name, row, data
):
    kind = name.partition(":")[0]
    address = address_of(name, submitted[row])
    full = ({} if name.endswith("judge") else form_of(kind, outlet)) | data | opened(office, address)
    before = stored()
    page = office.post(address, full)
    assert (page.status_code, page.text.count(LOCKED) > 0, page.text.count("补充决定") > 0) == (
        200,
        True,
        True,
    )
    assert stored() == before


@pytest.mark.parametrize(("name", "row"), [("proposal:delete", "proposal"), ("honour:delete", "honour")])
def test_nothing_is_removed_after_the_submission(office, city, submitted, name, row):
    before = stored()
    page = office.post(address_of(name, submitted[row]), follow=True)
    assert told(page, LOCKED) == (200, 1)
    assert stored() == before


def test_a_hand_in_after_the_submission_is_refused(client, city, outlet, submitted):
    client.force_login(submitted["mandate"].representative.user)
    before = stored()
    data = {
        "title": "迟到的报道",
        "outlet": outlet.pk,
        "day": DAY,
        "url": "https://news.example/8",
        "photo": evidence(),
    }
    page = client.post(reverse("hand_in", args=["report"]), data)
    assert (page.status_code, page.text.count(LOCKED), page.text.count('value="迟到的报道"')) == (409, 1, 1)
    assert stored() == before


def test_a_roll_after_the_submission_is_not_corrected(client, city, submitted):
    client.force_login(city.recorder)
    person = submitted["mandate"].representative_id
    data = {"representative": person, "status": "absent", "reason": "记错了"}
    before = stored()
    page = client.post(reverse("roll_record", args=[submitted["activity"].pk]), data)
    assert page.status_code == 409
    assert {name: rows for name, rows in stored().items() if name != "AttendanceEvent"} == {
        name: rows for name, rows in before.items() if name != "AttendanceEvent"
    }  # the history keeps that it was tried


def test_a_declaration_after_the_submission_is_not_confirmed(client, city, submitted):
    client.force_login(city.recorder)
    before = stored()
    made = submitted["deed"]
    page = client.post(reverse("declaration_confirm", args=[made.pk]), {"seen": made.version})
    assert (page.status_code, page.text.count(LOCKED)) == (409, 1)
    assert stored() == before
