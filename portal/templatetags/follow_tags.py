"""What other pages show of following by e-mail."""

from django import template

from portal.follow.topics import sections

register = template.Library()


@register.simple_tag
def follow_sections() -> list[tuple[str, str]]:
    """Return the sections that can be followed: (topic, title), in the order of the site (1 query)."""
    return list(sections().items())
