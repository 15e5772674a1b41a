"""Chainable reads of scoring."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models

from stations.permissions import READS_SCORES, scope

if TYPE_CHECKING:
    from scoring.models import Year  # noqa: F401  # named as a word below


NEW_FOR = timedelta(days=30)  # an answer to an objection stands on 我的履职 so long


class StandardQuerySet(models.QuerySet[Any]):
    """Standards."""

    def adopted(self) -> "StandardQuerySet":
        """Those a year may be graded by; the others are drafts."""
        return self.filter(adopted_at__isnull=False)

    def in_effect(self, day: date) -> "StandardQuerySet":
        """Adopted ones that are in effect on a day."""
        return self.adopted().filter(effective_from__lte=day).exclude(effective_to__lt=day)


class YearQuerySet(models.QuerySet["Year"]):
    """Years."""

    def running(self) -> "YearQuerySet":
        """Those that are open and not yet confirmed: in January the one before is one, too."""
        return self.exclude(state__in=["draft", "confirmed", "notified"])


class MediaReportQuerySet(models.QuerySet[Any]):
    """Media reports."""

    def verified(self) -> "MediaReportQuerySet":
        """Those that count and are public."""
        return self.filter(state="verified")

    def of(self, representative: Any) -> "MediaReportQuerySet":
        """Those about a person, newest first."""
        return (
            self.filter(subjects__mandate__representative=representative)
            .order_by("-published_on", "-pk")
            .distinct()
        )


class FrozenSheetQuerySet(models.QuerySet[Any]):
    """Frozen sheets."""

    def seen_by(self, user: Any) -> "FrozenSheetQuerySet":
        """Those in the branches where `user` may read scores."""
        return self.filter(scope(user, READS_SCORES, "mandate__area"))


class YearTotalQuerySet(models.QuerySet[Any]):
    """Totals of the last reckoning."""

    def seen_by(self, user: Any) -> "YearTotalQuerySet":
        """Those in the branches where `user` may read scores."""
        return self.filter(scope(user, READS_SCORES, "mandate__area"))


class ObjectionQuerySet(models.QuerySet[Any]):
    """Objections."""

    def waiting(self) -> "ObjectionQuerySet":
        """Those that nobody has answered."""
        return self.filter(outcome="open")

    def newly_answered(self, person: Any, moment: datetime) -> "ObjectionQuerySet":
        """Those of a person whose answer is new to them, the newest year first."""
        since = moment - NEW_FOR
        rows = self.filter(mandate__representative=person, answered_at__gt=since, answered_at__lte=moment)
        return rows.select_related("year").order_by("-year__label", "answered_at", "pk")

    def seen_by(self, user: Any) -> "ObjectionQuerySet":
        """Those about people of the branches where `user` may read scores."""
        return self.filter(scope(user, READS_SCORES, "mandate__area"))
