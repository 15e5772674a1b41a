"""Putting messages into the outbox: each is one row, whatever happens at the same time (PRODUCT.md, rule 23)."""

from collections.abc import Iterable

from django.db.models import Count

from sessions.models import Activity, Notice
from sessions.reminders.people import channel_for
from stations.models import Representative


def tell(*, activity: Activity, people: Iterable[Representative], kind: str) -> int:
    """Queue one message of `kind` for each of `people`, due at once, and return how many people.

    The caller holds the activity's row: the round (the number of the move, or how often a person has been
    promoted before) is therefore settled, and saying the same twice is one row.
    """
    people = list(people)
    rounds: dict[int, int] = {}
    if kind == Notice.Kind.PROMOTED:
        earlier = Notice.objects.filter(activity=activity, kind=kind, representative__in=people)
        counted = earlier.order_by().values_list("representative_id").annotate(n=Count("pk"))
        rounds = dict(counted)
    Notice.objects.bulk_create(
        [
            Notice(
                activity=activity,
                representative=person,
                kind=kind,
                channel=channel_for(person),
                round=rounds.get(person.pk, 0) if kind == Notice.Kind.PROMOTED else activity.moves,
                about=activity.starts_at,
            )
            for person in people
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    return len(people)
