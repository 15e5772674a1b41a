"""Whom a notice reaches, and how: reads that the sending and the staff's forms share."""

from collections import Counter
from dataclasses import dataclass

from sessions.models import Activity, Notice
from stations.models import Representative

Channel = Notice.Channel


def channel_for(person: Representative) -> str:
    """Return the way by which a person is told: e-mail, else SMS, else a line on 我的履职.

    The person must be read with `select_related("user")`.
    """
    if person.user and person.user.is_active and person.user.email:
        return Channel.EMAIL
    return Channel.SMS if person.phone else Channel.SITE


def listed_people(activity: Activity) -> list[Representative]:
    """Return everybody who counts on the activity: listed, signed up or waiting, with their accounts (1 query)."""
    on_list = activity.enrolments.exclude(state="withdrawn").values("representative_id")
    return list(Representative.objects.filter(pk__in=on_list).select_related("user").order_by("pk"))


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people a message to everybody on the list would reach, by channel."""

    people: int
    by: dict[str, int]

    def __str__(self) -> str:
        """Say it in words for a form of the staff."""
        if not self.people:
            return "名单上还没有人，不会发通知。"
        ways = [f"{c.label} {self.by[c]} 人" for c in Channel if self.by.get(c)]
        return f"名单上 {self.people} 人会收到通知：{'，'.join(ways)}。"


def reach_of(activity: Activity) -> Reach:
    """Count whom a message about `activity` would reach (1 query)."""
    people = listed_people(activity)
    return Reach(len(people), dict(Counter(channel_for(person) for person in people)))
