"""Entries as Atom (RFC 4287), and the answer to who has them already: django's feeds know no 304."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.http import http_date

from portal.conventions.addresses import absolute
from portal.conventions.words import plain
from portal.feeds.entries import Entry

NEVER_YET = datetime(
    2000, 1, 1, tzinfo=UTC
)  # an empty feed says so too: a moment of its own would never be 304
TYPE = "application/atom+xml; charset=utf-8"


class Atom(Atom1Feed):
    """Django's Atom with an author of the whole feed, several of an entry, and the moment of its newest entry."""

    content_type = TYPE

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=NEVER_YET)

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("generator", "congress-portal")

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")


def feed_of(
    entries: Sequence[Entry], *, key: UUID, title: str, words: str, section: str, path: str, publisher: str
) -> bytes:
    """Return the feed: whole addresses under PUBLIC_URL, lasting urn:uuid ids, nothing that XML cannot hold."""
    feed = Atom(
        title=plain(title),
        link=absolute(section),
        description=None,
        subtitle=plain(words),
        language="zh-CN",
        author_name=plain(publisher),
        feed_url=absolute(path),
        feed_guid=key.urn,
    )
    for entry in entries:
        feed.add_item(
            title=plain(entry.title),
            link=absolute(entry.path),
            description=escape(plain(entry.words) or plain(entry.title)),  # Django calls the summary HTML
            unique_id=entry.key.urn,
            pubdate=entry.published,
            updateddate=max(entry.updated, entry.published),
            categories=[entry.kind] if entry.kind else [],
            authors=[name for name in map(plain, entry.authors) if name],
        )
    return feed.writeString("utf-8").encode()


def answer(request: HttpRequest, entries: Sequence[Entry], **about: Any) -> HttpResponse:
    """Return the feed, or 304 to who has it: the ETag decides, without one the date of the newest entry."""
    body = feed_of(entries, **about)
    latest = int(max((entry.updated for entry in entries), default=NEVER_YET).timestamp())
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'  # as the store of pages makes it
    response = HttpResponse(body, content_type=TYPE)
    response["ETag"], response["Last-Modified"] = etag, http_date(latest)
    found = get_conditional_response(request, etag=etag, last_modified=latest, response=response)
    return found or response
