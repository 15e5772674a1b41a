"""The portal's addresses, and before them the smallest view there can be."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.urls import urlpatterns as portal_urls


def hello(request: HttpRequest) -> HttpResponse:
    """Say hello; asked with a query outside the allow-list, so that no stored page answers."""
    return HttpResponse("hello, world")


urlpatterns = [path("bench/hello/", hello), *portal_urls]
