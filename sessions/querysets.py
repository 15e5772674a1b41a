"""Chainable reads of activities, lists and rolls."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery

from portal.models import User
from stations.models import Area
from stations.permissions import READS_ROLLS, Role, scope
from stations.tree import paths_to

READS_DECLARATIONS = (*READS_ROLLS, Role.REVIEWER, Role.AUDITOR)


class ActivityQuerySet(models.QuerySet[Any]):
    """Activities."""

    def recorded_by(self, user: Any) -> "ActivityQuerySet":
        """Those whose roll `user` may keep: recorders of the branch and the office."""
        return self.filter(scope(user, READS_ROLLS))

    def seen_by_staff(self, user: Any) -> "ActivityQuerySet":
        """Those `user` may look at in a staff list: recorder, reviewer, office, auditor of the branch."""
        return self.filter(scope(user, (*READS_ROLLS, Role.REVIEWER, Role.AUDITOR)))

    def devices_seen_by(self, user: Any) -> "ActivityQuerySet":
        """Those whose shared phones `user` may see: who keeps the roll, and the auditor ("What may be seen")."""
        return self.filter(scope(user, (*READS_ROLLS, Role.AUDITOR)))

    def published(self) -> "ActivityQuerySet":
        """Open or closed: what the public may know of."""
        return self.filter(state__in=["open", "closed"])

    def arranged(self) -> "ActivityQuerySet":
        """Those somebody called people to; not the deeds that representatives declared of themselves."""
        return self.filter(declared=False)

    def checking_in(self, moment: datetime) -> "ActivityQuerySet":
        """Open and, at `moment`, near their start: a rough window that the index serves; rule 4 decides."""
        half_a_day = timedelta(hours=12)
        return self.filter(state="open", starts_at__range=(moment - half_a_day, moment + half_a_day))

    def held_between(self, first: date, last: date) -> "ActivityQuerySet":
        """Starting on a local day from `first` to `last`, both inclusive (the day of Asia/Shanghai, THREATS 17)."""
        return self.filter(starts_at__date__gte=first, starts_at__date__lte=last)


class MeetingQuerySet(models.QuerySet[Any]):
    """Meetings of a congress or standing committee."""

    def recorded_by(self, user: Any) -> "MeetingQuerySet":
        """Those whose rolls `user` may keep: recorders of the branch and the office, as of its sittings."""
        return self.filter(scope(user, READS_ROLLS))


class EnrolmentQuerySet(models.QuerySet[Any]):
    """Lists of who is expected."""

    def expected(self) -> "EnrolmentQuerySet":
        """Not withdrawn and not waiting for a seat."""
        return self.exclude(state__in=["withdrawn", "waiting"])

    def seated(self) -> "EnrolmentQuerySet":
        """Signed up of their own accord: they take the seats of a limit; whom the office lists takes none."""
        return self.filter(basis="voluntary", state="signed_up")

    def with_place(self) -> "EnrolmentQuerySet":
        """Add `.place`: the how-manieth a waiting person is in the queue of the activity (rule 22)."""
        before = self.model.objects.filter(activity=OuterRef("activity"), state="waiting").filter(
            Q(signed_up_at__lt=OuterRef("signed_up_at"))
            | Q(signed_up_at=OuterRef("signed_up_at"), pk__lte=OuterRef("pk"))
        )
        counted = before.order_by().values("activity").annotate(n=Count("pk")).values("n")
        with_place: EnrolmentQuerySet = self.annotate(place=Subquery(counted))
        return with_place

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


class DeclarationQuerySet(models.QuerySet[Any]):
    """What representatives declare of themselves."""

    def seen_by(self, user: Any) -> "DeclarationQuerySet":
        """Those handed in that staff may read: recorder, reviewer, office, auditor of the branch."""
        return self.filter(scope(user, READS_DECLARATIONS), submitted_at__isnull=False)

    def decided_by_staff(self, user: Any) -> "DeclarationQuerySet":
        """Those `user` may decide on: recorders of the branch and the office, nobody their own (THREATS 14)."""
        mine = self.filter(scope(user, READS_ROLLS), submitted_at__isnull=False)
        return mine.exclude(representative__user=user)

    def live(self) -> "DeclarationQuerySet":
        """Not withdrawn."""
        return self.exclude(state="withdrawn")

    def waiting(self) -> "DeclarationQuerySet":
        """Handed in and not decided."""
        return self.filter(state="submitted")


class NoticeQuerySet(models.QuerySet[Any]):
    """The outbox."""

    def told(self, moment: datetime) -> "NoticeQuerySet":
        """What went out and still matters at `moment`: the activity is not over, or its time was not reached."""
        return self.filter(state="sent").filter(
            Q(activity__ends_at__gt=moment) | Q(kind="cancelled", about__gt=moment)
        )

    def ready(self, moment: datetime) -> "NoticeQuerySet":
        """Due at `moment` and in nobody's hands: waiting, or taken by a worker whose lease has run out."""
        return self.filter(
            Q(due_at__isnull=True) | Q(due_at__lte=moment),
            Q(not_before__isnull=True) | Q(not_before__lte=moment),
            state__in=["pending", "sending"],
        )


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


class LockedPeriodQuerySet(models.QuerySet[Any]):
    """Days whose year was handed up."""

    def over(self, area: Area, day: date) -> "LockedPeriodQuerySet":
        """Those that hold `day` for `area`: locked for it or for an area above it."""
        return self.on(day).filter(area__path__in=paths_to(area))

    def on(self, day: date) -> "LockedPeriodQuerySet":
        """Those that hold `day`, wherever."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)
