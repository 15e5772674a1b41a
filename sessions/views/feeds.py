"""Feeds of one representative and of one station, by the number of their public page: a slug may change, it does not."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from portal.conventions.addresses import path_of
from portal.feeds.entries import LATEST
from portal.feeds.views import answer_named
from portal.visibility import open_to_all
from sessions.feeds import at_place, of_person
from stations.models import IndustryPointPage, ProfilePage, StationPage


@require_safe
def person(request: HttpRequest, key: int) -> HttpResponse:
    """Answer what is new of a representative; 404 for who has no public story."""
    stories = open_to_all(ProfilePage.objects.all()).select_related("representative")
    page = get_object_or_404(stories.defer("body", "timeline"), pk=key)
    name = page.representative.name
    return answer_named(
        request,
        of_person(page, LATEST),
        name=f"daibiao:{page.translation_key}",
        title=f"{name}代表",
        words=f"{name}代表的故事、主讲的分享会和课件。",
        section=path_of(page),
    )


@require_safe
def place(request: HttpRequest, key: int) -> HttpResponse:
    """Answer what is new at a station or an industry point; 404 without a public page."""
    pages = (
        open_to_all(model.objects.filter(pk=key)).select_related("station")
        for model in (StationPage, IndustryPointPage)
    )
    page = next((found for found in (each.defer("body").first() for each in pages) if found), None)
    if page is None:
        raise Http404
    return answer_named(
        request,
        at_place(page, LATEST),
        name=f"zhan:{page.translation_key}",
        title=page.station.name,
        words=f"{page.station.name}的分享会和课件。",
        section=path_of(page),
    )
