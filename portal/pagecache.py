"""Whole anonymous pages, answered before session and account wake up.

Only GET and HEAD without a session or message cookie and with an allow-listed query are looked up; only a
200 or 404 without cookies that nobody marked private is stored. `Vary: Cookie` stands on every page (the edit bar
touches the session), so it is not obeyed: the rules here are. The generation is read *before* rendering and
raised on commit (`forget_pages`), so a page that was rendered while something changed is never served.
"""

import gzip
import hashlib
import time
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.core.cache import caches
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from portal.middleware import display_of

GENERATION = "generation"
LIFETIME = 600  # seconds; a bound for what no publish announces, such as "today" on the home page
MAX_BODY = 1_000_000
QUERY = frozenset(
    {
        "page",
        "q",
        "theme",
        "format",
        "month",
        "group",
        "point",
        "tag",
        "sort",
        "kind",
        "station",
        "state",
        "year",
    }
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
    "/static/",
    "/media/",
)
Handler = Callable[[HttpRequest], HttpResponse]


class Stored(NamedTuple):
    """One response as it was rendered: what must be known to answer it again."""

    generation: int
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    packed: bytes
    etag: str


def generation() -> int:
    """Return the number that every stored page carries; a page of another number is not served."""
    return int(caches["shared"].get(GENERATION, 0))


def forget_pages() -> None:
    """Drop every stored page once the running transaction has committed; once is enough for a transaction."""
    if not any(waiting[1] is _raise_generation for waiting in connection.run_on_commit):
        transaction.on_commit(_raise_generation, robust=True)


def _raise_generation() -> None:
    # A new number each time, not a counter: two processes that count at once would reach the same one.
    caches["shared"].set(GENERATION, time.time_ns(), timeout=None)


class PageCacheMiddleware:
    """Answer from the store when that is allowed, else render and perhaps store."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = self._key(request)
        if key is None:
            return self.get_response(request)
        now = generation()
        stored = caches["pages"].get(key)
        if isinstance(stored, Stored) and stored.generation == now:
            return self._answer(request, stored)
        if request.method == "HEAD":
            return self.get_response(request)
        response = self.get_response(request)
        entry = self._entry(response, now)
        if entry:
            caches["pages"].set(key, entry, LIFETIME)
            response["ETag"] = entry.etag
            response["X-Cache"] = "miss"
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

    def _entry(self, response: HttpResponse, generation: int) -> Stored | None:
        control = response.get("Cache-Control", "")
        if response.status_code not in {200, 404} or response.streaming or response.cookies:
            return None
        if "private" in control or "no-store" in control or "no-cache" in control:
            return None
        if len(response.content) > MAX_BODY or response.has_header("Content-Encoding"):
            return None
        digest = hashlib.sha256(response.content).hexdigest()[:32]
        headers = tuple((k, v) for k, v in response.items() if k not in {"Content-Length", "X-Cache", "ETag"})
        packed = gzip.compress(response.content, 6, mtime=0)
        return Stored(generation, response.status_code, headers, response.content, packed, f'W/"{digest}"')

    def _answer(self, request: HttpRequest, stored: Stored) -> HttpResponse:
        zipped = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        body = stored.packed if zipped else stored.body
        headers = dict(stored.headers)
        if zipped:
            headers["Content-Encoding"] = "gzip"
        headers |= {"ETag": stored.etag, "X-Cache": "hit", "Content-Length": str(len(body))}
        response = HttpResponse(body, status=stored.status, headers=headers)
        if stored.status == 200 and "HTTP_IF_NONE_MATCH" in request.META:
            return get_conditional_response(request, etag=stored.etag, response=response)  # type: ignore[return-value]
        return response


def display_parts(display: object) -> tuple[str, str]:
    """Return the parts of the key that say how the page is shown."""
    return getattr(display, "text", ""), getattr(display, "contrast", "")
