"""巡讲 for the public: the routes, and one route with its stops in order and how each stands. Reads only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.models.pages import page_of
from sessions.routes import public_tours, route_of


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the tours that have an announced stop, the one with the latest stop first."""
    return render(request, "sessions/tours/tours.html", {"tours": page_of(public_tours(), request)})


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one tour's stops; 404 for a tour of which nothing is announced."""
    tour = get_object_or_404(public_tours(), pk=pk)
    return render(
        request, "sessions/tours/tour.html", {"tour": tour, "stops": route_of(tour, timezone.now())}
    )
