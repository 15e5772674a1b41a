"""The audit log, read: lines about pages and about everything else as one list, the latest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry, PageLogEntry

from portal.models import User

COLUMNS = ("timestamp", "pk", "user_id", "action", "content_type_id", "label", "data")


@dataclass(frozen=True, slots=True)
class Line:
    """One line for people: when, who, what, on which sort of thing, of which name, with what."""

    at: datetime
    who: str
    action: str
    kind: str
    label: str
    data: dict[str, Any]


def choices() -> list[tuple[str, str]]:
    """Return every action there is with its words, ours and Wagtail's, by the words."""
    return sorted(
        ((action, str(words)) for action, words in registry.get_choices()), key=lambda pair: pair[1]
    )


def lines(*, first: date, last: date, who: str = "", action: str = "") -> QuerySet[Any]:
    """Return the rows of these local days, both inclusive, as tuples of COLUMNS; `told` makes them lines.

    `who` is a user name, or a part of a name.
    """
    begin, end = (
        timezone.make_aware(datetime.combine(day, time.min)) for day in (first, last + timedelta(days=1))
    )
    wanted = Q(timestamp__gte=begin, timestamp__lt=end)
    if action:
        wanted &= Q(action=action)
    if who:
        wanted &= Q(
            user__in=User.objects.filter(Q(username=who) | Q(display_name__icontains=who)).values("pk")
        )
    # The managers' own order has no place in the parts of a union.
    ours, pages = (
        model.objects.filter(wanted).order_by().values_list(*COLUMNS)
        for model in (ModelLogEntry, PageLogEntry)
    )
    both: QuerySet[Any] = ours.union(pages, all=True)
    return both.order_by("-timestamp", "-pk")


def told(rows: Iterable[Any]) -> list[Line]:
    """Return these rows as lines (2 queries, however many)."""
    rows = list(rows)
    people = User.objects.in_bulk({user for _, _, user, *_ in rows if user})
    kinds = ContentType.objects.in_bulk({kind for *_, kind, _, _ in rows if kind})
    return [
        Line(
            at=at,
            who=str(people.get(user) or ("系统" if user is None else f"账号 {user}（已删除）")),
            action=str(registry.get_action_label(action)) if registry.action_exists(action) else action,
            kind=_kind(kinds.get(kind)),
            label=label,
            data=data or {},
        )
        for at, _, user, action, kind, label, data in rows
    ]


def _kind(kind: ContentType | None) -> str:
    model = kind.model_class() if kind else None
    return str(model._meta.verbose_name) if model else ""
