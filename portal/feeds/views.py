"""Feeds over HTTP, and the page that says in plain words how to follow the site."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.conventions.addresses import absolute
from portal.conventions.discovery import lent
from portal.feeds.atom import answer
from portal.feeds.channels import EVERYTHING, channel_named, channels, path_of_channel
from portal.feeds.entries import LATEST, key_of, root_key
from portal.models import CongressSettings


@require_safe
def feed(request: HttpRequest, name: str) -> HttpResponse:
    """Answer a channel; 404 for one that does not exist."""
    channel = channel_named(name)
    if channel is None:
        raise Http404
    return answer_named(
        request,
        channel.read(LATEST),
        name=channel.name,
        title=channel.title,
        words=channel.words,
        section=channel.section,
    )


def answer_named(
    request: HttpRequest, entries: Any, *, name: str, title: str, words: str, section: str
) -> HttpResponse:
    """Answer entries as the feed `name` of this site; the site's name stands before the title."""
    site = CongressSettings.for_request(request)
    return answer(
        request,
        entries,
        key=key_of(f"feed:{name}", root_key()),
        title=f"{site.site_name} · {title}",
        words=words,
        section=section,
        path=request.path,
        publisher=site.host_name or site.site_name,
    )


@require_safe
def follow(request: HttpRequest) -> HttpResponse:
    """Say how one follows the site, a section, a station or a representative, and list every feed."""
    rows = [(channel, absolute(path_of_channel(channel.name))) for channel in channels()]
    groups = [group for offered in lent("feeds", "groups") for group in offered()]
    context = {
        "all": absolute(path_of_channel(EVERYTHING.name)),
        "everything": EVERYTHING,
        "rows": rows,
        "groups": groups,
        "address": absolute(reverse("follow")),
    }
    return render(request, "portal/follow/follow.html", context)
