"""Chainable reads: what was in force on a day, and what lies in a user's areas."""

from datetime import date, datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Prefetch, Q

M = TypeVar("M", bound=models.Model)


def in_force(day: date, prefix: str = "") -> Q:
    """Return the condition that a dated row (starts_on, ends_on inclusive) holds on `day`."""
    return Q(**{f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    )


class DatedQuerySet(models.QuerySet[M]):
    """Rows with starts_on and ends_on."""

    def on(self, day: date) -> "DatedQuerySet[M]":
        """Rows in force on `day`."""
        return self.filter(in_force(day))


class RosterEntryQuerySet(DatedQuerySet[Any]):
    """Rosters of stations."""


class GroupMembershipQuerySet(DatedQuerySet[Any]):
    """Memberships of groups."""

    def lasting(self) -> "GroupMembershipQuerySet":
        """Memberships that go on as long as their mandate, to its last day where it has one."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on=F("mandate__ends_on")))


class SuspensionQuerySet(DatedQuerySet[Any]):
    """Days on which mandates are suspended."""

    def touching(self, first: date, last: date) -> "SuspensionQuerySet":
        """Suspensions with at least one day from `first` to `last`, both inclusive."""
        return self.filter(starts_on__lte=last).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first))


class TermQuerySet(DatedQuerySet[Any]):
    """Terms of the congress."""

    def touching(self, first: date, last: date) -> "TermQuerySet":
        """Terms with at least one day from `first` to `last`, both inclusive, the latest first."""
        touching = self.filter(starts_on__lte=last).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first))
        return touching.order_by("-starts_on", "-number")


class MandateQuerySet(DatedQuerySet[Any]):
    """Mandates."""

    def serving(self, day: date) -> "MandateQuerySet":
        """Mandates in force and not suspended on `day`: whom an activity of that day may expect."""
        from stations.models import Suspension  # noqa: PLC0415 -- models import querysets

        suspended = Suspension.objects.on(day).values("mandate")
        return self.filter(in_force(day)).exclude(pk__in=suspended)

    def touching(self, first: date, last: date) -> "MandateQuerySet":
        """Mandates in force on at least one day from `first` to `last`, both inclusive."""
        return self.filter(starts_on__lte=last).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first))

    def by_strokes(self) -> "MandateQuerySet":
        """In 姓名笔画 order; the key decides, then the row, so that two of one name keep their order."""
        return self.order_by("representative__stroke_key", "pk")

    def with_places(self, day: date) -> "MandateQuerySet":
        """With person, area, and the group and stations of `day` (as .groups_now, .stations_now): 3 queries."""
        from stations.models import GroupMembership, RosterEntry  # noqa: PLC0415 -- models import querysets

        return self.select_related("representative", "area").prefetch_related(
            Prefetch(
                "memberships", GroupMembership.objects.on(day).select_related("group"), to_attr="groups_now"
            ),
            Prefetch(
                "roster_entries",
                RosterEntry.objects.on(day).select_related("station"),
                to_attr="stations_now",
            ),
        )


class RepresentativeQuerySet(models.QuerySet[Any]):
    """People."""

    def by_strokes(self) -> "RepresentativeQuerySet":
        """In 姓名笔画 order."""
        return self.order_by("stroke_key", "pk")

    def serving(self, day: date) -> "RepresentativeQuerySet":
        """People with a mandate on `day`."""
        return self.filter(in_force(day, "mandates__")).distinct()


class StationQuerySet(models.QuerySet[Any]):
    """Stations and industry points."""

    def liaison(self) -> "StationQuerySet":
        """代表联络站."""
        return self.filter(kind="liaison")

    def industry(self) -> "StationQuerySet":
        """产业联络点."""
        return self.filter(kind="industry")


class ReceptionDayQuerySet(models.QuerySet[Any]):
    """Reception days."""

    def ending_after(self, moment: datetime) -> "ReceptionDayQuerySet":
        """Not over at `moment`, the next first."""
        return self.filter(ends_at__gte=moment).order_by("starts_at", "pk")

    def with_people(self) -> "ReceptionDayQuerySet":
        """With station and receiving representatives: 2 queries."""
        duty = self.model._meta.get_field("representatives").related_model
        people = Prefetch("representatives", duty.objects.select_related("representative"))
        return self.select_related("station__area").prefetch_related(people)
