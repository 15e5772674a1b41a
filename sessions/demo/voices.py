"""The questions and ideas of the demonstration's sessions: handed in before, judged and followed up after."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from portal.models import User
from sessions.demo.rolls import working_day
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

STEPS = {label: value for value, label in Idea.Handling.choices}
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
    ways: dict[str, list[dict[str, Any]]],
    office: User,
    moment: datetime,
) -> None:
    """Release, answer and handle what was handed in; of a session still to end at `moment` only some of it.

    `ways` say what became of an idea, by its title.
    """
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
        for idea in ideas:
            _handle(idea, ways[idea.title], activity.starts_at, office, moment)


def _handle(idea: Idea, way: list[dict[str, Any]], held: datetime, office: User, moment: datetime) -> None:
    """Enter the steps of a way, counted in days from the session; what lies after `moment` has not happened yet."""
    for step in way:
        day = working_day(timezone.localdate(held) + timedelta(days=step["after"]))
        if day <= timezone.localdate(moment):
            handle_idea(
                idea=idea, handling=STEPS[step["step"]], happened_on=day, moment=moment, actor=office,
                organ=step.get("organ", ""), reply=step.get("reply", ""),
            )  # fmt: skip
