"""Links in letters: random, kept as digests, built from PUBLIC_URL alone (THREATS 4, 35)."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from portal.models import MailLink

CONFIRM_WITHIN = timedelta(days=3)
TOKEN = re.compile(r"[\w-]{22}", re.ASCII)  # 128 bits in base64url
Purpose = MailLink.Purpose


def new_token() -> str:
    """Return 128 random bits as they stand in an address."""
    return secrets.token_urlsafe(16)


def digest_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_behind(token: str, purpose: str, moment: datetime) -> MailLink | None:
    """Return the link of a token with its address and subscription; None for a forged, garbled or expired one."""
    if not TOKEN.fullmatch(token):
        return None
    links = MailLink.objects.filter(digest=digest_of(token), purpose=purpose)
    if purpose == Purpose.CONFIRM:
        links = links.filter(made_at__gt=moment - CONFIRM_WITHIN)
    return links.select_related("follower", "subscription").first()


def address_of(name: str, *args: str) -> str:
    """Return the absolute address of one of our views; what a request says of its host never gets in here."""
    return settings.PUBLIC_URL.rstrip("/") + reverse(name, args=args)


def page_address(page: object) -> str:
    """Return the absolute address of a page at PUBLIC_URL, whatever host its site is registered with."""
    parts = page.get_url_parts()  # type: ignore[attr-defined]  # Wagtail is untyped
    return settings.PUBLIC_URL.rstrip("/") + (parts[2] if parts else "/")
