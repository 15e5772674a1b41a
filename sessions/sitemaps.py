"""The public addresses of this floor's plain views: ideas, tours, figures, calendars."""

from datetime import datetime

from django.db.models import Max, Q
from django.urls import reverse

from portal.conventions.sitemap import Address
from sessions.figures.public import years_with_figures
from sessions.models import Idea, IdeaEvent
from sessions.routes import public_tours


def named() -> list[Address]:
    """Return what the map for people names."""
    return [
        Address(reverse("ideas"), "金点子"),
        Address(reverse("tours"), "巡讲"),
        Address(reverse("figures"), "公开数据"),
        Address(reverse("calendars"), "订阅日历"),
    ]


def addresses(moment: datetime) -> list[Address]:
    """Return what is named, and each idea, tour and year (4 queries)."""
    changed = Max("events__recorded_at", filter=Q(events__kind__in=IdeaEvent.PUBLIC))
    ideas = (
        Idea.objects.public()
        .annotate(changed=changed)
        .order_by("pk")
        .values_list("year", "number", "changed")
    )
    return [
        *named(),
        *(Address(reverse("idea", args=[year, number]), "", changed) for year, number, changed in ideas),
        *(Address(reverse("tour_route", args=[tour.pk])) for tour in public_tours()),
        *(Address(reverse("figures_year", args=[year])) for year in years_with_figures(moment)),
    ]
