"""What stood in the pages of sessions becomes rows, and rows go back into the pages."""

import json

import pytest
from django.db import connection

from sessions.models import Idea, IdeaEvent, Question
from tests.conftest import START
from tests.migrated import back_to, forth
from tests.sessions.faces import face
from tests.sessions.voiced import idea, question

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
OLD_QUESTIONS = [
    {"type": "question", "id": "a", "value": {"asked_by": "丁示例代表", "question": "怎么接话？", "answer": "先听完。"}},
    {"type": "question", "id": "b", "value": {"asked_by": "网友", "question": "在哪儿找？", "answer": ""}},
]  # fmt: skip
OLD_IDEAS = [
    {"type": "idea", "id": "c", "value": {"title": "延时", "text": "开到七点。", "by": "丁示例代表", "status": "已采纳"}},
    {"type": "idea", "id": "d", "value": {"title": "名片", "text": "印电话。", "by": "", "status": "已转交"}},
]  # fmt: skip


@pytest.fixture
def head():
    """The newest migrations stand again at the end, whatever happened."""
    yield
    forth()


def stored():
    """Return the blocks that stand in the only page, without their random ids."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT questions, ideas FROM sharing_sharingsessionpage")
        row = cursor.fetchone()
    fields = [json.loads(each) if isinstance(each, str) else each for each in row]
    return [[block["value"] for block in blocks] for blocks in fields]


def store(questions, ideas):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sharing_sharingsessionpage SET questions = %s, ideas = %s",
            [json.dumps(questions), json.dumps(ideas)],
        )


@pytest.mark.long
def test_rows_become_blocks_and_blocks_become_rows_again(city, site, head):
    """One journey there and back: each step of the schema costs seconds."""
    person = city.representative("丁示例")
    page = face(city, site, theme="联系群众")
    activity = page.activity
    question(city, activity, person, text="怎么接话？", answer="先听完。")
    question(city, activity, text="在哪儿找？")
    question(city, activity, text="还没有公开的？", released=False)
    idea(city, person, activity=activity, title="延时", text="开到七点。", handling="adopted")
    idea(city, person, activity=activity, title="不采纳的", text="说明了缘由。", handling="not_adopted")
    idea(city, person, activity=activity, title="还没有公开的", released=False)
    back_to("sharing", "0010_offline_desk")
    not_adopted = {"title": "不采纳的", "text": "说明了缘由。", "by": "丁示例代表", "status": "已答复"}
    assert stored() == [
        [block["value"] for block in OLD_QUESTIONS],
        [OLD_IDEAS[0]["value"], not_adopted],
    ]

    store(OLD_QUESTIONS, OLD_IDEAS)
    forth()
    asked = Question.objects.in_order().values_list("asked_by__name", "guest_name", "text", "answer", "state")
    assert list(asked) == [
        ("丁示例", "", "怎么接话？", "先听完。", "released"),
        (None, "网友", "在哪儿找？", "", "released"),
    ]
    made = Idea.objects.public().order_by("number")
    assert [(i.year, i.number, i.title, i.signature, i.handling, i.theme, i.submitted_at) for i in made] == [
        (2026, 1, "延时", "丁示例", "adopted", "联系群众", START),
        (2026, 2, "名片", "", "handed_over", "联系群众", START),
    ]
    assert IdeaEvent.objects.count() == 6
