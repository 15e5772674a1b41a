"""What stands around every page: the site, its settings, the footer's links, remembered until one of them is saved.

They change a few times a year and are read at every request, signed-in ones too, which no page cache answers. The
key holds the generation of the frame, so a saved site or setting is seen at once by every process.
"""

from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from wagtail.models import Site

from portal import generation
from portal.models import CongressSettings
from portal.pagecache import LIFETIME

Handler = Callable[[HttpRequest], HttpResponse]
NOTHING = "nothing"  # what a cache holds for "there is none"; None means that it does not know


class FrameMiddleware:
    """Let Wagtail find the site and its settings on the request, where it looks first; nobody asks, nothing is read."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request._wagtail_site = SimpleLazyObject(lambda: _site(request))  # type: ignore[attr-defined]
        setattr(request, CongressSettings.get_cache_attr_name(), SimpleLazyObject(lambda: _settings(request)))
        return self.get_response(request)


def _site(request: HttpRequest) -> Site | None:
    try:
        where = f"site:{request.get_host()}:{request.get_port()}"
    except DisallowedHost:  # the page that says so has a frame, too; invented hosts are not remembered
        return Site._find_for_request(request)
    return remembered(where, lambda: Site._find_for_request(request), generation.FRAME)


def _settings(request: HttpRequest) -> CongressSettings:
    site = Site.find_for_request(request)
    found: CongressSettings = remembered(
        f"settings:{site.pk}", lambda: CongressSettings.shown_at(site), generation.FRAME
    )
    return found


def remembered(what: str, read: Callable[[], Any], of: str = "") -> Any:
    """Return what `read` returns, asked once for each generation, of the pages unless `of` is generation.FRAME.

    `what` names it in this process's memory.
    """
    key = (
        f"{what}:{generation.current(of)}"  # read before the rows: what is saved meanwhile makes another key
    )
    known = caches["default"].get(key)
    if known is None:
        known = read()
        caches["default"].set(key, NOTHING if known is None else known, LIFETIME)
    return None if known == NOTHING else known
