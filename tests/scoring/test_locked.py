"""Facts of a year that was handed up stay as they are."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import transaction

from scoring import operations
from scoring.models import Honour, MediaReport
from scoring.operations import EarnedRefused, FactsLocked, YearRefused, refuse_locked_facts
from sessions.operations import lock_period
from tests.conftest import START
from tests.scoring.year_city import END, confirm, open_year, walk

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)

pytestmark = pytest.mark.django_db


def ask(city, *days):
    with transaction.atomic():
        refuse_locked_facts([city.representative(login=False)], days)


def test_a_locked_day_is_refused_with_its_year_and_the_way_out(city):
    lock_period(areas=[city.township], first=FIRST, last=LAST, actor=None)
    with pytest.raises(FactsLocked) as refused:
        ask(city, date(2026, 1, 1), date(2025, 12, 31))
    assert str(refused.value) == (
        f"{city.township.name}的 2025 年度已经上报，2025 年 12 月 31 日的记录不能再增加或修改；确需补记请向代表工作委员会提出补充决定。"
    )


def test_the_lock_of_an_area_above_counts_too(city):
    lock_period(areas=[city.county], first=FIRST, last=LAST, actor=None)
    with pytest.raises(FactsLocked):
        ask(city, FIRST)


def test_days_outside_and_other_areas_stay_open(city):
    lock_period(areas=[city.other_township], first=FIRST, last=LAST, actor=None)
    ask(city, FIRST)
    lock_period(areas=[city.township], first=FIRST, last=LAST, actor=None)
    ask(city, date(2024, 12, 31), date(2026, 1, 1))


DAY = date(2026, 5, 6)
NEXT_YEAR = date(2027, 5, 6)


@pytest.fixture
def world(city):
    """Somebody with a proposal, a verified report and an honour, all of a day that was handed up since."""
    mandate = city.representative(login=False)
    outlet = operations.add_outlet(name="示例日报", level="county", medium="paper", actor=city.office)
    facts = {"actor": city.office}
    made = SimpleNamespace(
        mandate=mandate,
        outlet=outlet,
        proposal=operations.add_proposal(
            title="示例建议", ref="示例-1", submitted_on=DAY, movers={mandate: "sole"}, **facts
        ),
        report=operations.report_media(
            title="示例报道", outlet=outlet, published_on=DAY, mandates=[mandate], **facts
        ),
        honour=operations.add_honour(
            mandate=mandate, title="示例荣誉", level="county", awarded_on=DAY, **facts
        ),
    )
    operations.verify_report(report=made.report, actor=city.office, moment=START)
    made.waiting = operations.report_media(
        title="示例报道二", outlet=outlet, published_on=DAY, mandates=[mandate], **facts
    )
    lock_period(areas=[city.township], first=date(2026, 1, 1), last=date(2026, 12, 31), actor=None)
    return made


def write(name, w, office, day):
    """Do one of the writes of what earns, so that it touches `day`."""
    one = {"actor": office}
    match name:
        case "add_proposal":
            operations.add_proposal(
                title="示例", ref="示例-2", submitted_on=day, movers={w.mandate: "sole"}, **one
            )
        case "change_proposal":
            operations.change_proposal(
                proposal=w.proposal,
                title="示例",
                ref="示例-1",
                submitted_on=day,
                movers={w.mandate: "sole"},
                **one,
            )
        case "remove_proposal":
            operations.remove_proposal(proposal=w.proposal, **one)
        case "report_media":
            operations.report_media(
                title="示例", outlet=w.outlet, published_on=day, mandates=[w.mandate], **one
            )
        case "change_report":
            operations.change_report(
                report=w.report, title="示例", outlet=w.outlet, published_on=day, mandates=[w.mandate], **one
            )
        case "verify_report":
            operations.verify_report(report=w.waiting, moment=START, **one)
        case "reject_report":
            operations.reject_report(report=w.report, moment=START, note="重复", **one)
        case "add_honour":
            operations.add_honour(mandate=w.mandate, title="示例", level="county", awarded_on=day, **one)
        case "change_honour":
            operations.change_honour(
                honour=w.honour, mandate=w.mandate, title="示例", level="county", awarded_on=day, **one
            )
        case "remove_honour":
            operations.remove_honour(honour=w.honour, **one)


NEW = ["add_proposal", "report_media", "add_honour"]
OLD = ["change_proposal", "remove_proposal", "change_report", "verify_report", "reject_report", "change_honour", "remove_honour"]  # fmt: skip


@pytest.mark.parametrize("name", NEW + OLD)
def test_no_fact_of_a_day_that_was_handed_up_is_added_changed_or_removed(city, world, name):
    with pytest.raises(FactsLocked, match="2026 年度已经上报"):
        write(name, world, city.office, DAY)


@pytest.mark.parametrize("name", [name for name in OLD if name.startswith("change")])
def test_no_fact_is_moved_out_of_the_days_that_were_handed_up(city, world, name):
    with pytest.raises(FactsLocked, match="2026 年度已经上报"):
        write(name, world, city.office, NEXT_YEAR)


@pytest.mark.parametrize("name", NEW)
def test_other_days_take_facts(city, world, name):
    write(name, world, city.office, NEXT_YEAR)


@pytest.mark.parametrize("name", NEW)
def test_a_day_outside_the_mandate_is_refused_with_the_days_of_the_mandate(city, world, name):
    with pytest.raises(EarnedRefused, match=r"2021-12-31 不在丁示例的任期（2022-01-01 至 今）内，请核对日期"):
        write(name, world, city.office, date(2021, 12, 31))


def test_a_report_that_never_counted_may_be_set_aside_at_any_time(city, world):
    operations.reject_report(report=world.waiting, actor=city.office, moment=START, note="与前一篇重复")
    assert MediaReport.objects.get(pk=world.waiting.pk).state == "rejected"


def test_an_area_submits_only_when_every_report_about_its_people_was_judged(city):
    year = open_year(city)
    mandate = city.representative(login=False)
    outlet = operations.add_outlet(name="示例日报", level="county", medium="paper", actor=city.office)
    given = {"outlet": outlet, "published_on": DAY, "mandates": [mandate], "actor": city.office}
    report = operations.report_media(title="窑火", **given)
    operations.report_media(title="去年的", **given | {"published_on": date(2025, 5, 6)})
    walk(year, city, "review")
    review = year.reviews.get()
    with pytest.raises(YearRefused) as refused:
        operations.submit_area(review=review, actor=city.reviewer, moment=END)
    assert str(refused.value) == "还有 1 篇专题报道没有核实（窑火），请代表工作委员会先核实或不采用。"
    operations.verify_report(report=report, actor=city.office, moment=END)
    assert operations.submit_area(review=review, actor=city.reviewer, moment=END).state == "submitted"


def test_the_level_of_an_outlet_stays_while_a_year_with_its_reports_is_under_review(city):
    year = open_year(city)
    mandate = city.representative(login=False)
    outlet = operations.add_outlet(name="示例日报", level="county", medium="paper", actor=city.office)
    report = operations.report_media(
        title="窑火", outlet=outlet, published_on=DAY, mandates=[mandate], actor=city.office
    )
    operations.verify_report(report=report, actor=city.office, moment=START)
    walk(year, city, "submit")
    same = {"outlet": outlet, "medium": "tv", "actor": city.office}
    with pytest.raises(
        FactsLocked, match="2026 年度正在审核，其中有示例日报的报道；请在年度确认以后再改级别"
    ):
        operations.change_outlet(name="示例日报", level="national", **same)
    assert operations.change_outlet(name="示例晨报", level="county", **same).name == "示例晨报"
    for step in ("recheck", "publicise"):
        walk_on(year, city, step)
    confirm(year, city)
    assert operations.change_outlet(name="示例晨报", level="national", **same).level == "national"


def walk_on(year, city, step):
    if step == "recheck":
        operations.recheck_area(review=year.reviews.get(), actor=city.office, moment=END)
    else:
        operations.publicise_year(year=year, actor=city.office, moment=END)


def test_the_office_reads_why_an_honour_has_to_stay(client, city, world):
    client.force_login(city.office)
    answer = client.post(f"/admin/honour/delete/{world.honour.pk}/", follow=True)
    assert (answer.status_code, answer.text.count("2026 年度已经上报")) == (200, 1)
    assert Honour.objects.count() == 1
