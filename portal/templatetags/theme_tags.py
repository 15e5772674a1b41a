"""What templates ask of the look: the address of its stylesheet, the emblem, the ground of a cover."""

from django import template
from django.urls import reverse

from portal.models import CongressSettings, SiteTheme
from portal.theme.grounds import COVERS
from portal.theme.serving import served

register = template.Library()


def _identity(context: template.Context) -> CongressSettings | None:
    site = context.get("site")
    return site if isinstance(site, CongressSettings) else None


@register.simple_tag(takes_context=True)
def theme_href(context: template.Context) -> str:
    """Return the address of the site's own stylesheet, "" where nothing differs from what ships."""
    identity = _identity(context)
    digest = served(identity).digest if identity else ""
    return reverse("theme", args=[digest]) if digest else ""


@register.simple_tag(takes_context=True)
def emblem(context: template.Context) -> SiteTheme | None:
    """Return the theme that holds an emblem, None without one."""
    identity = _identity(context)
    theme = identity.theme if identity else None
    return theme if theme and theme.emblem else None


@register.simple_tag(takes_context=True)
def cover_ground(context: template.Context, key: int | None) -> str:
    """Return the name of the shipped ground that stands in for a missing cover; the same key keeps its ground."""
    identity = _identity(context)
    theme = identity.theme if identity else None
    grounds = theme.cover_grounds if theme else COVERS
    return str(grounds[int(key or 0) % len(grounds)])
