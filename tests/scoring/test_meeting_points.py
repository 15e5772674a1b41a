"""A congress read in from a spreadsheet moves each sheet by exactly the points of the standard (issue 4, Sources)."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine

from scoring.facts import gather
from scoring.models import Year
from scoring.rules import rounded, tally
from scoring.sheets import live_sheet
from scoring.standard_file import load
from sessions.models import Meeting
from stations.models import Mandate
from tests.scoring.year_city import open_year
from tests.sessions.meeting_city import AFTER, FIRST, SECOND, THIRD, book, congress_of, grant, line

STANDARDS = Path(__file__).resolve().parents[1] / "data" / "standards"
THREE = (FIRST, SECOND, THIRD)


@pytest.fixture
def congress(city):
    with time_machine.travel(AFTER, tick=False):
        yield congress_of(city)


def attendance_points(year, mandate):
    """Return the points of 出席人民代表大会会议: 15, less 1 for leave, 5 for absence, 0.5 for coming late."""
    return rounded(live_sheet(year, mandate).sheet.points_of("congress-attendance"))


def test_each_mark_moves_the_sheet_by_the_standards_points(city, congress):
    year = Year.objects.select_related("standard").get(pk=open_year(city).pk)
    rows = [line("甲", "到", "到", "到"), line("乙", "迟到", "请假", "到"), line("丙", "缺席", "请假", "到")]
    congress.apply(book(*rows, sittings=THREE, grants=[grant("乙", "全部")]))
    assert [attendance_points(year, m) for m in congress.people] == [
        Decimal(15), Decimal("13.5"), Decimal(5),  # 丙: absent once, and once for leave that nobody approved
    ]  # fmt: skip


def test_an_approval_read_in_later_moves_the_sheet_by_the_difference(city, congress):
    year = Year.objects.select_related("standard").get(pk=open_year(city).pk)
    rows = [line("甲", "到"), line("乙", "到"), line("丙", "请假")]
    congress.apply(book(*rows, sittings=(FIRST,)))
    before = attendance_points(year, congress.people[2])
    congress.apply(book(*rows, sittings=(FIRST,), grants=[grant("丙", "全部")]))
    assert (before, attendance_points(year, congress.people[2])) == (Decimal(10), Decimal(14))


def test_half_days_are_the_quantity_of_the_facts(city, congress):
    """npc-jiangbei-2014: 人代会请假半天, −1 for each; the leave of sittings of 1.5 half-days counts 1.5 each."""
    Meeting.objects.update(units=Decimal("1.5"))
    text = (STANDARDS / "npc-jiangbei-2014.yaml").read_text()
    leave = "  - code: congress_leave\n    name: 人代会请假半天\n"
    source = "    sources: [{from: attendance, where: {kind: congress, status: leave}}]\n"
    assert leave in text
    rules = load(text.replace(leave, leave + source)).standard
    rows = [line("甲", "到", "到"), line("乙", "请假", "请假"), line("丙", "缺席", "到")]
    congress.apply(book(*rows, grants=[grant("乙", "全部")]))
    mandates = Mandate.objects.filter(pk__in=[m.pk for m in congress.people])
    facts = gather(rules, mandates, date(2026, 1, 1), date(2026, 12, 31))
    told = {m.representative.name: tally(rules, facts.get(m.pk, []), ()).total for m in congress.people}
    assert told == {"示例甲": 0, "示例乙": Decimal(-3), "示例丙": 0}
