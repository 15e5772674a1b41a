"""The pages of a meeting and its workbook: who sees what, figures that add up, cells that stay text (THREATS 6, 12, 13, 17)."""

import io
import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from sessions.models import Meeting
from sessions.operations import (
    ActivityRefused,
    RollRefused,
    add_sitting,
    change_activity,
    change_meeting,
    create_meeting,
    lock_period,
    reschedule_activity,
)
from tests.conftest import SHANGHAI
from tests.sessions.meeting_city import AFTER, FIRST, SECOND, book, congress_of, figures, grant, line, told
from tests.sessions.paper_city import FRAME, text

FULL = (line("甲", "到", "到"), line("乙", "迟到", "请假"), line("丙", "缺席", "早退"))
LEAVE = (grant("乙", "2026-03-02 下午"),)
MORNING = datetime(2026, 3, 2, 8, 30, tzinfo=SHANGHAI)


@pytest.fixture
def clock():
    with time_machine.travel(AFTER, tick=False) as traveller:
        yield traveller


@pytest.fixture
def congress(city, clock):
    return congress_of(city)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def sheet(content, name="出席情况"):
    made = openpyxl.load_workbook(io.BytesIO(content))
    return made, [list(row) for row in made[name].iter_rows()]


# --- planning ---------------------------------------------------------------------------------------------------


def test_a_meeting_is_made_from_its_form_and_a_sitting_from_its(congress, city):
    data = {
        "kind": "congress", "name": "第九届第六次会议", "term": city.term.pk, "area": city.county.pk,
        "starts_on": "2026-03-20", "ends_on": "2026-03-22", "units": "1", "place": "会议中心",
    }  # fmt: skip
    made = congress.client.post(reverse("meeting_new"), data)
    meeting = Meeting.objects.get(name="第九届第六次会议")
    assert (made.status_code, made.url) == (302, reverse("meeting", args=[meeting.pk]))
    sitting = {"day": "2026-03-20", "part": "morning", "title": "预备会议", "units": "0.5"}
    congress.client.post(reverse("meeting_sitting", args=[meeting.pk]), sitting)
    added = meeting.sittings.get()
    assert (added.kind, added.state, added.units, added.place, added.enrolments.obliged().count()) == (
        "congress", "open", Decimal("0.50"), "会议中心", 3,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "status", "what"),
    [
        ({"name": ""}, 400, "请写明会议的名称"),
        ({"starts_on": "三月"}, 400, "没有读懂日期"),
        ({"ends_on": "2026-03-01"}, 409, "结束日期不能早于开始日期"),
        ({"name": "第九届第五次会议"}, 409, "第九届已经有“第九届第五次会议”"),
        ({"starts_on": "2020-03-20"}, 409, "会期不在第九届里"),
        ({"units": "-1"}, 400, "units"),
    ],
)
def test_a_form_that_cannot_be_taken_says_what_to_do_and_keeps_what_was_typed(
    congress, city, change, status, what
):
    data = {
        "kind": "congress", "name": "第六次", "term": city.term.pk, "area": city.county.pk,
        "starts_on": "2026-03-20", "ends_on": "2026-03-22", "units": "1", "place": "示例礼堂",
    }  # fmt: skip
    answer = congress.client.post(reverse("meeting_new"), data | change)
    html = answer.content.decode()
    assert (answer.status_code, what in html, "示例礼堂" in html) == (status, True, True)
    assert Meeting.objects.count() == 1


def test_a_sitting_lies_within_its_meetings_days_and_stays_there(congress, city):
    meeting, hours = congress.meeting, timedelta(hours=3)
    sitting = add_sitting(
        meeting=meeting, title="预备会议", starts_at=MORNING, ends_at=MORNING + hours, actor=city.office
    )
    later = MORNING + timedelta(days=9)
    common = {"meeting": meeting, "title": "另一次", "actor": city.office}
    with pytest.raises(ActivityRefused, match="会期内"):
        add_sitting(starts_at=later, ends_at=later + hours, **common)
    with pytest.raises(ActivityRefused, match="会期内"):
        reschedule_activity(activity=sitting, starts_at=later, ends_at=later + hours, actor=city.office)
    with pytest.raises(ActivityRefused, match="类别和区域随会议"):
        change_activity(activity=sitting, kind="training", actor=city.office)
    with pytest.raises(ActivityRefused, match="已有“预备会议”"):
        add_sitting(starts_at=MORNING, ends_at=MORNING + hours, **common)
    with pytest.raises(ActivityRefused, match="有会次不在这些天里"):
        change_meeting(meeting=meeting, starts_on=date(2026, 3, 3), actor=city.office)
    with pytest.raises(ActivityRefused, match="不能再改"):
        change_meeting(meeting=meeting, area=city.township, actor=city.office)


def test_rule_21_no_sitting_is_added_to_a_day_that_was_handed_up(congress, city):
    lock_period(areas=[city.county], first=date(2026, 1, 1), last=date(2026, 12, 31), actor=None)
    with pytest.raises(RollRefused, match="2026 年度已经上报"):
        add_sitting(
            meeting=congress.meeting, title="预备会议", starts_at=MORNING,
            ends_at=MORNING + timedelta(hours=3), actor=city.office,
        )  # fmt: skip


def test_the_day_of_a_sitting_is_that_of_the_place(congress, city):
    """20:00 UTC of 1 March is the morning of 2 March here: whoever serves from then on is obliged (THREATS 17)."""
    late = city.representative("示例丁", starts_on=date(2026, 3, 2))
    sitting = add_sitting(
        meeting=congress.meeting, title="预备会议", starts_at=datetime.fromisoformat("2026-03-01T20:00:00+00:00"),
        ends_at=datetime.fromisoformat("2026-03-01T22:00:00+00:00"), actor=city.office,
    )  # fmt: skip
    assert sitting.enrolments.filter(mandate=late).count() == 1


# --- the workbook -----------------------------------------------------------------------------------------------


def test_the_blank_workbook_lists_everybody_by_area_and_strokes_with_hidden_codes(congress, city):
    city.representative("示例一", area=city.other_township, electing_unit="第一选区")
    made, rows = sheet(congress.client.post(congress.to("meeting_workbook")).content)
    people = [[cell.value for cell in row[1:4]] for row in rows[3:]]
    by_strokes = sorted(congress.people, key=lambda m: m.representative.stroke_key)
    expected = [[m.representative.name, "石桥镇", m.electing_unit] for m in by_strokes]
    assert people == [*expected, ["示例一", "清源镇", "第一选区"]]
    codes = [row[0].value for row in rows[3:]]
    assert (len(set(codes)), {code[0] for code in codes}) == (4, {"H"})
    assert made["出席情况"].column_dimensions["A"].hidden
    assert [made.sheetnames, made["请假批准"]["D1"].value] == [
        ["出席情况", "请假批准", "填写说明"], "批准的会次",
    ]  # fmt: skip
    [entry] = ModelLogEntry.objects.filter(action="sharing.export_meeting")
    assert entry.data == {"rows": 4}


def test_taken_out_filled_in_and_read_back_the_rows_are_found_by_their_codes(congress):
    content = congress.client.post(congress.to("meeting_workbook")).content
    made = openpyxl.load_workbook(io.BytesIO(content))
    roll = made["出席情况"]
    roll["E3"] = FIRST
    for row in range(4, 7):
        roll.cell(row, 5).value = "到"
        roll.cell(row, 4).value = "改错的单位"  # the code decides
    out = io.BytesIO()
    made.save(out)
    _, page = congress.preview(out.getvalue())
    assert (figures(page), told(page)) == ((3, 0, 0, 0, 0), {})


def test_what_stands_is_in_the_workbook_and_read_back_unchanged_changes_nothing(congress):
    congress.apply(book(*FULL, grants=LEAVE))
    content = congress.client.post(congress.to("meeting_workbook")).content
    _, rows = sheet(content)
    assert [cell.value for cell in rows[2][4:6]] == [FIRST, SECOND]
    cells = {row[1].value: [cell.value for cell in row[4:6]] for row in rows[3:]}
    assert cells == {"示例甲": ["到", "到"], "示例乙": ["迟到", "请假"], "示例丙": ["缺席", "早退"]}
    _, page = congress.preview(content)
    assert figures(page) == (0, 0, 6, 0, 0)


def test_a_code_of_another_meeting_and_one_of_another_person_are_told(congress, city):
    from sessions.meetings.people import code_of

    other = create_meeting(
        kind="congress", name="另一次", term=city.term, area=city.county, starts_on=date(2026, 3, 9),
        ends_on=date(2026, 3, 9), actor=city.office,
    )  # fmt: skip
    one, two = (m.representative_id for m in congress.people[:2])
    rows = [
        (code_of(other, one), *line("甲", "到")),
        (code_of(congress.meeting, two), *line("甲", "到")),
        ("乱写", *line("丙", "到")),
    ]
    _, page = congress.preview(book(*rows, head=("行码", "姓名", "代表团", "选举单位"), sittings=(FIRST,)))
    assert [what.split("。")[0] for _, what in told(page).values()] == [
        "隐藏的“行码”不是这次会议的", "隐藏的“行码”是示例乙的，姓名写的是示例甲", "隐藏的“行码”不是这次会议的",
    ]  # fmt: skip


def test_cells_that_begin_like_a_formula_go_out_as_text_and_come_in_as_none(city, clock):
    congress = congress_of(city, "甲")
    city.representative("=示例", electing_unit="+1+1", login=False)
    congress.apply(book(line("甲", "到"), sittings=(FIRST,)))
    for name in ("meeting_workbook", "meeting_export"):
        _, rows = sheet(congress.client.post(congress.to(name)).content)
        cells = [cell for row in rows for cell in row if cell.value]
        odd = [
            (cell.value, cell.data_type, cell.quotePrefix) for cell in cells if str(cell.value)[0] in "=+-@"
        ]
        assert odd == [("=示例", "s", True), ("+1+1", "s", True)]
    _, page = congress.preview(book(("示例甲", "石桥镇", "第甲选区", "=1+1"), sittings=(FIRST,)))
    assert told(page)["第 2 行"][1] == "D 列是公式，请复制后粘贴为文字再传。"


def test_a_formula_in_a_person_or_an_approval_is_named_and_never_reckoned(congress):
    rows = [("=A1", "石桥镇", "", "到")]
    _, page = congress.preview(book(*rows, sittings=(FIRST,), grants=[grant("乙", "全部", approver="=A1")]))
    assert {place: what for place, (_, what) in told(page).items()} == {
        "第 2 行": "“姓名”是公式，请改成文字再传。", "“请假批准”第 2 行": "“批准人”是公式，请改成文字再传。",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "status", "what"),
    [
        (b"", 400, "这份文件是空的"),
        (b"PK\x03\x04" + b"x" * 2_200_000, 413, "超过 2 MB"),
        (b"<html></html>", 400, "不是可以上传的种类"),
        (book(line("甲", "到"), head=("a", "b", "c"), sittings=(FIRST,)), 400, "没有找到标题行"),
        (book(line("甲", "到"), sittings=("备注",)), 400, "没有一列是会议"),
        (book(sittings=(FIRST,)), 400, "标题行下面没有内容"),
        (
            book(line("甲", "到"), sittings=(FIRST,), grants=[("a",)], grant_head=("b",)),
            400,
            "“请假批准”里没有找到标题行",
        ),
    ],
)
def test_what_is_no_list_of_a_meeting_is_refused_in_words_and_writes_nothing(congress, content, status, what):
    answer = congress.send(content)
    assert (answer.status_code, what in text(answer), congress.meeting.imports.count()) == (status, True, 0)


# --- the overview -------------------------------------------------------------------------------------------------


def cells_of(page):
    """Return {name: words of the row} of the matrix."""
    matrix = page.content.decode().split('class="matrix"')[1]
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", matrix, re.DOTALL)
    words = [
        re.sub(r"\s+", " ", re.sub(r"<span class=\"sr\">.*?</span>|<[^>]+>", " ", row)).split()
        for row in rows
    ]
    return {row[0]: row[2:] for row in words}


def test_the_matrix_shows_each_mark_and_half_days_that_add_up(congress):
    congress.apply(book(*FULL, grants=LEAVE))
    page = congress.client.get(congress.to("meeting"))
    assert cells_of(page) == {
        "示例甲": ["到", "到", "2", "2", "0", "0"],
        "示例乙": ["迟到", "请假", "2", "1", "1", "0"],
        "示例丙": ["缺席", "早退", "2", "1", "0", "1"],
    }
    assert "应到 6 个半天 = 实到 4 + 请假 1 + 缺席 1" in text(page)
    row = congress.sitting().attendances.get(representative__name="示例丙")
    history = reverse("roll_history", args=[row.activity_id, row.representative_id])
    assert history in page.content.decode()
    assert "会议出席表第 4 行" in text(congress.client.get(history))


def test_the_export_holds_the_matrix_with_half_days_as_numbers(congress):
    congress.apply(book(*FULL, grants=LEAVE))
    _, rows = sheet(congress.client.post(congress.to("meeting_export")).content)
    assert [cell.value for cell in rows[2][6:]] == [
        f"{w}（半天）" for w in ("应到", "实到", "请假", "缺席", "免出席", "未登记")
    ]
    assert {row[1].value: [cell.value for cell in row[4:]] for row in rows[3:]} == {
        "示例甲": ["到", "到", 2, 2, 0, 0, 0, 0],
        "示例乙": ["迟到", "请假", 2, 1, 1, 0, 0, 0],
        "示例丙": ["缺席", "早退", 2, 1, 0, 1, 0, 0],
    }


def test_one_delegation_is_shown_and_fifty_people_are_a_page(congress, city):
    for number in range(50):
        city.representative(f"邻镇{number:02d}", area=city.other_township, login=False)
    congress.apply(book(line("甲", "到"), sittings=(FIRST,)))
    pages = [cells_of(congress.client.get(congress.to("meeting") + f"?page={n}")) for n in (1, 2)]
    one = cells_of(congress.client.get(congress.to("meeting") + f"?area={city.township.pk}"))
    assert ([len(page) for page in pages], sorted(one)) == ([50, 3], sorted(["示例甲", "示例乙", "示例丙"]))


@pytest.fixture(params=[1, 3])
def kept(request, city, clock):
    """A meeting of one or three people, and its recorder signed in."""
    congress = congress_of(city, *"甲乙丙"[: request.param], area=city.township, client_of=city.recorder)
    congress.client.get(reverse("meetings"))  # site and settings are remembered from the first page on
    return congress


def lines(congress):
    return [line(m.representative.name[-1], "到", "到") for m in congress.people]


def test_the_overview_takes_ten_queries_of_its_own_whoever_many(kept, django_assert_num_queries):
    kept.apply(book(*lines(kept)))
    with django_assert_num_queries(FRAME + 10):
        kept.client.get(kept.to("meeting"))


def test_a_preview_takes_twelve_queries_of_its_own_whoever_many(kept, django_assert_num_queries):
    kept.apply(book(*lines(kept)))
    address, _ = kept.preview(book(*lines(kept)))
    with django_assert_num_queries(FRAME + 12):
        kept.client.get(address)


def test_the_list_takes_three_queries_of_its_own_whoever_many(kept, city, django_assert_num_queries):
    for number in range(len(kept.people) - 1):
        create_meeting(
            kind="congress", name=f"第{number}次", term=city.term, area=city.township,
            starts_on=date(2026, 3, 9), ends_on=date(2026, 3, 9), actor=city.office,
        )  # fmt: skip
    with django_assert_num_queries(FRAME + 3):
        kept.client.get(reverse("meetings"))


# --- who may ----------------------------------------------------------------------------------------------------


def test_a_meeting_of_another_area_does_not_exist(city, clock):
    congress = congress_of(city, area=city.township)
    address, _ = congress.preview(book(*FULL))
    stranger = signed_in(city.other_recorder)
    asked = [congress.to(n) for n in ("meeting", "meeting_edit", "meeting_sitting", "meeting_import")] + [
        address
    ]
    taken = [congress.to("meeting_workbook"), congress.to("meeting_export"), *asked[1:]]
    assert {stranger.get(each).status_code for each in asked} == {404}
    assert {stranger.post(each, {"seen": "x"}).status_code for each in taken} == {404}
    assert "第九届第五次会议" not in text(stranger.get(reverse("meetings")))
    assert "第九届第五次会议" in text(signed_in(city.recorder).get(reverse("meetings")))


def test_a_recorder_makes_no_meeting_in_another_area(city, clock):
    data = {
        "kind": "congress", "name": "越界", "term": city.term.pk, "area": city.county.pk,
        "starts_on": "2026-03-20", "ends_on": "2026-03-22", "units": "1",
    }  # fmt: skip
    answer = signed_in(city.recorder).post(reverse("meeting_new"), data)
    assert (answer.status_code, Meeting.objects.count()) == (400, 0)


def test_a_representative_and_an_anonymous_reader_see_none_of_it(congress):
    person = signed_in(congress.people[0].representative.user)
    names = ("meetings", "meeting_new", "meetings_missed")
    assert [person.get(reverse(name)).status_code for name in names] == [404, 404, 404]
    assert [Client().get(reverse(name)).status_code for name in names] == [302, 302, 302]


def test_the_list_of_activities_leads_to_the_meetings(congress):
    page = congress.client.get(reverse("activity:index")).content.decode()
    assert f'href="{reverse("meetings")}"' in page


def test_observing_a_standing_committee_obliges_whom_the_list_names(city, clock):
    congress = congress_of(city, kind="standing_committee")
    congress.apply(book(line("甲", "到"), line("乙", "缺席"), line("丙", ""), sittings=(FIRST,)))
    sitting = congress.sitting()
    assert (sitting.kind, congress.statuses()) == (
        "standing_committee",
        {"示例甲": "present", "示例乙": "absent"},
    )
    assert sitting.enrolments.obliged().count() == 2
