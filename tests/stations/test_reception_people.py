"""Whom the forms of a reception day offer and take: who is in office on its day, not who is today."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stations import operations
from stations.models import ReceptionDay
from tests.conftest import SHANGHAI, START
from tests.opened import opened

ADD = reverse("receptions:add")
TODAY, DAY = START.date(), timedelta(days=1)

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def now():
    with time_machine.travel(START, tick=False):
        yield


@pytest.fixture
def station(city, editor):
    return operations.add_station(kind="liaison", name="石桥站", area=city.township, actor=city.office)


def one(city, name, starts_on=None, last=None, **more):
    """Register somebody in office from `starts_on`, else from the first day of the term, to `last`."""
    facts = {"starts_on": starts_on} if starts_on else {}
    mandate = city.representative(name, login=False, **facts, **more)
    return operations.end_mandate(mandate=mandate, day=last, actor=None) if last else mandate


def again(city, mandate, starts_on):
    return operations.add_mandate(
        representative=mandate.representative, term=city.term, area=city.township, starts_on=starts_on, actor=None
    )  # fmt: skip


def plan(city, station, day, *mandates):
    at = datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)
    return operations.plan_reception(
        station=station, starts_at=at, ends_at=at + timedelta(hours=2), mandates=mandates, actor=city.office
    )


def typed(day, *mandates, **more):
    hours = {"starts_at": f"{day} 09:00", "ends_at": f"{day} 11:00", "topic": "养老"}
    return hours | {"mandates": [mandate.pk for mandate in mandates]} | more


def edit(reception):
    return reverse("receptions:edit", args=[reception.pk])


def offered(answer):
    return [label for _, label in answer.context["form"].fields["mandates"].choices]


def test_a_new_reception_offers_who_is_in_office_today_or_will_be(client, city, station):
    one(city, "丁示例")
    one(city, "王示例", last=TODAY - DAY)
    one(city, "田示例", starts_on=date(2026, 9, 1))
    one(city, "孙示例", area=city.other_township, group=None)
    again(city, one(city, "林示例", last=TODAY + DAY), starts_on=TODAY + 2 * DAY)
    assert offered(client.get(ADD)) == [
        "丁示例（石桥镇）", "田示例（石桥镇）2026-09-01 起", "林示例（石桥镇）", "林示例（石桥镇）2026-06-20 起",
    ]  # fmt: skip


def test_who_is_not_in_office_on_that_day_is_named_and_nothing_is_lost(client, city, station):
    stays, leaves = one(city, "丁示例"), one(city, "王示例", last=date(2026, 6, 30))
    sent = typed(date(2026, 7, 1), stays, leaves, station=station.pk)
    answer = client.post(ADD, sent)
    form = answer.context["form"]
    assert (form.errors, form["mandates"].value(), form["topic"].value()) == (
        {"mandates": ["王示例在 2026-07-01 不在任，请核对日期，或者不选。"]},
        [str(stays.pk), str(leaves.pk)],
        "养老",
    )
    assert ReceptionDay.objects.count() == 0
    assert client.post(ADD, sent | typed(date(2026, 6, 30), stays, leaves)).status_code == 302


def test_who_was_elected_again_meanwhile_receives_by_the_mandate_of_the_day(client, city, station):
    first = one(city, "丁示例", last=date(2026, 6, 30))
    second = again(city, first, date(2026, 7, 1))
    client.post(ADD, typed(date(2026, 7, 1), first, second, station=station.pk))
    reception = ReceptionDay.objects.get()
    assert list(reception.representatives.all()) == [second]
    moved = typed(date(2026, 6, 30), second) | opened(client, edit(reception))
    assert client.post(edit(reception), moved).status_code == 302
    assert list(reception.representatives.all()) == [first]


def test_a_reception_of_long_ago_offers_who_was_in_office_then(client, city, station):
    stays, left = one(city, "丁示例"), one(city, "王示例", last=TODAY - DAY)
    one(city, "田示例", starts_on=TODAY)
    reception = plan(city, station, date(2026, 6, 1), stays)
    assert offered(client.get(edit(reception))) == ["丁示例（石桥镇）", "王示例（石桥镇）到 2026-06-17 为止"]
    sent = typed(date(2026, 6, 1), left) | opened(client, edit(reception))
    assert client.post(edit(reception), sent).status_code == 302
    assert list(reception.representatives.all()) == [left]


def test_a_reception_that_is_moved_offers_who_is_in_office_on_the_new_day(client, city, station):
    leaves = one(city, "王示例", last=date(2026, 6, 30))
    comes = one(city, "田示例", starts_on=date(2026, 7, 1))
    reception = plan(city, station, date(2026, 6, 20), leaves)
    sent = typed(date(2026, 7, 1), leaves) | opened(client, edit(reception))
    refused = client.post(edit(reception), sent)
    assert offered(client.get(edit(reception))) == ["王示例（石桥镇）"]
    assert (offered(refused), list(refused.context["form"].errors)) == (
        ["王示例（石桥镇）", "田示例（石桥镇）2026-07-01 起"], ["mandates"],
    )  # fmt: skip
    assert client.post(edit(reception), sent | {"mandates": [comes.pk]}).status_code == 302


@pytest.mark.parametrize("number", [1, 3])
def test_the_form_asks_as_much_for_three_people_as_for_one(client, just_started, city, station, number):
    people = [one(city, name) for name in ("丁示例", "王示例", "田示例")[:number]]
    reception = plan(city, station, date(2026, 7, 1), *people)
    client.get(edit(reception))
    with CaptureQueriesContext(connection) as looked:
        client.get(edit(reception))
    assert len(looked) == 16
