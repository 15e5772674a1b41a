"""The screen in the hall: the page, and its state as a small conditional JSON that the page polls."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from sessions.checkin.wall import etag_of, wall_at
from sessions.models import Activity

PRIVATE = "private, no-store"


def _activity(request: HttpRequest, door: str) -> Activity:
    """Return the activity whose roll the reader keeps; 404 for everybody else (THREATS 12)."""
    kept = Activity.objects.recorded_by(request.user).exclude(state=Activity.State.DRAFT)
    activity = get_object_or_404(kept.select_related("page"), door=door)
    assert isinstance(activity, Activity)
    return activity


@login_required
@require_GET
def screen(request: HttpRequest, door: str) -> HttpResponse:
    """Show the screen for 1920 × 1080; without scripts it renews itself every 15 seconds."""
    activity = _activity(request, door)
    now = timezone.now()
    shown = wall_at(activity, now)
    # The markup of the QR is segno's own, made from our address; nothing of a reader is in it.
    context = {"activity": activity, "shown": shown, "qr": mark_safe(shown["qr"]), "etag": etag_of(shown)}  # noqa: S308
    response = render(request, "sessions/wall/wall.html", context | _ring(shown))
    response["Cache-Control"] = PRIVATE
    return response


@require_GET
def state(request: HttpRequest, door: str) -> HttpResponse:
    """Return what the screen shows now as JSON; 304 without a body while nothing but the time has passed."""
    if not request.user.is_authenticated:
        raise Http404
    shown = wall_at(_activity(request, door), timezone.now())
    etag = etag_of(shown)
    response: HttpResponse
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        response = JsonResponse(shown, json_dumps_params={"ensure_ascii": False})
    response["ETag"] = etag
    response["Cache-Control"] = PRIVATE
    return response


def _ring(shown: dict[str, int]) -> dict[str, int]:
    """Return the ring for who has no scripts: how much of 100 has passed, and the seconds that are left."""
    left, step = shown["remaining_ms"], shown["step_ms"]
    return {"passed": round(100 - 100 * left / step), "seconds": -(-left // 1000)}
