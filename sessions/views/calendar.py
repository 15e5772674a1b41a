"""Calendars over HTTP: the public ones, and a person's own behind an address that nobody guesses (rule 24)."""

import hashlib
from collections.abc import Iterable
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from portal.conventions.addresses import understood
from portal.models import CongressSettings
from portal.models.pages import page_of
from sessions.calendars.events import Entry, calendar_of
from sessions.calendars.feeds import (
    FEED,
    announced,
    personal_entries,
    place_behind,
    reception_entries,
    session_entries,
    station_entries,
)
from sessions.calendars.places import places_with_calendar
from sessions.models import CalendarToken
from stations.models import ReceptionDay

PLACES_A_PAGE = 60
PLAIN = "text/plain; charset=utf-8"


@require_safe
def subscribe(request: HttpRequest) -> HttpResponse:
    """Say in words how a phone follows a calendar, and list them all."""
    places = page_of(places_with_calendar(), request, PLACES_A_PAGE)
    address = settings.PUBLIC_URL.rstrip("/") + reverse("sessions_calendar")
    context = {
        "places": places,
        "understood": understood(page=places),
        "all": address,
        # The scheme calendars register for; for what is public only, as some ask without encryption first.
        "all_webcal": f"webcal:{address.partition(':')[2]}",
    }
    return render(request, "sessions/calendar/subscribe.html", context)


@require_safe
def session_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one session by its activity's number; 404 for what is not announced."""
    page = announced(timezone.now()).filter(activity=pk).first()
    if page is None:
        raise Http404
    entries = session_entries([page])
    return _answer(request, entries, entries[0].title, f"session-{pk}.ics", f"{entries[0].title}.ics")


@require_safe
def sessions_calendar(request: HttpRequest) -> HttpResponse:
    """Answer all announced sessions, those called off among them as CANCELLED."""
    title = f"{CongressSettings.for_request(request).site_name}分享会"
    entries = session_entries(announced(timezone.now())[:FEED])
    return _answer(request, entries, title, "sessions.ics", f"{title}.ics")


@require_safe
def station_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer the sessions and reception days of a station by its page's slug; 404 without a public page."""
    place = place_behind(slug)
    if place is None:
        raise Http404
    title = f"{place.station.name}：分享会与接待日"
    entries = station_entries(place, timezone.now())
    return _answer(request, entries, title, "station.ics", f"{place.station.name}.ics")


@require_safe
def reception_calendar(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Answer one reception day of a station; 404 when it was taken off or is another station's."""
    place = place_behind(slug)
    if place is None:
        raise Http404
    entries = reception_entries(place, ReceptionDay.objects.filter(station=place.station_id, pk=pk))
    if not entries:
        raise Http404
    title = f"{entries[0].title}（{place.station.name}）"
    return _answer(request, entries, title, f"reception-{pk}.ics", f"{title}.ics")


@require_safe
def personal_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Answer one person's own list: 410 once the address was given up or the account closed, 404 if there is none."""
    rows = CalendarToken.objects.select_related("representative__user")
    row = rows.filter(token=token).first()
    if row is None:
        return _private(HttpResponse("没有这个日历地址，请到“我的日历”重新复制。", PLAIN, 404))
    user = row.representative.user
    if row.revoked_at or user is None or not user.is_active:
        return _private(HttpResponse("这个日历地址已停用，请到“我的日历”取新的地址。", PLAIN, 410))
    entries = personal_entries(row.representative, timezone.now())
    return _private(_answer(request, entries, "我的履职日历", "mine.ics", "我的履职日历.ics"))


def _private(response: HttpResponse) -> HttpResponse:
    """Let nobody store the answer, find it, or tell its address on."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _answer(
    request: HttpRequest, entries: Iterable[Entry], title: str, plain_name: str, name: str
) -> HttpResponse:
    """Return the calendar, or 304 to who has it. The ETag alone decides: what was taken out leaves no later date."""
    entries = list(entries)
    body = calendar_of(entries, title)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    # RFC 5987: old readers take the plain name, the others the Chinese one.
    encoded = quote(name.replace("/", "／"), safe="")
    response["Content-Disposition"] = f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{encoded}"
    if entries:
        response["Last-Modified"] = http_date(max(entry.touched for entry in entries).timestamp())
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'  # as the store of pages makes it
    response["ETag"] = etag
    if "HTTP_IF_NONE_MATCH" in request.META:
        return get_conditional_response(request, etag=etag, response=response)  # type: ignore[return-value]
    return response
