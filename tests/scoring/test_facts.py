"""What is recorded becomes facts of the right items, of the right mandate, in the right year."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from scoring import operations
from scoring.facts import gather
from scoring.models import MediaReportSubject
from scoring.rules import Fact
from scoring.standard_file import load
from sessions.checkin.codes import code_at
from sessions.models import CoursewarePage
from sessions.operations import check_in, close_roll, record_status
from stations.models import Mandate
from stations.operations import end_mandate, register_representative
from tests.conftest import SHANGHAI, START

EXAMPLE = Path(__file__).resolve().parents[1] / "data" / "standards" / "example-6x11.yaml"
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
RULES = load(EXAMPLE.read_text()).standard
ONE_OF_EACH = """
format: 1
code: sources
title: 各种来源
subject: representative
period: {length: year}
base: 0
bands: [{name: 合格, min: 0}, {name: 不合格}]
categories:
  - code: all
    name: 全部
    kind: regular
    items:
      - {code: theme, name: 主题, sources: [{from: attendance, where: {theme: 联系群众}}], rule: {kind: count, points: 1}}
      - {code: lead, name: 领衔, sources: [{from: proposal, where: {role: [sole, lead], filed: true}}], rule: {kind: shared, points: 6}}
      - {code: plain, name: 未选, sources: [{from: courseware, where: {selected: false}}], rule: {kind: count, points: 1}}
      - {code: fine, name: 优秀课件, sources: [{from: courseware, where: {selected: true}}], rule: {kind: count, points: 1}}
      - {code: form, name: 体裁, sources: [{from: media_report, where: {form: 通讯}}], rule: {kind: count, points: 1}}
      - {code: level, name: 省级荣誉, sources: [{from: honour, where: {level: provincial}}], rule: {kind: count, points: 1}}
"""


def facts_of(mandate, rules=RULES, first=FIRST, last=LAST):
    return gather(rules, Mandate.objects.filter(pk=mandate.pk), first, last).get(mandate.pk, [])


def items(mandate, rules=RULES):
    return [fact.item for fact in facts_of(mandate, rules)]


def attend(city, mandate, *, role="attendee", status="present", close=True, **more):
    activity = city.activity(**more)
    city.enrol(activity, mandate, role=role)
    at = activity.starts_at
    record_status(
        activity=activity,
        representative=mandate.representative,
        status=status,
        actor=city.recorder,
        moment=at,
    )
    if close:
        close_roll(activity=activity, actor=city.recorder, moment=at + timedelta(hours=2))
    return activity


def courseware(site, mandate, *, day=date(2026, 5, 1), selected=False, live=True, slug="kj"):
    page = CoursewarePage(
        title="怎样写建议", slug=slug, author=mandate.representative, date=day, selected=selected, live=live
    )
    return site["kejian"].add_child(instance=page)


def report(city, *mandates, verified=True, day=date(2026, 5, 1), url="https://news.example/a", **more):
    outlet = more.pop("outlet", None) or operations.add_outlet(
        name=f"示例报{url[-1]}", level="municipal", medium="paper", actor=city.office
    )
    made = operations.report_media(
        title="一条断头路",
        outlet=outlet,
        published_on=day,
        mandates=mandates,
        url=url,
        actor=city.office,
        **more,
    )
    if verified:
        operations.verify_report(report=made, actor=city.office, moment=START)
    return made


def test_one_attendance_is_one_fact_with_the_way_back_to_its_row(city):
    mandate = city.representative()
    activity = attend(city, mandate, units=Decimal("1.50"))
    row = activity.attendances.get()
    assert facts_of(mandate) == [
        Fact(
            item="sharing",
            n=Decimal("1.50"),
            role="attendee",
            status="present",
            event="present",
            date=date(2026, 6, 18),
            source=f"attendance:{row.pk}",
            label="示例分享会",
        )
    ]


def test_a_speaker_and_an_attendee_of_one_session_feed_different_items(city):
    speaker, attendee = city.representative(), city.representative("李示例")
    activity = city.activity()
    city.enrol(activity, speaker, role="speaker")
    city.enrol(activity, attendee)
    for each in (speaker, attendee):
        record_status(
            activity=activity,
            representative=each.representative,
            status="present",
            actor=city.recorder,
            moment=START,
        )
    close_roll(activity=activity, actor=city.recorder, moment=START + timedelta(hours=2))
    assert (items(speaker), items(attendee)) == (["sharing-back"], ["sharing"])


def test_a_claim_nobody_confirmed_is_no_fact(city):
    mandate = city.representative()
    activity = city.activity()
    city.enrol(activity, mandate)
    token = code_at(activity.check_in_key, START).token
    check_in(activity=activity, representative=mandate.representative, nonce="n", moment=START, token=token)
    assert facts_of(mandate) == []


def test_a_confirmed_row_of_a_roll_that_is_not_closed_is_no_fact(city):
    mandate = city.representative()
    attend(city, mandate, close=False)
    assert facts_of(mandate) == []


@pytest.mark.parametrize("status", ["absent", "leave", "exempt"])
def test_who_was_not_there_feeds_no_item_that_asks_for_coming(city, status):
    mandate = city.representative()
    attend(city, mandate, status=status)
    assert facts_of(mandate) == []


def test_an_absence_from_the_congress_is_a_fact_with_its_event(city):
    mandate = city.representative()
    attend(city, mandate, kind="congress", status="absent")
    (fact,) = facts_of(mandate)
    assert (fact.item, fact.event) == ("congress-attendance", "absent")


def test_ten_to_midnight_on_the_last_day_counts_for_that_year(city):
    mandate = city.representative()
    attend(city, mandate, starts_at=datetime(2026, 12, 31, 23, 50, tzinfo=SHANGHAI))
    late = [fact.date for fact in facts_of(mandate)]
    assert (late, facts_of(mandate, first=date(2027, 1, 1), last=date(2027, 12, 31))) == (
        [date(2026, 12, 31)],
        [],
    )


def test_ten_past_midnight_on_new_years_day_counts_for_the_new_year(city):
    mandate = city.representative()
    attend(city, mandate, starts_at=datetime(2026, 1, 1, 0, 10, tzinfo=SHANGHAI))
    old = facts_of(mandate, first=date(2025, 1, 1), last=date(2025, 12, 31))
    assert (items(mandate), old) == (["sharing"], [])


def test_a_cancelled_activity_gives_no_fact(city):
    from sessions.operations import cancel_activity

    mandate = city.representative()
    activity = attend(city, mandate, close=False)
    cancel_activity(activity=activity, reason="大雪", actor=city.office)
    assert facts_of(mandate) == []


def test_an_activity_matches_by_its_theme(city):
    mandate = city.representative()
    attend(city, mandate, theme="联系群众")
    attend(city, mandate, theme="视察调研", starts_at=START + timedelta(days=1))
    assert items(mandate, load(ONE_OF_EACH).standard) == ["theme"]


def test_published_courseware_is_a_fact_and_a_draft_is_none(city, site):
    mandate = city.representative()
    page = courseware(site, mandate)
    courseware(site, mandate, live=False, slug="cg")
    assert [(fact.item, fact.source) for fact in facts_of(mandate)] == [
        ("sharing-back", f"courseware:{page.pk}")
    ]


def test_selected_and_other_courseware_are_told_apart(city, site):
    mandate = city.representative()
    courseware(site, mandate)
    courseware(site, mandate, selected=True, slug="yx")
    assert sorted(items(mandate, load(ONE_OF_EACH).standard)) == ["fine", "plain"]


def test_courseware_counts_for_the_mandate_in_force_on_its_day(city, site):
    first = city.representative(starts_on=date(2022, 1, 1))
    end_mandate(mandate=first, day=date(2026, 3, 31), actor=city.office)
    second = Mandate.objects.create(
        representative=first.representative, term=city.term, area=city.township, starts_on=date(2026, 6, 1)
    )
    courseware(site, first, day=date(2026, 3, 31))
    courseware(site, first, day=date(2026, 4, 30), slug="jian")
    courseware(site, first, day=date(2026, 6, 1), slug="hou")
    assert ([f.date for f in facts_of(first)], [f.date for f in facts_of(second)]) == (
        [date(2026, 3, 31)],
        [date(2026, 6, 1)],
    )


def test_a_proposal_feeds_every_item_it_matches_with_role_people_and_number(city):
    lead, co = city.representative(), city.representative("李示例")
    operations.add_proposal(
        title="打通示例路",
        ref="示 1",
        submitted_on=date(2026, 1, 9),
        movers={lead: "lead", co: "co"},
        fine=True,
        actor=city.office,
    )
    seen = [(f.item, f.role, f.people, f.ref, f.label) for f in facts_of(lead)]
    assert seen == [
        ("proposals", "lead", 2, "示 1", "打通示例路"),
        ("fine-proposal", "lead", 2, "示 1", "打通示例路"),
    ]
    assert items(co, load(ONE_OF_EACH).standard) == []


def test_a_proposal_that_was_not_filed_misses_an_item_that_asks_for_filed_ones(city):
    mandate = city.representative()
    operations.add_proposal(
        title="甲", ref="1", submitted_on=FIRST, movers={mandate: "sole"}, filed=False, actor=city.office
    )
    assert items(mandate, load(ONE_OF_EACH).standard) == []


def test_a_report_is_a_fact_once_verified_and_names_all_its_people(city):
    one, two = city.representative(), city.representative("李示例")
    report(city, one, two)
    report(city, one, verified=False, url="https://news.example/b")
    assert [(f.item, f.level) for m in (one, two) for f in facts_of(m)] == [
        ("media-report", "municipal"),
        ("media-report", "municipal"),
    ]


def test_a_report_matches_by_its_form(city):
    mandate = city.representative()
    report(city, mandate, form="通讯")
    report(city, mandate, form="消息", url="https://news.example/b")
    assert items(mandate, load(ONE_OF_EACH).standard) == ["form"]


def test_an_honour_matches_by_its_level_and_its_day(city):
    mandate = city.representative()
    for level, day in (
        ("provincial", LAST),
        ("county", LAST),
        ("provincial", date(2027, 1, 1)),
    ):
        operations.add_honour(
            mandate=mandate, title="优秀人大代表", level=level, awarded_on=day, actor=city.office
        )
    assert [(f.item, f.date) for f in facts_of(mandate, load(ONE_OF_EACH).standard)] == [("level", LAST)]


def test_facts_belong_to_the_mandate_and_not_to_the_person(city):
    past = city.representative()
    end_mandate(mandate=past, day=date(2026, 6, 30), actor=city.office)
    now = Mandate.objects.create(
        representative=past.representative, term=city.term, area=city.township, starts_on=date(2026, 7, 1)
    )
    attend(city, past)
    report(city, now, day=date(2026, 7, 5))
    assert (items(past), items(now)) == (["sharing"], ["media-report"])


def test_people_of_one_name_are_told_apart(city):
    one, other = city.representative("王样本"), city.representative("王样本")
    attend(city, one)
    assert (items(one), items(other)) == (["sharing"], [])


def test_another_mandates_facts_are_not_gathered(city):
    mine, other = city.representative(), city.representative("李示例")
    attend(city, other)
    answer = gather(RULES, Mandate.objects.filter(pk=mine.pk), FIRST, LAST)
    assert answer == {}


def test_facts_stand_in_the_order_of_their_days(city):
    mandate = city.representative()
    for days in (5, 1, 3):
        attend(city, mandate, starts_at=START + timedelta(days=days))
    assert [fact.date.day for fact in facts_of(mandate)] == [19, 21, 23]


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize("deeds", [1, 3])
def test_all_facts_of_everybody_take_five_queries(city, site, django_assert_num_queries, people, deeds):
    mandates = [city.representative(f"代表{n}", login=False) for n in range(people)]
    for number in range(deeds):
        activity = city.activity(starts_at=START + timedelta(days=number))
        city.enrol(activity, *mandates)
        close_roll(activity=activity, actor=city.recorder, moment=START + timedelta(days=number, hours=2))
        report(city, *mandates, url=f"https://news.example/{number}")
        operations.add_proposal(
            title="甲",
            ref=str(number),
            submitted_on=FIRST,
            movers=dict.fromkeys(mandates, "co"),
            actor=city.office,
        )
        for each in mandates:
            courseware(site, each, slug=f"k{number}-{each.pk}")
            operations.add_honour(
                mandate=each, title="优秀", level="county", awarded_on=FIRST, actor=city.office
            )
    with django_assert_num_queries(5):
        facts = gather(RULES, Mandate.objects.all(), FIRST, LAST)
    assert {len(rows) for rows in facts.values()} == {deeds * 4}


def test_only_the_sources_a_standard_names_are_read(city, django_assert_num_queries):
    only = ONE_OF_EACH.splitlines()
    rules = load("\n".join([*only[:13], only[-1]])).standard
    with django_assert_num_queries(1):
        gather(rules, Mandate.objects.all(), FIRST, LAST)


def test_a_subject_named_twice_in_the_form_is_stored_once(city):
    mandate = city.representative()
    report(city, mandate, mandate)
    assert MediaReportSubject.objects.count() == 1


def test_register_in_a_later_term_keeps_the_years_apart(city):
    old = city.representative()
    term = type(city.term).objects.create(number=10, name="第十届", starts_on=date(2027, 1, 1))
    new = register_representative(
        name="丁示例", sex="女", term=term, area=city.township, starts_on=date(2027, 1, 1), actor=city.office
    )
    attend(city, old)
    assert (items(old), items(new)) == (["sharing"], [])
