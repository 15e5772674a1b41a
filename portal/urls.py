"""All addresses of the site; each floor brings its own."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.defaults import page_not_found
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from portal import routing, tag_views, views
from portal.copying import copy_page
from portal.first_login.views import own_password
from portal.search.views import search, suggestions


def one_login(request: HttpRequest) -> HttpResponse:
    """Send Wagtail's own login form, which knows no limit of tries, to the one login of the site."""
    return redirect_to_login("/admin/", login_url="account_login")


# What allauth brings and this site does not offer: letters with links to set a password, addresses and numbers that
# people enter themselves. Forgotten passwords are the office's to replace.
NOT_OFFERED = r"^accounts/(?:confirm-email|email|login/code|password/(?:re)?set|phone)/"

handler400 = "portal.views.bad_request"

urlpatterns = [
    path("admin/login/", one_login),
    path("admin/jsi18n/", views.admin_words, name="admin_words"),
    path("admin/pages/<int:page_id>/copy/", copy_page, name="copy_page"),
    path("admin/", include(admin_urls)),
    re_path(NOT_OFFERED, page_not_found, {"exception": Http404()}),
    path("accounts/", RedirectView.as_view(pattern_name="account_change_password")),
    path("accounts/password/own/", own_password, name="own_password"),
    path("accounts/", include("allauth.urls")),
    path("documents/", include(document_urls)),
    path("health/", views.health, name="health"),
    path("", include("portal.conventions.urls")),
    path("dingyue/youjian/", include("portal.follow.urls")),
    path("biaoqian/", tag_views.index, name="tags"),
    path("biaoqian/<slug:slug>/", tag_views.show, name="tag"),
    path("", include("portal.theme.urls")),
    path("sousuo/", search, name="search"),
    path("sousuo/tishi/", suggestions, name="search_suggestions"),
    path("", include("sessions.urls")),
    path("", include("scoring.urls")),
    re_path(r"^media/images/(?P<path>.+)$", views.rendition, name="rendition"),
    re_path(wagtail_urls.serve_pattern, routing.serve, name="wagtail_serve"),
    path("", include(wagtail_urls)),
]
