"""Seats: another mandate of a known person, suspensions, and whom an activity may expect."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from sessions.lists.sources import mandates_of
from sessions.models import ListSource
from stations import operations
from stations.models import Mandate, Suspension
from stations.operations import PersonRefused
from stations.permissions import Role
from tests.stations.staffed import errors, sign_in, staff, titles

DAY = date(2026, 6, 18)
QUERIES = {"mandates": 8, "suspensions": 8}


def suspend(city, mandate, first=DAY, last=None, reason="示例决定 1 号"):
    return operations.suspend_mandate(
        mandate=mandate, starts_on=first, ends_on=last, reason=reason, actor=city.office
    )


def second(city, mandate, starts_on, **more):
    return operations.add_mandate(
        representative=mandate.representative,
        term=city.term,
        area=city.other_township,
        starts_on=starts_on,
        actor=city.office,
        **more,
    )


def test_a_person_gets_another_mandate_with_tags(city):
    first = city.representative()
    operations.end_mandate(mandate=first, day=DAY, actor=city.office)
    made = second(city, first, DAY + timedelta(days=1), tags=["standing_member"])
    assert (made.representative, made.area) == (first.representative, city.other_township)
    assert list(made.tags.values_list("code", flat=True)) == ["standing_member"]


def test_two_mandates_of_one_person_never_overlap(city):
    first = city.representative()
    with pytest.raises(PersonRefused, match="从 2022-01-01 起的任期还没有离任日"):
        second(city, first, DAY)
    operations.end_mandate(mandate=first, day=DAY, actor=city.office)
    with pytest.raises(PersonRefused, match="到 2026-06-18 为止"):
        second(city, first, DAY)
    assert Mandate.objects.count() == 1


def test_a_mandate_outside_its_term_is_refused(city):
    with pytest.raises(PersonRefused, match="不在第九届之内"):
        second(city, city.representative(), date(2021, 12, 31))


@pytest.mark.parametrize(
    ("first", "last", "reason", "words"),
    [
        (DAY, None, "  ", "请写明暂停的依据"),
        (DAY, DAY - timedelta(days=1), "示例", "不能早于开始的一天"),
        (date(2021, 12, 31), None, "示例", "不在代表的任期之内"),
        (date(2026, 9, 1), None, "示例", "不在代表的任期之内"),
        (DAY, date(2026, 9, 1), "示例", "不在代表的任期之内"),
    ],
)
def test_a_suspension_that_cannot_be_is_refused(city, first, last, reason, words):
    mandate = city.representative()
    operations.end_mandate(mandate=mandate, day=date(2026, 8, 31), actor=city.office)
    with pytest.raises(PersonRefused, match=words):
        suspend(city, mandate, first, last, reason)
    assert Suspension.objects.count() == 0


def test_suspensions_never_overlap(city):
    mandate = city.representative()
    suspend(city, mandate, DAY, DAY + timedelta(days=10))
    for first, last in ((DAY + timedelta(days=10), None), (date(2026, 6, 1), DAY), (date(2026, 6, 1), None)):
        with pytest.raises(PersonRefused, match="和 2026-06-18 起的暂停日期重叠"):
            suspend(city, mandate, first, last)
    suspend(city, mandate, DAY + timedelta(days=11))
    assert Suspension.objects.count() == 2


def test_the_database_keeps_one_open_suspension_a_mandate(city):
    mandate = city.representative()
    suspend(city, mandate)
    with pytest.raises(IntegrityError), transaction.atomic():
        Suspension.objects.create(mandate=mandate, starts_on=DAY + timedelta(days=1), reason="示例")


def test_a_suspension_is_ended_and_one_by_mistake_removed(city):
    suspension = suspend(city, city.representative())
    changed = operations.change_suspension(
        suspension=suspension,
        starts_on=DAY,
        ends_on=DAY + timedelta(days=3),
        reason="示例",
        actor=city.office,
    )
    assert Suspension.objects.get().ends_on == DAY + timedelta(days=3) == changed.ends_on
    operations.remove_suspension(suspension=changed, actor=city.office)
    assert Suspension.objects.count() == 0


def test_who_is_suspended_is_not_expected_on_those_days(city):
    mandate, other = city.representative(), city.representative("王示例")
    suspend(city, mandate, DAY, DAY + timedelta(days=2))
    source = ListSource(area=city.township, basis="obliged", role="attendee")
    listed = {day: mandates_of(source, DAY + timedelta(days=day)) for day in (-1, 0, 2, 3)}
    assert listed == {-1: [mandate, other], 0: [other], 2: [other], 3: [mandate, other]}


def test_the_office_suspends_in_the_admin_and_sees_why_not(client, city):
    person = city.representative().representative
    sign_in(client, city.office)
    answers = {"representative": person.pk, "starts_on": "2021-06-18", "reason": "示例决定 1 号"}
    refused = client.post(reverse("suspensions:add"), answers)
    assert errors(refused) == ["丁示例在这一天不在任，请核对日期。"]
    assert 'value="示例决定 1 号"' in refused.content.decode()
    answers["starts_on"] = "2026年6月18日"
    assert client.post(reverse("suspensions:add"), answers).status_code == 302
    made = Suspension.objects.get()
    assert (made.mandate.representative, made.starts_on, made.reason) == (person, DAY, "示例决定 1 号")


def test_the_office_adds_a_mandate_in_the_admin_and_sees_why_not(client, city):
    mandate = city.representative()
    sign_in(client, city.office)
    answers = {
        "representative": mandate.representative_id,
        "term": city.term.pk,
        "area": city.other_township.pk,
        "starts_on": "2026-07-01",
        "tags": "standing_member",
    }
    refused = client.post(reverse("mandates:add"), answers)
    assert errors(refused) == ["丁示例从 2022-01-01 起的任期还没有离任日，请先在代表的表单里填写离任日。"]
    operations.end_mandate(mandate=mandate, day=date(2026, 6, 30), actor=city.office)
    assert client.post(reverse("mandates:add"), answers).status_code == 302
    assert Mandate.objects.filter(representative=mandate.representative_id).count() == 2


def test_the_office_of_elsewhere_sees_and_suspends_nobody_here(client, city, editors):
    mandate = city.representative()
    suspension = suspend(city, mandate, DAY, DAY)
    sign_in(client, staff(editors, city.other_township, Role.OFFICE))
    assert titles(client.get(reverse("suspensions:index"))) == []
    assert titles(client.get(reverse("mandates:index"))) == []
    assert client.get(reverse("suspensions:edit", args=[suspension.pk])).status_code == 404
    answers = {"representative": mandate.representative_id, "starts_on": "2026-07-01", "reason": "示例"}
    assert client.post(reverse("suspensions:add"), answers).status_code == 200
    assert Suspension.objects.count() == 1


@pytest.mark.parametrize("name", ["mandates", "suspensions"])
@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_the_same_number_of_queries(
    client, city, editors, name, rows, django_assert_num_queries
):
    sign_in(client, staff(editors, city.township, Role.OFFICE))
    for n in range(rows):
        suspend(city, city.representative(f"丁示{n}", login=False))
    with django_assert_num_queries(QUERIES[name]):
        assert client.get(reverse(f"{name}:index_results")).status_code == 200
