"""Views that belong to no floor above: a refused form, the health of the site."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in plain words that the form was too old; nothing was written."""
    return render(request, "403.html", {"expired_form": True}, status=403)


@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers; for a proxy's or a clerk's check."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok"})
