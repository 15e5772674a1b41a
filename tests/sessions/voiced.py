"""Questions and ideas for the tests of this folder, made through operations."""

from sessions.operations import (
    answer_question,
    ask_question,
    enter_idea,
    handle_idea,
    judge_questions,
    release_ideas,
    submit_idea,
    write_down_question,
)
from tests.conftest import START

TEXT = "联络站下午开到七点，上班的人下班也能来。"


def idea(city, *mandates, title="延时接待", text=TEXT, activity=None, released=True, handling="", **more):
    """Hand in an idea of `mandates` (a guest without any), release it and enter its handling, as told."""
    moment = more.pop("moment", START)
    if mandates:
        first, *joint = (mandate.representative for mandate in mandates)
        made = submit_idea(
            representative=first,
            joint=joint,
            title=title,
            text=text,
            activity=activity,
            moment=moment,
            **more,
        )
    else:
        made = enter_idea(
            activity=activity, guest_name="许拟定", title=title, text=text, moment=moment, actor=city.office, **more
        )  # fmt: skip
    if released:
        release_ideas(ideas=[made], moment=moment, actor=city.office)
    if handling:
        handle_idea(
            idea=made, handling=handling, happened_on=moment.date(), moment=moment, actor=city.office,
            organ="示例单位" if handling == "handed_over" else "", reply="照办。",
        )  # fmt: skip
    made.refresh_from_db()
    return made


def question(
    city, activity, mandate=None, *, text="怎么接话？", answer="", released=True, guest="网友", **more
):
    """Ask a question (a guest's without `mandate`), release and answer it, as told."""
    moment = more.pop("moment", START)
    if mandate:
        made = ask_question(
            activity=activity, representative=mandate.representative, text=text, moment=moment, **more
        )
    else:
        made = write_down_question(
            activity=activity, text=text, guest_name=guest, moment=moment, actor=city.office
        )
    if released:
        judge_questions(questions=[made], verdict="released", actor=city.office)
    if answer:
        answer_question(question=made, answer=answer, answered_by="周虚构", moment=moment, actor=city.office)
    made.refresh_from_db()
    return made
