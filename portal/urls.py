"""All addresses of the site; each floor brings its own."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from portal import views


def one_login(request: HttpRequest) -> HttpResponse:
    """Send Wagtail's own login form, which knows no limit of tries, to the one login of the site."""
    return redirect_to_login("/admin/", login_url="account_login")


urlpatterns = [
    path("admin/login/", one_login),
    path("admin/jsi18n/", views.admin_words, name="admin_words"),
    path("admin/", include(admin_urls)),
    path("accounts/", include("allauth.urls")),
    path("documents/", include(document_urls)),
    path("health/", views.health, name="health"),
    path("sousuo/", views.search, name="search"),
    path("", include("sessions.urls")),
    path("", include("scoring.urls")),
    re_path(r"^media/images/(?P<path>.+)$", views.rendition, name="rendition"),
    path("", include(wagtail_urls)),
]
