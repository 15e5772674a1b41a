"""Questions and ideas at once, with threads and real transactions, on SQLite and on PostgreSQL (THREATS 18, 40).

Each was seen to fail without its guard on PostgreSQL: without the lock on the person's row the same form ended in
IntegrityError and twenty questions were all taken; without the lock of the numbers releases ended in
IntegrityError; without the locks of a merge an idea became its own duplicate, which the table refused. On SQLite
IMMEDIATE is the lock.
"""

from collections import Counter

import pytest

from sessions.models import Idea, Question
from sessions.operations import TooMany, VoiceRefused, ask_question, merge_ideas, release_ideas
from tests.conftest import START
from tests.sessions.races import at_once
from tests.sessions.voiced import idea

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def asking(activity, mandate, nonce, text="怎么接话？"):
    def ask():
        try:
            return ask_question(
                activity=activity,
                representative=mandate.representative,
                text=text,
                moment=START,
                nonce=nonce,
            ).pk
        except TooMany:
            return "too many"

    return ask


def test_the_same_form_sent_sixteen_times_at_once_is_one_question(city):
    activity, person = city.activity(), city.representative()
    answers = at_once([asking(activity, person, "n" * 32) for _ in range(16)])
    assert (len(set(answers)), Question.objects.count()) == (1, 1)


def test_of_twenty_questions_at_once_ten_are_taken(city):
    activity, person = city.activity(), city.representative()
    answers = at_once([asking(activity, person, f"nonce-{n:08d}", f"第 {n} 问") for n in range(20)])
    assert (Counter(answers)["too many"], Question.objects.count()) == (10, 10)


def test_ideas_released_at_once_get_numbers_of_their_own(city):
    made = [idea(city, city.representative(f"示例{n}"), released=False) for n in range(8)]
    at_once([lambda one=one: release_ideas(ideas=[one], moment=START, actor=city.office) for one in made])
    assert sorted(Idea.objects.values_list("number", flat=True)) == list(range(1, 9))


def test_two_ideas_merged_into_each_other_at_once_keep_one_head(city):
    pairs = [[idea(city, city.representative(f"示例{n}{m}")) for m in "甲乙"] for n in range(4)]

    def merge(one, other):
        def go():
            try:
                merge_ideas(idea=one, into=other, moment=START, actor=city.office)
            except VoiceRefused:
                return "refused"
            return "merged"

        return go

    calls = [merge(*order) for one, other in pairs for order in ((one, other), (other, one))]
    assert Counter(at_once(calls)) == {"merged": 4, "refused": 4}
    assert Idea.objects.heads().count() == 4
