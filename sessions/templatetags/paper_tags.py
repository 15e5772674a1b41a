"""What paper lends to the roll's page: its tools and its signed sheets."""

from typing import Any

from django import template

from sessions.models import Activity

register = template.Library()


@register.inclusion_tag("sessions/paper/tools.html", takes_context=True)
def paper_tools(context: template.Context, activity: Activity) -> dict[str, Any]:
    """Show the tools of paper and the signed sheets of a roll (1 query)."""
    return {
        "activity": activity,
        "sheets": list(activity.sheets.select_related("void").order_by("uploaded_at", "pk")),
        "can_write": context.get("can_write", False),
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def spaced(name: str) -> str:
    """Return a name of two characters with a full-width space between, so that columns align; never stored so."""
    return f"{name[0]}　{name[1]}" if len(name) == 2 else name
