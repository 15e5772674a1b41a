"""The channel of representatives' stories."""

from collections.abc import Iterable
from typing import Any

from portal.conventions.words import gist
from portal.feeds.entries import Channel, Entry, entry_of
from portal.visibility import open_to_all
from stations.models import ProfilePage


def public_stories() -> Any:
    """Return public stories, the newest first, with their person but without long texts and what is private."""
    return (
        open_to_all(ProfilePage.objects.all())
        .select_related("representative")
        .defer("body", "timeline", "representative__phone", "representative__birth_date")
        .order_by("-date", "-pk")
    )


def story_entries(pages: Iterable[Any]) -> list[Entry]:
    """Return the entries of stories as `public_stories` reads them."""
    return [
        entry_of(
            page,
            day=page.date,
            words="：".join(filter(None, (f"{page.representative.name}代表", gist(page)))),
            authors=(page.byline,) if page.byline else (),
            kind="代表风采",
        )
        for page in pages
    ]


def stories(most: int) -> list[Entry]:
    """Return the newest stories (1 query)."""
    return story_entries(public_stories()[:most])


CHANNELS = (
    Channel(
        name="daibiao",
        title="代表风采",
        words="代表履职的故事，新写成一篇，这里就多一篇。",
        section="/daibiao/",
        read=stories,
    ),
)
