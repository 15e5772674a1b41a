"""What the public sees of tours and series: stops in order with their state, other sessions of a series."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, Max, Min, Prefetch, Q, When

from portal.visibility import open_to_all
from sessions.models import Activity, SharingSessionPage, Tour
from sessions.programme import programme

State = Activity.State
ANNOUNCED = ~Q(stops__state=State.DRAFT)
SIBLINGS = 8


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a route: its place in it, how it stands in words, and its page where the public may open one."""

    activity: Activity
    word: str  # 未开始, 正在进行, 已举办, 已取消
    page: SharingSessionPage | None

    @property
    def tone(self) -> str:
        """The tag's colour; the word says the same."""
        return {"正在进行": "ok", "未开始": "sky", "已取消": "warn"}.get(self.word, "")


def public_tours() -> Any:
    """Return tours with an announced stop, with .number of them, .first and .last day: the latest first."""
    return (
        Tour.objects.annotate(
            number=Count("stops", filter=ANNOUNCED),
            first=Min("stops__starts_at", filter=ANNOUNCED),
            last=Max("stops__starts_at", filter=ANNOUNCED),
        )
        .filter(number__gt=0)
        .order_by("-last", "-pk")
    )


def route_of(tour: Tour, moment: datetime) -> list[Stop]:
    """Return the announced stops of a tour in their order, called-off ones among them (2 queries)."""
    pages = open_to_all(SharingSessionPage.objects.only("pk", "url_path", "title", "activity_id", "path"))
    stops = (
        tour.stops.exclude(state=State.DRAFT)
        .select_related("area", "station")
        .prefetch_related(Prefetch("page", pages))
        .order_by("stop_number", "starts_at", "pk")
    )
    return [Stop(stop, _word(stop, moment), getattr(stop, "page", None)) for stop in stops]


def _word(stop: Activity, moment: datetime) -> str:
    if stop.state == State.CANCELLED:
        return "已取消"
    if stop.state == State.CLOSED or moment >= stop.ends_at:
        return "已举办"
    return "正在进行" if moment >= stop.starts_at else "未开始"


def siblings_of(activity: Activity, moment: datetime) -> list[SharingSessionPage]:
    """Return other announced sessions of the activity's series: the coming ones first, then the last held (1 query)."""
    if activity.series_id is None:
        return []
    others = programme().filter(activity__series=activity.series_id).exclude(activity=activity)
    soon = Case(When(activity__ends_at__gt=moment, then=F("activity__starts_at")))
    return list(others.order_by(soon.asc(nulls_last=True), "-activity__starts_at", "-pk")[:SIBLINGS])
