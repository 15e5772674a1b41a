"""The stories of representatives: the list by tag, and one story with the facts of its person."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, FilteredRelation, Prefetch
from django.http import HttpRequest
from django.utils import timezone

from portal.conventions.addresses import understood
from portal.models.pages import page_of
from portal.pictures.uses import attach, fetch_made
from portal.visibility import open_to_all
from stations.models import DirectoryPage, GroupMembership, Mandate, ProfilePage, RosterEntry
from stations.querysets import in_force
from stations.views.links import pages_of_places

TAGS_SHOWN = 16
TAG_LENGTH = 100  # of the longest name a tag can have


class Post(NamedTuple):
    """A station that a person works from, with its live page or None."""

    entry: Any
    page: Any


class Story(NamedTuple):
    """A story with where its person serves, "王样本 · 石桥镇代表小组", and a sentence lifted out of it."""

    page: Any
    byline: str
    quote: str = ""


def published_stories(*, texts: bool = False) -> Any:
    """Live stories that nobody restricted, newest first, with their person; without the long texts unless asked."""
    long = () if texts else ("body",)
    return (
        open_to_all(ProfilePage.objects.all())
        .order_by("-date", "-pk")
        .select_related("representative")
        .defer(*long, "timeline", "representative__phone", "representative__birth_date")
    )


def with_bylines(pages: Iterable[Any], day: date) -> list[Story]:
    """Return the stories with the group, else the area, that their people serve in on `day`, and pictures (4 queries)."""
    pages = list(pages)
    attach(pages, ("cover", "portrait"), "cover", "portrait")
    people = [page.representative_id for page in pages]
    groups = Prefetch(
        "memberships", GroupMembership.objects.on(day).select_related("group"), to_attr="groups_now"
    )
    serving = Mandate.objects.on(day).filter(representative_id__in=people).select_related("area")
    where = {mandate.representative_id: place_of(mandate) for mandate in serving.prefetch_related(groups)}
    return [
        Story(page, " · ".join(filter(None, (page.representative.name, where.get(page.representative_id)))))
        for page in pages
    ]


def with_quote(stories: list[Story]) -> list[Story]:
    """Return the stories, the first with the first quotation of its text: it is shown large (1 query more without texts)."""
    if not stories:
        return []
    first = stories[0]
    texts = (block["value"]["text"] for block in first.page.body.raw_data if block["type"] == "quote")
    return [first._replace(quote=next(texts, "")), *stories[1:]]


def place_of(mandate: Any) -> str:
    """Return the name of the group a mandate (with groups_now) is in, else of its area."""
    return str(mandate.groups_now[0].group) if mandate.groups_now else str(mandate.area)


def profile_index_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    """Return what 代表风采 shows: one page of stories, the words to choose from, the way to the directory."""
    published = published_stories().child_of(page)
    tag = request.GET.get("tag", "").replace("\0", "").strip()[:TAG_LENGTH]  # a NUL is no text to PostgreSQL
    words = (
        ProfilePage.tags.through.objects.filter(
            content_object__in=open_to_all(ProfilePage.objects.all()).child_of(page)
        )
        .values("tag__name")
        .annotate(stories=Count("pk"))
        .order_by("-stories", "tag__name")[:TAGS_SHOWN]
    )
    if tag:
        published = published.filter(tags__name=tag)
    shown = page_of(published, request)
    stories = with_bylines(shown.object_list, timezone.localdate())
    return {
        "items": shown,
        "stories": stories if shown.number > 1 else with_quote(stories),
        "tag": tag,
        "words": list(words),
        "understood": understood(tag=tag if shown.paginator.count else "", page=shown),
        "directory": open_to_all(DirectoryPage.objects.all()).child_of(page).first(),
    }


def _posts(entries: list[Any]) -> list[Post]:
    pages = pages_of_places(entry.station_id for entry in entries)
    return [Post(entry, pages.get(entry.station_id)) for entry in entries]


def profile_context(page: Any, now: datetime) -> dict[str, Any]:
    """Return what one story shows beside its text: the person's mandate, group and stations at `now`.

    Phone and birth date are not loaded at all (PRODUCT.md, What may be seen).
    """
    today = timezone.localdate(now)
    posts = Prefetch(
        "roster_entries", RosterEntry.objects.on(today).select_related("station"), to_attr="stations_now"
    )
    mandates = (
        Mandate.objects.filter(representative_id=page.representative_id)
        .annotate(
            now_in=FilteredRelation("memberships", condition=in_force(today, "memberships__")),
            group_now=F("now_in__group__name"),
        )
        .select_related("representative", "area")
        .prefetch_related(posts)
        .order_by("-starts_on", "-pk")
    )
    latest = mandates.defer("representative__phone", "representative__birth_date").first()
    texts = [block.value["image"] for block in page.body if block.block_type == "picture"]
    fetch_made([page.cover, page.portrait, *texts])
    if latest:
        page.representative = latest.representative
    return {
        "representative": page.representative,
        "mandate": latest,
        "group": latest.group_now if latest else None,
        "posts": _posts(latest.stations_now if latest else []),
        "former": bool(latest and latest.ends_on and latest.ends_on < today),
        "story_tags": list(page.tags.all()),
    }
