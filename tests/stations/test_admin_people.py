"""Registering and changing a person in the admin: what is written, what is refused in words, what an editor may not."""

from datetime import date

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from sessions.operations import lock_period
from stations import operations
from stations.models import Representative, RosterEntry
from tests.opened import opened
from tests.stations.staffed import errors, sign_in

PHONE = "13900000001"


def person_form(city, **more):
    return {
        "name": "曾　示",
        "sex": "女",
        "nation": "汉族",
        "occupation": "村医",
        "electing_unit": "石桥镇选区",
        "tags": "standing_member",
        "term": city.term.pk,
        "area": city.township.pk,
        "starts_on": "2026-01-01",
        "group": city.group.pk,
        "phone": "",
        "birth_date": "",
    } | more


def test_an_editor_registers_a_person_with_all_keys(client, city, editor):
    response = client.post(reverse("representatives:add"), person_form(city))
    assert response.status_code == 302, errors(response)
    person = Representative.objects.get()
    assert (person.name, person.initials, person.stroke_key != "", person.phone) == ("曾示", "zs", True, "")
    mandate = person.mandates.get()
    assert (mandate.area, mandate.electing_unit, mandate.starts_on) == (
        city.township,
        "石桥镇选区",
        date(2026, 1, 1),
    )
    assert list(mandate.tags.values_list("code", flat=True)) == ["standing_member"]
    assert mandate.memberships.get().group == city.group


def test_a_phone_that_an_editor_sends_is_not_taken(client, city, editor):
    client.post(reverse("representatives:add"), person_form(city, phone=PHONE))
    assert Representative.objects.get().phone == ""


def test_an_editor_cannot_register_in_another_area(client, city, editor):
    response = client.post(
        reverse("representatives:add"), person_form(city, area=city.other_township.pk, group="")
    )
    assert (response.status_code, Representative.objects.count()) == (200, 0)


def test_a_refused_person_is_explained_and_what_was_typed_stays(client, city, editor):
    response = client.post(reverse("representatives:add"), person_form(city, starts_on="2020-01-01"))
    assert response.status_code == 200
    assert "曾示的任期开始日不在第九届之内。" in response.content.decode()
    assert 'value="曾　示"' in response.content.decode()
    assert Representative.objects.count() == 0


def test_a_wrong_tag_is_explained(client, city, editor):
    response = client.post(reverse("representatives:add"), person_form(city, tags="常委"))
    assert "“常委”不是标签代码" in response.content.decode()


def test_the_office_changes_person_group_and_end(client, city):
    mandate = city.representative("丁示例", phone=PHONE)
    second = operations.add_group(term=city.term, area=city.township, name="第二小组", actor=city.office)
    sign_in(client, city.office)
    form = person_form(
        city,
        name="丁样本",
        phone="13900000002",
        group=second.pk,
        group_from="2026-06-01",
        ends_on="2026-12-31",
    )
    address = reverse("representatives:edit", args=[mandate.representative_id])
    response = client.post(address, form | opened(client, address))
    assert response.status_code == 302, errors(response)
    person = Representative.objects.get()
    assert (person.name, person.phone, person.initials) == ("丁样本", "13900000002", "dyb")
    mandate.refresh_from_db()
    assert mandate.ends_on == date(2026, 12, 31)
    assert list(mandate.memberships.order_by("pk").values_list("group__name", "ends_on")) == [
        ("石桥镇代表小组", date(2026, 5, 31)),
        ("第二小组", date(2026, 12, 31)),
    ]


def change(client, city, mandate, **more):
    """Post the form of a person with one group and no end, but for `more`."""
    address = reverse("representatives:edit", args=[mandate.representative_id])
    return client.post(address, person_form(city, name="丁示例") | more | opened(client, address))


def test_a_cleared_end_is_taken_back_with_the_places_that_ended_with_it(client, city):
    mandate = city.representative()
    station = operations.add_station(kind="liaison", name="石桥站", area=city.township, actor=city.office)
    operations.add_to_roster(
        station=station, mandates=[mandate], starts_on=date(2026, 1, 1), actor=city.office
    )
    operations.end_mandate(mandate=mandate, day=date(2026, 5, 31), actor=city.office)
    sign_in(client, city.office)
    response = change(client, city, mandate, ends_on="")
    mandate.refresh_from_db()
    ends = [mandate.ends_on, mandate.memberships.get().ends_on, RosterEntry.objects.get().ends_on]
    line = ModelLogEntry.objects.order_by("pk").last()
    assert (response.status_code, ends, line.action, line.data) == (
        302,
        [None] * 3,
        "stations.change",
        {"ends_on": ""},
    )


def test_an_end_before_another_mandate_is_not_taken_back(client, city):
    mandate = city.representative()
    operations.end_mandate(mandate=mandate, day=date(2026, 5, 31), actor=city.office)
    operations.add_mandate(
        representative=mandate.representative,
        term=city.term,
        area=city.other_township,
        starts_on=date(2026, 7, 1),
        actor=city.office,
    )
    with pytest.raises(operations.PersonRefused) as refused:
        operations.reopen_mandate(mandate=mandate, actor=city.office)
    mandate.refresh_from_db()
    assert (str(refused.value), mandate.ends_on) == (
        "丁示例另有 2026-07-01 起的任期，和这里的日子重叠，请核对日期。",
        date(2026, 5, 31),
    )


@pytest.mark.parametrize(("ends_on", "kept"), [("2026-05-31", True), ("2026-12-31", False)])
def test_an_end_is_not_taken_back_over_days_that_were_handed_up(client, city, ends_on, kept):
    mandate, end = city.representative(), date.fromisoformat(ends_on)
    operations.end_mandate(mandate=mandate, day=end, actor=city.office)
    lock_period(areas=[city.county], first=date(2026, 1, 1), last=date(2026, 12, 31), actor=city.office)
    sign_in(client, city.office)
    said = change(client, city, mandate, group="", ends_on="").content.decode()
    mandate.refresh_from_db()
    assert (mandate.ends_on, said.count("石桥镇的 2026 年度已经上报，2026-12-31 和以前的任期不能再改")) == (
        (end, 1) if kept else (None, 0)
    )


def test_a_person_leaves_the_group_and_joins_no_other(client, city):
    mandate = city.representative()
    sign_in(client, city.office)
    early = change(client, city, mandate, group="", group_from="2022-01-01")
    done = change(client, city, mandate, group="", group_from="2026-06-01")
    assert (
        errors(early),
        done.status_code,
        list(mandate.memberships.values_list("group__name", "ends_on")),
    ) == (["退出小组的日子要晚于现在小组的起始日。"], 302, [("石桥镇代表小组", date(2026, 5, 31))])


def test_a_day_without_a_change_of_groups_is_explained_beside_it(client, city):
    mandate, other = city.representative(), city.representative("王示例", group=None)
    sign_in(client, city.office)
    hint = "。这一天只在换小组或退出小组时填写，请先改代表小组，或清空这一天。"
    said = [
        change(client, city, mandate, group_from="2026-06-01"),
        change(client, city, other, group="", group_from="2026-06-01"),
    ]
    assert [page.context["form"].errors["group_from"] for page in said] == [
        [f"代表小组没有变，仍是石桥镇代表小组{hint}"],
        [f"没有选代表小组{hint}"],
    ]


def test_an_editors_change_leaves_private_facts(client, city, editor):
    mandate = city.representative(phone=PHONE, birth_date=date(1970, 1, 1))
    url = reverse("representatives:edit", args=[mandate.representative_id])
    assert PHONE not in client.get(url).content.decode()
    private = {"phone": "13900000002", "birth_date": "1980-01-01"}
    client.post(url, person_form(city, **private) | opened(client, url))
    person = Representative.objects.get()
    assert (person.name, person.phone, person.birth_date) == ("曾示", PHONE, date(1970, 1, 1))


def test_a_number_that_the_office_changed_neither_stops_an_editor_nor_is_told(client, city, editor):
    mandate = city.representative(phone=PHONE)
    url = reverse("representatives:edit", args=[mandate.representative_id])
    typed = person_form(city, name="丁示例") | opened(client, url)
    Representative.objects.update(phone="13900000002", occupation="社长")
    page = client.post(url, typed)
    told = [page.status_code, list(page.context["form"].errors), "1390000000" in page.text]
    assert told == [409, ["__all__", "occupation"], False]
    Representative.objects.update(occupation=typed.get("occupation", ""))
    assert client.post(url, typed).status_code == 302


def test_a_refused_change_writes_nothing(client, city, editor):
    mandate = city.representative("丁示例")
    second = operations.add_group(term=city.term, area=city.township, name="第二小组", actor=city.office)
    address = reverse("representatives:edit", args=[mandate.representative_id])
    typed = person_form(city, name="改名", group=second.pk, group_from="2022-01-01")
    response = client.post(address, typed | opened(client, address))
    assert "新的小组要晚于现在小组的起始日。" in response.content.decode()
    assert Representative.objects.get().name == "丁示例"
