"""The questions and ideas of the demonstration's sessions: handed in before, judged and followed up after."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from portal.models import User
from sessions.models import Activity, Idea, Question
from sessions.operations import (
    answer_question,
    ask_question,
    handle_idea,
    judge_questions,
    merge_ideas,
    release_ideas,
    submit_idea,
    write_down_question,
)
from stations.demo.seed import person

STEPS = {"已采纳": "adopted", "研究中": "studying", "已转交": "handed_over", "已答复": "answered"}
ORGAN = "示例承办单位"
REPLIES = {
    "adopted": (
        "这个主意有人认领，已经定下动手的日子；做成什么样，会再来这里告诉大家。",
        "先在一个联络站试一个月，试得好，再推到其他站点。",
        "采纳。所需的东西不多，本月就能备齐，请提出人到时来看一看。",
    ),
    "answered": (
        "已经问清楚：能办的写进了今年的安排，暂时办不了的，缘由也当面讲给了提出人。",
        "承办单位回了话：办法可行，先要补一道手续，补齐以后再约提出人去看现场。",
    ),
}
# Handed in a second time by somebody else: (session, index of its like, who, title, text, merged by the office).
AGAIN = (
    (
        1,
        1,
        7,
        "接待用的“三问卡”",
        "接待时带一张名片大小的卡，写清这事归谁管、我能帮到哪步、哪天给您回话。",
        True,
    ),
    (
        13,
        0,
        4,
        "答复逐句打勾单",
        "收到答复先分句，每一句按四种分类打勾，没有着落的那一句一眼就能看见。",
        False,
    ),
)
# The session that is running shows every state: what was answered, what waits for an answer, what waits to be judged.
RUNNING = {"judged": 2, "answered": 1, "released": 2}


def collect(row: dict[str, Any], activity: Activity) -> tuple[list[Question], list[Idea]]:
    """Hand in the questions and ideas of one session, in the days before it."""
    start = activity.starts_at - timedelta(days=2)
    asked = [_ask(q, activity, start + timedelta(hours=n)) for n, q in enumerate(row["questions"])]
    ideas = [
        submit_idea(
            representative=person(idea["by"]["person"]), activity=activity, title=idea["title"],
            text=idea["text"], moment=start + timedelta(hours=n),
        )
        for n, idea in enumerate(row["ideas"])
    ]  # fmt: skip
    return asked, ideas


def _again(row: dict[str, Any], activity: Activity, ideas: list[Idea], office: User) -> None:
    """Hand in what somebody else has thought of too; where the office has seen it, the two are one."""
    for session, like, who, title, text, merged in AGAIN:
        if session == row["number"]:
            moment = activity.starts_at - timedelta(hours=3)
            idea = submit_idea(
                representative=person(who), activity=activity, title=title, text=text, moment=moment
            )
            if merged:
                merge_ideas(idea=idea, into=ideas[like], moment=activity.ends_at, actor=office)


def _ask(row: dict[str, Any], activity: Activity, moment: datetime) -> Question:
    who, text = row["asked_by"], row["question"]
    if "person" in who:
        return ask_question(activity=activity, representative=person(who["person"]), text=text, moment=moment)
    return write_down_question(
        activity=activity, text=text, guest_name=next(iter(who.values())), moment=moment, actor=None
    )


def follow_up(
    row: dict[str, Any],
    activity: Activity,
    asked: list[Question],
    ideas: list[Idea],
    office: User,
    moment: datetime,
) -> None:
    """Release, answer and handle what was handed in; of a session still to end at `moment` only some of it."""
    _again(row, activity, ideas, office)
    running = activity.ends_at > moment
    done = min(moment, activity.ends_at)
    judged = asked[: RUNNING["judged"]] if running else asked
    judge_questions(questions=judged, verdict="released", actor=office)
    answers = zip(judged, row["questions"], strict=False)
    for question, words in list(answers)[: RUNNING["answered"] if running else None]:
        speaker = row["speakers"][words["answered_by"] - 1]
        name = person(speaker["person"]).name if "person" in speaker else speaker["guest"]
        answer_question(
            question=question, answer=words["answer"], answered_by=name, moment=done, actor=office
        )
    released = ideas[: RUNNING["released"]] if running else ideas
    release_ideas(ideas=released, moment=done, actor=office)
    if not running:
        for idea, words in zip(ideas, row["ideas"], strict=True):
            _handle(idea, STEPS[words["status"]], done, office, moment)


def _handle(idea: Idea, handling: str, done: datetime, office: User, moment: datetime) -> None:
    day = min(timezone.localdate(done) + timedelta(days=9), timezone.localdate(moment))
    handle_idea(
        idea=idea, handling=handling, happened_on=day, moment=moment, actor=office,
        organ=ORGAN if handling == "handed_over" else "", reply=_reply(idea, handling),
    )  # fmt: skip


def _reply(idea: Idea, handling: str) -> str:
    words = REPLIES.get(handling, ("",))
    return words[idea.pk % len(words)]
