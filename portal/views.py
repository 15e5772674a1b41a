"""Views that belong to no floor above: searching the site, a refused form, pictures, the health of the site."""

from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe
from django.views.static import serve
from wagtail.models import Page, Site

from portal.models.pages import page_of
from portal.search import clean_query, found_pages, kind_of


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in plain words that the form was too old; nothing was written."""
    return render(request, "403.html", {"expired_form": True}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the address was not understood, without reading its query again: that may be what broke it."""
    request.META["QUERY_STRING"] = ""
    request.GET = QueryDict()
    return render(request, "400.html", status=400)


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers; for a proxy's or a clerk's check."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok"})


@cache_control(public=True, max_age=86_400)
@require_safe
def rendition(request: HttpRequest, path: str) -> HttpResponseBase:
    """Give out a rendition, the only files with an address of their own; 404 for whatever lies elsewhere.

    Originals and documents lie beside the folder of renditions, so a path that climbs is refused before it is
    resolved (threats 9 to 11).
    """
    if "\\" in path or ".." in PurePosixPath(path).parts:
        raise Http404
    return serve(request, path, document_root=str(Path(settings.MEDIA_ROOT) / "images"))


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the public pages that hold the words of ?q=, by title and summary; people are found in the directory."""
    query = clean_query(request.GET.get("q", ""))
    site = Site.find_for_request(request)
    found = page_of(found_pages(query, site.root_page) if site else Page.objects.none(), request)
    rows = [(page, kind_of(page)) for page in found]
    return render(request, "portal/search.html", {"query": query, "found": found, "rows": rows})
