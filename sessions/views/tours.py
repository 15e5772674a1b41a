"""巡讲 for the public: the routes, and one route with its stops in order and how each stands. Reads only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.conventions.addresses import understood
from portal.models.pages import page_of
from sessions.routes import public_tours, route_of

TRAIL = [("分享会", "/fenxianghui/")]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the tours that have an announced stop, the one with the latest stop first."""
    tours = page_of(public_tours(), request)
    context = {"tours": tours, "trail": TRAIL, "understood": understood(page=tours)}
    return render(request, "sessions/tours/tours.html", context)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one tour's stops; 404 for a tour of which nothing is announced."""
    tour = get_object_or_404(public_tours(), pk=pk)
    trail = [*TRAIL, ("巡讲", reverse("tours"))]
    context = {"tour": tour, "stops": route_of(tour, timezone.now()), "trail": trail}
    return render(request, "sessions/tours/tour.html", context)
