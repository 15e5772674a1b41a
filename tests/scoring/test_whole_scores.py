"""The year of everybody at once comes to the same figures as everybody's sheet."""

from datetime import date, timedelta
from random import Random

import pytest

from scoring.models import (
    Honour,
    MediaReport,
    MediaReportSubject,
    Outlet,
    Proposal,
    ProposalMover,
    Standard,
    Year,
)
from scoring.sheets import live_sheets, mandates_of
from scoring.whole.scores import scores
from sessions.models import Activity, Attendance
from stations.models import MandateTag
from tests.conftest import START

pytestmark = pytest.mark.django_db

HEAD = """
format: 1
code: everything
title: 样样都有（测试用，虚构）
subject: representative
period: {length: year}
base: 5
total: {min: 0, max: 100}
bands: [{name: 优秀, min: 40}, {name: 称职, min: 10.5}, {name: 不称职}]
categories:
"""
PLAIN = (
    HEAD
    + """
  - code: meetings
    name: 会议
    kind: regular
    max: 22.5
    items:
      - {code: plenary, name: 全会, sources: [{from: attendance, where: {kind: congress}}], rule: {kind: deduct, start: 10, by: event, points: {absent: 2.5, leave: 0.5}, zero_when: [left_early]}}
      - {code: sharing, name: 分享, sources: [{from: attendance, where: {kind: sharing}}], rule: {kind: count, by: status, points: {present: 1.25, late: 0.5, absent: -1}, min: -2, max: 6}}
      - {code: steps, name: 阶梯, sources: [{from: attendance, where: {kind: reception}}], rule: {kind: threshold, steps: [{at: 2, points: 1}, {at: 4.5, points: 3}]}}
      - {code: again, name: 再计, rule: {kind: threshold, every: 2, points: 0.5, of: sharing}}
      - {code: aim, name: 目标, sources: [{from: attendance, where: {kind: visit, status: [present, late]}}], rule: {kind: target, target: 3, base: 4, per_unit: 0.75, below: true}}
  - code: members
    name: 常委会组成人员
    kind: regular
    applies_to: [standing_member]
    min: 1
    items:
      - {code: standing, name: 列席, sources: [{from: attendance, where: {kind: standing_committee, role: speaker}}], rule: {kind: count, points: 2}}
  - code: bonus
    name: 加分
    kind: bonus
    max: 15
    items:
      - {code: moved, name: 建议, sources: [{from: proposal, where: {filed: true}}], rule: {kind: shared, points: 3, lead: 0.6}}
      - {code: fine, name: 优秀建议, exclusive: raised, sources: [{from: proposal, where: {fine: true}}], rule: {kind: count, by: role, points: {sole: 3, lead: 2, co: 1}}}
      - {code: key, name: 重点督办, exclusive: raised, sources: [{from: proposal, where: {key: true}}], rule: {kind: count, points: 2}}
      - {code: report, name: 报道, sources: [{from: media_report}], rule: {kind: count, by: level, points: {national: 5, provincial: 3, county: 0.5}}}
      - {code: honour, name: 荣誉, sources: [{from: honour}], rule: {kind: count, by: level, points: {municipal: 1.5, county: 1}}}
  - code: grave
    name: 否决
    kind: deduction
    items:
      - {code: veto, name: 一票, sources: [{from: attendance, where: {kind: hearing, status: absent}}], rule: {kind: veto, band: 不称职}}
      - {code: void, name: 清零, sources: [{from: attendance, where: {kind: duty_report, status: absent}}], rule: {kind: void}}
"""
)
DATED = (
    HEAD
    + """
  - code: all
    name: 全部
    kind: regular
    items:
      - {code: second, name: 第二次起, sources: [{from: attendance, where: {kind: sharing}}, {from: attendance, where: {kind: visit}}], rule: {kind: count, by: status, points: {present: 1.25, late: 0.5, absent: -1}, from: 2, at_most: 4}}
      - {code: few, name: 只计两次, sources: [{from: attendance, where: {kind: [reception, congress]}}], rule: {kind: count, by: role, points: {attendee: 1, speaker: 2}, at_most: 2}}
      - {code: best, name: 最好的一件, sources: [{from: proposal}, {from: honour}], rule: {kind: count, points: 1.5, from: 2}}
      - {code: later, name: 第三篇起, sources: [{from: media_report}], rule: {kind: count, by: level, points: {national: 5, provincial: 3, county: 0.5}, from: 2, at_most: 1.5}}
      - {code: member, name: 组成人员, applies_to: [standing_member], sources: [{from: proposal}], rule: {kind: count, by: role, points: {sole: 3, lead: 2, co: 1}, at_most: 1}}
"""
)
KINDS = ["congress", "sharing", "reception", "visit", "standing_committee", "hearing", "duty_report"]
PEOPLE = 18  # one proposal of them all: 17 others share, which no common factor makes whole


@pytest.fixture
def people(city):
    """Eighteen invented representatives with records of every sort, drawn with a fixed seed."""
    draw = Random(20261123)
    mandates = [city.representative(f"虚构{number}", login=False) for number in range(PEOPLE)]
    MandateTag.objects.bulk_create(
        MandateTag(mandate=mandate, code="standing_member") for mandate in mandates[::3]
    )
    days = [START + timedelta(days=draw.randrange(-40, 40)) for _ in range(28)]
    activities = [
        Activity.objects.create(
            kind=KINDS[number % len(KINDS)],
            title=f"示例活动{number}",
            area=city.township,
            starts_at=day,
            ends_at=day + timedelta(hours=2),
            state="closed",
            closed_at=day + timedelta(hours=3),
            closed_by=city.recorder,
        )
        for number, day in enumerate(days)
    ]
    heavy = {"hearing", "duty_report"}
    Attendance.objects.bulk_create(
        Attendance(
            activity=activity,
            mandate=mandate,
            representative=mandate.representative,
            status=draw.choices(["present", "late", "absent", "leave", "left_early"], [9, 3, 1, 2, 1])[0]
            if activity.kind not in heavy or draw.random() < 0.08
            else "present",
            method="staff_tick",
            role=draw.choice(["attendee", "attendee", "speaker"]),
            units=draw.choice([1, 1, "0.5", "2.25"]),
            confirmed_at=activity.closed_at if draw.random() < 0.9 else None,
            confirmed_by=city.recorder,
        )
        for activity in activities
        for mandate in mandates[:-1]  # the last one has no roll at all
        if draw.random() < 0.6
    )
    for number, many in enumerate([1, 1, 2, 2, 3, 5, 13, PEOPLE, 1, 2]):
        proposal = Proposal.objects.create(
            title=f"示例建议{number}",
            ref=f"示例-{number}",
            submitted_on=START.date() + timedelta(days=draw.randrange(20)),
            filed=draw.random() < 0.8,
            fine=draw.random() < 0.5,
            key=draw.random() < 0.5,
        )
        movers = draw.sample(mandates, many)
        for place, mandate in enumerate(movers):
            role = "sole" if many == 1 else "co" if place else "lead"
            ProposalMover.objects.create(proposal=proposal, mandate=mandate, role=role)
    outlets = [
        Outlet.objects.create(name=f"示例{level}报", level=level, medium="paper")
        for level in ("national", "provincial", "county")
    ]
    for number in range(12):
        report = MediaReport.objects.create(
            title=f"示例报道{number}",
            outlet=draw.choice(outlets),
            published_on=START.date() + timedelta(days=draw.randrange(20)),
            story=f"故事{number // 3}",
            state="verified",
            verified_at=START,
            verified_by=city.office,
        )
        for mandate in draw.sample(mandates, 4):
            MediaReportSubject.objects.create(report=report, mandate=mandate)
    for mandate in draw.sample(mandates, 9):
        for ref in draw.choice([["", ""], ["示例-1", "证-1"], ["证-1", "证-1"]]):
            Honour.objects.create(
                state="verified",
                mandate=mandate,
                title="示例荣誉",
                level=draw.choice(["municipal", "county"]),
                ref=ref,
                awarded_on=START.date(),
            )
    for mover in ProposalMover.objects.filter(
        proposal__ref__in=["示例-3", "示例-4"]
    ):  # an honour for that very proposal
        Honour.objects.create(
            state="verified",
            mandate=mover.mandate,
            title="示例荣誉",
            level="county",
            ref=mover.proposal.ref,
            awarded_on=START.date(),
        )
    return mandates


def year_of(city, text):
    standard = Standard.objects.create(code="t", version=1, title="测试", text=text, digest=str(hash(text)))
    return Year.objects.create(
        label=2026, term=city.term, standard=standard, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)
    )


def by_lots(year, mandates):
    return {score.mandate: (score.total, score.band, score.points) for score in scores(year, mandates)}


def by_sheets(year, mandates):
    return {
        live.mandate.pk: (
            live.sheet.total,
            live.sheet.band.name,
            tuple(item.points if item.applies else 0 for item in live.sheet.items),
        )
        for live in live_sheets(year, mandates)
    }


@pytest.mark.parametrize("text", [PLAIN, DATED], ids=["plain", "dated"])
def test_everybody_has_the_total_band_and_points_of_their_sheet(city, people, text):
    year = year_of(city, text)
    found = by_lots(year, mandates_of(year))
    assert found == by_sheets(year, mandates_of(year))
    assert len(found) == PEOPLE
    assert len({total for total, _, _ in found.values()}) > PEOPLE // 2  # the world is no monotony


def test_only_those_asked_for_are_answered(city, people):
    year = year_of(city, PLAIN)
    few = mandates_of(year).filter(pk__in=[people[0].pk, people[-1].pk])
    assert by_lots(year, few) == by_sheets(year, few)


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_is_fixed(city, people, count, django_assert_num_queries):
    year = year_of(city, DATED)
    ProposalMover.objects.filter(
        proposal__ref="示例-7"
    ).delete()  # the one of all, whose share is left to the sheets
    with django_assert_num_queries(
        7
    ):  # people and tags, suspensions, proposals, reports, honours, activities, rolls
        assert (
            len(list(scores(year, mandates_of(year).filter(pk__in=[m.pk for m in people[:count]])))) == count
        )
