"""What becomes of an idea: handed over and answered; merged with its likes, so that it is counted once, and undone."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from portal.audit import record
from portal.models import User
from portal.pagecache import forget_pages
from sessions.models import Idea, IdeaEvent
from sessions.operations.ideas import note
from sessions.operations.questions import VoiceRefused

State, Handling, Kind = Idea.State, Idea.Handling, IdeaEvent.Kind


@transaction.atomic
def handle_idea(
    *,
    idea: Idea,
    handling: str,
    happened_on: date,
    moment: datetime,
    actor: User | None,
    organ: str = "",
    reply: str = "",
) -> Idea:
    """Enter a step of the idea's handling and return the idea: to whom it was handed over, what was answered.

    Handing over needs the organ, a settled idea (adopted, answered, not adopted) the reply. `happened_on` is the
    day it happened: not before the idea came in, not after today. Entering the same again changes nothing. Raises
    VoiceRefused for all these, and for an idea that is not released or was merged into another.
    """
    row: Idea = Idea.objects.select_for_update(of=("self",)).get(pk=idea.pk)
    organ, reply = organ.strip(), reply.strip()
    step = (handling, organ or row.handed_to, reply or row.reply)
    if step == (row.handling, row.handed_to, row.reply):
        return row
    _may_be_handled(row, handling, organ, reply)
    if not timezone.localdate(row.submitted_at) <= happened_on <= timezone.localdate(moment):
        raise VoiceRefused("日期要在提交之后，并且不晚于今天，请改一下日期。")
    old, row.handling = row.handling, Handling(handling)
    if organ:
        row.handed_to, row.handed_on = organ, happened_on
    if reply:
        row.reply, row.replied_on = reply, happened_on
    row.save(update_fields=["handling", "handed_to", "handed_on", "reply", "replied_on"])
    note(
        row, Kind.HANDLED, moment=moment, actor=actor, happened_on=happened_on,
        old=old, new=handling, organ=organ, text=reply,
    )  # fmt: skip
    record("sharing.handle_idea", row, actor=actor, handling=str(handling))
    forget_pages()
    return row


def _may_be_handled(row: Idea, handling: str, organ: str, reply: str) -> None:
    if handling not in Handling.values:
        raise VoiceRefused("请选择一种办理情况。")
    if row.duplicate_of_id:
        raise VoiceRefused("这条已并入另一条金点子，请在那一条上登记办理。")
    if row.state != State.RELEASED:
        raise VoiceRefused("先公开这条金点子，再登记办理。")
    if handling == Handling.HANDED_OVER and not organ:
        raise VoiceRefused("请写明交给哪个单位办理。")
    if handling in Idea.SETTLED and not reply:
        raise VoiceRefused("请写下答复，提出人和读者都会看到。")


@transaction.atomic
def merge_ideas(*, idea: Idea, into: Idea, moment: datetime, actor: User | None) -> Idea:
    """Merge `idea` into its like and return the head: from now on both count once and all authors are named.

    What was merged into `idea` before goes along. Raises VoiceRefused when either is declined, `into` is itself
    merged into another, both are the same, or a public one would go into one that is not.
    """
    both: dict[int, Idea] = {row.pk: row for row in _locked(idea, into)}
    member, head = both[idea.pk], both[into.pk]
    if member.pk == head.pk:
        raise VoiceRefused("这是同一条金点子，不用合并。")
    if member.duplicate_of_id == head.pk:
        return head
    if head.duplicate_of_id or member.duplicate_of_id:
        raise VoiceRefused("其中一条刚刚已并入别的金点子。请刷新后再看。")
    if State.DECLINED in {member.state, head.state}:
        raise VoiceRefused("不公开的金点子不能合并。")
    if member.state == State.RELEASED and head.state != State.RELEASED:
        raise VoiceRefused("留下的一条还没有公开，合并后读者会看不到。请反过来合并，或者先公开它。")
    for each in (member, *Idea.objects.filter(duplicate_of=member).order_by("pk")):
        each.duplicate_of = head
        each.save(update_fields=["duplicate_of"])
        note(each, Kind.MERGED, moment=moment, actor=actor, other=head)
        note(head, Kind.JOINED, moment=moment, actor=actor, other=each)
    record("sharing.merge_ideas", member, actor=actor, into=head.pk)
    forget_pages()
    return head


@transaction.atomic
def split_idea(*, idea: Idea, moment: datetime, actor: User | None) -> Idea:
    """Undo a merge: the idea stands by itself again, as it stood before. An idea that is not merged stays as it is."""
    row: Idea = Idea.objects.select_for_update(of=("self",)).get(pk=idea.pk)
    head = row.duplicate_of
    if head is None:
        return row
    row.duplicate_of = None
    row.save(update_fields=["duplicate_of"])
    note(row, Kind.SPLIT, moment=moment, actor=actor, other=head)
    note(head, Kind.SPLIT, moment=moment, actor=actor, other=row)
    record("sharing.split_idea", row, actor=actor, out_of=head.pk)
    forget_pages()
    return row


def _locked(*ideas: Idea) -> list[Idea]:
    """Lock the rows, always in the same order, so that two merges of one pair wait for each other."""
    keys = [idea.pk for idea in ideas]
    return list(Idea.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
