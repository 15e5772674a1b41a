"""Who missed two congress meetings of a term without approval (代表法, 第六十二条): computed from closed rolls, never public."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from sessions.meetings.missed import missed_by
from sessions.operations import add_sitting, create_meeting, record_status
from stations.models import Mandate
from stations.operations import end_mandate, grant, open_account
from tests.conftest import SHANGHAI
from tests.sessions.meeting_city import Congress, book, line
from tests.sessions.meeting_city import grant as approved
from tests.sessions.paper_city import FRAME, text

TODAY = date(2027, 4, 1)
AFTER = datetime(2027, 4, 1, 9, 0, tzinfo=SHANGHAI)
SITTINGS = ("上午 预备会议", "下午 全体会议")


@pytest.fixture
def people(city):
    with time_machine.travel(AFTER, tick=False):
        yield [city.representative(f"示例{n}", electing_unit=f"第{n}选区") for n in "甲乙丙"]


def held(city, people, year, *rows, grants=(), kind="congress"):
    """Hold one meeting of two sittings on 2 March of `year` by its spreadsheet; 甲 comes unless told otherwise."""
    meeting = create_meeting(
        kind=kind, name=f"{year} 年会议", term=city.term, area=city.county,
        starts_on=date(year, 3, 2), ends_on=date(year, 3, 2), actor=city.office,
    )  # fmt: skip
    client = Client()
    client.force_login(city.office)
    congress = Congress(meeting, people, client, city.office)
    headings = tuple(f"{year}-03-02 {each}" for each in SITTINGS)
    answer = congress.apply(book(*rows, sittings=headings, grants=grants))
    assert answer.status_code == 302, text(answer)
    return congress


def rows(**cells):
    """Return the three rows, 到到 for whom nothing is told."""
    return [line(name, *cells.get(name, ("到", "到"))) for name in "甲乙丙"]


def names(city, user=None):
    return [notice.mandate.representative.name for notice in missed_by(user or city.office, TODAY)]


def test_two_meetings_missed_entirely_without_approval_are_listed_with_their_evidence(city, people):
    held(city, people, 2026, *rows(乙=("缺席", "缺席"), 丙=("缺席", "缺席")))
    assert names(city) == []
    held(city, people, 2027, *rows(乙=("缺席", "缺席")))
    [notice] = missed_by(city.office, TODAY)
    assert notice.mandate.representative.name == "示例乙"
    assert [(m.meeting.name, [r.activity.title for r in m.rows], m.half_days) for m in notice.meetings] == [
        ("2026 年会议", ["预备会议", "全体会议"], 2),
        ("2027 年会议", ["预备会议", "全体会议"], 2),
    ]


@pytest.mark.parametrize(
    "second",
    [("缺席", "到"), ("迟到", "缺席"), ("请假", "缺席")],
    ids=["came once", "came late", "leave once"],
)
def test_one_sitting_attended_or_excused_is_not_a_meeting_missed(city, people, second):
    held(city, people, 2026, *rows(乙=("缺席", "缺席")))
    leave = [approved("乙", "2027-03-02 上午")] if "请假" in second else []
    held(city, people, 2027, *rows(乙=second), grants=leave)
    assert names(city) == []


def test_leave_that_nobody_approved_is_no_excuse(city, people):
    held(city, people, 2026, *rows(乙=("请假", "请假")))
    held(city, people, 2027, *rows(乙=("缺席", "缺席")))
    assert names(city) == ["示例乙"]


def test_a_meeting_with_an_open_roll_and_one_of_the_standing_committee_are_not_counted(city, people):
    held(city, people, 2026, *rows(乙=("缺席", "缺席")))
    congress = held(city, people, 2027, *rows(乙=("缺席", "缺席")))
    assert names(city) == ["示例乙"]
    evening = datetime(2027, 3, 2, 19, 0, tzinfo=SHANGHAI)
    add_sitting(
        meeting=congress.meeting, title="闭幕", starts_at=evening, ends_at=evening + timedelta(hours=2),
        actor=city.office,
    )  # fmt: skip
    assert names(city) == []
    held(city, people, 2025, *rows(乙=("缺席", "缺席")), kind="standing_committee")
    assert names(city) == []


def test_a_correction_takes_the_person_off_the_list_by_itself(city, people):
    held(city, people, 2026, *rows(乙=("缺席", "缺席")))
    congress = held(city, people, 2027, *rows(乙=("缺席", "缺席")))
    record_status(
        activity=congress.sitting(0), representative=people[1].representative, status="present",
        actor=city.office, moment=AFTER, reason="核对签到册",
    )  # fmt: skip
    assert names(city) == []


def test_who_left_office_is_not_listed_and_the_list_ends_no_mandate(city, people):
    held(city, people, 2026, *rows(乙=("缺席", "缺席"), 丙=("缺席", "缺席")))
    held(city, people, 2027, *rows(乙=("缺席", "缺席"), 丙=("缺席", "缺席")))
    end_mandate(mandate=people[2], day=date(2027, 3, 20), actor=city.office)
    assert names(city) == ["示例乙"]
    assert Mandate.objects.get(pk=people[1].pk).ends_on is None


def test_only_the_office_and_the_auditor_of_the_persons_area_read_it(city, people):
    held(city, people, 2026, *rows(乙=("缺席", "缺席")))
    held(city, people, 2027, *rows(乙=("缺席", "缺席")))
    other = open_account(username="other", display_name="邻镇代工委", actor=None)
    grant(user=other, area=city.other_township, role="office", actor=None)
    assert (names(city, city.auditor), names(city, other)) == (["示例乙"], [])
    readers = (city.office, city.auditor, other, city.recorder, city.reviewer, people[0].representative.user)
    answers = []
    for user in readers:
        client = Client()
        client.force_login(user)
        answer = client.get(reverse("meetings_missed"))
        answers.append((answer.status_code, "示例乙" in text(answer)))
    assert answers == [(200, True), (200, True), (200, False), (404, False), (404, False), (404, False)]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_five_queries_of_its_own_whoever_many(city, people, django_assert_num_queries, count):
    absent = dict.fromkeys("甲乙丙"[:count], ("缺席", "缺席"))
    for year in (2026, 2027):
        held(city, people, year, *rows(**absent))
    client = Client()
    client.force_login(city.auditor)
    client.get(reverse("meetings_missed"))
    with django_assert_num_queries(FRAME + 5):
        page = client.get(reverse("meetings_missed"))
    assert text(page).count("缺席 2 次，计 2 个半天") == 2 * count
