"""What the admin's own templates show of ours: remarks on a page."""

from typing import Any

from django import template

from portal.content_checks import remarks_on

register = template.Library()


@register.simple_tag
def remarks(page: Any) -> list[str]:
    """Return what to look at again on a page as it was last saved; nothing for a new one."""
    return remarks_on(page) if getattr(page, "pk", None) else []
