"""Writes of what activities belong to: series with their words, tours with their stops in order."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from portal.audit import record
from portal.models import User
from portal.pagecache import forget_pages
from sessions.models import Activity, Series, Tour
from sessions.operations.activities import ActivityRefused, create_activity

ASIDE = 10_000  # added for a moment while numbers change places: no two stops may share one


@transaction.atomic
def create_series(*, title: str, actor: User | None, theme: str = "", summary: str = "") -> Series:
    """Create a series and return it; raises ActivityRefused when its title is taken."""
    if Series.objects.filter(title=title.strip()).exists():
        raise ActivityRefused("已有同名的系列，请换一个题目。")
    series = Series.objects.create(title=title.strip(), theme=theme, summary=summary)
    record("sharing.create_series", series, actor=actor)
    return series


@transaction.atomic
def change_series(*, series: Series, actor: User, title: str, theme: str, summary: str) -> Series:
    """Change the words of a series and return it; raises ActivityRefused when the title is another's."""
    if Series.objects.filter(title=title.strip()).exclude(pk=series.pk).exists():
        raise ActivityRefused("已有同名的系列，请换一个题目。")
    series.title, series.theme, series.summary = title.strip(), theme, summary
    series.save(update_fields=["title", "theme", "summary"])
    record("sharing.change_series", series, actor=actor)
    forget_pages()
    return series


@transaction.atomic
def add_stop(*, tour: Tour, actor: User | None, **facts: Any) -> Activity:
    """Add a draft activity as the last stop of `tour` and return it; `facts` are those of `create_activity`.

    The tour's row is taken, so that two who add at once get two numbers. Raises ActivityRefused for times that
    make no sense.
    """
    tour = Tour.objects.select_for_update().get(pk=tour.pk)
    last = tour.stops.aggregate(last=Max("stop_number"))["last"] or 0
    return create_activity(kind=Activity.Kind.TOUR, tour=tour, stop_number=last + 1, actor=actor, **facts)


@transaction.atomic
def order_stops(*, tour: Tour, order: Sequence[int], actor: User) -> None:
    """Number the stops of `tour` 1, 2, 3 … in the order of these activities' keys, without a gap.

    A called-off stop keeps its place in the route. Raises ActivityRefused when the keys are not exactly the tour's
    stops: somebody has added one meanwhile.
    """
    tour = Tour.objects.select_for_update().get(pk=tour.pk)
    stops = {stop.pk: stop for stop in tour.stops.all()}
    if sorted(order) != sorted(stops):
        raise ActivityRefused("站点刚有变动，请刷新后再调整次序。")
    tour.stops.update(stop_number=F("stop_number") + ASIDE)
    for number, key in enumerate(order, start=1):
        Activity.objects.filter(pk=key).update(stop_number=number)
    record("sharing.order_stops", tour, actor=actor, order=list(order))
    forget_pages()
