"""What other pages show of following by e-mail."""

from django import template
from django.conf import settings

from portal.follow.topics import sections

register = template.Library()


@register.simple_tag
def follow_sections() -> list[tuple[str, str]]:
    """Return the sections that can be followed: (topic, title), in the order of the site (1 query); none without a mail server."""
    return list(sections().items()) if settings.SENDS_LETTERS else []


@register.simple_tag
def letters_go_out() -> bool:
    """Whether following by e-mail is offered: the installation has a mail server (EMAIL_URL)."""
    return bool(settings.SENDS_LETTERS)
