"""How a page is shown (大字版, 高对比), the looser policy of Wagtail's admin, and the way back from a button pressed too late."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse

TEXT_SIZES = frozenset({"large", "xlarge"})
CONTRASTS = frozenset({"more"})
YEAR = 365 * 24 * 3600
Handler = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Display:
    """What the reader chose: `text` is "", "large" or "xlarge"; `contrast` is "" or "more"."""

    text: str = ""
    contrast: str = ""


def display_of(cookies: dict[str, str]) -> Display:
    """Return the reader's choice from the cookies; anything unknown counts as the standard."""
    text, contrast = cookies.get("text", ""), cookies.get("contrast", "")
    return Display(text if text in TEXT_SIZES else "", contrast if contrast in CONTRASTS else "")


class DisplayMiddleware:
    """`?text=large` and `?contrast=more` set a cookie and come back to the same page without them."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "GET" and ("text" in request.GET or "contrast" in request.GET):
            return self._remember(request)
        request.display = display_of(request.COOKIES)  # type: ignore[attr-defined]
        return self.get_response(request)

    def _remember(self, request: HttpRequest) -> HttpResponse:
        query = request.GET.copy()
        chosen = {name: (query.pop(name, None) or [""])[-1] for name in ("text", "contrast") if name in query}
        # A path that starts with two slashes would be another host.
        path = "/" + request.path.lstrip("/")
        response = HttpResponseRedirect(path + (f"?{query.urlencode()}" if query else ""))
        for name, value in chosen.items():
            if value in TEXT_SIZES | CONTRASTS:
                response.set_cookie(
                    name, value, max_age=YEAR, samesite="Lax", secure=settings.SECURE, httponly=True
                )
            else:
                response.delete_cookie(name, samesite="Lax")
        response["Cache-Control"] = "no-store"
        return response


class StaffPolicyMiddleware:
    """Wagtail's admin needs inline styles and scripts; it gets them under its own path only."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_update = settings.STAFF_POLICY  # type: ignore[attr-defined]  # as csp's decorator
        return response


class WayBackMiddleware:
    """No button leads to nowhere: not after the login has ended, and not when its address is opened by itself.

    A form that is sent by who is not signed in any more leads, over the login, back to the page it stood on, and the
    login says that nothing was done: its own address may take POST alone, and what was typed does not come along.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content and request.method == "GET":
            page = render(request, "405.html", status=405)
            page["Allow"] = response["Allow"]
            return page
        login = reverse("account_login")
        if (
            request.method == "POST"
            and isinstance(response, HttpResponseRedirect)
            and urlsplit(response.url).path == login
            and request.path != login
        ):
            query = urlencode({"next": _page_of(request), "again": 1})
            response["Location"] = f"{login}?{query}"
        return response


def _page_of(request: HttpRequest) -> str:
    """Return the address of the page on which the form stood that was sent: by the browser's word, if it is ours."""
    own = resolve_url(settings.LOGIN_REDIRECT_URL)
    try:
        said = urlsplit(request.headers.get("referer", ""))
    except ValueError:  # no address at all
        return own
    if (
        said.netloc != request.get_host()
        or said.path.startswith("//")
        or said.path == reverse("account_login")
    ):
        return own  # a path with two slashes would be another host
    return said._replace(scheme="", netloc="", fragment="").geturl()
