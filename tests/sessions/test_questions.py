"""Questions to a session: asked, judged, answered, in order; double clicks and too many of them."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from sessions.models import Question
from sessions.operations import (
    TooMany,
    VoiceRefused,
    answer_question,
    ask_question,
    bring_forward,
    cancel_activity,
    close_roll,
    judge_questions,
)
from tests.conftest import START
from tests.sessions.faces import face
from tests.sessions.voiced import question

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def client_of(mandate):
    client = Client()
    client.force_login(mandate.representative.user)
    return client


def ask(activity, mandate, text="怎么接话？", **more):
    return ask_question(
        activity=activity, representative=mandate.representative, text=text, **{"moment": START} | more
    )


def form_of(client, activity):
    """Return the fields a browser would send: the nonce that stands in the page."""
    html = client.get(reverse("ask", args=[activity.pk])).content.decode()
    return {"nonce": re.search(r'name="nonce" value="([^"]+)"', html).group(1)}


def test_a_question_waits_until_it_is_released(city):
    activity = city.activity()
    made = ask(activity, city.representative())
    assert (made.state, list(Question.objects.released())) == ("waiting", [])
    assert judge_questions(questions=[made], verdict="released", actor=city.recorder) == 1
    assert judge_questions(questions=[made], verdict="released", actor=city.recorder) == 0
    assert list(Question.objects.released()) == [made]
    actions = ModelLogEntry.objects.filter(action__startswith="sharing.", label=str(made)).order_by("pk")
    assert [entry.action for entry in actions] == ["sharing.ask_question", "sharing.judge_question"]


def test_declining_needs_a_reason_and_takes_back_what_was_released(city):
    made = question(city, city.activity())
    with pytest.raises(VoiceRefused, match="请写明不公开的原因"):
        judge_questions(questions=[made], verdict="declined", reason=" ", actor=city.recorder)
    judge_questions(questions=[made], verdict="declined", reason="与本场无关", actor=city.recorder)
    made.refresh_from_db()
    assert (made.state, made.reason) == ("declined", "与本场无关")


def test_questions_are_taken_before_and_during_the_session_and_not_after(city):
    activity, person = city.activity(), city.representative()
    for moment in (START - timedelta(days=9), START + timedelta(hours=2) - MINUTE):
        ask(activity, person, moment=moment)
    with pytest.raises(VoiceRefused, match="提问已经结束"):
        ask(activity, person, moment=START + timedelta(hours=2))
    assert Question.objects.count() == 2


@pytest.mark.parametrize("state", ["draft", "closed", "cancelled"])
def test_a_session_that_is_not_open_takes_no_question(city, state):
    activity = city.activity(state="draft" if state == "draft" else "open")
    if state == "closed":
        close_roll(activity=activity, actor=city.recorder, moment=START)
    if state == "cancelled":
        cancel_activity(activity=activity, reason="改期", actor=city.office)
    with pytest.raises(VoiceRefused):
        ask(activity, city.representative())
    assert Question.objects.count() == 0


def test_the_same_form_sent_twice_is_one_question(city):
    activity, person, other = city.activity(), city.representative(), city.representative("王样本")
    first, again = (ask(activity, person, nonce="n" * 32) for _ in range(2))
    assert (first, Question.objects.count()) == (again, 1)
    with pytest.raises(VoiceRefused, match="再点一次提交"):
        ask(activity, person, nonce="n" * 32, text="另一句")
    assert ask(activity, other, nonce="n" * 32) != first


def test_the_same_words_sent_again_after_going_back_are_one_question(city):
    activity, person, other = city.activity(), city.representative(), city.representative("王样本")
    first = ask(activity, person, nonce="n" * 32)
    again = ask(activity, person, nonce="m" * 32, moment=START + 9 * MINUTE)
    rest = [
        ask(activity, other, nonce="m" * 32),
        ask(activity, person, nonce="o" * 32, text="另一句"),
        ask(city.activity(title="另一场"), person, nonce="p" * 32),
        ask(activity, person, nonce="q" * 32, moment=START + 10 * MINUTE),
    ]
    assert (again, len({first, *rest}), Question.objects.count()) == (first, 5, 5)


def test_words_that_were_judged_can_be_asked_anew(city):
    activity, person = city.activity(), city.representative()
    first = ask(activity, person, nonce="n" * 32)
    judge_questions(questions=[first], verdict="declined", reason="与本场无关", actor=city.recorder)
    assert (ask(activity, person, nonce="m" * 32) == first, Question.objects.count()) == (False, 2)


def test_the_eleventh_question_within_an_hour_is_refused_and_a_retry_is_not(city):
    activity, person = city.activity(), city.representative()
    for number in range(10):
        ask(activity, person, nonce=f"nonce-{number:08d}", text=f"第 {number} 问")
    with pytest.raises(TooMany, match="一小时内最多提 10 个问题"):
        ask(activity, person)
    ask(activity, person, nonce="nonce-00000009", text="第 9 问")
    ask(activity, city.representative("王样本"))
    ask(activity, person, moment=START + timedelta(hours=1))
    assert Question.objects.count() == 12


def test_an_answer_shows_who_gave_it_and_never_writes_over_another(city):
    made = question(city, city.activity())
    common = {"question": made, "moment": START, "actor": city.recorder}
    answer_question(**common, answer="先听完。", answered_by="周虚构")
    with pytest.raises(VoiceRefused, match="刚刚有人回答了"):
        answer_question(**common, answer="先记下。", answered_by="丁示例")
    answer_question(**common, answer="先听完，再记。", answered_by="周虚构", seen="先听完。")
    made.refresh_from_db()
    assert (made.answer, made.answered_by, made.answered_at) == ("先听完，再记。", "周虚构", START)
    judge_questions(questions=[made], verdict="declined", reason="重复", actor=city.recorder)
    with pytest.raises(VoiceRefused, match="不能再回答"):
        answer_question(**common, answer="好。", answered_by="周虚构", seen="先听完，再记。")


def test_who_is_brought_forward_comes_first(city):
    activity = city.activity()
    one, two, three = (question(city, activity, text=f"第{n}问") for n in "一二三")
    bring_forward(question=three, actor=city.recorder)
    bring_forward(question=two, actor=city.recorder)
    bring_forward(question=two, actor=city.recorder)
    assert list(Question.objects.in_order()) == [two, three, one]


def test_a_representative_asks_through_the_page_and_reads_how_it_stands(city, clock):
    activity, person = city.activity(), city.representative()
    client = client_of(person)
    fields = form_of(client, activity)
    answers = [
        client.post(reverse("ask", args=[activity.pk]), fields | {"text": "一行\r\n又一行"}) for _ in range(2)
    ]
    assert [a.status_code for a in answers] == [302, 302]
    made = Question.objects.get()
    assert (made.text, made.asked_by) == ("一行\n又一行", person.representative)
    assert "待审核" in client.get(reverse("me_ideas")).content.decode()
    judge_questions(questions=[made], verdict="declined", reason="与本场无关", actor=city.recorder)
    assert "原因：与本场无关" in client.get(reverse("ask", args=[activity.pk])).content.decode()


def test_two_hundred_characters_are_taken_whatever_their_line_breaks_and_one_more_is_given_back(city, clock):
    activity = city.activity()
    client = client_of(city.representative())
    long = "问" * 98 + "\r\n" + "题" * 101
    answer = client.post(reverse("ask", args=[activity.pk]), form_of(client, activity) | {"text": long})
    assert (answer.status_code, Question.objects.count()) == (302, 1)
    answer = client.post(
        reverse("ask", args=[activity.pk]), form_of(client, activity) | {"text": long + "长"}
    )
    html = answer.content.decode()
    assert (answer.status_code, "问题最多 200 字" in html, "题" * 101 + "长" in html) == (400, True, True)


def test_too_many_questions_are_answered_429_and_nothing_typed_is_lost(city, clock):
    activity, person = city.activity(), city.representative()
    for number in range(10):
        ask(activity, person, text=f"第 {number} 问")
    client = client_of(person)
    answer = client.post(reverse("ask", args=[activity.pk]), form_of(client, activity) | {"text": "第十一问"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert "第十一问" in answer.content.decode()


def test_after_the_end_the_page_offers_an_idea_instead(city, clock):
    activity = city.activity()
    client = client_of(city.representative())
    fields = form_of(client, activity)
    clock.move_to(START + timedelta(hours=3))
    assert "提问已经结束" in client.get(reverse("ask", args=[activity.pk])).content.decode()
    answer = client.post(reverse("ask", args=[activity.pk]), fields | {"text": "迟了的问题"})
    assert (answer.status_code, "迟了的问题" in answer.content.decode()) == (409, True)


def test_nobody_asks_where_they_were_not_called(city, clock):
    inspection, draft = city.activity(kind="inspection"), city.activity(state="draft")
    client = client_of(city.representative())
    assert [client.get(reverse("ask", args=[a.pk])).status_code for a in (inspection, draft)] == [404, 404]
    staff = Client()
    staff.force_login(city.recorder)
    assert staff.get(reverse("ask", args=[city.activity().pk])).status_code == 404


def test_release_and_answer_drop_the_stored_page_and_waiting_ones_never_show(
    city, site, client, clock, commits
):
    page = face(city, site)

    def shown(*words):
        clock.shift(1)  # the generation is a moment: two at one are the same
        html = client.get(page.url).content.decode()
        return [word in html for word in words]

    made = question(city, page.activity, city.representative(), text="怎么接话？", released=False)
    assert shown("怎么接话？") == [False]
    assert client.get(page.url)["X-Cache"] == "hit"
    with commits():
        judge_questions(questions=[made], verdict="released", actor=city.recorder)
    assert shown("怎么接话？", "丁示例代表", "待回答 1 问") == [True, True, True]
    with commits():
        answer_question(
            question=made, answer="先听完。", answered_by="周虚构", moment=START, actor=city.recorder
        )
    assert shown("先听完。", "已回答 1 问", "周虚构 · 6 月 18 日") == [True, True, True]
    with commits():
        judge_questions(questions=[made], verdict="declined", reason="有误", actor=city.recorder)
    assert shown("怎么接话？", "先听完。", "有误") == [False, False, False]


def test_the_check_in_leads_to_asking(city, clock):
    from sessions.checkin.codes import code_at

    activity, person = city.activity(), city.representative()
    city.enrol(activity, person)
    code = code_at(activity.check_in_key, START).token
    answer = client_of(person).post(reverse("check_in_scan", args=[activity.door, code]))
    assert f'href="/me/activities/{activity.pk}/ask/"' in answer.content.decode()
