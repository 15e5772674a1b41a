"""Whole anonymous pages, answered before session and account wake up.

Only GET and HEAD without a session or message cookie and with an allow-listed query are looked up; only a
200 or 404 without cookies that nobody marked private is stored. `Vary: Cookie` stands on every page (the edit bar
touches the session), so it is not obeyed: the rules here are. The generation is read *before* rendering and
raised on commit (`forget_pages`), so a page that was rendered while something changed is never served.
"""

import gzip
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.core.cache import caches
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date_safe

from portal import generation
from portal.middleware import display_of

LIFETIME = 600  # seconds; a bound for what no publish announces, such as "today" on the home page
MAX_BODY = 1_000_000
ZIPPED = ".gz"  # what the key of a packed response ends with
QUERY = frozenset(
    {
        "page",
        "q",
        "theme",
        "format",
        "month",
        "group",
        "point",
        "area",
        "tag",
        "sort",
        "kind",
        "station",
        "state",
        "year",
        "view",
    }
)
GIVEN = (
    "portal.given"  # in the environ: (generation, until) of an answer out of the store, for `portal.front`
)
PERSONAL = frozenset({"sessionid", "messages"})
NEVER = (
    "/admin/",
    "/accounts/",
    "/me/",
    "/calendar/me/",
    "/c/",
    "/qd/",
    "/wall/",
    "/roll/",
    "/voices/",
    "/zs/",
    "/declarations/",
    "/leave/",
    "/review/",
    "/documents/",
    "/sousuo/tishi/",
    "/kejian/xz/",
    "/kejian/yl/",
    "/fengmian/",
    "/dingyue/youjian/",
    "/static/",
    "/media/",
)
Handler = Callable[[HttpRequest], HttpResponse]


class Stored(NamedTuple):
    """One response as it is answered again, whole: unpickling it costs half of what setting its headers does."""

    generation: int
    response: HttpResponse
    until: float = 0  # seconds of the clock


def forget_pages() -> None:
    """Drop every stored page once the running transaction has committed; once is enough for a transaction."""
    _on_commit(generation.advance_pages)


def forget_all() -> None:
    """Drop every stored page and what is remembered of the frame around it (`portal.frame`), on commit."""
    _on_commit(generation.advance)


def _on_commit(step: Callable[[], None]) -> None:
    if not any(waiting[1] is step for waiting in connection.run_on_commit):
        transaction.on_commit(step, robust=True)


def lifetime(moment: datetime) -> float:
    """Return for how many seconds a page rendered at the local `moment` may be kept: LIFETIME, at most to midnight.

    Mourning grey, "today" and the days until a session change with the day, and no publish announces that.
    """
    midnight = (moment + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return min(float(LIFETIME), (midnight - moment).total_seconds())


class PageCacheMiddleware:
    """Answer from the store when that is allowed, else render and perhaps store."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = self._key(request)
        if key is None:
            return self.get_response(request)
        now = generation.current()
        zipped = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        stored = caches["pages"].get(key + ZIPPED if zipped else key)
        if isinstance(stored, Stored) and stored.generation == now:
            request.META[GIVEN] = (stored.generation, stored.until)
            return self._answer(request, stored.response)
        moment = timezone.localtime()  # taken before rendering: what shows today ends with today
        response = self.get_response(request)
        if request.method == "GET" and self._may_be_stored(response):
            packed = self._store(key, response, now, moment)
            response["X-Cache"] = "miss"
            if zipped:  # the first reader, too, who may have the slowest line of all
                response.content = packed
                response["Content-Encoding"], response["Content-Length"] = "gzip", str(len(packed))
        return response

    def _key(self, request: HttpRequest) -> str | None:
        if request.method not in {"GET", "HEAD"} or PERSONAL & request.COOKIES.keys():
            return None
        if "HTTP_RANGE" in request.META or request.path_info.startswith(NEVER) or "//" in request.path_info:
            return None
        # META, not request.headers: that view of it takes longer to build than all the rest of the key.
        if request.META.get("HTTP_HX_REQUEST") or "HTTP_AUTHORIZATION" in request.META:
            return None
        query = parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True, max_num_fields=None)
        names = [name for name, _ in query]
        if len(names) > len(set(names)) or not QUERY.issuperset(names):
            return None
        display = display_of(request.COOKIES)
        # get_host() refuses an unknown host here, before any page is looked up (400).
        parts = (
            str(request.scheme),
            request.get_host(),
            request.path_info,
            urlencode(sorted(query)),
            *display_parts(display),
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _may_be_stored(self, response: HttpResponse) -> bool:
        control = response.get("Cache-Control", "")
        if response.status_code not in {200, 404} or response.streaming or response.cookies:
            return False
        if "private" in control or "no-store" in control or "no-cache" in control:
            return False
        return len(response.content) <= MAX_BODY and not response.has_header("Content-Encoding")

    def _store(self, key: str, response: HttpResponse, number: int, moment: datetime) -> bytes:
        """Keep the response of `moment` plain and packed, and give it its tag; return its body packed."""
        patch_vary_headers(response, ["Accept-Encoding"])
        response["ETag"] = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        headers = {name: value for name, value in response.items() if name != "Content-Length"}
        kept = lifetime(moment)
        bodies = {"": response.content, ZIPPED: gzip.compress(response.content, 6, mtime=0)}
        for packing, body in bodies.items():
            more = {"Content-Length": str(len(body)), "X-Cache": "hit"}
            if packing:
                more["Content-Encoding"] = "gzip"
            again = HttpResponse(body, status=response.status_code, headers=headers | more)
            caches["pages"].set(key + packing, Stored(number, again, moment.timestamp() + kept), kept)
        return bodies[ZIPPED]

    def _answer(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        asked = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"} & request.META.keys()
        if not asked or response.status_code != 200:
            return response
        changed = parse_http_date_safe(response.get("Last-Modified", ""))
        return get_conditional_response(request, response["ETag"], changed, response)  # type: ignore[return-value]


def display_parts(display: object) -> tuple[str, str]:
    """Return the parts of the key that say how the page is shown."""
    return getattr(display, "text", ""), getattr(display, "contrast", "")
