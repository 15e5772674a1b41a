"""Chainable reads of questions and ideas."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Count, Prefetch, Q

from portal.search.words import WORDS
from stations.models import AreaGrant
from stations.permissions import scope

Role = AreaGrant.Role
KEEPS_QUESTIONS = (Role.RECORDER, Role.OFFICE, Role.EDITOR)  # they sit in the room
KEEPS_IDEAS = (Role.OFFICE, Role.EDITOR)  # they hand ideas over to other organs


class QuestionQuerySet(models.QuerySet[Any]):
    """Questions."""

    def kept_by(self, user: Any) -> "QuestionQuerySet":
        """Those `user` may release, decline and answer: of sessions in their areas."""
        return self.filter(scope(user, KEEPS_QUESTIONS, "activity__area"))

    def released(self) -> "QuestionQuerySet":
        """What every reader may see."""
        return self.filter(state="released")

    def in_order(self) -> "QuestionQuerySet":
        """As they are taken up: who was put first, then as they were asked."""
        return self.order_by("position", "asked_at", "pk")

    def counts(self) -> dict[str, int]:
        """Return {state: rows} (1 query)."""
        return dict(self.order_by().values_list("state").annotate(n=Count("pk")))


class IdeaQuerySet(models.QuerySet[Any]):
    """Ideas. An idea that was merged into another is no idea of its own: its group has one head."""

    def kept_by(self, user: Any) -> "IdeaQuerySet":
        """Those `user` may release, merge and follow up: of their areas."""
        return self.filter(scope(user, KEEPS_IDEAS))

    def heads(self) -> "IdeaQuerySet":
        """One row an idea, however often it was handed in."""
        return self.filter(duplicate_of=None)

    def public(self) -> "IdeaQuerySet":
        """What every reader may see."""
        return self.heads().filter(state="released")

    def submitted_between(self, first: date, last: date) -> "IdeaQuerySet":
        """Handed in on a local day from `first` to `last`, both inclusive."""
        return self.filter(submitted_at__date__gte=first, submitted_at__date__lte=last)

    def signed(self) -> "IdeaQuerySet":
        """With all authors of the group, as `.signature` and `.people` need them (3 queries)."""
        authors = self.model._meta.get_field("authorships").related_model.objects.select_related(
            "representative"
        )
        merged = self.model.objects.prefetch_related(Prefetch("authorships", authors))
        return self.prefetch_related(Prefetch("authorships", authors), Prefetch("merged", merged))

    def waiting(self) -> "IdeaQuerySet":
        """Not yet judged, and not merged into another that is."""
        return self.filter(state="submitted", duplicate_of=None)

    def holding(self, words: str) -> "IdeaQuerySet":
        """Those whose title, text and authors hold every one of `words`, which spaces part."""
        found = self
        for word in words.split()[:WORDS]:
            found = found.filter(
                Q(title__icontains=word)
                | Q(text__icontains=word)
                | Q(guest_name__icontains=word)
                | Q(pk__in=self.model.objects.filter(authorships__representative__name__icontains=word))
                | Q(
                    pk__in=self.model.objects.filter(
                        merged__authorships__representative__name__icontains=word
                    )
                )
            )
        return found
