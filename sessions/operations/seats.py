"""Seats of an activity with a limit: who has one, and who is given one that became free (PRODUCT.md, rule 22)."""

from portal.pagecache import forget_pages
from sessions.models import Activity, Enrolment, Notice
from sessions.operations.telling import tell


def is_full(activity: Activity) -> bool:
    """Whether no seat is left for who signs up of their own accord (1 query); call it with the activity locked."""
    return free_seats(activity) == 0


def free_seats(activity: Activity) -> int | None:
    """Return how many seats are left, never less than 0; None where nothing limits them."""
    if activity.capacity is None:
        return None
    taken = Enrolment.objects.seated().filter(activity=activity).count()
    return max(activity.capacity - int(taken), 0)


def give_free_seats(activity: Activity) -> list[Enrolment]:
    """Give free seats to who waits, in the order they signed up, tell them, and return them.

    The caller holds the activity's row, so that one seat is given once. A smaller room takes no seat back.
    """
    waiting = Enrolment.objects.filter(activity=activity, state=Enrolment.State.WAITING)
    first = list(
        waiting.select_related("representative__user").order_by("signed_up_at", "pk")[: free_seats(activity)]
    )
    if not first:
        return []
    Enrolment.objects.filter(pk__in=[e.pk for e in first]).update(state=Enrolment.State.SIGNED_UP)
    if activity.state == Activity.State.OPEN:
        tell(activity=activity, people=[e.representative for e in first], kind=Notice.Kind.PROMOTED)
    forget_pages()
    return first
