"""What the home page shows of notices."""

from django import template

from portal.models import NoticePage
from portal.visibility import open_to_all

register = template.Library()


@register.simple_tag
def latest_notices(limit: int = 5) -> list[NoticePage]:
    """Return the newest public notices (1 query)."""
    return list(open_to_all(NoticePage.objects.all()).defer("body").order_by("-date", "-pk")[:limit])
