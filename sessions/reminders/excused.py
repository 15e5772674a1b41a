"""Who is not reminded: the one place that knows (PRODUCT.md, rule 23). Reads only."""

from django.db.models import Exists, OuterRef

from sessions.models import Attendance, LeaveRequest
from sessions.querysets import EnrolmentQuerySet


def without_excused(enrolments: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Return those of `enrolments` who still count on coming: not withdrawn, not waiting, not on leave or exempt."""
    excused = Attendance.objects.filter(
        activity=OuterRef("activity"),
        representative=OuterRef("representative"),
        status__in=[Attendance.Status.LEAVE, Attendance.Status.EXEMPT],
    )
    approved = LeaveRequest.objects.granted().filter(
        activity=OuterRef("activity"), representative=OuterRef("representative")
    )
    still: EnrolmentQuerySet = enrolments.expected().exclude(Exists(excused)).exclude(Exists(approved))
    return still
