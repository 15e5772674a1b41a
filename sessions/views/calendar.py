"""The public calendar: one session or all of them as iCalendar, nothing private in it (rule 24)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event
from wagtail.models import ModelLogEntry

from portal.models import CongressSettings
from sessions.models import Activity, SharingSessionPage
from sessions.programme import programme

CHANGES = ("sharing.change_activity", "sharing.cancel_activity")
FEED = 500  # the latest so many; older ones are read on the site


@require_safe
def session_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one session by its activity's number; 404 for what is not announced."""
    page = programme().filter(activity=pk).first()
    if page is None:
        raise Http404
    return _answer(request, [page], f"session-{pk}.ics")


@require_safe
def sessions_calendar(request: HttpRequest) -> HttpResponse:
    """Answer all announced sessions, those called off among them as CANCELLED."""
    pages = programme().order_by("-activity__starts_at", "-pk")[:FEED]
    return _answer(request, list(pages), "sessions.ics")


def _answer(request: HttpRequest, pages: list[SharingSessionPage], name: str) -> HttpResponse:
    site = CongressSettings.for_request(request)
    body = calendar_of(pages, f"{site.site_name}分享会")
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def calendar_of(pages: Iterable[SharingSessionPage], title: str) -> bytes:
    """Return the iCalendar text of `pages`; the same pages give the same bytes."""
    pages = list(pages)
    calendar = Calendar()
    calendar.add("prodid", "-//congress-portal//sessions//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    changes = _changes([page.activity_id for page in pages])
    for page in pages:
        calendar.add_component(_event(page, *changes.get(page.activity_id, (0, None))))
    return bytes(calendar.to_ical())


def _changes(activities: list[int]) -> dict[int, tuple[int, datetime | None]]:
    """Return for each activity how often it was changed after its creation, and when it was last touched.

    The audit log only grows, so the first number rises and never falls: it is the SEQUENCE of rule 24.
    """
    lines = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Activity),
        object_id__in=[str(pk) for pk in activities],
        action__startswith="sharing.",
    ).values_list("object_id")
    counted = lines.annotate(number=Count("pk", filter=Q(action__in=CHANGES)), last=Max("timestamp"))
    return {int(pk): (number, last) for pk, number, last in counted.order_by("object_id")}


def _event(page: SharingSessionPage, sequence: int, touched: datetime | None) -> Event:
    activity = page.activity
    host = urlsplit(settings.PUBLIC_URL)
    event = Event()
    event.add("uid", f"activity-{activity.pk}@{host.hostname}")
    event.add("sequence", sequence)
    event.add("dtstamp", (touched or activity.starts_at).astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", activity.starts_at.astimezone(UTC))
    event.add("dtend", activity.ends_at.astimezone(UTC))
    event.add("summary", page.title.replace("|", ""))
    event.add("status", "CANCELLED" if activity.state == Activity.State.CANCELLED else "CONFIRMED")
    for name, words in (("location", _where(activity)), ("description", page.summary)):
        if words:
            event.add(name, words)
    if path := page.get_url():
        event.add("url", settings.PUBLIC_URL.rstrip("/") + urlsplit(path).path)
    return event


def _where(activity: Any) -> str:
    station = activity.station
    address = station.address if station else ""
    return "，".join(part for part in (activity.place, address) if part)
