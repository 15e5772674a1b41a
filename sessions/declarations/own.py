"""Reads of the representative who declares: what they may declare, and how their declarations stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from sessions.models import Activity, Attendance, Declaration, Enrolment
from sessions.querysets import DeclarationQuerySet
from stations.models import Representative

REACH = timedelta(days=120)  # how far back activities are offered; older ones the recorder corrects
SHOWN = 20
SETTLED = ("present", "late", "left_early", "late_left", "visitor", "exempt")


@dataclass(frozen=True, slots=True)
class Choice:
    """An activity that may be declared, and what the roll says of the person now ("" for nothing)."""

    activity: Activity
    status: str

    @property
    def words(self) -> str:
        """What the roll says, for people."""
        return f"名册上是“{Attendance.Status(self.status).label}”" if self.status else "名册上没有记录"


def choices_of(person: Representative, moment: datetime) -> list[Choice]:
    """Return the latest activities the person was listed for and is not recorded as having come to (1 query)."""
    listed = Enrolment.objects.expected().filter(representative=person)
    declared = Declaration.objects.live().filter(representative=person, activity__isnull=False)
    own = Attendance.objects.filter(activity=OuterRef("pk"), representative=person).values("status")
    past: Any = (
        Activity.objects.published()
        .arranged()
        .filter(pk__in=listed.values("activity"), locked=False)
        .filter(starts_at__gt=moment - REACH, starts_at__lte=moment)
        .exclude(pk__in=declared.values("activity"))
        .annotate(own_status=Coalesce(Subquery(own[:1]), Value("")))
        .exclude(own_status__in=SETTLED)
        .order_by("-starts_at", "-pk")
    )
    return [Choice(activity, activity.own_status) for activity in past[:SHOWN]]


def declarations_of(person: Representative) -> DeclarationQuerySet:
    """Return the person's declarations with their files, what they must do themselves first, then the latest."""
    rows: DeclarationQuerySet = (
        Declaration.objects.filter(representative=person)
        .select_related("activity", "decided_by")
        .prefetch_related("files")
        .order_by(_first("returned"), _first("draft"), "-started_at", "-pk")
    )
    return rows


def _first(state: str) -> Any:
    return Case(When(state=state, then=Value(0)), default=Value(1), output_field=IntegerField())


def sent_back(person: Representative) -> int:
    """Return how many declarations wait for the person to amend them (1 query)."""
    return Declaration.objects.filter(representative=person, state=Declaration.State.RETURNED).count()
