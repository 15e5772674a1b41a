"""Areas: what a code is, how a wrong one is repaired, what may be removed."""

import pytest
from django.urls import reverse

from stations import operations
from stations.models import Area
from stations.operations import CodeUnlikeBranch, PersonRefused
from tests.opened import opened
from tests.stations.staffed import last_line, sign_in

SIX = "县（市、区）的区划代码应为 6 位数字，例如 410001。"
NINE = "乡镇、街道的区划代码应为 9 位数字：所在县（市、区）的 6 位，再加 3 位，例如 410001001。"


def add(city, code, level="township", *, parent="county", name="南岗镇", **more):
    above = getattr(city, parent) if parent else None
    return operations.add_area(code=code, name=name, level=level, parent=above, actor=city.office, **more)


def codes():
    return list(Area.objects.order_by("path").values_list("code", flat=True))


@pytest.mark.parametrize(
    ("code", "level", "parent", "said"),
    [
        ("abc", "county", None, SIX),
        ("  ", "county", None, SIX),
        ("990", "county", None, SIX),
        ("000000", "county", None, SIX),
        ("990001003", "county", None, SIX),
        ("990001", "township", "county", NINE),
        ("99000100a", "township", "county", NINE),
        ("990001001", "township", "county", "代码 990001001 已经登记为“石桥镇”，请核对。"),
        ("990001009", "township", "township", "“石桥镇”是乡镇、街道，下面不能再有乡镇、街道，请核对层级和上级区域。"),
        ("990003", "municipality", "county", "“示范县”是县（市、区），下面不能再有地级市，请核对层级和上级区域。"),
    ],
)  # fmt: skip
def test_what_is_no_code_or_no_place_in_the_tree_is_refused_in_words(city, code, level, parent, said):
    with pytest.raises(PersonRefused) as refused:
        add(city, code, level, parent=parent)
    assert (str(refused.value), len(codes())) == (said, 3)


def test_a_code_is_stored_in_plain_digits_and_logged(city):
    area = add(city, "９９０ 001 003")
    assert (area.code, last_line()) == (
        "990001003",
        ("stations.change", "南岗镇", "office", {"code": "990001003"}),
    )


@pytest.mark.parametrize(
    ("code", "below"),
    [("410000", "41"), ("411000", "4110"), ("411081", "411081"), ("411081001", "411081001")],
)
def test_codes_below_begin_with_what_signifies(code, below):
    assert operations.areas.significant(code) == below


def test_a_code_unlike_its_parent_is_taken_when_the_clerk_insists(city):
    with pytest.raises(CodeUnlikeBranch, match="990002003 不以“示范县”（990001）的 990001 开头"):
        add(city, "990002003")
    assert add(city, "990002003", insist=True).get_parent().code == "990001"


def test_a_wrong_code_is_corrected_and_the_tree_stays_in_order(city):
    operations.grant(user=city.reviewer, area=city.township, role="editor", actor=None)
    changed = operations.change_area(area=city.township, name="石桥街道", code="990001009", actor=city.office)
    assert (codes(), changed.name, changed.grants.count(), last_line()[3]) == (
        ["990001", "990001002", "990001009"],
        "石桥街道",
        3,
        {"code": "990001009", "was": "990001001"},
    )


def test_areas_below_an_unlike_code_are_named(city):
    with pytest.raises(CodeUnlikeBranch, match="2 个代码不以 990005 开头，例如“石桥镇”（990001001）"):
        operations.change_area(area=city.county, name="示范县", code="990005", actor=city.office)
    operations.change_area(area=city.county, name="示范县", code="990005", actor=city.office, insist=True)
    assert codes() == ["990005", "990001001", "990001002"]


def test_an_odd_code_of_before_does_not_keep_an_area_from_its_name(city):
    Area.objects.filter(pk=city.township.pk).update(code="abc")
    changed = operations.change_area(area=city.township, name="石桥街道", code="abc", actor=city.office)
    assert (changed.name, changed.code) == ("石桥街道", "abc")


def test_the_form_shows_the_box_only_when_a_code_is_unlike_its_parent(client, city):
    sign_in(client, city.office)
    typed = {"code": "990002003", "name": "南岗镇", "level": "township", "parent": city.county.pk}
    wrong = client.post(reverse("areas:add"), typed | {"code": "99 0002", "insist": "False"})
    asked = client.post(reverse("areas:add"), typed | {"insist": "False"})
    assert [page.content.decode().count('type="checkbox" name="insist"') for page in (wrong, asked)] == [0, 1]
    assert (wrong.context["form"].errors, 'value="99 0002"' in wrong.content.decode()) == (
        {"code": [NINE]},
        True,
    )
    assert client.post(reverse("areas:add"), typed | {"insist": "on"}).status_code == 302
    assert codes()[-1] == "990002003"


def test_no_second_tree_is_begun_by_forgetting_the_parent(client, city):
    sign_in(client, city.office)
    assert client.get(reverse("areas:add")).context["form"]["parent"].initial == city.county
    page = client.post(reverse("areas:add"), {"code": "990002", "name": "邻县", "level": "county"})
    assert (list(page.context["form"].errors), Area.objects.filter(depth=1).count()) == (["parent"], 1)


def test_a_known_area_gets_an_unlike_code_when_the_clerk_insists(client, city):
    sign_in(client, city.office)
    address = reverse("areas:edit", args=[city.township.pk])
    typed = {"code": "990002001", "name": "石桥镇"} | opened(client, address)
    asked = client.post(address, typed)
    assert (asked.content.decode().count('type="checkbox" name="insist"'), codes()[1]) == (1, "990001001")
    assert client.post(address, typed | {"insist": "on"}).status_code == 302
    assert codes()[-1] == "990002001"
