"""Who may do what with questions and ideas: by area grants, and speakers in their own session."""

from typing import Any

from sessions.models import Activity
from sessions.querysets import ActivityQuerySet
from sessions.voices.mine import speaks_at
from sessions.voices.querysets import KEEPS_IDEAS, KEEPS_QUESTIONS
from stations.models import Representative
from stations.permissions import holds_anywhere, scope


def keeps_questions(user: Any) -> bool:
    """Whether `user` judges questions in some area: for menus, never for rows."""
    return holds_anywhere(user, KEEPS_QUESTIONS)


def keeps_ideas(user: Any) -> bool:
    """Whether `user` judges ideas in some area: for menus, never for rows."""
    return holds_anywhere(user, KEEPS_IDEAS)


def halls_of(user: Any) -> ActivityQuerySet:
    """Return the activities whose questions `user` judges."""
    kept: ActivityQuerySet = Activity.objects.filter(scope(user, KEEPS_QUESTIONS))
    return kept


def idea_halls_of(user: Any) -> ActivityQuerySet:
    """Return the activities whose ideas `user` judges and may enter from paper."""
    kept: ActivityQuerySet = Activity.objects.filter(scope(user, KEEPS_IDEAS))
    return kept


def may_answer(user: Any, person: Representative | None, activity: Activity) -> bool:
    """Whether the questions of `activity` may be read before their release and answered.

    Who judges them may, and who speaks or sits in the chair: they must know what the room wants to hear.
    """
    return halls_of(user).filter(pk=activity.pk).exists() or speaks_at(person, activity)
