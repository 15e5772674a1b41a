"""Chainable reads of activities, lists and rolls."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Count, Q

from portal.models import User
from stations.permissions import READS_ROLLS, Role, scope


class ActivityQuerySet(models.QuerySet[Any]):
    """Activities."""

    def recorded_by(self, user: Any) -> "ActivityQuerySet":
        """Those whose roll `user` may keep: recorders of the branch and the office."""
        return self.filter(scope(user, READS_ROLLS))

    def seen_by_staff(self, user: Any) -> "ActivityQuerySet":
        """Those `user` may look at in a staff list: recorder, reviewer, office, auditor of the branch."""
        return self.filter(scope(user, (*READS_ROLLS, Role.REVIEWER, Role.AUDITOR)))

    def published(self) -> "ActivityQuerySet":
        """Open or closed: what the public may know of."""
        return self.filter(state__in=["open", "closed"])

    def checking_in(self, moment: datetime) -> "ActivityQuerySet":
        """Open and, at `moment`, near their start: a rough window that the index serves; rule 4 decides."""
        half_a_day = timedelta(hours=12)
        return self.filter(state="open", starts_at__range=(moment - half_a_day, moment + half_a_day))

    def held_between(self, first: date, last: date) -> "ActivityQuerySet":
        """Starting on a local day from `first` to `last`, both inclusive (the day of Asia/Shanghai, THREATS 17)."""
        return self.filter(starts_at__date__gte=first, starts_at__date__lte=last)


class EnrolmentQuerySet(models.QuerySet[Any]):
    """Lists of who is expected."""

    def expected(self) -> "EnrolmentQuerySet":
        """Not withdrawn and not waiting for a seat."""
        return self.exclude(state__in=["withdrawn", "waiting"])

    def obliged(self) -> "EnrolmentQuerySet":
        """The obliged set: who must have a row when the roll closes (rule 10)."""
        return self.filter(basis="obliged").exclude(state="withdrawn")


class AttendanceQuerySet(models.QuerySet[Any]):
    """Rows of rolls."""

    def recorded_by(self, user: User) -> "AttendanceQuerySet":
        """Rows of activities whose roll `user` keeps."""
        return self.filter(scope(user, READS_ROLLS, "activity__area"))

    def came(self) -> "AttendanceQuerySet":
        """Present in any way, visitors too."""
        return self.filter(status__in=["present", "late", "left_early", "late_left", "visitor"])

    def counts(self) -> dict[str, int]:
        """Return {status: rows} of this roll (1 query)."""
        return dict(self.order_by().values_list("status").annotate(n=Count("pk")))

    def reconciled(self) -> bool:
        """Whether every obliged row has a status of the sum of rule 10."""
        return not self.filter(obliged=True).filter(Q(status="visitor")).exists()


class LeaveQuerySet(models.QuerySet[Any]):
    """Requests for leave. What a reader may see of them: sessions/leave/policy.py."""

    def pending(self) -> "LeaveQuerySet":
        """Waiting for a decision."""
        return self.filter(state="pending")

    def granted(self) -> "LeaveQuerySet":
        """Approved and not taken back."""
        return self.filter(state="approved")

    def live(self) -> "LeaveQuerySet":
        """Pending or approved: at most one a person and activity."""
        return self.filter(state__in=["pending", "approved"])
