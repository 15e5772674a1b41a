"""Questions to a session: ask, write down, judge, answer, bring forward. Nothing is public before it is released."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min

from portal.audit import record
from portal.models import User
from portal.pagecache import forget_pages
from sessions.models import Activity, Question
from stations.models import Representative

State = Question.State
HOUR = timedelta(hours=1)
AGAIN = timedelta(minutes=10)  # so long the same words of one person are the same form, sent once more
AN_HOUR = 10  # questions, and as many ideas, that one representative may hand in within an hour


class VoiceRefused(ValueError):
    """The question or idea cannot be taken or changed like this; the message says why and what to do instead."""


class TooMany(VoiceRefused):
    """Handed in too often; the message says when to go on."""


@transaction.atomic
def ask_question(
    *, activity: Activity, representative: Representative, text: str, moment: datetime, nonce: str = ""
) -> Question:
    """Take a representative's question before or during the session and return it, waiting for its release.

    The same nonce with the same words returns the first question (PRODUCT.md, rule 3, and THREATS 18); so do the
    same words under a new nonce for ten minutes, while nobody has judged them. Raises VoiceRefused when the session is
    not announced or over, or the nonce came with other words, and TooMany after ten in an hour.
    """
    # The person's own row orders what one person sends: the count and the nonce are judged on what is settled.
    Representative.objects.select_for_update(no_key=True).get(pk=representative.pk)
    first: Question | None = Question.objects.filter(asked_by=representative, nonce=nonce).first()
    if nonce and first:
        return _same_words(first, activity, text)
    _takes_questions(activity, moment)
    mine = Question.objects.filter(asked_by=representative, activity=activity, state=State.WAITING)
    again: Question | None = mine.filter(text=text.strip(), asked_at__gt=moment - AGAIN).first()
    if again:
        return again
    if Question.objects.filter(asked_by=representative, asked_at__gt=moment - HOUR).count() >= AN_HOUR:
        raise TooMany(f"一小时内最多提 {AN_HOUR} 个问题，请过一会儿再提。您写的内容还在。")
    question: Question = Question.objects.create(
        activity=activity, asked_by=representative, text=text.strip(), asked_at=moment, nonce=nonce[:64]
    )
    record("sharing.ask_question", question, actor=representative.user)
    return question


def _takes_questions(activity: Activity, moment: datetime) -> None:
    state = Activity.objects.values_list("state", flat=True).get(pk=activity.pk)
    if state == Activity.State.DRAFT:
        raise VoiceRefused("这场活动还没有发布，暂时不能提问。")
    if state != Activity.State.OPEN or moment >= activity.ends_at:
        raise VoiceRefused("这场活动的提问已经结束。可以改为提交金点子，或到联络站反映。")


@transaction.atomic
def write_down_question(
    *,
    activity: Activity,
    text: str,
    moment: datetime,
    actor: User | None,
    guest_name: str = "",
    nonce: str = "",
) -> Question:
    """Enter a question that somebody asked aloud or on paper; it waits for its release like any other.

    The same nonce with the same words returns the first question. Raises VoiceRefused when it came with other
    words, and for an activity that is a draft or was called off. After the session it may still be entered: the
    notes of the hall are typed up later.
    """
    activity = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    entered = Question.objects.filter(activity=activity, asked_by=None)
    first: Question | None = entered.filter(nonce=nonce).first()
    if nonce and first:
        return _same_words(first, activity, text)
    if activity.state in {Activity.State.DRAFT, Activity.State.CANCELLED}:
        raise VoiceRefused(f"这场活动{activity.get_state_display()}，不能登记提问。")
    question: Question = Question.objects.create(
        activity=activity,
        guest_name=guest_name.strip(),
        text=text.strip(),
        asked_at=moment,
        nonce=nonce[:64],
    )
    record("sharing.ask_question", question, actor=actor)
    return question


def _same_words(first: Question, activity: Activity, text: str) -> Question:
    if (first.activity_id, first.text) != (activity.pk, text.strip()):
        raise VoiceRefused("这张表单刚才已经提交过，内容不同。确实要再提一个问题，请再点一次提交。")
    return first


@transaction.atomic
def judge_questions(
    *, questions: Iterable[Question], verdict: str, actor: User | None, reason: str = ""
) -> int:
    """Release questions or decline them, and return how many changed; judging twice changes nothing.

    `verdict` is "released" or "declined"; declining needs a reason, which the asker reads, and also takes back
    what was released. Drops the stored pages that show them. Raises VoiceRefused without a reason.
    """
    reason = reason.strip()
    if verdict not in {State.RELEASED, State.DECLINED}:
        raise VoiceRefused("请选择公开或不公开。")
    if verdict == State.DECLINED and not reason:
        raise VoiceRefused("请写明不公开的原因，提问人会看到。")
    keys = [question.pk for question in questions]
    rows = list(
        Question.objects.select_for_update(of=("self",))
        .filter(pk__in=keys)
        .exclude(state=verdict)
        .order_by("pk")
    )
    was_public = any(row.state == State.RELEASED for row in rows)
    for row in rows:
        row.state, row.reason = State(verdict), reason if verdict == State.DECLINED else ""
        row.save(update_fields=["state", "reason"])
        record("sharing.judge_question", row, actor=actor, verdict=str(verdict))
    if rows and (verdict == State.RELEASED or was_public):
        forget_pages()
    return len(rows)


@transaction.atomic
def answer_question(
    *, question: Question, answer: str, answered_by: str, moment: datetime, actor: User | None, seen: str = ""
) -> Question:
    """Write the answer to a question, or a better one, with the name of who answers, and return the question.

    The answer becomes public together with its question. `seen` is the answer the writer had before their eyes:
    when somebody else has written since, nothing is lost and VoiceRefused says so. Raises it also for a declined
    question, and when answer or name is missing.
    """
    row: Question = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    answer, answered_by = answer.strip(), answered_by.strip()
    if row.state == State.DECLINED:
        raise VoiceRefused("这个问题已决定不公开，不能再回答。")
    if not answer or not answered_by:
        raise VoiceRefused("请写下回答，并写明由谁回答。")
    if row.answer.strip() != seen.strip() and row.answer != answer:
        raise VoiceRefused("这个问题刚刚有人回答了。请看过新的回答，再改您写的内容。")
    row.answer, row.answered_by, row.answered_at = answer, answered_by, moment
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    record("sharing.answer_question", row, actor=actor)
    if row.state == State.RELEASED:
        forget_pages()
    return row


@transaction.atomic
def bring_forward(*, question: Question, actor: User | None) -> Question:
    """Put a question before all others of its session: the next to be taken up. Return it."""
    Activity.objects.select_for_update(no_key=True).get(pk=question.activity_id)
    row: Question = Question.objects.get(pk=question.pk)
    others = Question.objects.filter(activity=row.activity_id).exclude(pk=row.pk)
    least = others.aggregate(least=Min("position"))["least"]
    if least is not None and row.position >= least:
        row.position = least - 1
        row.save(update_fields=["position"])
        record("sharing.bring_question_forward", row, actor=actor)
        if row.state == State.RELEASED:
            forget_pages()
    return row
