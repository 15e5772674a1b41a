"""Over HTTP: the sitemap for engines and for people, robots.txt, security.txt."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from portal.conventions import sitemap as maps
from portal.conventions.addresses import absolute
from portal.pagecache import NEVER
from portal.templatetags.portal_tags import NAV

XML = "application/xml; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
FILES = frozenset({"/static/", "/media/", "/fengmian/"})  # robots may fetch what pages are made of
EXPIRES = timedelta(days=180)


def _root(request: HttpRequest) -> Page:
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    root: Page = site.root_page
    return root


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Answer all public addresses; with more than 5,000 the index of several files."""
    rows = maps.all_addresses(_root(request), timezone.now())
    files = maps.number_of_files(rows)
    if files > 1:
        return HttpResponse(maps.index(files, lambda n: reverse("sitemap_file", args=[n])), content_type=XML)
    return HttpResponse(maps.sitemap(rows), content_type=XML)


@require_safe
def sitemap_file(request: HttpRequest, number: int) -> HttpResponse:
    """Answer one file of the sitemap; 404 beyond the last."""
    rows = maps.all_addresses(_root(request), timezone.now())
    if not 1 <= number <= maps.number_of_files(rows):
        raise Http404
    return HttpResponse(maps.sitemap(rows, number), content_type=XML)


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Show the sections with their pages, and what else can be read."""
    found = maps.sections(_root(request))
    places = {path: place for place, (_, path) in enumerate(NAV)}
    views = [(address.title, address.path) for address in maps.named_addresses()]
    context: dict[str, Any] = {
        "sections": sorted((s for s in found if s.pages), key=lambda s: places.get(s.path, len(places))),
        "others": [*((s.title, s.path) for s in found if not s.pages), *views],
    }
    return render(request, "portal/site_map.html", context)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Say what engines need not ask for: the rooms of people with an account, and the results of searches."""
    closed = [path for path in NEVER if path not in FILES]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in [*closed, reverse("search")])]
    return HttpResponse(
        "\n".join([*lines, "", f"Sitemap: {absolute(reverse('sitemap'))}", ""]), content_type=PLAIN
    )


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Say whom to tell of a weakness (RFC 9116); 404 while the installation names nobody."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {_expiry(timezone.now()):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: zh, en",
        f"Canonical: {absolute(reverse('security'))}",
        "",
    )
    return HttpResponse("\n".join(lines), content_type=PLAIN)


def _expiry(now: datetime) -> datetime:
    """Return the first of the month half a year on: the text changes once a month, not at every request."""
    return (now + EXPIRES).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
