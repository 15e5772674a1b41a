"""Reads of what readers follow and of the letters to them."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q


class DeliveryQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Letters to readers: of items, and those that ask for confirmation."""

    def ready(self, moment: datetime) -> Self:
        """Return those to be sent at `moment`; also those whose worker has not come back within its lease."""
        waiting = Q(state="pending") & (Q(not_before=None) | Q(not_before__lte=moment))
        return self.filter(waiting | Q(state="sending", not_before__lte=moment))

    def of_items(self) -> Self:
        """Return those that tell of a published page."""
        return self.filter(page__isnull=False)

    def of_confirmation(self) -> Self:
        """Return those that answer somebody who typed an address."""
        return self.filter(page__isnull=True)

    def given_up(self) -> Self:
        """Return those that no try brought out, newest first."""
        return self.filter(state="failed").order_by("-pk")
