"""The addresses of the look: the stylesheet, the heading font, the emblem. All of them may be kept by every cache."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Site

from portal.models import CongressSettings
from portal.theme.emblem import KINDS
from portal.theme.serving import served

FOR_EVER = "public, max-age=31536000, immutable"  # the address changes with the content
A_MINUTE = "public, max-age=60"


def _identity(request: HttpRequest) -> CongressSettings:
    if Site.find_for_request(request) is None:
        raise Http404
    identity: CongressSettings = CongressSettings.for_request(request)
    return identity


@require_safe
def theme(request: HttpRequest, digest: str) -> HttpResponse:
    """Give out the stylesheet. A page of yesterday asks by yesterday's digest: it gets today's, kept for a minute."""
    now = served(_identity(request))
    response = HttpResponse(now.css, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = FOR_EVER if digest == now.digest else A_MINUTE
    return response


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def heading_font(request: HttpRequest, name: str) -> FileResponse:
    """Give out a heading font by its content's digest; the one before the last stays for pages that are open."""
    path = f"fonts/{name}"
    if not default_storage.exists(path):
        raise Http404
    return FileResponse(default_storage.open(path), content_type=f"font/{name.rpartition('.')[2]}")


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def emblem(request: HttpRequest, name: str) -> FileResponse:
    """Give out the emblem's own bytes, as they were uploaded; no other file, whatever its name."""
    found = _identity(request).theme
    if not found or not found.emblem or found.emblem_file != name:
        raise Http404
    if not found.emblem.storage.exists(str(found.emblem.name)):
        raise Http404
    kind = KINDS.get(name.rpartition(".")[2].replace("jpeg", "jpg"), "application/octet-stream")
    return FileResponse(found.emblem.open("rb"), content_type=kind)
