"""What the head of a page and its trail need: captured blocks, everything machines read, feeds, the way home."""

from typing import Any, NamedTuple

from django import template
from django.utils.safestring import SafeString, mark_safe

from portal.conventions.about import about, described, page_in, said, steps_of
from portal.conventions.addresses import absolute, is_private
from portal.conventions.scripts import json_ld
from portal.conventions.told import trail_of
from portal.conventions.words import plain
from portal.feeds.channels import EVERYTHING, channel_named, path_of_channel

register = template.Library()


class Step(NamedTuple):
    """One name of the trail; the last has no address of its own to lead to."""

    name: str
    href: str


def _flat(context: template.Context) -> dict[str, Any]:
    """Return all a template sees as one dictionary."""
    seen: Any = context.flatten()
    found: dict[str, Any] = seen
    return found


class Captured(template.Node):
    """`{% told "title" %}…{% endtold %}`: the text between is shown nowhere here but kept as `told_title`."""

    child_nodelists = ("nodelist",)

    def __init__(self, name: str, nodelist: template.NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        text = " ".join(self.nodelist.render(context).split())
        context[f"told_{self.name}"] = mark_safe(text)  # noqa: S308 -- rendered, so escaped already
        return SafeString("")


@register.tag
def told(parser: Any, token: template.base.Token) -> Captured:
    """Keep what a block renders, so that several elements of the head can say it."""
    name = token.split_contents()[1].strip("\"'")
    nodelist = parser.parse(("endtold",))
    parser.delete_first_token()
    return Captured(name, nodelist)


@register.simple_tag(takes_context=True)
def page_description(context: template.Context) -> str:
    """Return what the page is about: the default of the block `description`, never empty."""
    return described(_flat(context))


@register.inclusion_tag("portal/head/about.html", takes_context=True)
def about_this(context: template.Context) -> dict[str, Any]:
    """Write canonical address, Open Graph, the government sites' tags and JSON-LD of a public page."""
    found = about(_flat(context))
    return {"about": found, "blocks": [json_ld(thing) for thing in found.told.structured] if found else []}


@register.inclusion_tag("portal/head/feeds.html", takes_context=True)
def feed_links(context: template.Context, channel: str = "") -> dict[str, Any]:
    """Name the feeds that fit the page: of what it is about, of its section, of the whole site."""
    flat = _flat(context)
    page, request = page_in(flat), flat.get("request")
    if request is None or is_private(request.path):
        return {"feeds": []}
    feeds = page.own_feeds() if page else []
    section = channel_named(channel or (page.section if page else ""))
    shown = [section] if section else []
    feeds = [*feeds, *((each.title, path_of_channel(each.name)) for each in (*shown, EVERYTHING))]
    return {"feeds": [(title, absolute(path)) for title, path in feeds]}


@register.simple_tag(takes_context=True)
def crumbs(context: template.Context) -> list[Step]:
    """Return the trail from the home page to here; the last step is the page itself."""
    flat = _flat(context)
    page = flat.get("page")
    here = flat.get("here") or getattr(page, "title", "") or said(flat, "title")
    return [Step("首页", "/"), *(Step(*step) for step in steps_of(flat)), Step(plain(here), "")]


@register.simple_tag(takes_context=True)
def crumbs_data(context: template.Context, steps: list[Step]) -> str:
    """Write the trail as JSON-LD on public pages; the last step is the address of the page."""
    request = context.get("request")
    if request is None or is_private(request.path) or getattr(request, "is_preview", False):
        return ""
    named = [(step.name, absolute(step.href or request.path)) for step in steps]
    return json_ld(trail_of(named))
