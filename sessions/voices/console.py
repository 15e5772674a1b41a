"""What waits for the staff: questions and ideas by where they stand, with their numbers; always the same few queries."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from portal.search.words import WORDS
from sessions.models import Activity, Idea, IdeaEvent, Question
from sessions.voices.querysets import IdeaQuerySet, QuestionQuerySet

IDEAS: dict[str, tuple[str, Q]] = {
    "new": ("待审核", Q(state="submitted", duplicate_of=None)),
    "open": ("办理中", Q(state="released", duplicate_of=None, handling__in=Idea.OPEN)),
    "settled": ("已有答复", Q(state="released", duplicate_of=None, handling__in=Idea.SETTLED)),
    "declined": ("未公开", Q(state="declined", duplicate_of=None)),
    "merged": ("已合并", Q(duplicate_of__isnull=False)),
}
QUESTIONS: dict[str, tuple[str, Q]] = {
    "new": ("待审核", Q(state="waiting")),
    "open": ("待回答", Q(state="released", answer="")),
    "settled": ("已回答", Q(state="released") & ~Q(answer="")),
    "declined": ("未公开", Q(state="declined")),
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """One filter of the queue with its number of rows."""

    key: str
    label: str
    number: int


def numbered(rows: Any, filters: dict[str, tuple[str, Q]]) -> list[Shelf]:
    """Return every filter with how many of `rows` it holds (1 query)."""
    counts = rows.aggregate(**{key: Count("pk", filter=which) for key, (_, which) in filters.items()})
    return [Shelf(key, label, counts[key]) for key, (label, _) in filters.items()]


def idea_queue(kept: IdeaQuerySet, key: str, words: str) -> IdeaQuerySet:
    """Return the ideas of one filter: what waits in the order it came, the rest the latest first."""
    rows: IdeaQuerySet = (
        kept.filter(IDEAS[key][1]).select_related("activity", "area", "duplicate_of").signed()
    )
    if words:
        rows = rows.holding(words)
    return rows.order_by(*(("submitted_at", "pk") if key in {"new", "open"} else ("-submitted_at", "-pk")))


def question_queue(kept: QuestionQuerySet, key: str, words: str) -> QuestionQuerySet:
    """Return the questions of one filter, session by session."""
    rows: QuestionQuerySet = kept.filter(QUESTIONS[key][1]).select_related("activity", "asked_by")
    for word in words.split()[:WORDS]:
        rows = rows.filter(
            Q(text__icontains=word) | Q(asked_by__name__icontains=word) | Q(guest_name__icontains=word)
        )
    newest = ("activity__starts_at",) if key in {"new", "open"} else ("-activity__starts_at",)
    return rows.order_by(*newest, "activity", "position", "asked_at", "pk")


@dataclass(frozen=True, slots=True)
class Hall:
    """The questions of one session as the table in the hall sees them."""

    waiting: list[Question]
    open: list[Question]
    answered: list[Question]
    declined: list[Question]

    @property
    def newest(self) -> int:
        """The key of the newest question: what a screen compares to learn that another one came."""
        return max((q.pk for q in (*self.waiting, *self.open, *self.answered, *self.declined)), default=0)


def hall_of(activity: Activity) -> Hall:
    """Return all questions of a session, each where it stands (1 query)."""
    rows = list(Question.objects.filter(activity=activity).select_related("asked_by").in_order())
    released = [q for q in rows if q.state == Question.State.RELEASED]
    return Hall(
        waiting=[q for q in rows if q.state == Question.State.WAITING],
        open=[q for q in released if not q.answer],
        answered=[q for q in released if q.answer],
        declined=[q for q in rows if q.state == Question.State.DECLINED],
    )


def history_of(idea: Idea) -> list[IdeaEvent]:
    """Return the whole history of an idea for the staff, the latest first (1 query)."""
    return list(IdeaEvent.objects.filter(idea=idea).select_related("actor", "other").order_by("-pk"))
