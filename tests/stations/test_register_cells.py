"""What clerks write into cells, and the files that hold them: read as it was meant, or refused in a sentence."""

from datetime import date

import pytest

from portal.spreadsheets.reading import ListUnreadable
from stations.register.cells import Unclear, day_of, name_of, nation_of, phone_of, sex_of, tags_of
from stations.register.reading import Line, read_register
from tests.stations.registers import book, uploaded


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-05", (date(2026, 1, 5), True)),
        ("2026/1/5", (date(2026, 1, 5), True)),
        ("2026.1.5", (date(2026, 1, 5), True)),
        ("２０２６年１月５日", (date(2026, 1, 5), True)),
        ("2026 年 1 月 5 日", (date(2026, 1, 5), True)),
        ("2026—1—5", (date(2026, 1, 5), True)),
        ("20260105", (date(2026, 1, 5), True)),
        ("2026-01-05 00:00:00", (date(2026, 1, 5), True)),
        ("46027", (date(2026, 1, 5), True)),
        ("2026年1月", (date(2026, 1, 1), False)),
        ("2026.1", (date(2026, 1, 1), False)),
        ("202601", (date(2026, 1, 1), False)),
    ],
)
def test_a_day_is_read_as_people_write_it(written, meant):
    assert day_of(written) == meant


@pytest.mark.parametrize(
    ("read", "written", "words"),
    [
        (day_of, "2026", "“2026”读不懂，请写成 2026-01-05。"),
        (day_of, "去年春天", "“去年春天”读不懂，请写成 2026-01-05。"),
        (day_of, "2026-02-30", "没有“2026-02-30”这一天，请核对。"),
        (sex_of, "", "请填写“男”或“女”。"),
        (sex_of, "F", "“F”认不出来，请填“男”或“女”。"),
        (nation_of, "han", "“han”认不出来，请写成“汉族”这样。"),
        (phone_of, "0374-8888888", "“0374-8888888”不是手机号，请填一个 11 位的手机号，没有就空着。"),
        (phone_of, "1390000000", "“1390000000”不是手机号，请填一个 11 位的手机号，没有就空着。"),
        (phone_of, "1.38E+10", "“1.38E+10”是科学计数，后几位数字已经丢了。请把这一列设成“文本”格式，重新填写。"),
        (tags_of, "常委", "“常委”不是标签，请写常委会组成人员，或积分标准用到的标签代码；没有就空着。"),
        (lambda name: name_of(name, 40), "", "请填写姓名，或删去这一行。"),
        (lambda name: name_of(name, 40), "丁示例(女)", "“丁示例(女)”里有“(”，这一格请只写姓名。"),
        (lambda name: name_of(name, 40), "长" * 41, "最多 40 个字，现在有 41 个，请核对。"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_what_to_write(read, written, words):
    with pytest.raises(Unclear) as unclear:
        read(written)
    assert str(unclear.value) == words


@pytest.mark.parametrize(
    "written", ["13900000001", "'13900000001", "13900000001.0", "1.3900000001E+10", "+86 139-0000-0001", "１３９０００００００１"]
)  # fmt: skip
def test_a_number_is_read_as_spreadsheets_leave_it(written):
    assert phone_of(written) == "13900000001"


def test_words_of_the_office_become_what_is_stored():
    assert [nation_of("汉"), nation_of("回 族"), nation_of("穿青人")] == ["汉族", "回族", "穿青人"]
    assert tags_of("常委会组成人员、 lead") == ["lead", "standing_member"]
    assert name_of("买买提·示例", 40) == "买买提·示例"


def test_a_list_of_the_office_is_read_with_title_wrapped_headings_figures_and_notes():
    content = book(
        ("序号", "姓 名*", "性别", "出生年月\n（公历）", "联系电话", "工作单位", "职务", "所在\n乡镇", "党派", "任职时间"),
        (1, "王　三", "男", date(1975, 3, 12), 13900000001, "示例社", "理事长", "石桥镇", "群众", 2026.1),
        (),
        (2, " 李 四 ", "女", "1980.5", "'13900000002", "", "示例社村医", "990001002", "", "2026.10"),
        ("注：以上名单由各乡镇报送", "", "", "", "", "", "", "", "", ""),
        ("", "合计", "", "2 人", "", "", "", "", "", ""),
        head=("第九届人民代表大会代表名册", "", "", "", "", "", "", "", "", ""),
    )  # fmt: skip
    name, _, register = read_register(uploaded(content))
    assert (name, register.passed_over, register.notes) == ("名册.xlsx", ("党派",), ((7, "合计"),))
    assert register.lines == (
        Line(3, "王三", "男", "", "1975-03-12", "13900000001", "示例社理事长", "石桥镇", starts_on="2026.1|"),
        Line(5, "李四", "女", "", "1980.5", "'13900000002", "示例社村医", "990001002", starts_on="2026.10"),
    )


def test_2026_1_that_a_spreadsheet_kept_as_a_figure_may_be_october():
    with pytest.raises(Unclear, match=r"“2026\.1”分不出是 1 月还是 10 月，请写成 2026-01 这样。"):
        day_of("2026.1|")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_csv_is_read_in_every_usual_encoding(encoding):
    content = "姓名,性别,选举单位\r\n𠮷示例,女,石桥镇第一选区\r\n".encode(encoding)
    _, _, register = read_register(uploaded(content, "名册.csv"))
    assert register.lines == (Line(2, "𠮷示例", "女", electing_unit="石桥镇第一选区"),)


@pytest.mark.parametrize("head", [("姓名", "区域"), ("姓名", "性别"), ("a", "b")])
def test_a_file_without_the_headings_is_refused(head):
    with pytest.raises(
        ListUnreadable, match="没有找到标题行。表里要有“姓名”“性别”两列，“区域”或“选举单位”至少一列"
    ):
        read_register(uploaded(book(("1", "2"), head=head)))


def test_too_long_a_list_is_to_be_parted():
    content = ("姓名,性别,区域\r\n" + "甲,女,石桥镇\r\n" * 1_000).encode()
    with pytest.raises(
        ListUnreadable, match="表里超过 1000 行，没有收下。请只留代表名册，太长的分成几份再传。"
    ):
        read_register(uploaded(content, "名册.csv"))
