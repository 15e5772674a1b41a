"""From an address to its page in two queries, whatever its depth; Wagtail alone asks two for every part of it.

One query finds the page with all pages above it, which the breadcrumb and the restrictions need as well; the other
its own columns with what every reader sees of it. Whatever is out of the ordinary (nothing there, an alias, a
restriction, a class with routes of its own) goes Wagtail's way.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.url_routing import RouteResult
from wagtail.views import serve as wagtail_serve

from portal.models import BasePage

DEEPEST = 8  # parts of an address; nothing of ours lies deeper


@require_safe
def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve the page at `path`, found as cheaply as can be; 404 and restrictions are Wagtail's matter.

    Pages take no forms: what can be sent from one has an address of its own.
    """
    page = find(request, path)
    if page is not None:
        request._wagtail_route_for_request = RouteResult(page)  # type: ignore[attr-defined]  # where Wagtail looks first
    answer: HttpResponseBase = wagtail_serve(request, path)
    return answer


def find(request: HttpRequest, path: str) -> BasePage | None:
    """Return the page at `path` with `trail`, the pages above it, when everybody may read it; None to ask Wagtail.

    Raises Http404 where no page lies.
    """
    parts = [part for part in path.split("/") if part]
    site = Site.find_for_request(request)
    if site is None or len(parts) > DEEPEST:
        return None
    root = site.root_page
    places = [root.url_path]
    for part in parts:
        places.append(f"{places[-1]}{part}/")
    closed = Exists(PageViewRestriction.objects.filter(page=OuterRef("pk")))
    here = Q(pk=root.pk) | Q(slug__in=parts, url_path__in=places)  # the slugs have an index
    line = {page.url_path: page for page in Page.objects.filter(here).annotate(closed=closed)}
    trail = [line[place] for place in places if place in line]
    if len(trail) < len(places) and all(_plain(page) for page in trail):
        raise Http404
    if (
        len(trail) < len(places)
        or not trail[-1].live
        or any(each.closed or each.alias_of_id for each in trail)
    ):
        return None
    return _whole(trail)


def _plain(page: Page) -> bool:
    """Whether a class finds the pages below it as Wagtail does, by their slugs."""
    model = page.specific_class
    return model is not None and model.route is Page.route


def _whole(trail: list[Any]) -> BasePage | None:
    """Return the last of `trail` as its own class, knowing who stands above it."""
    found = trail[-1]
    model = found.specific_class
    if model is None or not issubclass(model, BasePage) or not _plain(found):
        return None
    page: BasePage | None = (
        model._default_manager.select_related(*model.shown_with).filter(pk=found.pk).first()
    )
    if page is not None:
        page.trail = trail[:-1]
    return page
