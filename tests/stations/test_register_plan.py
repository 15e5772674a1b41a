"""What a list of representatives would do: new people, known ones, two of one name, and what is wrong in words."""

from datetime import date

import pytest

from stations import operations
from stations.permissions import Role
from tests.stations.registers import applied, changes, line, outcomes, planned, problems
from tests.stations.staffed import staff

PHONE, OTHER = "13900000001", "13900000002"


def test_somebody_unknown_is_new_and_one_registered_just_so_the_same(city):
    city.representative("丁示例", login=False)
    plan = planned(city, line(2), line(3, "王示例"))
    assert (outcomes(plan), problems(plan)) == (["same", "new"], [])


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": ""}, "姓名：请填写姓名，或删去这一行。"),
        ({"sex": "？"}, "性别：“？”认不出来，请填“男”或“女”。"),
        ({"phone": "139"}, "手机号：“139”不是手机号，请填一个 11 位的手机号，没有就空着。"),
        ({"birth_date": "2010-01-01"}, "出生日期：“2010-01-01”到任期开始时不满 18 岁，或者年份不对，请核对。"),
        ({"birth_date": "1875-01-01"}, "出生日期：“1875-01-01”到任期开始时不满 18 岁，或者年份不对，请核对。"),
        ({"area": ""}, "区域：请填写区域的名称或区划代码。您负责的有：示范县、石桥镇、清源镇。"),
        ({"area": "无此镇"}, "区域：没有叫“无此镇”的区域，请核对名称或区划代码。您负责的有：示范县、石桥镇、清源镇。"),
        ({"group": "无此组"}, "代表小组：第九届没有叫“无此组”的小组，请核对，或先在“代表小组”里新建。"),
        ({"area": "清源镇", "group": "石桥镇代表小组"}, "代表小组：“石桥镇代表小组”是石桥镇的小组，这位代表在清源镇，请核对。"),
        ({"starts_on": "2021-12-31"}, "任期开始日：2021-12-31 不在第九届之内（2022-01-01 起），请核对，或换一届再传。"),
        ({"occupation": "长" * 81}, "单位职务：最多 80 个字，现在有 81 个，请写短一些。"),
        ({"namesake": "是"}, "同名核对：请写“同一人”或“另一人”，没有同名的空着。"),
        ({"formulas": "姓名"}, "“姓名”是公式，请复制后粘贴为数值再传。"),
        ({"sex": "", "area": ""}, "这一行只有姓名一格。是小标题或备注的，请删去这一行；是代表的，请补全。"),
    ],
)  # fmt: skip
def test_a_wrong_line_says_what_to_do(city, more, words):
    plan = planned(city, line(2, **more))
    assert (outcomes(plan), problems(plan)) == (["refused"], [words])


@pytest.mark.parametrize("written", ["石桥镇", "石 桥 镇", "990001001", "示范县石桥镇"])
def test_an_area_is_named_by_name_code_or_whole_name(city, written):
    assert planned(city, line(area=written)).new[0].given.area == city.township


def test_without_an_area_the_electing_unit_names_it(city):
    assert planned(city, line(area="", electing_unit="清源镇")).new[0].given.area == city.other_township


def test_areas_of_one_name_are_told_apart_by_their_code(city):
    city.county.refresh_from_db()
    operations.add_area(code="990001009", name="石桥镇", level="township", parent=city.county)
    assert problems(planned(city, line())) == [
        "区域：有 2 个区域叫“石桥镇”，请改写区划代码：990001001、990001009。"
    ]


def test_what_is_not_told_is_not_compared_and_what_differs_is_shown_not_written(city):
    city.representative(
        "丁示例",
        login=False,
        phone=PHONE,
        birth_date=date(1970, 1, 2),
        occupation="村医",
        electing_unit="一区",
    )
    assert outcomes(planned(city, line())) == ["same"]
    told = line(
        phone=PHONE,
        occupation="医生",
        group="石桥镇代表小组",
        area="清源镇",
        tags="standing_member",
        starts_on="2022年1月",
    )
    plan = planned(city, told, line(3, "王示例"))  # fmt: skip
    assert problems(plan)[:1] == ["代表小组：“石桥镇代表小组”是石桥镇的小组，这位代表在清源镇，请核对。"]
    told = line(phone=PHONE, occupation="医生", area="清源镇", tags="standing_member", starts_on="2022年1月")
    plan = planned(city, told, line(3, "王示例"))
    assert (outcomes(plan), plan.troubles) == (["differs", "new"], [])
    assert changes(plan)[0] == [
        ("单位职务", "村医", "医生"),
        ("区域", "石桥镇", "清源镇"),
        ("任期标签", "", "standing_member"),
    ]


# --- two of one name


def test_a_namesake_is_never_taken_for_the_known_one_and_must_be_told_apart(city):
    city.representative("丁示例", login=False, electing_unit="一区")
    assert problems(planned(city, line(electing_unit="二区"))) == [
        (
            "已有同名代表：丁示例（石桥镇 一区 第九届）。请填上手机号或出生日期来区分，"
            "或在“同名核对”一列写“同一人”或“另一人”。"
        )
    ]
    asked = {
        word: outcomes(planned(city, line(electing_unit="二区", namesake=word)))
        for word in ("同一人", "另一人")
    }
    assert asked == {"同一人": ["differs"], "另一人": ["new"]}


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({"phone": PHONE}, "same"),
        ({"birth_date": "1970-01-02"}, "same"),
        ({"birth_date": "1980-01-02"}, "new"),
        ({"phone": OTHER, "birth_date": "1970-01-02"}, "differs"),
        ({"phone": OTHER}, "namesake"),
        ({"phone": OTHER, "namesake": "同一人"}, "differs"),
        ({"phone": OTHER, "namesake": "另一人"}, "new"),
        ({"namesake": "另一人", "occupation": "x"}, "namesake"),  # the same seat: a number or a day must tell
    ],
)
def test_number_and_day_of_birth_tell_who_it_is(city, more, outcome):
    city.representative("丁示例", login=False, phone=PHONE, birth_date=date(1970, 1, 2))
    assert outcomes(planned(city, line(**more))) == [outcome]


def test_a_number_of_somebody_else_is_refused(city):
    city.representative("王示例", login=False, phone=PHONE)
    assert problems(planned(city, line(phone=PHONE))) == [
        "手机号：已经登记在王示例名下，请核对姓名和手机号；两人共用的，这一格先空着。"
    ]


def test_two_lines_of_one_name_must_differ_in_something(city):
    plan = planned(city, line(2), line(5), line(6, namesake="另一人"))
    assert (outcomes(plan), problems(plan)) == (
        ["new", "namesake", "new"],
        [
            (
                "和第 2 行同名。是两个人的，请填上各自的手机号或出生日期，"
                "或在这一行的“同名核对”写“另一人”；是同一个人的，请只留一行。"
            )
        ],
    )
    assert outcomes(planned(city, line(2, phone=PHONE), line(5, phone=OTHER))) == ["new", "new"]
    assert problems(
        planned(city, line(2, phone=PHONE), line(5, phone=PHONE), line(6, "王", phone=PHONE))
    ) == [
        "和第 2 行是同一位代表（姓名、手机号都一样），请只留一行。",
        "手机号：和第 2 行的丁示例一样，请核对；两人共用的，这一格先空着。",
    ]


def test_whom_a_number_finds_is_nobody_elses_line_wherever_it_stands(city):
    city.representative("丁示例", login=False, phone=PHONE)
    lines = [line(2, phone=OTHER, electing_unit="二区"), line(3, phone=PHONE)]
    assert outcomes(planned(city, *lines)) == ["new", "same"]


def test_a_known_person_is_no_two_lines(city):
    city.representative("丁示例", login=False, phone=PHONE, birth_date=date(1970, 1, 2))
    plan = planned(city, line(2, phone=PHONE), line(3, phone=OTHER, birth_date="1970-01-02"))
    assert (outcomes(plan), problems(plan)) == (["same", "refused"], ["和第 2 行是同一位代表，请只留一行。"])


def test_the_same_list_again_finds_everybody_also_those_of_one_name(city):
    lines = [
        line(2, electing_unit="一区"), line(3, electing_unit="二区", namesake="另一人"), line(4, namesake="另一人", area="清源镇"),
        line(5, "王示例", phone=PHONE), line(6, "王示例", phone=OTHER, occupation="村医"),
        line(7, "田示例", birth_date="1970-01-02"), line(8, "田示例", birth_date="1980.5", namesake="另一人", group="石桥镇代表小组"),
    ]  # fmt: skip
    assert len(applied(city, *lines).new) == 7
    assert outcomes(planned(city, *lines)) == ["same"] * 7


# --- another term


def test_a_known_person_of_an_earlier_term_gets_a_seat_once_the_earlier_one_ended(city):
    mandate = city.representative("丁示例", login=False, phone=PHONE)
    told = line(phone=PHONE)
    city.term = operations.add_term(number=10, name="第十届", starts_on=date(2027, 1, 1), actor=city.office)
    assert problems(planned(city, told)) == [
        "丁示例从 2022-01-01 起的任期还没有离任日，请先在“届”里填写第九届的最后一天，再传一次。"
    ]
    operations.end_mandate(mandate=mandate, day=date(2026, 12, 31), actor=city.office)
    assert outcomes(planned(city, told)) == ["seat"]
    applied(city, told)
    assert [m.term for m in mandate.representative.mandates.order_by("pk")][1:] == [city.term]
    assert outcomes(planned(city, told)) == ["same"]


# --- whose areas


@pytest.mark.parametrize(("role", "right"), [(Role.EDITOR, True), (Role.OFFICE, False)])
def test_a_seat_of_a_known_person_is_given_by_the_office_that_may_add_one(city, editors, role, right):
    mandate = city.representative("丁示例", login=False)
    operations.end_mandate(mandate=mandate, day=date(2026, 12, 31), actor=city.office)
    city.term = operations.add_term(number=10, name="第十届", starts_on=date(2027, 1, 1), actor=city.office)
    if not right:
        editors.permissions.remove(*editors.permissions.filter(codename="add_mandate"))
    clerk = staff(editors, city.township, role)
    assert problems(planned(city, line(namesake="同一人"), user=clerk)) == [
        "这位代表以前当过代表，新的任期由代表工作委员会登记，请从这份表里删去这一行。"
    ]


def test_other_areas_are_refused_and_their_people_not_compared(city, editors):
    city.representative("丁示例", login=False, area=city.other_township, group=None)
    clerk = staff(editors, city.township, Role.OFFICE)
    plan = planned(city, line(2), line(3, "王示例", area="清源镇"), user=clerk)
    assert (outcomes(plan), problems(plan)) == (
        ["new", "refused"],
        ["区域：“清源镇”不在您负责的区域，请核对，或请那里的工作人员导入。"],
    )


def test_an_editor_enters_no_private_facts_and_learns_none(city, editors):
    city.representative("丁示例", login=False, phone=PHONE, birth_date=date(1970, 1, 2))
    clerk = staff(editors, city.township, Role.EDITOR)
    refusal = "手机号、出生日期：由代表工作委员会填写，请清空这两列再传。"
    for private in ({"phone": PHONE}, {"phone": OTHER}, {"birth_date": "1970-01-02"}):
        assert problems(planned(city, line(**private), user=clerk)) == [refusal]
    assert outcomes(planned(city, line(), line(3, "王示例"), user=clerk)) == ["same", "new"]


@pytest.mark.parametrize("count", [1, 3])
def test_planning_asks_the_same_number_of_queries(city, count, django_assert_num_queries):
    for number in range(count):
        city.representative(f"丁示{'甲乙丙'[number]}", login=False, tags=["standing_member"])
    lines = [line(2 + number, f"丁示{'甲乙丙'[number]}") for number in range(count)]
    planned(city, line())
    with django_assert_num_queries(6):  # areas, groups, people, mandates, tags, places in groups
        planned(city, *lines, line(9, "王示例"))
