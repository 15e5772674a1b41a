"""A congress of several days comes in from one spreadsheet (issue 4, Sources; rules 7-10, 20, 21, 25; THREATS 24, 28, 44)."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from wagtail.models import ModelLogEntry

from sessions.models import Activity, Attendance, AttendanceEvent, LeaveEvent, LeaveRequest, MeetingImport
from sessions.operations import (
    add_sitting,
    file_leave,
    lock_period,
    lock_rolls,
    record_status,
)
from stations.operations import end_mandate, suspend_mandate
from tests.conftest import SHANGHAI
from tests.sessions.meeting_city import (
    AFTER,
    FIRST,
    SECOND,
    THIRD,
    apply_directly,
    book,
    congress_of,
    figures,
    grant,
    line,
    seen_on,
    told,
)
from tests.sessions.paper_city import text


@pytest.fixture
def clock():
    with time_machine.travel(AFTER, tick=False) as traveller:
        yield traveller


@pytest.fixture
def congress(city, clock):
    return congress_of(city)


FULL = (line("甲", "到", "到"), line("乙", "迟到", "请假"), line("丙", "缺席", "早退"))
LEAVE = (grant("乙", "2026-03-02 下午"),)


# --- one file, all sittings ---------------------------------------------------------------------------------


def test_a_preview_tells_what_it_would_do_and_writes_nothing(congress):
    _, page = congress.preview(book(*FULL, grants=LEAVE))
    assert (figures(page), congress.meeting.sittings.count()) == ((6, 0, 0, 1, 0), 0)
    assert text(page).count("由标题新建") == 2


def test_headings_make_the_sittings_and_cells_their_closed_rolls(congress):
    answer = congress.apply(book(*FULL, grants=LEAVE))
    assert (answer.status_code, answer.url) == (302, congress.to("meeting"))
    sittings = list(congress.meeting.sittings.order_by("starts_at"))
    assert [(s.title, s.kind, s.state, s.units, s.area.name) for s in sittings] == [
        ("预备会议", "congress", "closed", 1, "示范县"),
        ("第一次全体会议", "congress", "closed", 1, "示范县"),
    ]
    assert congress.statuses(0) == {"示例甲": "present", "示例乙": "late", "示例丙": "absent"}
    assert congress.statuses(1) == {"示例甲": "present", "示例乙": "leave", "示例丙": "left_early"}
    assert set(Attendance.objects.values_list("method", "obliged", "arrived_at")) == {("import", True, None)}


def test_rule_10_obliged_is_the_sum_of_the_statuses_of_every_sitting(congress, city):
    city.representative("示例丁", electing_unit="第丁选区")
    congress.apply(book(*FULL, grants=LEAVE))
    for number in (0, 1):
        rows = Attendance.objects.filter(activity=congress.sitting(number))
        assert (rows.count(), rows.filter(obliged=True).count(), rows.reconciled()) == (4, 4, True)
    assert congress.statuses(0)["示例丁"] == "absent"


def test_the_same_file_again_changes_nothing(congress):
    file = book(*FULL, grants=LEAVE)
    congress.apply(file)
    before = (AttendanceEvent.objects.count(), LeaveEvent.objects.count(), Activity.objects.count())
    address, page = congress.preview(file)
    assert (figures(page), "表格和名册一致" in text(page)) == ((0, 0, 6, 0, 0), True)
    again = congress.client.post(address, {"seen": seen_on(page), "confirmed": "on"})
    after = (AttendanceEvent.objects.count(), LeaveEvent.objects.count(), Activity.objects.count())
    assert (again.status_code, after) == (302, before)


def test_an_unapproved_leave_read_in_again_changes_nothing(congress):
    file = book(*FULL)
    congress.apply(file)
    before = AttendanceEvent.objects.count()
    _, page = congress.preview(file)
    assert (figures(page), AttendanceEvent.objects.count()) == ((0, 0, 6, 0, 0), before)


def test_the_history_says_which_line_of_which_list_a_mark_came_from(congress):
    congress.apply(book(*FULL, grants=LEAVE))
    events = AttendanceEvent.objects.filter(kind="created", representative__name="示例乙")
    assert list(events.order_by("activity__starts_at").values_list("reason", "actor__username")) == [
        ("会议出席表第 3 行", "office"),
        ("会议出席表第 3 行；王主任批准，文号 常办〔2026〕8 号", "office"),
    ]
    pending = MeetingImport.objects.get()
    [entry] = [e.data for e in ModelLogEntry.objects.filter(action="sharing.import_meeting")]
    assert (entry["sha256"], entry["new"], entry["leave"], entry["sittings"]) == (
        pending.sha256, 6, 1, [FIRST, SECOND],
    )  # fmt: skip
    assert (pending.content, pending.applied_by) == ({}, congress.office)


def test_applying_a_preview_twice_writes_once(congress):
    address, page = congress.preview(book(*FULL, grants=LEAVE))
    answers = [congress.client.post(address, {"seen": seen_on(page)}) for _ in range(2)]
    assert ([a.status_code for a in answers], Attendance.objects.count()) == ([302, 302], 6)
    assert "这份表格已经导入" in text(congress.client.get(address))


def test_an_empty_column_makes_its_sitting_and_leaves_the_roll_open(congress):
    rows = [line("甲", "到", "", ""), line("乙", "到", "", ""), line("丙", "到", "", "")]
    congress.apply(book(*rows, sittings=(FIRST, SECOND, THIRD)))
    states = list(congress.meeting.sittings.order_by("starts_at").values_list("state", flat=True))
    assert (states, congress.sitting(1).enrolments.obliged().count()) == (["closed", "open", "open"], 3)


def test_a_second_file_fills_the_sittings_that_came_later(congress):
    congress.apply(book(line("甲", "到", ""), line("乙", "到", ""), line("丙", "到", "")))
    _, page = congress.preview(book(*FULL, grants=LEAVE))
    assert figures(page) == (3, 2, 1, 1, 0)


# --- absences that nobody wrote down --------------------------------------------------------------------------


def test_leave_without_an_approval_is_listed_and_absent_only_once_confirmed(congress):
    address, page = congress.preview(book(*FULL))
    assert "写的是请假，没有批准记录（1 人）： 示例乙（第 3 行）" in text(page)
    refused = congress.client.post(address, {"seen": seen_on(page)})
    assert (refused.status_code, Activity.objects.count()) == (409, 0)
    assert "表里没有写缺席" in text(refused)
    congress.client.post(address, {"seen": seen_on(page), "confirmed": "on"})
    assert congress.statuses(1)["示例乙"] == "absent"
    event = AttendanceEvent.objects.get(activity=congress.sitting(1), representative__name="示例乙")
    assert event.reason == "会议出席表第 3 行，写的是请假，没有批准记录"


def test_an_empty_cell_and_a_person_not_in_the_file_are_listed_before_they_are_absent(congress):
    address, page = congress.preview(book(line("甲", "到"), line("乙", ""), sittings=(FIRST,)))
    assert "没有登记（2 人）： 示例乙（第 3 行空着）、示例丙（表里没有）" in text(page)
    assert congress.client.post(address, {"seen": seen_on(page)}).status_code == 409
    congress.client.post(address, {"seen": seen_on(page), "confirmed": "on"})
    assert congress.statuses() == {"示例甲": "present", "示例乙": "absent", "示例丙": "absent"}


def test_rule_9_a_request_that_waits_is_named_before_the_roll_closes(congress, city):
    start = datetime(2026, 3, 2, 8, 30, tzinfo=SHANGHAI)
    sitting = add_sitting(
        meeting=congress.meeting, title="预备会议", starts_at=start, ends_at=start + timedelta(hours=3),
        actor=city.office,
    )  # fmt: skip
    person = congress.people[1].representative
    file_leave(activity=sitting, representative=person, category="sick", actor=person.user, moment=start)
    address, page = congress.preview(
        book(line("甲", "到"), line("乙", "缺席"), line("丙", "到"), sittings=(FIRST,))
    )
    assert "请假还没有批，收册后仍可补批（1 人）： 示例乙" in text(page)
    assert congress.client.post(address, {"seen": seen_on(page)}).status_code == 409
    congress.client.post(address, {"seen": seen_on(page), "confirmed": "on"})
    assert (congress.statuses()["示例乙"], LeaveRequest.objects.get().state) == ("absent", "pending")


def test_who_is_suspended_is_exempt_and_not_listed_as_absent(congress, city):
    suspend_mandate(
        mandate=congress.people[2], starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 9), reason="示例",
        actor=city.office,
    )  # fmt: skip
    _, page = congress.preview(book(line("甲", "到"), line("乙", "到"), line("丙", ""), sittings=(FIRST,)))
    assert ("没有登记" in text(page), figures(page)) == (False, (2, 0, 0, 0, 0))
    _, page = congress.preview(book(line("丙", "到"), sittings=(FIRST,)))
    assert told(page)["第 2 行 D 列"][1].startswith("这一天没有在任的代表身份，或暂停执行代表职务")


# --- approvals ------------------------------------------------------------------------------------------------


def test_an_approval_on_paper_becomes_a_request_with_its_approver_and_number(congress):
    congress.apply(book(*FULL, grants=[grant("乙", "2026-03-02 下午", day="2026-02-27")]))
    request = LeaveRequest.objects.get()
    assert (request.state, request.category, request.approver, request.document, request.decided_by) == (
        "approved", "sick", "王主任", "常办〔2026〕8 号", None,
    )  # fmt: skip
    assert (request.filed_late, request.decided_late, request.filed_by) == (False, False, congress.office)
    kinds = list(LeaveEvent.objects.order_by("pk").values_list("kind", "reason"))
    assert kinds == [("filed", ""), ("approved", "书面批准：王主任批准，文号 常办〔2026〕8 号")]


def test_an_approval_dated_after_the_sitting_is_marked_late(congress):
    congress.apply(book(*FULL, grants=[grant("乙", "2026-03-02 下午", day="2026-03-05")]))
    assert LeaveRequest.objects.values_list("filed_late", "decided_late").get() == (True, True)


def test_every_sitting_means_those_the_person_did_not_come_to(congress):
    rows = [line("甲", "到", "到", "到"), line("乙", "到", "请假", ""), line("丙", "到", "到", "到")]
    congress.apply(book(*rows, sittings=(FIRST, SECOND, THIRD), grants=[grant("乙", "全部")]))
    assert [congress.statuses(n)["示例乙"] for n in range(3)] == ["present", "leave", "leave"]
    assert LeaveRequest.objects.count() == 2


def test_rule_7_who_had_leave_and_came_is_present_and_the_leave_stays(congress):
    congress.apply(book(*FULL, grants=[grant("甲", "2026-03-02 上午、2026-03-02 下午"), *LEAVE]))
    assert (congress.statuses(0)["示例甲"], congress.statuses(1)["示例甲"]) == ("present", "present")
    assert LeaveRequest.objects.filter(representative__name="示例甲", state="approved").count() == 2


def test_an_approval_decides_the_persons_own_request(congress, city):
    start = datetime(2026, 3, 2, 8, 30, tzinfo=SHANGHAI)
    sitting = add_sitting(
        meeting=congress.meeting, title="预备会议", starts_at=start, ends_at=start + timedelta(hours=3),
        actor=city.office,
    )  # fmt: skip
    person = congress.people[1].representative
    file_leave(activity=sitting, representative=person, category="family", actor=person.user, moment=start)
    rows = [line("甲", "到"), line("乙", "请假"), line("丙", "到")]
    congress.apply(book(*rows, sittings=(FIRST,), grants=[grant("乙", "2026-03-02 上午")]), confirmed="")
    request = LeaveRequest.objects.get()
    assert (request.state, request.category, request.approver, congress.statuses()["示例乙"]) == (
        "approved", "family", "王主任", "leave",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (grant("乙", "2026-03-02 下午", approver=""), "请写明批准人"),
        (grant("乙", "2026-03-02 下午", approver="示例乙"), "批准人不能是请假的代表本人"),
        (grant("乙", "2026-03-02 下午", approver="示例　乙"), "批准人不能是请假的代表本人"),
        (grant("乙", "2026-03-02 下午", category="事假"), "理由类别“事假”认不出来"),
        (grant("乙", "2026-03-09 下午"), "不在“出席情况”的会次里"),
        (grant("乙", "下午"), "请写明批准的是哪几次"),
        (grant("乙", "2026-03-02 下午", day="昨天"), "批准日期“昨天”读不懂"),
        (grant("乙", "2026-03-02 下午", document="文" * 61), "批准文号不超过 60 字"),
        (grant("无", "2026-03-02 下午"), "没有找到叫“示例无”的代表"),
    ],
)
def test_an_approval_that_cannot_stand_is_told_with_its_line(congress, given, what):
    _, page = congress.preview(book(*FULL, grants=[given]))
    assert what in told(page)["“请假批准”第 2 行"][1]


def test_a_cell_that_says_absent_against_an_approval_is_told(congress):
    _, page = congress.preview(book(*FULL, grants=[grant("丙", "2026-03-02 上午"), *LEAVE]))
    assert "请假批准表第 2 行却批准了请假" in told(page)["第 4 行 D 列"][1]


def test_the_same_sitting_approved_twice_for_one_person_is_told(congress):
    _, page = congress.preview(book(*FULL, grants=[*LEAVE, grant("乙", "全部")]))
    assert "在第 2 行已经批准过" in told(page)["“请假批准”第 3 行"][1]


def test_rule_9_nobody_reads_in_their_own_leave(congress, city):
    person = congress.people[1].representative
    person.user = city.office
    person.save()
    _, page = congress.preview(book(*FULL, grants=LEAVE))
    assert "自己的请假不能自己登记" in told(page)["“请假批准”第 2 行"][1]


def test_rule_9_a_recorder_who_does_not_decide_on_leave_of_a_congress_reads_in_none(city, clock):
    congress = congress_of(city, area=city.township, client_of=city.recorder)
    _, page = congress.preview(book(*FULL, grants=LEAVE))
    assert "请由代表工作委员会导入" in told(page)["请假批准"][1]
    assert congress.apply(book(*FULL)).status_code == 302  # without leave a recorder may


# --- rules 20 and 21 ------------------------------------------------------------------------------------------


def test_rule_20_a_changed_mark_needs_a_reason_and_keeps_both_in_the_history(congress):
    congress.apply(book(*FULL, grants=LEAVE))
    corrected = (line("甲", "迟到", "到"), *FULL[1:])
    address, page = congress.preview(book(*corrected, grants=LEAVE))
    assert (figures(page), "出席 → 迟到" in text(page)) == ((0, 1, 5, 0, 0), True)
    refused = congress.client.post(address, {"seen": seen_on(page)})
    assert (refused.status_code, "更改已有记录要写明原因" in text(refused)) == (409, True)
    congress.client.post(address, {"seen": seen_on(page), "reason": "据签到册核对"})
    event = AttendanceEvent.objects.get(kind="changed")
    assert (event.old_status, event.new_status, event.reason, event.method) == (
        "present", "late", "据签到册核对（会议出席表第 2 行）", "correction",
    )  # fmt: skip


def test_rule_8_an_approval_after_the_close_turns_the_absence_into_leave(congress):
    congress.apply(book(*FULL))
    assert congress.statuses(1)["示例乙"] == "absent"
    congress.apply(book(*FULL, grants=LEAVE))
    assert congress.statuses(1)["示例乙"] == "leave"


def test_rule_21_people_of_an_area_that_has_submitted_get_no_other_mark(congress, city):
    congress.apply(book(*FULL, grants=LEAVE))
    lock_period(areas=[city.township], first=date(2026, 1, 1), last=date(2026, 12, 31), actor=None)
    _, page = congress.preview(book(*FULL, grants=LEAVE))
    assert figures(page) == (0, 0, 6, 0, 0)  # what stands is no change
    address, page = congress.preview(book(line("甲", "缺席", "到"), *FULL[1:], grants=LEAVE))
    assert told(page)["D 列"][1].startswith("石桥镇的这一年度已经上报")
    answer = congress.client.post(address, {"seen": seen_on(page), "reason": "补"})
    assert (answer.status_code, congress.statuses()["示例甲"]) == (409, "present")


def test_rule_21_no_sitting_is_made_in_days_that_were_handed_up(congress, city):
    lock_period(areas=[city.county], first=date(2026, 1, 1), last=date(2026, 12, 31), actor=None)
    _, page = congress.preview(book(line("甲", "")))
    assert told(page)["D 列"][1].startswith("示范县的这一年度已经上报")


def test_rule_21_a_locked_roll_takes_no_mark(congress):
    congress.apply(book(*FULL, grants=LEAVE))
    lock_rolls(activities=Activity.objects.filter(pk=congress.sitting(0).pk))
    _, page = congress.preview(book(line("甲", "缺席", "到"), *FULL[1:], grants=LEAVE))
    assert told(page)["D 列"][1].startswith("这次会议的这一年度已经上报")


# --- who, which column, which word ---------------------------------------------------------------------------


def test_people_words_and_doubles_that_cannot_be_told_are_named_with_line_and_column(congress):
    _, page = congress.preview(
        book(
            line("甲", "到", "来过"),
            ("查无此人", "石桥镇", "", "到", ""),
            line("乙", "到", ""),
            line("乙", "缺席", ""),
            line("丙", "免出席", "", unit="别的选区"),
            ("", "", "", "到", ""),
        )
    )
    assert {place: what.split("，")[0].split("：")[0] for place, (_, what) in told(page).items()} == {
        "第 2 行 E 列": "“来过”认不出来",
        "第 3 行": "没有找到叫“查无此人”的代表",
        "第 5 行": "和第 4 行是同一位代表",
        "第 6 行": "单位对不上",
        "第 7 行": "这一行没有姓名",
    }
    assert "两行写的不一样" in told(page)["第 5 行"][1]


def test_two_of_one_name_are_told_apart_by_their_unit_and_never_guessed(congress, city):
    for unit in ("一选区", "二选区", "二选区"):
        city.representative("同名者", electing_unit=unit)
    _, page = congress.preview(
        book(
            ("同名者", "", "一选区", "到", ""),
            ("同名者", "石桥镇", "", "到", ""),
            ("同名者", "", "二选区", "到", ""),
        )
    )
    assert {place: what[:12] for place, (_, what) in told(page).items()} == {
        "第 3 行": "有 3 位代表叫“同名者",
        "第 4 行": "有 2 位代表叫“同名者",
    }


def test_who_has_no_mandate_in_the_meetings_days_is_told(congress, city):
    end_mandate(mandate=congress.people[0], day=date(2026, 2, 1), actor=city.office)
    end_mandate(mandate=congress.people[1], day=date(2026, 3, 2), actor=city.office)
    rows = [line("甲", "到"), line("乙", "到")]
    _, page = congress.preview(book(*rows, sittings=(THIRD,)))
    assert {place: what[:8] for place, (_, what) in told(page).items()} == {
        "第 2 行": "示例甲在会期（2",
        "第 3 行 D 列": "这一天没有在任的",
    }


@pytest.mark.parametrize(
    ("heading", "what"),
    [
        ("2026-03-09 上午 闭幕", "不在会期里"),
        ("2026-03-02 预备会议", "没有写上午、下午"),
        ("2026-13-02 上午 预备会议", "不是会期里的一天"),
        ("3月9日 上午 闭幕", "不是会期里的一天"),
        ("2026-03-02 上午", "请写上名称"),
        ("上午 预备会议", "读不出日期"),
    ],
)
def test_a_heading_that_is_no_sitting_is_told_with_its_column(congress, heading, what):
    _, page = congress.preview(book(line("甲", "到", "到"), sittings=(heading, SECOND)))
    assert what in told(page)["D 列"][1]


def test_headings_are_read_as_people_write_them(congress):
    headings = (
        "２０２６年３月２日（周一）上午　预备会议",
        "3月2日 下午 第一次全体会议",
        "2026/3/3 上午 第二次全体会议",
    )
    _, page = congress.preview(book(line("甲", "到", "到", "到"), sittings=headings))
    assert (figures(page), text(page).count("由标题新建")) == ((3, 0, 0, 0, 0), 3)


def test_another_title_in_a_half_day_that_is_taken_is_told_and_not_guessed(congress):
    congress.apply(book(*FULL, grants=LEAVE))
    _, page = congress.preview(book(line("甲", "到"), sittings=("2026-03-02 上午 开幕会议",)))
    assert "这段时间已有“预备会议”" in told(page)["D 列"][1]


def test_one_sitting_in_two_columns_is_told(congress):
    _, page = congress.preview(book(line("甲", "到", "到"), sittings=(FIRST, FIRST)))
    assert told(page)["E 列"][1] == "和 D 列是同一次会议，请只留一列。"


def test_columns_that_are_no_sitting_are_named_and_not_kept(congress):
    _, page = congress.preview(book(line("甲", "到", "13977770001"), sittings=(FIRST, "联系电话")))
    assert "没有用到的列：联系电话" in text(page)
    assert "13977770001" not in str(MeetingImport.objects.get().content)


def test_a_sitting_that_has_not_begun_takes_no_marks(congress, clock):
    clock.move_to(datetime(2026, 3, 2, 12, 0, tzinfo=SHANGHAI))
    congress.client.force_login(congress.office)
    _, page = congress.preview(book(*FULL, grants=LEAVE))
    assert {place: what[:10] for place, (_, what) in told(page).items()} == {"E 列": "这次会议还没有开始，"}


def test_rare_names_are_found_exactly_and_full_width_words_are_read(congress, city):
    for name in ("𠮷示例", "阿依·示例"):
        city.representative(name, electing_unit="12选区")
    rows = [
        ("𠮷示例", "", "１２选区", "　到　"),
        ("阿依·示例", "", "12 选区", "请假（批准）"),
        ("吉示例", "", "", "到"),
    ]
    _, page = congress.preview(book(*rows, sittings=(FIRST,)))
    assert (list(told(page)), figures(page)[0]) == (["第 4 行"], 2)


# --- half-way, and meanwhile -----------------------------------------------------------------------------------


def test_a_roll_that_changed_since_the_preview_is_shown_anew_and_not_written(congress, city):
    congress.apply(book(*FULL, grants=LEAVE))
    address, page = congress.preview(book(line("甲", "迟到", "到"), *FULL[1:], grants=LEAVE))
    record_status(
        activity=congress.sitting(), representative=congress.people[0].representative, status="left_early",
        actor=city.office, moment=AFTER, reason="核对",
    )  # fmt: skip
    answer = congress.client.post(address, {"seen": seen_on(page), "reason": "据签到册"})
    assert (answer.status_code, "名册刚有变化" in text(answer)) == (409, True)
    assert congress.statuses()["示例甲"] == "left_early"


def test_an_import_that_fails_in_the_second_sitting_leaves_nothing(congress):
    congress.preview(book(*FULL, grants=LEAVE))
    inserts = []

    def fail_at_the_second_roll(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "sharing_attendance"'):
            inserts.append(sql)
            if len(inserts) == 2:
                raise OSError("the disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail_at_the_second_roll), pytest.raises(OSError, match="disk"):
        apply_directly(congress)
    counts = (Activity.objects.count(), Attendance.objects.count(), AttendanceEvent.objects.count())
    assert (len(inserts), counts, LeaveRequest.objects.count()) == (2, (0, 0, 0), 0)
    assert MeetingImport.objects.get().applied_at is None
    assert apply_directly(congress).new == 6


def test_a_preview_of_yesterday_is_not_applied(congress, clock):
    address, page = congress.preview(book(*FULL, grants=LEAVE))
    clock.shift(timedelta(hours=24, seconds=1))
    congress.client.force_login(congress.office)
    answer = congress.client.post(address, {"seen": seen_on(page)})
    assert (answer.status_code, "超过 24 小时" in text(answer), Activity.objects.count()) == (409, True, 0)
