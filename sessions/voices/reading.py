"""What readers see of questions and ideas: of one session, the list of all ideas, one idea with its way."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q

from sessions.models import Activity, Idea, IdeaEvent, Question
from sessions.voices.querysets import IdeaQuerySet

Handling = Idea.Handling


@dataclass(frozen=True, slots=True)
class Voices:
    """Released questions and ideas of one session, in the order they are shown."""

    questions: list[Question]
    ideas: list[Idea]

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(1 for question in self.questions if question.answer)

    @property
    def open(self) -> int:
        """How many questions wait for theirs."""
        return len(self.questions) - self.answered

    @property
    def adopted(self) -> int:
        """How many ideas were adopted."""
        return sum(1 for idea in self.ideas if idea.handling == Handling.ADOPTED)


def voices_of(activity: Activity) -> Voices:
    """Return what the public may read of an activity (2 queries)."""
    questions = Question.objects.released().filter(activity=activity).select_related("asked_by").in_order()
    return Voices(list(questions), _ideas_of(activity))


def _ideas_of(activity: Activity) -> list[Idea]:
    """Return the public ideas of an activity with `.merged_listed` and `.authors_listed` (1 query: a row an author)."""
    own = Idea.objects.public().filter(activity=activity)
    rows = (
        Idea.objects.filter(Q(pk__in=own) | Q(duplicate_of__in=own))
        .annotate(author=F("authorships__representative"), named=F("authorships__representative__name"))
        .order_by("year", "number", "pk", "authorships__position", "authorships__pk")
    )
    ideas: dict[int, Any] = {}
    for row in rows:
        idea = ideas.setdefault(row.pk, row)
        if idea is row:
            idea.authors_listed, idea.merged_listed = [], []
        if row.author:
            idea.authors_listed.append((row.author, row.named))
    for idea in ideas.values():
        if idea.duplicate_of_id:
            ideas[idea.duplicate_of_id].merged_listed.append(idea)
    return [idea for idea in ideas.values() if idea.duplicate_of_id is None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader of the list asked for; unknown words count as nothing asked."""

    theme: str = ""
    state: str = ""
    year: int | None = None
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.theme or self.state or self.year or self.words)

    def keep(self, ideas: IdeaQuerySet) -> IdeaQuerySet:
        """Return those of `ideas` that fit."""
        if self.theme:
            ideas = ideas.filter(theme=self.theme)
        if self.state:
            ideas = ideas.filter(handling=self.state)
        if self.year:
            ideas = ideas.filter(year=self.year)
        return ideas.holding(self.words) if self.words else ideas


def shelves() -> dict[str, Any]:
    """Return the themes, years and numbers a handling of all public ideas (1 query)."""
    rows = Idea.objects.public().order_by().values_list("theme", "year", "handling").annotate(n=Count("pk"))
    themes, years, states = set(), set(), dict.fromkeys(Handling.values, 0)
    for theme, year, handling, number in rows:
        themes |= {theme} if theme else set()
        years.add(year)
        states[handling] += number
    return {
        "themes": sorted(themes),
        "years": sorted(years, reverse=True),
        "states": [(h.value, h.label, states[h.value]) for h in Handling],
        "total": sum(states.values()),
    }


def asked_of(query: Any, known: dict[str, Any]) -> Asked:
    """Read the filter from a query string, as far as `known` (the shelves) knows it."""
    theme, state, year = (query.get(name, "") for name in ("theme", "state", "year"))
    return Asked(
        theme=theme if theme in known["themes"] else "",
        state=state if state in Handling.values else "",
        year=next((each for each in known["years"] if str(each) == year), None),
        words=" ".join(query.get("q", "").replace("\x00", " ").split())[:60],
    )


def public_ideas() -> IdeaQuerySet:
    """Return all public ideas, the newest first, with authors and session."""
    ideas: IdeaQuerySet = Idea.objects.public().signed().select_related("activity")
    return ideas.order_by("-year", "-number")


def way_of(idea: Idea) -> list[IdeaEvent]:
    """Return what readers may know of an idea's way, in order: no reason, no name of a clerk (1 query)."""
    steps = IdeaEvent.objects.filter(idea=idea, kind__in=IdeaEvent.PUBLIC)
    return list(steps.exclude(Q(kind=IdeaEvent.Kind.HANDLED, new="")))
