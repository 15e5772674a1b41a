"""The public addresses of this floor's plain views."""

from datetime import datetime

from django.urls import reverse

from portal.conventions.sitemap import Address


def addresses(moment: datetime) -> list[Address]:
    """Return the map for people and the page on following the site."""
    return [Address(reverse("site_map"), "网站地图"), Address(reverse("follow"), "订阅")]
