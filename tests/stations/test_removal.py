"""What was registered by mistake may be removed while nothing refers to it; what is needed says for what."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from sessions.operations import lock_period
from stations import operations
from stations.models import Area, DeputyGroup, Mandate, Representative, RosterEntry, Station, Term
from stations.operations import PersonRefused
from tests.conftest import START
from tests.stations.staffed import last_line, sign_in


def station_of(city, **more):
    facts = {"kind": "liaison", "name": "石桥站", "area": city.township, "actor": city.office}
    return operations.add_station(**facts | more)


def removed(client, name, row):
    """Post the removal; return the address it leads to and the words on that page."""
    answer = client.post(reverse(f"{name}:delete", args=[row.pk]), follow=True)
    return answer.content.decode()


def test_what_nothing_refers_to_is_removed_and_the_log_keeps_its_name(client, city):
    sign_in(client, city.office)
    area = operations.add_area(
        code="990001003", name="南岗镇", level="township", parent=city.county, actor=city.office
    )
    term = operations.add_term(number=10, name="第十届", starts_on=date(2027, 1, 1), actor=city.office)
    group = operations.add_group(term=term, area=city.township, name="二组", actor=city.office)
    rows = {"areas": area, "deputy_groups": group, "terms": term, "stations": station_of(city)}
    for name, row in rows.items():
        assert f"已删除“{row}”。" in removed(client, name, row)
        assert last_line() == ("stations.remove", str(row), "office", {})
    left = [m.objects.count() for m in (Area, Term, DeputyGroup, Station)]
    assert (left, Area.objects.get(pk=city.county.pk).numchild) == ([3, 1, 1, 0], 2)


def test_what_is_needed_says_for_what_before_and_after_the_click(client, city):
    city.representative(login=False), station_of(city)
    sign_in(client, city.office)
    said = {
        ("areas", city.county): "“示范县”不能删除，还有 2 项区域授权、2 项下级区域。",
        (
            "areas",
            city.township,
        ): "“石桥镇”不能删除，还有 1 项任期、1 项代表小组、2 项区域授权、1 项联络站点。",
        ("terms", city.term): "“第九届”不能删除，还有 1 项任期、1 项代表小组。",
        ("deputy_groups", city.group): "“石桥镇代表小组”不能删除，还有 1 项小组成员。",
    }
    for (name, row), words in said.items():
        asked = client.get(reverse(f"{name}:delete", args=[row.pk])).content.decode()
        assert (words in asked, "确认删除" in asked, words in removed(client, name, row)) == (
            True,
            False,
            True,
        )
    assert (Area.objects.count(), Term.objects.count(), DeputyGroup.objects.count()) == (3, 1, 1)


def test_a_person_registered_by_mistake_goes_with_mandate_and_group(client, city):
    person = city.representative(login=False).representative
    sign_in(client, city.office)
    asked = client.get(reverse("representatives:delete", args=[person.pk])).content.decode()
    assert ("确定要删除“丁示例”吗？" in asked, "确认删除" in asked) == (True, True)
    assert "已删除“丁示例”。" in removed(client, "representatives", person)
    assert (Representative.objects.count(), Mandate.objects.count()) == (0, 0)
    assert last_line() == ("stations.remove", "丁示例", "office", {})


def test_a_person_with_records_stays_and_is_told_how_to_leave(city):
    mandate = city.representative()
    city.enrol(city.activity(), mandate)
    operations.add_to_roster(
        station=station_of(city), mandates=[mandate], starts_on=date(2026, 1, 1), actor=city.office
    )
    with pytest.raises(PersonRefused) as refused:
        operations.remove_representative(person=mandate.representative, actor=city.office)
    assert str(refused.value) == (
        "“丁示例”不能删除，还有 1 项参会名单、1 项登录账号、1 项驻站代表。"
        "有记录的代表要留着；不再任职的，请在代表的表单里填写离任日。"
    )


def test_a_person_of_a_year_that_was_handed_up_stays(city):
    person = city.representative(login=False).representative
    lock_period(areas=[city.county], first=date(2026, 1, 1), last=date(2026, 12, 31), actor=city.office)
    with pytest.raises(PersonRefused, match="石桥镇的 2026 年度已经上报"):
        operations.remove_representative(person=person, actor=city.office)
    assert Mandate.objects.count() == 1


def test_a_person_with_a_mandate_elsewhere_is_not_removed_by_one_area(client, city, editor):
    mandate = city.representative(login=False)
    operations.end_mandate(mandate=mandate, day=date(2026, 5, 31), actor=city.office)
    operations.add_mandate(
        representative=mandate.representative,
        term=city.term,
        area=city.other_township,
        starts_on=date(2026, 6, 1),
        actor=city.office,
    )
    address = reverse("representatives:delete", args=[mandate.representative_id])
    assert (client.post(address).status_code, Representative.objects.count()) == (404, 1)


def test_a_second_mandate_by_mistake_is_removed_and_the_only_one_is_not(client, city):
    first = city.representative(login=False)
    operations.end_mandate(mandate=first, day=date(2026, 5, 31), actor=city.office)
    second = operations.add_mandate(
        representative=first.representative,
        term=city.term,
        area=city.other_township,
        starts_on=date(2026, 6, 1),
        actor=city.office,
    )
    sign_in(client, city.office)
    removed(client, "mandates", second)
    assert (list(Mandate.objects.all()), last_line()[3]) == ([first], {"starts_on": "2026-06-01"})
    assert "这是丁示例唯一的任期" in removed(client, "mandates", first)


def test_an_entry_of_a_roster_by_mistake_is_removed_and_logged(client, city):
    operations.add_to_roster(
        station=station_of(city),
        mandates=[city.representative(login=False)],
        starts_on=START.date() - timedelta(days=9),
        actor=city.office,
    )
    sign_in(client, city.office)
    removed(client, "rosters", RosterEntry.objects.get())
    assert (RosterEntry.objects.count(), last_line()[3]) == (
        0,
        {"roster_removed": "丁示例", "starts_on": "2026-06-09"},
    )
