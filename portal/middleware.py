"""How a page is shown (大字版, 高对比) and the looser policy of Wagtail's admin."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

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
