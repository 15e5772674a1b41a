"""Several people on one phone: seen by who keeps the roll and by the auditor, by nobody else (PRODUCT.md, rules 15, 16)."""

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from sessions.checkin.codes import code_at
from sessions.operations import check_in, record_status
from tests.conftest import START
from tests.sessions.devices import text

FRAME = 2  # queries of every signed-in page: session and account


def arrive(activity, mandate, device, moment=START):
    check_in(
        activity=activity,
        representative=mandate.representative,
        nonce=uuid.uuid4().hex,
        moment=moment,
        token=code_at(activity.check_in_key, START).token,
        device=device,
    )


@pytest.fixture
def shared(city):
    """An activity at which one phone signed in two people and another phone one."""
    with time_machine.travel(START, tick=False):
        people = [city.representative(f"示例{n}") for n in "甲乙丙"]
        activity = city.activity()
        city.enrol(activity, *people)
        for second, (mandate, device) in enumerate(zip(people, ("one", "one", "two"), strict=True)):
            arrive(activity, mandate, device, START + timedelta(seconds=second))
        yield activity, people


def seen_by(user):
    client = Client()
    client.force_login(user)
    return client.get(reverse("roll_phones"))


def test_rule_15_recorder_office_and_auditor_see_whose_phone_it_was(shared, city):
    pages = [text(seen_by(user)) for user in (city.recorder, city.office, city.auditor)]
    assert ["示例甲 14:30 现场扫码 待确认示例乙 14:30 现场扫码 待确认" in page for page in pages] == [
        True
    ] * 3
    assert ["示例丙" in page for page in pages] == [False] * 3


def test_rule_15_nobody_else_sees_a_device(shared, city):
    _, people = shared
    others = [seen_by(user) for user in (city.reviewer, people[0].representative.user)]
    assert [answer.status_code for answer in others] == [404, 404]
    assert "示例甲" not in text(seen_by(city.other_recorder))


def test_rule_16_who_was_not_seen_stays_listed_with_what_was_decided(shared, city):
    activity, people = shared
    record_status(
        activity=activity,
        representative=people[1].representative,
        status="absent",
        actor=city.recorder,
        moment=START,
        reason="现场未见到本人",
    )
    page = text(seen_by(city.auditor))
    assert "示例甲 14:30 现场扫码 待确认示例乙 14:30 现场扫码 缺席 记录员确认" in page


def test_the_auditor_gets_no_link_to_the_roll_that_is_closed_to_them(shared, city):
    activity, _ = shared
    address = reverse("roll", args=(activity.pk,))
    linked = [
        bool(re.search(f'href="{address}', seen_by(u).content.decode()))
        for u in (city.auditor, city.recorder)
    ]
    assert linked == [False, True]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_five_queries_of_its_own(shared, city, django_assert_num_queries, count):
    for number in range(count - 1):
        more = city.activity(title=f"第{number}场")
        city.enrol(more, *shared[1])
        for mandate in shared[1][:2]:
            arrive(more, mandate, f"phone{number}")
    client = Client()
    client.force_login(city.recorder)
    client.get(reverse("roll_phones"))
    with django_assert_num_queries(FRAME + 5):
        client.get(reverse("roll_phones"))
