"""What the head of a public page says: address, words, picture, the government sites' tags, structured data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from portal.conventions.addresses import absolute, canonical, is_private, path_of
from portal.conventions.told import Around, Told, stamp, touched
from portal.conventions.words import gist, plain
from portal.covers.keeping import address_of
from portal.models import BasePage, CongressSettings, HomePage

SECTION_DEPTH = 3  # root, home, section


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """One head. `tags` are (name, content) of the government sites' convention, in its order, none empty."""

    around: Around
    told: Told
    kind: str  # og:type
    published: str
    modified: str
    tags: list[tuple[str, str]]
    findable: bool  # whether search engines should list this address


def about(context: Mapping[str, Any]) -> About | None:
    """Return what the head of the page that `context` is for says; None for what is not public, a preview too."""
    request = context.get("request")
    if request is None or is_private(request.path) or getattr(request, "is_preview", False):
        return None
    page = page_in(context)
    if page is not None and not page.live:
        return None
    around = around_of(context, page)
    told = page.told(around, context) if page else Told(column_type=context.get("column_type", ""))
    words = context.get("understood", ())
    return About(
        around=around,
        told=told,
        kind="article" if told.published else "website",
        published=stamp(told.published),
        modified=stamp(touched(page)) if page and told.published else "",
        tags=[(name, text) for name, text in tags_of(context, page, around, told) if text],
        findable=not any(name == "q" for name, _ in words),
    )


def page_in(context: Mapping[str, Any]) -> BasePage | None:
    """Return the page that the template is of, None for a plain view."""
    page = context.get("page")
    return page if isinstance(page, BasePage) and page.pk else None


def around_of(context: Mapping[str, Any], page: BasePage | None) -> Around:
    """Return what stands around a page; title and description are what its template wrote into its blocks."""
    site = settings_in(context)
    title = site.site_name if isinstance(page, HomePage) else said(context, "title")
    path = path_of(page) if page else context["request"].path
    return Around(
        url=canonical(path, context.get("understood", ())),
        title=title or site.site_name,
        description=said(context, "description") or title or site.site_name,
        image=absolute(address_of(page, site)),
        home=absolute("/"),
        site_name=site.site_name,
        host_name=site.host_name,
    )


def settings_in(context: Mapping[str, Any]) -> CongressSettings:
    """Return the identity of the site, as the base template has it; a page without a request has none of its own."""
    found = context.get("site")
    return found if isinstance(found, CongressSettings) else CongressSettings()


def said(context: Mapping[str, Any], name: str) -> str:
    """Return what a template wrote into a block of its head, as text."""
    return plain(unescape(str(context.get(f"told_{name}", ""))))


def described(context: Mapping[str, Any]) -> str:
    """Return what a page is about, never empty: its own words, else its title, else the name of the site."""
    page, site = page_in(context), settings_in(context)
    own = gist(page) if page else ""
    if not own and isinstance(page, HomePage):
        own = plain(site.statement_lead) or plain(site.statement)
    if own:
        return own
    title = said(context, "title")
    host = site.host_name or site.site_name
    return f"{title}，{host}。" if title else host


def steps_of(context: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (name, path) of what lies between the home page and here: the view's `trail`, else the page's parents.

    The parents are read once for the head and the visible trail.
    """
    if context.get("trail"):
        return [(plain(name), path) for name, path in context["trail"]]
    page = context.get("page")
    if not isinstance(page, BasePage) or page.depth <= SECTION_DEPTH:
        return []
    if not hasattr(page, "_steps"):
        parents = page.parents()
        page._steps = [(plain(parent.title), parent.url) for parent in parents]
    steps: list[tuple[str, str]] = page._steps
    return steps


def tags_of(
    context: Mapping[str, Any], page: BasePage | None, around: Around, told: Told
) -> list[tuple[str, str]]:
    """Return the tags in which checkers of government sites read site, section and article, empty ones too.

    Site: SiteName, SiteDomain, SiteIDCode, the home page has these alone. Section: ColumnName, ColumnDescription,
    ColumnKeywords, ColumnType, on the section's page and on those below it. Article: ArticleTitle, PubDate (to the minute),
    ContentSource; of those one may leave out Keywords, Author, Url. The Description is the page's `description`: names
    of meta elements know no case, and one page has one.
    """
    site = settings_in(context)
    tags = [
        ("SiteName", around.site_name),
        ("SiteDomain", urlsplit(settings.PUBLIC_URL).hostname or ""),
        ("SiteIDCode", site.site_code),
    ]
    if isinstance(page, HomePage):
        return tags
    keywords = "，".join(dict.fromkeys(plain(word) for word in told.keywords if plain(word)))
    host = around.host_name or around.site_name
    steps = steps_of(context)
    if steps:
        section, purpose, subject = steps[0][0], f"{steps[0][0]}，{host}。", steps[0][0]
    else:
        section, purpose, subject = around.title, around.description, keywords or around.title
    tags += [
        ("ColumnName", section),
        ("ColumnDescription", purpose),
        ("ColumnKeywords", subject),
        ("ColumnType", told.column_type),
    ]
    if told.published:
        tags += [
            ("ArticleTitle", around.title),
            ("PubDate", minute(told.published)),
            ("ContentSource", plain(told.source) or host),
            ("Author", plain(told.author)),
            ("Url", around.url),
        ]
    return [*tags, ("Keywords", keywords)] if steps or told.published else tags


def minute(moment: date | datetime) -> str:
    """Return 2026-06-18 14:30 in local time; of a day its beginning."""
    if isinstance(moment, datetime):
        return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
    return f"{moment:%Y-%m-%d} 00:00"
