"""Ideas counted once: a merged group is one idea, and it counts for each of its authors (issue 3).

The day of an idea is the day its head was handed in. What is not released, or was declined, counts for nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from sessions.models import Idea, IdeaAuthor
from stations.models import Representative


@dataclass(frozen=True, slots=True)
class Counted:
    """One idea that counts for a representative."""

    idea: int  # primary key of the head
    day: date
    title: str
    handling: str


def counted_ideas(
    first: date, last: date, people: Iterable[Representative] | None = None
) -> dict[int, tuple[Counted, ...]]:
    """Return {representative's key: their ideas of the period, the earliest first} (1 query).

    `first` and `last` are local days, both inclusive; `people` narrows to some. Who signed two ideas that were
    merged has one; who has none is not in the answer.
    """
    rows = IdeaAuthor.objects.annotate(head=Coalesce("idea__duplicate_of", "idea"))
    heads = Idea.objects.public().submitted_between(first, last)
    rows = rows.filter(Q(head__in=heads.values("pk")))
    if people is not None:
        rows = rows.filter(representative__in=list(people))
    own, of_head = "idea__", "idea__duplicate_of__"
    facts = rows.order_by("representative", "head").annotate(
        at=Coalesce(F(f"{of_head}submitted_at"), F(f"{own}submitted_at")),
        named=Coalesce(F(f"{of_head}title"), F(f"{own}title")),
        now=Coalesce(F(f"{of_head}handling"), F(f"{own}handling")),
    )
    found: dict[int, set[Counted]] = {}
    for person, head, at, title, handling in facts.values_list(
        "representative", "head", "at", "named", "now"
    ):
        counted = Counted(head, timezone.localdate(at), title, handling)
        found.setdefault(person, set()).add(counted)
    return {person: tuple(sorted(ideas, key=lambda c: (c.day, c.idea))) for person, ideas in found.items()}


def counted_of(person: Representative, year: int) -> tuple[Counted, ...]:
    """Return the ideas of one representative in a local year (1 query)."""
    return counted_ideas(date(year, 1, 1), date(year, 12, 31), [person]).get(person.pk, ())
