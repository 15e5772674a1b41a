"""A process that has served before: it remembers what stands around every page, as a worker does after its first request.

The caches are emptied before each test. Reading site, settings and the footer's links anew for the first request of each of
three thousand tests took a fiftieth of the suite's time and found the same every time.
"""

from typing import Any

from django.core.cache import caches
from django.test import RequestFactory
from wagtail.models import Site

from portal import generation
from portal.frame import FrameMiddleware
from portal.models import CongressSettings
from portal.pagecache import LIFETIME
from portal.templatetags.portal_tags import site_links

HOST = "testserver:80"  # what the test client asks

_known: dict[str, dict[str, Any]] = {}  # by world: what is remembered, by what it is


def remember_frame(world: str) -> None:
    """Let the process remember the frame of a world just made; read once a run, by asking as a request does."""
    number = generation.current(generation.FRAME)
    if world not in _known:
        _known[world] = _read(number)
    caches["default"].set_many({f"{what}:{number}": value for what, value in _known[world].items()}, LIFETIME)


def _read(number: int) -> dict[str, Any]:
    request = RequestFactory().get("/")
    FrameMiddleware(lambda _: None)(request)  # type: ignore[arg-type,return-value]
    site = Site.find_for_request(request)
    assert site
    assert CongressSettings.for_request(request)
    assert site_links() is not None
    names = (f"site:{HOST}", f"settings:{site.pk}", "site-links")
    return {what: caches["default"].get(f"{what}:{number}") for what in names}
