"""A list comes back from paper: matched by code or name and unit, previewed, applied all or nothing (rule 25)."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from wagtail.models import ModelLogEntry

from sessions.checkin.codes import code_at
from sessions.models import Attendance, AttendanceEvent, RollImport
from sessions.operations import apply_import, check_in, close_roll, lock_rolls, record_status
from tests.conftest import START
from tests.sessions.paper_city import (
    FRAME,
    book,
    cells,
    csv_of,
    figures,
    imports,
    roll_of,
    seen_on,
    statuses,
    text,
    told,
)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def roll(city, clock):
    return roll_of(city)


def log_lines(action):
    return [entry.data for entry in ModelLogEntry.objects.filter(action=action)]


# --- rule 25: preview, then all or nothing -------------------------------------------------------------------


def test_rule_25_a_preview_tells_new_changed_unchanged_and_writes_nothing(roll, city):
    record_status(
        activity=roll.activity, representative=roll.people[0].representative, status="present",
        actor=city.recorder, moment=START,
    )  # fmt: skip
    _, page = roll.preview(
        book(
            (roll.code(0), "示例甲", "", "请假", "补交了请假条"),
            (roll.code(1), "示例乙", "", "出席", ""),
            (roll.code(2), "示例丙", "", "", ""),
        )
    )
    assert figures(page) == (1, 1, 1, 0)
    assert ("出席 → 请假" in text(page), "补交了请假条" in text(page)) == (True, True)
    assert statuses() == {"示例甲": "present"}


def test_rule_25_applying_writes_what_was_shown_with_its_history(roll, city):
    answer = roll.apply(
        book((roll.code(0), "示例甲", "", "出席", ""), (roll.code(1), "示例乙", "", "缺席", ""))
    )
    assert (answer.status_code, answer.url) == (302, roll.to("roll"))
    assert list(
        Attendance.objects.order_by("pk").values_list("status", "method", "confirmed_by__username")
    ) == [
        ("present", "import", "recorder"),
        ("absent", "import", "recorder"),
    ]
    assert AttendanceEvent.objects.filter(kind="created", method="import").count() == 2
    [line] = log_lines("sharing.import_roll")
    assert (line["new"], line["changed"]) == (2, 0)


def test_rule_25_the_same_file_again_changes_nothing(roll):
    file = book((roll.code(0), "示例甲", "", "出席", ""), (roll.code(1), "", "", "请假", ""))
    roll.apply(file)
    before = AttendanceEvent.objects.count()
    _, page = roll.preview(file)
    assert (figures(page), "表格和名册一致" in text(page)) == ((0, 0, 2, 0), True)
    assert AttendanceEvent.objects.count() == before


def test_rule_25_applying_a_preview_twice_writes_once(roll):
    address, page = roll.preview(book((roll.code(0), "", "", "出席", "")))
    answers = [roll.client.post(address, {"seen": seen_on(page)}).status_code for _ in range(2)]
    assert (answers, AttendanceEvent.objects.count()) == ([302, 302], 1)
    assert "这份表格已经导入" in text(roll.client.get(address))
    assert RollImport.objects.get().lines == []  # what was read is not kept beyond its use


def test_rule_25_of_a_thousand_lines_thirty_broken_are_all_named_and_nothing_is_written(roll):
    broken = set(range(30, 1000, 33))
    rows = [("", f"无名{n}", "某选区", "来过" if n in broken else "", "") for n in range(2, 1000)]
    rows = [(roll.code(0), "示例甲", "", "出席", ""), *rows]
    _, page = roll.preview(book(*rows))
    named = told(page)
    assert {number for number, words in named.items() if "状态“来过”认不出来" in words} == {
        n + 1 for n in broken
    }
    assert (len(broken), statuses()) == (30, {})
    assert "在原来的表格里改好，再上传一次" in text(page)


def test_rule_25_a_list_in_trouble_is_not_applied_even_when_asked_to(roll):
    address, page = roll.preview(
        book((roll.code(0), "", "", "出席", ""), ("", "查无此人", "某区", "出席", ""))
    )
    answer = roll.client.post(address, {"seen": seen_on(page)})
    assert (answer.status_code, statuses()) == (409, {})
    assert "还有 1 行要改" in text(answer)


def test_rule_25_a_roll_that_changed_since_the_preview_is_shown_anew_and_not_written(roll, city):
    address, page = roll.preview(book((roll.code(0), "", "", "出席", "")))
    check_in(
        activity=roll.activity, representative=roll.people[1].representative, nonce="n" * 9, moment=START,
        token=code_at(roll.activity.check_in_key, START).token,
    )  # fmt: skip
    answer = roll.client.post(address, {"seen": seen_on(page)})
    assert (answer.status_code, statuses()) == (409, {"示例乙": "present"})
    assert "名册刚有变化" in text(answer)
    assert roll.client.post(address, {"seen": seen_on(answer)}).status_code == 302
    assert statuses() == {"示例甲": "present", "示例乙": "present"}


def test_rule_25_an_import_that_fails_half_way_leaves_nothing(roll, city, monkeypatch):
    from django.db import connection

    pending = RollImport.objects.get(pk=roll.preview(book(
        (roll.code(0), "", "", "出席", "现场核对"), (roll.code(1), "", "", "出席", "现场核对")
    ))[0].rstrip("/").rsplit("/", 1)[1])  # fmt: skip
    page = roll.client.get(roll.to("roll_import_preview", pending.pk))
    written = []

    def fail_at_the_second_event(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "sharing_attendanceevent"'):
            written.append(sql)
            if len(written) == 2:
                raise OSError("the disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail_at_the_second_event), pytest.raises(OSError, match="disk"):
        apply_import(pending=pending, seen=seen_on(page), actor=city.recorder, moment=START)
    assert (len(written), statuses(), AttendanceEvent.objects.count()) == (2, {}, 0)
    assert RollImport.objects.get().applied_at is None


def test_a_preview_of_yesterday_is_not_applied_and_thrown_away_by_the_next(roll, city, clock):
    address, page = roll.preview(book((roll.code(0), "", "", "出席", "")))
    clock.shift(timedelta(hours=24, seconds=1))
    roll.client.force_login(city.recorder)  # a session ends sooner
    answer = roll.client.post(address, {"seen": seen_on(page)})
    assert (answer.status_code, statuses()) == (409, {})
    assert "超过 24 小时" in text(answer)
    roll.preview(book((roll.code(1), "", "", "出席", "")))
    assert (imports(), roll.client.get(address).status_code) == (1, 404)


# --- rules 20 and 21 -----------------------------------------------------------------------------------------


def test_rule_20_a_changed_row_needs_a_reason_of_its_own_or_of_the_whole_import(roll, city):
    roll.apply(book((roll.code(0), "", "", "出席", ""), (roll.code(1), "", "", "出席", "")))
    file = book((roll.code(0), "", "", "迟到", "纸面写明 14:50"), (roll.code(1), "", "", "迟到", ""))
    address, page = roll.preview(file)
    refused = roll.client.post(address, {"seen": seen_on(page)})
    assert (refused.status_code, "更改已有记录要写明原因" in text(refused)) == (409, True)
    assert set(statuses().values()) == {"present"}
    roll.client.post(address, {"seen": seen_on(page), "reason": "据纸质签到册核对"})
    changed = AttendanceEvent.objects.filter(kind="changed").order_by("representative__pk")
    assert list(changed.values_list("old_status", "new_status", "reason")) == [
        ("present", "late", "纸面写明 14:50"),
        ("present", "late", "据纸质签到册核对"),
    ]


def test_rule_20_after_the_close_every_change_needs_a_reason(roll, city):
    close_roll(activity=roll.activity, actor=city.recorder, moment=START)
    address, page = roll.preview(book((roll.code(0), "", "", "请假", "")))
    assert "会统一记上这一句" in text(page)
    assert roll.client.post(address, {"seen": seen_on(page)}).status_code == 409
    assert roll.client.post(address, {"seen": seen_on(page), "reason": "补录纸质签到"}).status_code == 302
    assert (statuses()["示例甲"], Attendance.objects.get(representative__name="示例甲").method) == (
        "leave",
        "correction",
    )


def test_rule_21_a_locked_roll_takes_no_list_at_all(roll, city):
    address, _ = roll.preview(book((roll.code(0), "", "", "请假", "补假条")))
    close_roll(activity=roll.activity, actor=city.recorder, moment=START)
    lock_rolls(activities=type(roll.activity).objects.all())
    shown = roll.client.get(address)
    refused = roll.client.post(address, {"seen": seen_on(shown), "reason": "补"})
    again = roll.send(book((roll.code(0), "", "", "请假", "")))
    assert (refused.status_code, again.status_code, statuses()["示例甲"]) == (409, 409, "absent")
    assert ("本年度已经上报" in text(refused), "本年度已经上报" in text(again)) == (True, True)


# --- who a line is ------------------------------------------------------------------------------------------


def test_without_a_code_name_and_unit_together_find_the_person(roll):
    _, page = roll.preview(
        book(
            ("", "示例　甲", "第甲 选区", "出席", ""),
            ("", "示例乙", "第甲选区", "出席", ""),
            ("", "示例丙", "", "出席", ""),
            ("", "外来人", "某选区", "出席", ""),
        )
    )
    assert figures(page) == (1, 0, 0, 3)
    assert told(page) == {
        3: "名册上没有 选举单位对不上，名册上是“第乙选区”。请核对，或填编号。",
        4: "要改 没有编号，请补上选举单位，或填编号。",
        5: "名册上没有 名册上没有这位代表。到场的，请补全选举单位再传，或在名册页补录、临时登记；没有到场的，删去这一行。",
    }


def test_two_of_one_name_are_never_merged(roll, city):
    twins = [city.representative("同名者", electing_unit=unit) for unit in ("一选区", "一选区", "二选区")]
    city.enrol(roll.activity, *twins)
    roll.people += twins
    _, page = roll.preview(
        book(
            ("", "同名者", "一选区", "出席", ""),
            ("", "同名者", "", "出席", ""),
            ("", "同名者", "二选区", "出席", ""),
            (roll.code(3), "同名者", "", "请假", ""),
        )
    )
    twin = "要改 重名，请填编号。编号在打印的名册和导出的表格上。"
    assert (figures(page), told(page)) == ((2, 0, 0, 2), {2: twin, 3: twin})


def test_one_person_on_two_lines_is_told_with_the_first_line(roll):
    _, page = roll.preview(book((roll.code(0), "", "", "出席", ""), ("", "示例甲", "第甲选区", "缺席", "")))
    assert told(page) == {3: "重复 与第 2 行是同一位代表，请只留一行。"}


def test_a_code_and_a_name_that_disagree_are_told(roll, city):
    other = city.activity(title="另一场")
    from sessions.paper.codes import row_code

    foreign = row_code(other.pk, roll.people[0].representative_id)
    _, page = roll.preview(
        book(
            (roll.code(0), "示例乙", "", "出席", ""),
            (foreign, "示例甲", "", "出席", ""),
            ("乱写", "示例甲", "", "出席", ""),
        )
    )
    assert [words.split("。")[0] for words in told(page).values()] == [
        "要改 编号是示例甲的，姓名写的是示例乙",
        "要改 编号不是这本名册的，或抄错了一个字",
        "要改 编号认不出来，请对照名册再抄一次；没有编号的，清空这一格，填姓名和选举单位",
    ]


def test_rare_names_are_found_exactly_and_full_width_letters_and_digits_read_as_half(roll, city):
    rare = [city.representative(name, electing_unit="12选区") for name in ("𠮷示例", "阿依·示例")]
    city.enrol(roll.activity, *rare)
    _, page = roll.preview(
        book(
            ("", "𠮷示例", "１２选区", "出席", ""),
            ("", "阿依·示例", "12 选区", "　迟到　", ""),
            ("", "吉示例", "12选区", "出席", ""),
        )
    )
    assert (figures(page), list(told(page))) == ((2, 0, 0, 1), [4])


def test_somebody_of_the_area_who_is_not_on_the_list_comes_in_as_a_visitor(roll, city):
    city.representative("来访者", electing_unit="外选区")
    answer = roll.apply(book(("", "来访者", "外选区", "出席", "")), reason="纸面补签")
    row = Attendance.objects.get()
    assert (answer.status_code, row.status, row.arrived_at) == (302, "visitor", None)


def test_a_person_of_another_area_is_not_found_by_their_name(roll, city):
    city.representative("邻镇人", area=city.other_township, electing_unit="邻镇选区")
    _, page = roll.preview(book(("", "邻镇人", "邻镇选区", "列席来访", "")))
    assert (figures(page), "名册上没有这位代表" in told(page)[2]) == ((0, 0, 0, 1), True)


def test_statuses_that_the_list_does_not_allow_are_told_before_anything_is_written(roll, city):
    city.representative("来访者", electing_unit="外选区")
    _, page = roll.preview(book((roll.code(0), "", "", "列席来访", ""), ("", "来访者", "外选区", "请假", "")))
    assert [words.split("，")[0] for words in told(page).values()] == [
        "要改 这位代表在名单里",
        "名册上没有 名单里没有这位代表",
    ]


# --- CSV -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_csv_is_read_in_every_usual_encoding(roll, encoding):
    _, page = roll.preview(
        csv_of((roll.code(0), "示例甲", "第甲选区", "出席", "核对"), encoding=encoding), "名册.csv"
    )
    assert figures(page) == (1, 0, 0, 0)


def test_a_rare_name_survives_csv_in_gb18030(roll, city):
    city.enrol(roll.activity, city.representative("𠮷示例", electing_unit="一选区"))
    _, page = roll.preview(csv_of(("", "𠮷示例", "一选区", "出席", ""), encoding="gb18030"), "名册.csv")
    assert figures(page) == (1, 0, 0, 0)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t="])
def test_words_that_begin_like_a_formula_stay_words(roll, start):
    reason = f"{start}cmd|' /C calc'!A0"
    roll.apply(csv_of((roll.code(0), "", "", "出席", reason)), "名册.csv")
    assert AttendanceEvent.objects.get().reason == reason.strip()


# --- others, and how much it takes ---------------------------------------------------------------------------


def test_a_preview_of_another_roll_is_not_found(roll, city):
    address, _ = roll.preview(book((roll.code(0), "", "", "出席", "")))
    other = city.activity(title="另一场")
    pending = address.rstrip("/").rsplit("/", 1)[1]
    found = roll.client.get(address.replace(f"/{roll.activity.pk}/", f"/{other.pk}/", 1)).status_code
    assert (found, roll.client.get(roll.to("roll_import_preview", uuid.uuid4())).status_code) == (404, 404)
    assert pending


@pytest.mark.parametrize("count", [1, 3])
def test_a_preview_takes_nine_queries_of_its_own(roll, django_assert_num_queries, count):
    address, _ = roll.preview(book(*((roll.code(n), "", "", "出席", "") for n in range(count))))
    with django_assert_num_queries(FRAME + 9):
        roll.client.get(address)


def test_rule_25_exported_and_read_in_unchanged_three_hundred_rows_change_nothing(city, clock):
    roll = roll_of(city, *(f"{n:03d}" for n in range(300)))
    for number, status in enumerate(("present", "late", "leave", "absent", "exempt")):
        record_status(
            activity=roll.activity, representative=roll.people[number].representative, status=status,
            actor=city.recorder, moment=START,
        )  # fmt: skip
    file = roll.export().content
    _, page = roll.preview(file)
    assert figures(page) == (0, 0, 300, 0)
    assert [row[0].value for row in cells(file)[3:303]] == [
        roll.code(n) for n in sorted(range(300), key=lambda n: roll.people[n].representative.stroke_key)
    ]
