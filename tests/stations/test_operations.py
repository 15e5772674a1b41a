"""Every write of people and places: what it leaves behind, what it refuses, what it logs."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from stations import operations
from stations.models import (
    AreaGrant,
    DeputyGroup,
    GroupMembership,
    ReceptionDay,
    ReceptionDuty,
    Representative,
    RosterEntry,
    Station,
)
from stations.names import stroke_key
from stations.operations import PersonRefused, PrivateFacts
from tests.conftest import START
from tests.stations.staffed import last_line

DAY = date(2026, 6, 18)


@pytest.fixture
def station(city):
    return operations.add_station(
        kind="liaison", name="石桥镇代表联络站", area=city.township, actor=city.office
    )


def facts(**more):
    return {
        "name": "丁示例",
        "sex": "女",
        "nation": "汉族",
        "occupation": "",
        "electing_unit": "",
        "tags": (),
    } | more


def test_a_registered_name_is_stored_without_spaces_and_with_its_keys(city):
    person = city.representative("单　芳").representative
    assert (person.name, person.pinyin, person.initials) == ("单芳", "shan fang", "sf")
    assert person.stroke_key == stroke_key("单芳")


def test_two_people_of_one_name_are_two_rows(city):
    city.representative("王示例"), city.representative("王示例")
    assert Representative.objects.filter(name="王示例").count() == 2


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"name": "　"}, "请填写姓名。"),
        ({"name": "王示例", "phone": "12345"}, "王示例的手机号应为 11 位数字。"),
        ({"name": "王示例", "starts_on": date(2021, 12, 31)}, "王示例的任期开始日不在第九届之内。"),
    ],
)
def test_a_person_is_not_registered_with_wrong_facts(city, more, message):
    name = more.pop("name")
    with pytest.raises(PersonRefused, match=message):
        city.representative(name, login=False, **more)
    assert Representative.objects.count() == 0


def test_a_group_of_another_term_is_refused(city):
    later = operations.add_term(number=10, name="第十届", starts_on=date(2027, 1, 1), actor=city.office)
    group = operations.add_group(term=later, area=city.township, name="石桥镇小组", actor=city.office)
    with pytest.raises(PersonRefused, match="石桥镇小组不是第九届的小组。"):
        city.representative(group=group)
    mandate = city.representative()
    with pytest.raises(PersonRefused, match="石桥镇小组不是第九届的小组。"):
        operations.move_to_group(mandate=mandate, group=group, day=DAY, actor=city.office)


def test_a_full_width_phone_is_stored_in_plain_digits(city):
    person = city.representative(phone="１３９ 0000-0001").representative
    assert person.phone == "13900000001"


def test_tags_are_stored_once_each(city):
    mandate = city.representative(tags=["standing_member", "standing_member"])
    assert list(mandate.tags.values_list("code", flat=True)) == ["standing_member"]


def test_a_changed_name_brings_its_keys_along(city):
    mandate = city.representative("丁示例")
    operations.change_representative(
        mandate=mandate, **facts(name="曾示例", occupation="村医"), actor=city.office
    )
    person = Representative.objects.get(pk=mandate.representative_id)
    assert (person.name, person.pinyin, person.initials, person.occupation) == (
        "曾示例",
        "zeng shi li",
        "zsl",
        "村医",
    )


def test_the_log_of_a_change_names_columns_and_no_values(city):
    mandate = city.representative()
    operations.change_representative(
        mandate=mandate, **facts(), private=PrivateFacts("13900000001", date(1970, 1, 1)), actor=city.office
    )
    assert last_line() == ("stations.change", "丁示例", "office", {"changed": ["phone", "birth_date"]})


def test_a_change_without_private_facts_leaves_them(city):
    mandate = city.representative(
        phone="13900000001", birth_date=date(1970, 1, 1), compile_consent=True, tags=["a", "b"]
    )
    operations.change_representative(mandate=mandate, **facts(tags=["b", "c"]), actor=city.office)
    person = Representative.objects.get(pk=mandate.representative_id)
    assert (person.phone, person.birth_date, person.compile_consent) == (
        "13900000001",
        date(1970, 1, 1),
        True,
    )
    assert list(mandate.tags.order_by("code").values_list("code", flat=True)) == ["b", "c"]


def test_a_change_of_nothing_is_not_logged(city):
    mandate = city.representative()
    lines = ModelLogEntry.objects.count()
    operations.change_representative(mandate=mandate, **facts(), actor=city.office)
    assert ModelLogEntry.objects.count() == lines


def test_moving_to_another_group_keeps_what_was_before(city):
    mandate = city.representative()
    other = DeputyGroup.objects.create(term=city.term, area=city.township, name="第二小组")
    operations.move_to_group(mandate=mandate, group=other, day=DAY, actor=city.office)
    assert list(
        mandate.memberships.order_by("starts_on").values_list("group__name", "starts_on", "ends_on")
    ) == [
        ("石桥镇代表小组", date(2022, 1, 1), date(2026, 6, 17)),
        ("第二小组", DAY, None),
    ]


def test_moving_to_the_same_group_changes_nothing(city):
    mandate = city.representative()
    operations.move_to_group(mandate=mandate, group=city.group, day=DAY, actor=city.office)
    assert GroupMembership.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "message"),
    [
        (date(2022, 1, 1), "新的小组要晚于现在小组的起始日。"),
        (date(2021, 1, 1), "这一天不在代表的任期之内。"),
    ],
)
def test_a_move_on_a_wrong_day_is_refused(city, day, message):
    mandate = city.representative()
    other = DeputyGroup.objects.create(term=city.term, area=city.township, name="第二小组")
    with pytest.raises(PersonRefused, match=message):
        operations.move_to_group(mandate=mandate, group=other, day=day, actor=city.office)


def test_the_end_of_a_mandate_ends_groups_and_rosters_that_day(city, station):
    mandate = city.representative()
    operations.add_to_roster(
        station=station, mandates=[mandate], starts_on=date(2022, 1, 1), actor=city.office
    )
    operations.end_mandate(mandate=mandate, day=DAY, actor=city.office)
    assert (mandate.ends_on, GroupMembership.objects.get().ends_on, RosterEntry.objects.get().ends_on) == (
        DAY,
    ) * 3


def test_what_would_begin_after_the_end_never_begins(city, station):
    mandate = city.representative()
    other = DeputyGroup.objects.create(term=city.term, area=city.township, name="第二小组")
    later = DAY + timedelta(days=30)
    operations.move_to_group(mandate=mandate, group=other, day=later, actor=city.office)
    operations.add_to_roster(station=station, mandates=[mandate], starts_on=later, actor=city.office)
    operations.end_mandate(mandate=mandate, day=DAY, actor=city.office)
    assert list(mandate.memberships.values_list("group__name", "ends_on")) == [("石桥镇代表小组", DAY)]
    assert RosterEntry.objects.count() == 0


def test_a_mandate_does_not_end_before_it_began(city):
    mandate = city.representative()
    with pytest.raises(PersonRefused, match="离任日不能早于任期开始日。"):
        operations.end_mandate(mandate=mandate, day=date(2021, 1, 1), actor=city.office)


def test_a_phone_of_another_account_is_refused(city):
    operations.open_account(username="a", display_name="甲", phone="13900000001", actor=city.office)
    with pytest.raises(PersonRefused, match="这个手机号已经登记在另一个账号上"):
        operations.open_account(username="b", display_name="乙", phone="139 0000 0001", actor=city.office)


def test_an_account_without_a_password_opens_to_nobody(city):
    user = operations.open_account(username="a", display_name="甲", actor=city.office)
    assert user.has_usable_password() is False


def test_a_second_grant_of_one_role_is_the_first(city):
    before = AreaGrant.objects.count()
    for _ in range(2):
        operations.grant(
            user=city.reviewer, area=city.township, role=AreaGrant.Role.RECORDER, actor=city.office
        )
    assert AreaGrant.objects.count() == before + 1


def test_a_revoked_grant_is_gone_and_logged(city):
    operations.revoke_grant(area_grant=city.recorder.area_grants.get(), actor=city.office)
    assert city.recorder.area_grants.count() == 0
    assert last_line() == (
        "stations.change",
        "记录员",
        "office",
        {"revoked": "recorder", "area": "990001001"},
    )


def test_the_last_office_cannot_be_taken_away(city):
    with pytest.raises(PersonRefused, match="这是最后一个代表工作委员会身份"):
        operations.revoke_grant(area_grant=city.office.area_grants.get(), actor=city.office)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"kind": "industry", "name": "钧陶瓷联络点"}, "产业联络点请填写产业。"),
        ({"name": " "}, "请填写站点名称。"),
        ({"name": "石桥镇代表联络站"}, "“石桥镇代表联络站”已经登记过，请换一个名称。"),
    ],
)
def test_a_station_is_refused_with_wrong_facts(city, station, more, message):
    with pytest.raises(PersonRefused, match=message):
        operations.add_station(**({"kind": "liaison", "area": city.township, "actor": city.office} | more))
    assert Station.objects.count() == 1


def test_a_station_takes_what_changed(city, station):
    operations.change_station(
        station=station,
        kind="industry",
        name="石桥镇联络点",
        area=city.other_township,
        industry="三粉",
        address="示例路 1 号",
        phone="0000-1234567",
        hours="每周五",
        access="无障碍坡道",
        map_x=Decimal("12.50"),
        map_y=Decimal(100),
        actor=city.office,
    )
    row = Station.objects.values_list("kind", "name", "area__name", "industry", "address", "phone").get()
    assert row == ("industry", "石桥镇联络点", "清源镇", "三粉", "示例路 1 号", "0000-1234567")
    assert Station.objects.values_list("map_x", "map_y").get() == (Decimal("12.50"), Decimal("100.00"))


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ((Decimal(5), None), "示意图的横向和纵向位置请一起填写，或者都不填。"),
        ((None, Decimal(0)), "示意图的横向和纵向位置请一起填写，或者都不填。"),
        ((Decimal("100.01"), Decimal(5)), "示意图的位置请填写 0 到 100 之间的数。"),
        ((Decimal(5), Decimal("-0.01")), "示意图的位置请填写 0 到 100 之间的数。"),
    ],
)
def test_a_position_is_two_numbers_from_0_to_100(city, place, message):
    facts = {"kind": "liaison", "name": "一站", "area": city.township, "actor": city.office}
    with pytest.raises(PersonRefused, match=message):
        operations.add_station(**facts, map_x=place[0], map_y=place[1])
    with pytest.raises(IntegrityError), transaction.atomic():
        Station.objects.create(
            kind="liaison", name="一站", area=city.township, map_x=place[0], map_y=place[1]
        )
    assert Station.objects.count() == 0


def test_who_is_on_the_roster_is_not_put_there_again(city, station):
    mandates = [city.representative("王示例"), city.representative("田示例")]
    first = operations.add_to_roster(station=station, mandates=mandates[:1], starts_on=DAY, actor=city.office)
    second = operations.add_to_roster(station=station, mandates=mandates, starts_on=DAY, actor=city.office)
    assert (first, second, RosterEntry.objects.count()) == (1, 1, 2)


def test_nobody_is_twice_on_a_roster_in_the_same_days(city, station):
    mandate, later = city.representative(), DAY + timedelta(days=30)

    def add(starts_on):
        return operations.add_to_roster(
            station=station, mandates=[mandate], starts_on=starts_on, actor=city.office
        )

    add(later)
    for starts_on in (DAY, later, later + timedelta(days=1)):
        with pytest.raises(PersonRefused, match="所选代表都已在石桥镇代表联络站驻站"):
            add(starts_on)
    first = RosterEntry.objects.create(station=station, mandate=mandate, starts_on=DAY, ends_on=DAY)
    for ends_on in (later, None):
        with pytest.raises(PersonRefused, match="丁示例从 2026-07-18 起另有驻站记录"):
            operations.change_roster_entry(entry=first, duty="", ends_on=ends_on, actor=city.office)
    operations.end_mandate(mandate=mandate, day=DAY, actor=city.office)
    with pytest.raises(PersonRefused, match="丁示例的离任日是 2026-06-18，驻站不能更晚。"):
        operations.change_roster_entry(
            entry=RosterEntry.objects.get(), duty="", ends_on=later, actor=city.office
        )


def test_a_roster_entry_takes_duty_and_end(city, station):
    operations.add_to_roster(
        station=station, mandates=[city.representative()], starts_on=DAY, actor=city.office
    )
    entry = RosterEntry.objects.get()
    with pytest.raises(PersonRefused, match="离站日不能早于驻站起始日。"):
        operations.change_roster_entry(
            entry=entry, duty="", ends_on=DAY - timedelta(days=1), actor=city.office
        )
    operations.change_roster_entry(entry=entry, duty=" 站长 ", ends_on=DAY, actor=city.office)
    assert RosterEntry.objects.values_list("duty", "ends_on").get() == ("站长", DAY)


def plan(city, station, *mandates, starts_at=START, hours=2):
    return operations.plan_reception(
        station=station,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        mandates=mandates,
        topic="冬季供暖",
        actor=city.office,
    )


def change(city, day, *mandates, starts_at=START):
    return operations.change_reception(
        reception_day=day,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        mandates=mandates,
        topic="",
        actor=city.office,
    )


def test_a_planned_reception_has_its_people(city, station):
    day = plan(city, station, city.representative("王示例"), city.representative("田示例"))
    names = day.representatives.order_by("pk").values_list("representative__name", flat=True)
    assert list(names) == ["王示例", "田示例"]
    assert last_line() == (
        "stations.plan_reception",
        "石桥镇代表联络站",
        "office",
        {"day": "2026-06-18"},
    )


def test_an_early_reception_is_named_after_the_day_it_is_here(city, station):
    day = plan(city, station, starts_at=START.replace(hour=7, minute=30))
    assert (str(ReceptionDay.objects.get()), last_line()[3]) == (
        "石桥镇代表联络站 2026-06-18",
        {"day": "2026-06-18"},
    )
    operations.cancel_reception(reception_day=ReceptionDay.objects.get(pk=day.pk), actor=city.office)
    assert last_line()[3] == {"cancelled": "2026-06-18"}


def test_a_reception_does_not_end_before_it_starts(city, station):
    with pytest.raises(PersonRefused, match="接待结束时间要晚于开始时间。"):
        plan(city, station, hours=0)


def test_a_second_reception_in_the_same_hours_is_refused(city, station):
    day, hour = plan(city, station), timedelta(hours=1)
    said = "石桥镇代表联络站在 2026-06-18 14:30—16:30 已有接待，请改时间"
    for starts_at in (START, START + hour, START - hour):
        with pytest.raises(PersonRefused, match=said):
            plan(city, station, starts_at=starts_at)
    after = plan(city, station, starts_at=START + 2 * hour)
    with pytest.raises(PersonRefused, match=said):
        change(city, after, starts_at=START + hour)
    change(city, day, starts_at=START - hour)
    assert ReceptionDay.objects.count() == 2


def test_a_reception_ends_on_the_day_it_starts(city, station):
    with pytest.raises(PersonRefused, match="一次接待要在同一天开始和结束"):
        plan(city, station, hours=10)


def test_nobody_receives_or_works_at_a_station_on_a_day_out_of_office(city, station):
    gone = city.representative()
    operations.end_mandate(mandate=gone, day=DAY - timedelta(days=1), actor=city.office)
    said = "丁示例在 2026-06-18 不在任，请核对日期。"
    with pytest.raises(PersonRefused, match=said):
        plan(city, station, gone)
    with pytest.raises(PersonRefused, match=said):
        operations.add_to_roster(station=station, mandates=[gone], starts_on=DAY, actor=city.office)
    assert (ReceptionDay.objects.count(), RosterEntry.objects.count()) == (0, 0)


def test_a_changed_reception_has_exactly_the_people_named(city, station):
    leaves, stays, comes = (city.representative(name) for name in ("王示例", "田示例", "李示例"))
    day = plan(city, station, leaves, stays)
    kept = ReceptionDuty.objects.get(mandate=stays).pk
    later = START + timedelta(days=1)
    change(city, day, stays, comes, starts_at=later)
    duties = ReceptionDuty.objects.order_by("pk").values_list("mandate__representative__name", flat=True)
    assert list(duties) == ["田示例", "李示例"]
    assert ReceptionDuty.objects.get(mandate=stays).pk == kept
    assert ReceptionDay.objects.values_list("starts_at", "topic").get() == (later, "")


def test_a_cancelled_reception_is_gone_and_logged(city, station):
    operations.cancel_reception(reception_day=plan(city, station, city.representative()), actor=city.office)
    assert (ReceptionDay.objects.count(), ReceptionDuty.objects.count()) == (0, 0)
    assert last_line() == ("stations.change", "石桥镇代表联络站", "office", {"cancelled": "2026-06-18"})


def test_a_name_whose_signs_become_too_many_in_their_plain_form_is_refused_in_words(city):
    with pytest.raises(operations.PersonRefused, match="姓名最多 40 个字，现在有 45 个"):
        city.representative("ﷺ" * 3, login=False)
