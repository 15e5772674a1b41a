"""What a representative may ask and hand in, and what became of it."""

from datetime import datetime, timedelta
from typing import Any

from sessions.checkin.mine import open_to
from sessions.models import Activity, Enrolment, Idea, Question
from sessions.querysets import ActivityQuerySet
from sessions.voices.querysets import IdeaQuerySet, QuestionQuerySet
from stations.models import Representative

AROUND = timedelta(days=60)  # sessions for which an idea is handed in: not long past, not far ahead
CHOICES = 30
SPEAKS = (Enrolment.Role.SPEAKER, Enrolment.Role.HOST)


def sessions_around(person: Representative, moment: datetime) -> ActivityQuerySet:
    """Return the activities around `moment` that the person may join and to which an idea can belong."""
    near: ActivityQuerySet = Activity.objects.published().filter(
        open_to(person), starts_at__range=(moment - AROUND, moment + AROUND)
    )
    return near.order_by("-starts_at", "-pk")


def questions_of(person: Representative) -> QuestionQuerySet:
    """Return the person's questions, the newest first."""
    own: QuestionQuerySet = Question.objects.filter(asked_by=person).select_related("activity")
    return own.order_by("-asked_at", "-pk")


def ideas_of(person: Representative) -> IdeaQuerySet:
    """Return the ideas the person signed, the newest first, each with the head of its group."""
    own: IdeaQuerySet = Idea.objects.filter(authorships__representative=person)
    return own.select_related("activity", "duplicate_of").signed().order_by("-submitted_at", "-pk")


def speaks_at(person: Representative | None, activity: Any) -> bool:
    """Whether the person is on the list of the activity as speaker or host (1 query)."""
    if person is None:
        return False
    listed = Enrolment.objects.expected().filter(activity=activity, representative=person)
    return bool(listed.filter(role__in=SPEAKS).exists())
