"""A mandate that was registered in the wrong area: put right while nothing was recorded in the name of that area."""

from datetime import date

import pytest
from django.urls import reverse

from scoring.models import AreaReview, Year
from scoring.operations import add_honour
from sessions.operations import lock_period
from stations import operations
from stations.models import Mandate, RosterEntry
from stations.operations import PersonRefused
from stations.permissions import Role
from tests.opened import opened
from tests.scoring.year_city import open_year
from tests.stations.staffed import errors, last_line, sign_in, staff


def correct(city, mandate, area=None):
    return operations.correct_area(mandate=mandate, area=area or city.other_township, actor=city.office)


def area_of(mandate):
    return Mandate.objects.get(pk=mandate.pk).area


def test_the_area_is_put_right_with_what_belongs_to_no_area(city):
    mandate = city.representative()
    station = operations.add_station(kind="liaison", name="石桥站", area=city.township, actor=city.office)
    operations.add_to_roster(
        station=station, mandates=[mandate], starts_on=date(2026, 1, 1), actor=city.office
    )
    operations.suspend_mandate(
        mandate=mandate, starts_on=date(2026, 2, 1), ends_on=None, reason="示例", actor=city.office
    )
    correct(city, mandate)
    there = [RosterEntry.objects.count(), mandate.suspensions.count(), mandate.memberships.count()]
    assert (area_of(mandate), there) == (city.other_township, [1, 1, 0])
    assert last_line() == (
        "stations.change", "丁示例", "office", {"area": city.other_township.code, "was": city.township.code},
    )  # fmt: skip


@pytest.mark.parametrize("where", ["above", "below"])
def test_a_group_that_reaches_the_new_area_is_not_left(city, where):
    of = city.county if where == "above" else city.other_township
    group = operations.add_group(term=city.term, area=of, name="示例小组", actor=city.office)
    mandate = city.representative(group=group)
    correct(city, mandate, city.other_township if where == "above" else city.county)
    assert [each.group for each in mandate.memberships.all()] == [group]


@pytest.mark.parametrize("what", ["参会名单", "履职荣誉"])
def test_what_was_recorded_in_the_old_area_keeps_the_mandate_there(city, what):
    mandate = city.representative()
    if what == "参会名单":
        city.enrol(city.activity(), mandate)
    else:
        add_honour(
            mandate=mandate, title="先进", level="county", awarded_on=date(2026, 6, 1), actor=city.office
        )
    with pytest.raises(PersonRefused) as refused:
        correct(city, mandate)
    said = (
        f"丁示例在石桥镇已有 1 项{what}，区域不能改成清源镇：这些记录就像是在那里发生的了。"
        "请先删除其中登记有误的；都没有错的，区域就保持原样。"
    )
    assert (str(refused.value), area_of(mandate)) == (said, city.township)


@pytest.mark.parametrize("handed_up", ["township", "other_township"])
def test_nobody_leaves_or_joins_an_area_whose_year_was_handed_up(city, handed_up):
    mandate, area = city.representative(), getattr(city, handed_up)
    lock_period(areas=[area], first=date(2025, 1, 1), last=date(2025, 12, 31), actor=city.office)
    with pytest.raises(PersonRefused, match=f"^{area}的 2025 年度已经上报"):
        correct(city, mandate)
    assert area_of(mandate) == city.township


@pytest.mark.parametrize("handed_up", ["township", "other_township"])
def test_nor_behind_a_review(city, handed_up):
    mandate, area, year = city.representative(), getattr(city, handed_up), open_year(city)
    Year.objects.filter(pk=year.pk).update(state=Year.State.REVIEWING)
    AreaReview.objects.create(year=year, area=area, state=AreaReview.State.SUBMITTED)
    with pytest.raises(PersonRefused, match=f"^{area}的 2026 年度已经上报"):
        correct(city, mandate)


def test_the_form_of_a_mandate_puts_area_and_days_right_or_neither(client, city):
    mandate = city.representative()
    sign_in(client, city.office)
    address = reverse("mandates:edit", args=[mandate.pk])

    def send(**typed):
        shown = {"area": city.township.pk, "starts_on": "2022-01-01", "ends_on": ""}
        return client.post(address, shown | opened(client, address) | typed)

    refused = send(area=city.other_township.pk, starts_on="2021-01-01")
    assert (errors(refused)[0], area_of(mandate)) == ("任期开始日不在第九届之内，请核对日期。", city.township)
    assert refused.context["form"]["area"].value() == str(city.other_township.pk)
    assert (send(area=city.other_township.pk).status_code, area_of(mandate)) == (302, city.other_township)


def test_an_office_gives_nobody_to_an_area_that_is_not_its_own(client, city, editors):
    mandate = city.representative()
    sign_in(client, staff(editors, city.township, Role.OFFICE, name="shiqiao"))
    address = reverse("mandates:edit", args=[mandate.pk])
    typed = {"area": city.other_township.pk, "starts_on": "2022-01-01", "ends_on": ""}
    answer = client.post(address, typed | opened(client, address))
    assert (list(answer.context["form"].errors), area_of(mandate)) == (["area"], city.township)
