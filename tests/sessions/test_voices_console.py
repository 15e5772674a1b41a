"""The staff's queue, the questions in the hall, the page of one idea: who may, what is shown, constant queries."""

import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from sessions.models import Idea, Question, SessionSpeaker
from sessions.operations import judge_questions, merge_ideas, release_ideas
from stations.models import AreaGrant
from stations.operations import grant, open_account
from tests.conftest import START
from tests.opened import shown
from tests.sessions.faces import face
from tests.sessions.voiced import idea, question

FRAME = 2  # queries of every signed-in page: session and account


@pytest.fixture(autouse=True)
def clock(db):
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def editor(city):
    """An editor of 石桥镇, signed in."""
    user = open_account(username="editor", display_name="编辑", actor=None)
    grant(user=user, area=city.township, role=AreaGrant.Role.EDITOR, actor=None)
    return signed_in(user)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def to(name, *words):
    return reverse(name, args=words)


def test_who_judges_nothing_finds_no_queue(city):
    people = [city.representative().representative.user, city.reviewer, city.auditor]
    assert [signed_in(user).get(to("voices")).status_code for user in people] == [404, 404, 404]


def test_a_recorder_judges_questions_and_no_ideas(city):
    made = idea(city, city.representative(), released=False)
    client = signed_in(city.recorder)
    page = client.get(to("voices"), {"show": "ideas"})
    assert (page.context["show"], page.context["with_ideas"]) == ("questions", False)
    sent = {"chosen": made.pk, "verdict": "released"}
    answers = [client.post(to("judge_ideas"), sent), client.get(to("voice_idea", made.pk))]
    assert [a.status_code for a in answers] == [404, 404]


def test_the_queue_counts_every_step_and_lists_the_one_asked_for(city, editor):
    people = [city.representative(f"示例{n}") for n in "甲乙丙丁戊"]
    idea(city, people[0], title="等着的", released=False)
    idea(city, people[1], title="办理的", handling="studying")
    idea(city, people[2], title="办好的", handling="adopted")
    head, member = idea(city, people[3], title="留下的"), idea(city, people[4], title="并入的")
    merge_ideas(idea=member, into=head, moment=START, actor=city.office)
    page = editor.get(to("voices"))
    assert {shelf.key: shelf.number for shelf in page.context["shelves"]} == {
        "new": 1, "open": 2, "settled": 1, "declined": 0, "merged": 1,
    }  # fmt: skip
    titles = {
        key: [row.title for row in editor.get(to("voices"), {"state": key}).context["items"]]
        for key in ("new", "open", "settled", "declined", "merged", "nonsense")
    }
    assert titles == {
        "new": ["等着的"], "open": ["办理的", "留下的"], "settled": ["办好的"], "declined": [], "merged": ["并入的"],
        "nonsense": ["等着的"],
    }  # fmt: skip
    assert [r.title for r in editor.get(to("voices"), {"q": "示例戊", "state": "open"}).context["items"]] == [
        "留下的"
    ]


def test_another_areas_rows_are_in_no_queue_and_behind_no_address(city, editor):
    stranger = city.representative("陈示意", area=city.other_township)
    there = city.activity(area=city.other_township, title="邻镇分享会")
    foreign, asked = idea(city, stranger, released=False), question(city, there, stranger, released=False)
    own = idea(city, city.representative(), released=False)
    listed = {s: list(editor.get(to("voices"), {"show": s}).context["items"]) for s in ("ideas", "questions")}
    assert listed == {"ideas": [own], "questions": []}
    shown = [to("voice_idea", foreign.pk), to("hall", there.pk), to("hall_state", there.pk)]
    sent = [
        (to("judge_ideas"), {"chosen": [own.pk, foreign.pk], "verdict": "released"}),
        (to("judge_questions"), {"chosen": asked.pk, "verdict": "released"}),
        (to("handle_idea", foreign.pk), {}),
        (to("merge_idea", own.pk), {"into": foreign.pk}),
        (to("merge_idea", foreign.pk), {"into": own.pk}),
        (to("split_idea", foreign.pk), {}),
        (to("write_down_question", there.pk), {"text": "问"}),
        (to("enter_idea", there.pk), {"title": "题", "text": "文", "guest_name": "人"}),
        (to("answer_question", there.pk, asked.pk), {"answer": "答", "answered_by": "人"}),
        (to("bring_forward", there.pk, asked.pk), {}),
    ]
    answers = [editor.get(a).status_code for a in shown] + [editor.post(a, d).status_code for a, d in sent]
    assert answers == [404] * 13
    assert (Idea.objects.public().count(), Question.objects.released().count()) == (0, 0)


def test_several_are_released_at_once_and_declining_without_a_reason_gives_back_what_was_ticked(city, editor):
    made = [idea(city, city.representative(f"示例{n}"), title=n, released=False) for n in "甲乙丙"]
    keys = [each.pk for each in made]
    answer = editor.post(to("judge_ideas"), {"chosen": keys[:2], "verdict": "released"})
    assert (answer.status_code, Idea.objects.public().count()) == (302, 2)
    answer = editor.post(to("judge_ideas"), {"chosen": keys[2], "verdict": "declined", "reason": ""})
    assert (answer.status_code, "请写明不公开的原因" in text(answer)) == (409, True)
    assert re.search(rf'value="{keys[2]}" checked', answer.content.decode())
    empty = editor.post(to("judge_ideas"), {"verdict": "released"})
    assert (empty.status_code, "请先勾选要处理的条目" in text(empty)) == (400, True)
    for odd in ("x", "-1", "9" * 30):
        assert editor.post(to("judge_ideas"), {"chosen": odd, "verdict": "released"}).status_code == 400


def test_an_idea_is_handled_merged_and_split_on_its_page(city, editor):
    made = idea(city, city.representative(), released=False)
    again = idea(city, city.representative("王样本"), released=False)
    page = editor.get(to("voice_idea", made.pk))
    assert [each.idea for each in page.context["alike"]] == [again]
    editor.post(to("merge_idea", again.pk), {"into": made.pk})
    release_ideas(ideas=[made], moment=START, actor=city.office)
    sent = shown(editor, to("voice_idea", made.pk)) | {
        "handling": "handed_over",
        "happened_on": "2026-06-18",
        "organ": "",
        "reply": "记着",
    }
    answer = editor.post(to("handle_idea", made.pk), sent)
    assert (answer.status_code, "请写明交给哪个单位办理" in text(answer), "记着" in text(answer)) == (
        409,
        True,
        True,
    )
    assert editor.post(to("handle_idea", made.pk), sent | {"organ": "示例局"}).status_code == 302
    html = text(editor.get(to("voice_idea", made.pk)))
    assert [word in html for word in ("丁示例、王样本", "交示例局", "已并入的同类点子1 条")] == [True] * 3
    editor.post(to("split_idea", again.pk))
    assert Idea.objects.heads().count() == 2


@pytest.mark.parametrize("day", ["", "昨天", "0000-00-00", "2026-02-31"])
def test_a_day_that_is_none_is_given_back_in_words(city, editor, day):
    made = idea(city, city.representative())
    answer = editor.post(to("handle_idea", made.pk), {"handling": "studying", "happened_on": day})
    assert (answer.status_code, "日期" in text(answer)) == (400, True)


def test_a_speaker_reads_and_answers_but_does_not_judge(city):
    speaker, listener = city.representative("王样本"), city.representative("田示范")
    activity = city.activity()
    city.enrol(activity, speaker, basis="invited", role="speaker")
    asked = question(city, activity, listener, released=False)
    hers, theirs = signed_in(speaker.representative.user), signed_in(listener.representative.user)
    address = to("hall", activity.pk)
    assert ("怎么接话？" in text(hers.get(address)), theirs.get(address).status_code) == (True, 404)
    answer = {"answer": "先听完。", "answered_by": "王样本"}
    assert hers.post(to("answer_question", activity.pk, asked.pk), answer).status_code == 302
    judged = [
        hers.post(to("judge_questions"), {"chosen": asked.pk, "verdict": "released"}).status_code,
        hers.post(to("bring_forward", activity.pk, asked.pk)).status_code,
        hers.post(to("write_down_question", activity.pk), {"text": "问"}).status_code,
    ]
    asked.refresh_from_db()
    assert (judged, asked.answer, asked.state) == ([404] * 3, "先听完。", "waiting")


def test_the_hall_judges_orders_and_writes_down(city):
    activity, client = city.activity(), signed_in(city.recorder)
    one = question(city, activity, city.representative(), text="第一问", released=False)
    client.post(to("write_down_question", activity.pk), {"text": "现场的一问", "guest_name": ""})
    two = Question.objects.get(text="现场的一问")
    client.post(to("bring_forward", activity.pk, two.pk))
    hall = client.get(to("hall", activity.pk)).context["hall"]
    assert (hall.waiting, hall.newest) == ([two, one], two.pk)
    sent = {"chosen": [one.pk, two.pk], "verdict": "declined", "hall": activity.pk, "reason": "  "}
    answer = client.post(to("judge_questions"), sent)
    html = answer.content.decode()
    assert (answer.status_code, "请写明不公开的原因" in html, html.count(" checked")) == (409, True, 2)
    client.post(to("judge_questions"), sent | {"verdict": "released", "next": to("hall", activity.pk)})
    hall = client.get(to("hall", activity.pk)).context["hall"]
    assert (hall.waiting, hall.open) == ([], [two, one])


def test_an_answer_written_meanwhile_is_not_lost(city):
    activity, client = city.activity(), signed_in(city.recorder)
    asked = question(city, activity, answer="先听完。")
    sent = {"answer": "先记下。", "answered_by": "丁示例", "seen": ""}
    answer = client.post(to("answer_question", activity.pk, asked.pk), sent)
    asked.refresh_from_db()
    assert (answer.status_code, asked.answer, "先记下。" in text(answer)) == (409, "先听完。", True)
    assert client.post(to("answer_question", activity.pk, asked.pk), {"answer": "答"}).status_code == 400


def test_the_open_page_learns_that_another_question_came(city):
    activity, client = city.activity(), signed_in(city.recorder)
    question(city, activity)
    newest = question(city, activity, released=False)
    answer = client.get(to("hall_state", activity.pk))
    assert answer.json() == {"newest": newest.pk, "waiting": 1}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("show", ["ideas", "questions"])
@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_takes_the_same_queries_at_any_length(city, editor, show, count, django_assert_num_queries):
    for number in range(count):
        activity, person = city.activity(title=f"第{number}场"), city.representative(f"示例{number}")
        idea(city, person, activity=activity, title=f"点子{number}", released=False)
        question(city, activity, person, released=False)
    editor.get(to("voices"))
    with django_assert_num_queries(FRAME + {"ideas": 8, "questions": 6}[show]):
        assert len(editor.get(to("voices"), {"show": show}).context["items"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_hall_takes_the_same_queries_at_any_length(city, site, count, django_assert_num_queries):
    page = face(city, site)
    page.speakers = [SessionSpeaker(guest_name=f"周虚构{n}") for n in range(count)]
    page.save()
    for number in range(count):
        question(
            city, page.activity, city.representative(f"示例{number}"), text=f"第{number}问", released=False
        )
    client = signed_in(city.recorder)
    client.get(to("hall", page.activity.pk))
    with django_assert_num_queries(FRAME + 8):
        client.get(to("hall", page.activity.pk))


def test_who_speaks_is_offered_as_the_one_who_answers(city, site):
    page = face(city, site)
    page.speakers = [SessionSpeaker(guest_name="周虚构")]
    page.save()
    asked = question(city, page.activity)
    judge_questions(questions=[asked], verdict="released", actor=city.recorder)
    html = signed_in(city.recorder).get(to("hall", page.activity.pk)).content.decode()
    assert '<option value="周虚构"></option>' in html


def nonce_of(answer):
    return re.search(r'name="nonce" value="([^"]+)"', answer.content.decode()).group(1)


def test_a_question_typed_by_the_staff_and_sent_twice_is_one(city):
    activity, client = city.activity(), signed_in(city.recorder)
    sent = {
        "nonce": nonce_of(client.get(to("hall", activity.pk))),
        "text": "现场的一问",
        "guest_name": "网友",
    }
    answers = [client.post(to("write_down_question", activity.pk), sent).status_code for _ in range(2)]
    other = client.post(to("write_down_question", activity.pk), sent | {"text": "另一问"})
    assert (answers, other.status_code, Question.objects.count()) == ([302, 302], 409, 1)
    assert ("另一问" in text(other), nonce_of(other) == sent["nonce"]) == (True, False)


def test_an_idea_on_paper_is_entered_once_with_the_names_on_it(city, editor):
    activity = city.activity(theme="联系群众")
    city.representative("王样本")
    form = editor.get(to("enter_idea", activity.pk))
    sent = {
        "nonce": nonce_of(form),
        "title": "延时",
        "text": "开到七点。",
        "authors": "王样本",
        "guest_name": "街坊",
    }
    answers = [editor.post(to("enter_idea", activity.pk), sent).status_code for _ in range(2)]
    made = Idea.objects.get()
    assert (answers, made.people, made.theme, made.state) == (
        [302, 302], ["王样本", "街坊"], "联系群众", "submitted",
    )  # fmt: skip
    unsigned = editor.post(
        to("enter_idea", activity.pk), sent | {"nonce": "", "authors": "", "guest_name": " "}
    )
    assert (unsigned.status_code, "请写明是谁提出的" in text(unsigned)) == (409, True)
    draft = city.activity(state="draft")
    assert [signed_in(city.recorder).get(to("enter_idea", activity.pk)).status_code,
            editor.get(to("enter_idea", draft.pk)).status_code] == [404, 404]  # fmt: skip
