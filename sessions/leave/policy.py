"""Who decides on leave and who may read what of it (rule 9; PRODUCT.md, "What may be seen"). Reads only."""

from typing import Any

from django.db.models import Q

from portal.models import User
from sessions.models import Activity, LeaveRequest
from stations.models import AreaGrant
from stations.permissions import holds, holds_anywhere, scope

Role = AreaGrant.Role
Kind = Activity.Kind
OFFICE = (Role.OFFICE,)  # of the activity's area or above it: the municipality's holds everywhere
KEEPERS = (Role.RECORDER, Role.OFFICE)

# Who decides on leave from each kind of activity. A new kind without a line here fails the tests.
APPROVERS: dict[str, tuple[str, ...]] = {
    Kind.CONGRESS: OFFICE,
    Kind.STANDING_COMMITTEE: OFFICE,
    Kind.ENFORCEMENT_CHECK: OFFICE,
    Kind.APPRAISAL: OFFICE,
    Kind.HEARING: OFFICE,
    Kind.TRAINING: KEEPERS,
    Kind.LECTURE: KEEPERS,
    Kind.SHARING: KEEPERS,
    Kind.BRIGHT_IDEAS: KEEPERS,
    Kind.SEMINAR: KEEPERS,
    Kind.FIELD_VISIT: KEEPERS,
    Kind.TOUR: KEEPERS,
    Kind.GROUP_ACTIVITY: KEEPERS,
    Kind.INSPECTION: KEEPERS,
    Kind.RESEARCH: KEEPERS,
    Kind.RECEPTION: KEEPERS,
    Kind.VISIT: KEEPERS,
    Kind.DUTY_REPORT: KEEPERS,
    Kind.OTHER: KEEPERS,
}
KEPT_BY_RECORDERS = [kind for kind, roles in APPROVERS.items() if Role.RECORDER in roles]
READERS = (*KEEPERS, Role.AUDITOR)


def approves(user: Any, activity: Activity) -> bool:
    """Whether `user` decides on leave from this activity; whose leave it is, is another question (1 query)."""
    return holds(user, APPROVERS[activity.kind], activity.area)


def is_own(user: User, request: LeaveRequest) -> bool:
    """Whether `user` has filed the request or is who it is about: nobody decides on their own (rule 9)."""
    return user.pk in {request.filed_by_id, request.representative.user_id}


def decidable_by(user: Any) -> Q:
    """Return the condition of requests on which `user` decides by role; own ones are still among them (2 queries)."""
    by_recorder = scope(user, (Role.RECORDER,), "activity__area") & Q(activity__kind__in=KEPT_BY_RECORDERS)
    return scope(user, OFFICE, "activity__area") | by_recorder


def readable_by(user: Any) -> Q:
    """Return the condition of requests whose category `user` may read, detail aside (2 queries).

    Recorder, office and auditor of the activity's area; the reviewer of the area of the person.
    """
    return scope(user, READERS, "activity__area") | scope(user, (Role.REVIEWER,), "mandate__area")


def reads_anywhere(user: Any) -> bool:
    """Whether `user` may open the list of requests at all (1 query)."""
    return holds_anywhere(user, (*READERS, Role.REVIEWER))
