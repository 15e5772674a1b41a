"""The public addresses of this floor's plain views."""

from datetime import datetime

from django.urls import reverse

from portal.conventions.sitemap import Address
from portal.tagged import words_in_use


def named() -> list[Address]:
    """Return what the map for people names: the map itself, the page on following the site, the tags."""
    return [
        Address(reverse("site_map"), "网站地图"),
        Address(reverse("follow"), "订阅"),
        Address(reverse("tags"), "标签"),
    ]


def addresses(moment: datetime) -> list[Address]:
    """Return what is named, and every tag (1 query)."""
    return [
        *named(),
        *(Address(reverse("tag", args=[word.slug])) for word in words_in_use()),
    ]
