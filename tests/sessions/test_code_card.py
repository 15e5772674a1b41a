"""代表码 (code card): made, renewed, scanned by staff with and without network; nothing kept leads back to it (rule 15)."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from sessions.checkin.cards import cleaned, code_of, digest_of
from sessions.models import Attendance, CodeCard
from sessions.operations import renew_card
from tests.conftest import START
from tests.sessions.devices import answers, said, send, text, to

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def kept(city, clock):
    """An open activity with three obliged people, and its recorder signed in."""
    people = [city.representative(f"示例{n}", electing_unit=f"第{n}选区") for n in "甲乙丙"]
    activity = city.activity()
    city.enrol(activity, *people)
    client = Client()
    client.force_login(city.recorder)
    return activity, people, client


def card(city, mandate, seen=0):
    person = mandate.representative
    made = renew_card(representative=person, seen=seen, actor=person.user or city.office, moment=START)
    return code_of(person.pk, made.serial)


def test_a_code_has_eighty_bits_no_two_are_alike_and_only_its_digest_is_kept(city):
    codes = {code_of(person, serial) for person in range(1, 200) for serial in (1, 2)}
    assert (len(codes), {len(code) for code in codes}) == (398, {16})
    code = card(city, city.representative())
    assert CodeCard.objects.get().digest == digest_of(code)
    assert code not in str(CodeCard.objects.values().get())


def test_what_people_mistake_is_read_as_it_was_meant():
    code = "0123456789ABCDEF"
    assert [
        cleaned(typed) for typed in ("o12 3456-789abcdef", "０I２３ ４５６７ ８９ＡＢ ＣＤＥＦ", code)
    ] == [code] * 3
    assert [cleaned(typed) for typed in ("", code[:-1], code + "0", "https://example.org", "U" * 16)] == [
        ""
    ] * 5


def test_rule_15_a_card_is_its_persons_check_in_by_staff_and_a_renewed_one_is_revoked(kept, city):
    activity, people, client = kept
    old = card(city, people[0])
    new = card(city, people[0], seen=1)
    sent = send(client, activity, city, said(card=old, scanned=True), said(card=new.lower(), scanned=True))
    assert answers(sent) == [("invalid", False), ("created", True)]
    assert sent.json()["answers"][0]["reason"] == "这张代表码已经换新，请代表打开现在的码，或按姓名登记。"
    assert list(Attendance.objects.values_list("representative__name", "method")) == [
        ("示例甲", "staff_scan")
    ]


def test_who_shows_a_card_without_being_on_the_list_is_a_visitor(kept, city):
    activity, _, client = kept
    guest = city.representative("来访者", area=city.other_township)
    sent = send(client, activity, city, said(card=card(city, guest), scanned=True))
    assert (answers(sent), sent.json()["answers"][0]["name"]) == ([("created", True)], "来访者")
    assert Attendance.objects.get().status == "visitor"


def test_a_guessed_card_leads_to_nobody(kept, city):
    activity, _, client = kept
    assert answers(send(client, activity, city, said(card="0" * 16, scanned=True))) == [("invalid", False)]


def test_the_device_gets_digests_from_which_no_code_can_be_found(kept, city):
    activity, people, client = kept
    code = card(city, people[0])
    data = client.get(to("desk_state", activity)).json()
    cards = {each["name"]: each["card"] for each in data["people"]}
    assert cards == {"示例甲": digest_of(code)[:32], "示例乙": "", "示例丙": ""}
    assert code not in json.dumps(data)


def test_a_representative_fetches_the_card_and_renews_it_by_sending_only(kept, city):
    _, people, _ = kept
    client = Client()
    client.force_login(people[0].representative.user)
    before = client.get(reverse("me_card"))
    assert ("领取代表码" in text(before), CodeCard.objects.count()) == (True, 0)
    for seen in (0, 0, 1):
        client.post(reverse("me_card_renew"), {"seen": seen})
    serials = list(CodeCard.objects.order_by("serial").values_list("serial", "revoked_at"))
    assert serials == [(1, START), (2, None)]
    code = code_of(people[0].representative_id, 2)
    assert " ".join(code[n : n + 4] for n in range(0, 16, 4)) in text(client.get(reverse("me_card")))


def test_staff_without_a_mandate_have_no_card(kept):
    _, _, client = kept
    assert [
        client.get(reverse("me_card")).status_code,
        client.post(reverse("me_card_renew")).status_code,
    ] == [404] * 2
