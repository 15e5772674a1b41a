"""Addresses as others may keep them: under PUBLIC_URL, never under the host that a request names (THREATS 4)."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.paginator import Page as Listed
from wagtail.models import Page

from portal.pagecache import NEVER

FIRST = "1"


def absolute(path: str | None) -> str:
    """Return the address of `path` under PUBLIC_URL; a host that `path` may bring is dropped, its query stays."""
    parts = urlsplit(path or "/")
    return settings.PUBLIC_URL.rstrip("/") + (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def path_of(page: Page) -> str:
    """Return the path of a page; of a copy kept in step with another (an alias) that of the other."""
    return urlsplit((page.alias_of if page.alias_of_id else page).get_url() or "/").path or "/"


def understood(*pairs: tuple[str, Any], **words: Any) -> list[tuple[str, str]]:
    """Return the query of a list as it was understood: what asks for nothing and the first page are left out.

    `words` are single values; `pairs` those a name may bring several of. A page of Django's Paginator counts as
    its number. Always in the same order, so that two readers with the same filters share one address.
    """
    known = [*pairs, *words.items()]
    texts = (
        (name, str((value.number if isinstance(value, Listed) else value) or "")) for name, value in known
    )
    return sorted((name, text) for name, text in texts if text and (name, text) != ("page", FIRST))


def canonical(path: str, words: Iterable[tuple[str, str]] = ()) -> str:
    """Return the one address of a view: its path with the words that were understood, in their order."""
    query = urlencode(list(words))
    return absolute(path) + (f"?{query}" if query else "")


def is_private(path: str) -> bool:
    """Say whether a path lies where nothing is meant for the public: such pages tell machines nothing."""
    return path.startswith(NEVER)
