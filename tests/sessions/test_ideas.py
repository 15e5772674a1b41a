"""Bright ideas: handed in, judged, numbered, handled, with a history that only grows."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from sessions.models import Idea, IdeaEvent
from sessions.operations import (
    TooMany,
    VoiceRefused,
    decline_ideas,
    handle_idea,
    release_ideas,
    submit_idea,
)
from tests.conftest import START
from tests.sessions.voiced import TEXT, idea

DAY = timedelta(days=1)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def client_of(mandate):
    client = Client()
    client.force_login(mandate.representative.user)
    return client


def fields(client, **more):
    html = client.get(reverse("new_idea")).content.decode()
    nonce = re.search(r'name="nonce" value="([^"]+)"', html).group(1)
    return {"nonce": nonce, "title": "延时接待", "text": TEXT} | more


def steps(made):
    return [(event.kind, event.old, event.new) for event in made.events.order_by("pk")]


def test_an_idea_belongs_to_the_area_of_its_session_or_of_its_author(city):
    person = city.representative()
    at_county = city.activity(area=city.county, theme="联系群众")
    with_session = idea(city, person, activity=at_county, released=False)
    without = idea(city, person, released=False)
    assert (with_session.area, with_session.theme) == (city.county, "联系群众")
    assert (without.area, without.activity, without.state) == (city.township, None, "submitted")


def test_who_has_no_mandate_hands_in_nothing(city):
    person = city.representative(starts_on=date(2026, 6, 19))
    with pytest.raises(VoiceRefused, match="没有在任的代表身份"):
        idea(city, person)
    assert Idea.objects.count() == 0


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_a_session_that_is_not_held_takes_no_idea(city, state):
    activity = city.activity(state="draft")
    activity.state = state
    activity.save()
    with pytest.raises(VoiceRefused, match="不能收金点子"):
        idea(city, city.representative(), activity=activity)


def test_the_same_form_sent_twice_is_one_idea(city):
    person = city.representative()
    first, again = (idea(city, person, nonce="n" * 32, released=False) for _ in range(2))
    assert (first, Idea.objects.count(), IdeaEvent.objects.count()) == (again, 1, 1)
    with pytest.raises(VoiceRefused, match="再点一次提交"):
        idea(city, person, nonce="n" * 32, title="另一条")


def test_the_same_idea_sent_again_after_going_back_is_one_idea(city):
    person, other = city.representative(), city.representative("王样本")
    first = idea(city, person, nonce="n" * 32, released=False)
    again = idea(city, person, nonce="m" * 32, released=False, moment=START + timedelta(minutes=9))
    rest = [
        idea(city, other, nonce="m" * 32, released=False),
        idea(city, person, nonce="o" * 32, text="另一句", released=False),
        idea(city, person, nonce="p" * 32, activity=city.activity(), released=False),
        idea(city, person, other, nonce="q" * 32, released=False),
        idea(city, person, nonce="r" * 32, released=False, moment=START + timedelta(minutes=10)),
    ]
    assert (again, len({first, *rest}), Idea.objects.count()) == (first, 6, 6)


def test_an_idea_that_was_judged_can_be_handed_in_anew(city):
    person = city.representative()
    first = idea(city, person, nonce="n" * 32)
    assert idea(city, person, nonce="m" * 32, released=False) != first
    assert Idea.objects.count() == 2


def test_the_eleventh_idea_within_an_hour_is_refused(city):
    person = city.representative()
    for number in range(10):
        idea(city, person, title=f"点子{number}", released=False)
    with pytest.raises(TooMany, match="一小时内最多提交 10 条金点子"):
        idea(city, person)
    idea(city, person, moment=START + timedelta(hours=1), released=False)
    assert Idea.objects.count() == 11


def test_released_ideas_are_numbered_year_by_year_and_keep_their_number(city):
    last_year, one, two = (
        idea(city, city.representative(), title=f"点子{n}", moment=moment, released=False)
        for n, moment in enumerate((START - 365 * DAY, START, START + DAY))
    )
    assert release_ideas(ideas=[two, one, last_year], moment=START + 2 * DAY, actor=city.office) == 3
    assert release_ideas(ideas=[two], moment=START + 2 * DAY, actor=city.office) == 0
    decline_ideas(ideas=[one], reason="重复", moment=START + 2 * DAY, actor=city.office)
    release_ideas(ideas=[one], moment=START + 3 * DAY, actor=city.office)
    numbers = Idea.objects.order_by("pk").values_list("year", "number", "state")
    assert list(numbers) == [(2025, 1, "released"), (2026, 1, "released"), (2026, 2, "released")]
    assert steps(one) == [
        ("submitted", "", ""), ("released", "submitted", "released"), ("declined", "released", "declined"),
        ("released", "declined", "released"),
    ]  # fmt: skip


def test_declining_needs_a_reason(city):
    made = idea(city, city.representative(), released=False)
    with pytest.raises(VoiceRefused, match="请写明不公开的原因"):
        decline_ideas(ideas=[made], reason="", moment=START, actor=city.office)
    assert decline_ideas(ideas=[made], reason="不属于本地", moment=START, actor=city.office) == 1


def handle(city, made, handling, **more):
    facts = {"happened_on": START.date(), "moment": START, "actor": city.office} | more
    return handle_idea(idea=made, handling=handling, **facts)


def test_an_idea_is_handed_over_and_answered_and_every_step_is_kept(city):
    made = idea(city, city.representative())
    handle(city, made, "handed_over", organ="示例局")
    handle(city, made, "adopted", reply="下月起办。", moment=START + 9 * DAY, happened_on=date(2026, 6, 25))
    handle(city, made, "adopted", reply="下月起办。", moment=START + 10 * DAY)  # sent twice: nothing new
    made.refresh_from_db()
    assert (made.handling, made.handed_to, made.handed_on) == ("adopted", "示例局", START.date())
    assert (made.reply, made.replied_on) == ("下月起办。", date(2026, 6, 25))
    assert steps(made)[2:] == [("handled", "received", "handed_over"), ("handled", "handed_over", "adopted")]


@pytest.mark.parametrize(
    ("handling", "more", "why"),
    [
        ("handed_over", {}, "交给哪个单位"),
        ("adopted", {}, "请写下答复"),
        ("not_adopted", {"reply": " "}, "请写下答复"),
        ("nonsense", {}, "请选择一种办理情况"),
        ("studying", {"happened_on": date(2026, 6, 19)}, "不晚于今天"),
        ("studying", {"happened_on": date(2026, 6, 17)}, "提交之后"),
    ],
)
def test_a_step_that_tells_too_little_is_refused(city, handling, more, why):
    made = idea(city, city.representative())
    with pytest.raises(VoiceRefused, match=why):
        handle(city, made, handling, **more)
    assert steps(made)[2:] == []


def test_only_a_public_idea_is_handled(city):
    made = idea(city, city.representative(), released=False)
    with pytest.raises(VoiceRefused, match="先公开这条金点子"):
        handle(city, made, "studying")


@pytest.mark.parametrize(
    "statement", ["UPDATE sharing_ideaevent SET text = 'x'", "DELETE FROM sharing_ideaevent"]
)
def test_the_database_refuses_to_change_the_history_of_an_idea(city, statement):
    idea(city, city.representative())
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_representative_hands_in_an_idea_with_others(city, clock):
    person, other = city.representative(), city.representative("王样本")
    activity, client = city.activity(), client_of(person)
    sent = fields(client, activity=activity.pk, joint="王样本代表、丁示例", text="甲\r\n乙")
    answers = [client.post(reverse("new_idea"), sent) for _ in range(2)]
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, "/me/ideas/")] * 2
    made = Idea.objects.get()
    assert (made.text, made.people, made.activity) == ("甲\n乙", ["丁示例", "王样本"], activity)
    for each in (client, client_of(other)):
        assert "延时接待" in each.get(reverse("me_ideas")).content.decode()


@pytest.mark.parametrize(
    ("joint", "why"),
    [
        ("无此人", "代表名录里没有“无此人”"),
        ("田示范", "有同名代表“田示范”"),
        ("一、二、三、四、五、六", "最多写 5 位代表"),
    ],
)
def test_joint_authors_are_found_by_name_and_two_of_one_name_are_not_guessed(city, clock, joint, why):
    client = client_of(city.representative())
    city.representative("田示范")
    city.representative("田示范")
    answer = client.post(reverse("new_idea"), fields(client, joint=joint))
    html = answer.content.decode()
    assert (answer.status_code, why in html, TEXT in html, Idea.objects.count()) == (400, True, True, 0)


def test_an_inspection_one_was_not_called_to_cannot_be_chosen(city, clock):
    client = client_of(city.representative())
    answer = client.post(reverse("new_idea"), fields(client, activity=city.activity(kind="inspection").pk))
    assert (answer.status_code, "请在列表里选一场活动" in answer.content.decode()) == (400, True)


def test_another_text_under_the_same_nonce_is_given_back_with_a_new_one(city, clock):
    client = client_of(city.representative())
    sent = fields(client)
    client.post(reverse("new_idea"), sent)
    answer = client.post(reverse("new_idea"), sent | {"title": "另一条"})
    html = answer.content.decode()
    nonce = re.search(r'name="nonce" value="([^"]+)"', html).group(1)
    assert (answer.status_code, "再点一次提交" in html, nonce == sent["nonce"]) == (409, True, False)
    assert client.post(reverse("new_idea"), sent | {"title": "另一条", "nonce": nonce}).status_code == 302
    assert Idea.objects.count() == 2


def test_staff_without_a_mandate_have_no_ideas_of_their_own(city, clock):
    client = Client()
    client.force_login(city.office)
    assert [client.get(reverse(name)).status_code for name in ("me_ideas", "new_idea")] == [404, 404]


def test_what_one_handed_in_says_why_it_is_not_public(city, clock):
    person = city.representative()
    made = idea(city, person, released=False)
    submit_idea(representative=person.representative, title="第二条", text="等着。", moment=START)
    decline_ideas(ideas=[made], reason="不属于本地", moment=START, actor=city.office)
    html = client_of(person).get(reverse("me_ideas")).content.decode()
    assert [word in html for word in ("原因：不属于本地", "第二条", "待审核")] == [True] * 3


@pytest.mark.parametrize("count", [1, 3])
def test_ones_own_list_takes_the_same_queries_at_any_length(city, clock, count, django_assert_num_queries):
    person, activity = city.representative(), city.activity()
    client = client_of(person)
    for number in range(count):
        idea(city, person, city.representative(f"样本{number}"), title=f"点子{number}", activity=activity)
    client.get(reverse("me_ideas"))
    with django_assert_num_queries(9):
        client.get(reverse("me_ideas"))
