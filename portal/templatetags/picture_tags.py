"""Pictures in templates: what has been made of them, never made here; the glaze of who has none."""

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.safestring import SafeString

from portal.frame import remembered
from portal.models import CongressSettings
from portal.pictures.made import logo_tag, picture_tag
from portal.pictures.uses import fetch_made
from portal.templatetags.theme_tags import cover_ground

register = template.Library()


@register.simple_tag
def made(image: Any, use: str, *, alt: str = "", sizes: str = "", first: bool = False) -> SafeString:
    """Return <picture> of what has been made of an image for a use, "" when nothing has (at most 1 query).

    `alt` is "" for decoration only; `sizes` as in HTML; `first` marks the one picture of a page that is seen at once,
    the others wait until they are near.
    """
    if not image:
        return SafeString("")
    attributes = {"alt": alt, "sizes": sizes or None, "decoding": "async"}
    attributes |= {"fetchpriority": "high"} if first else {"loading": "lazy"}
    return picture_tag(image, use, {name: value for name, value in attributes.items() if value is not None})


@register.simple_tag
def logo(identity: CongressSettings) -> SafeString:
    """Return <img> of a site's logo, decoration beside its name; "" until it is made (1 query a generation)."""
    shown: SafeString = remembered(f"logo:{identity.site_id}", lambda: logo_tag(identity.logo_id))
    return shown


@register.simple_tag(takes_context=True)
def glaze(context: template.Context, key: int | None) -> str:
    """Return the glaze of whoever has no picture: one of the site's cover set, the same for the same key."""
    return cover_ground(context, key)


@register.simple_tag(takes_context=True)
def glaze_file(context: template.Context, key: int | None) -> str:
    """Return the address of that glaze's texture."""
    return static(f"portal/img/glaze-{cover_ground(context, key)}.webp")


@register.simple_tag
def fetch_pictures(body: Any) -> str:
    """Fetch what has been made of all pictures in a text at once (1 query, none without pictures)."""
    fetch_made(block.value["image"] for block in body or () if block.block_type == "picture")
    return ""
