"""The public address of this floor: the method by which points are reckoned."""

from datetime import datetime

from django.urls import reverse

from portal.conventions.sitemap import Address


def named() -> list[Address]:
    """Return the page of the standard in force, which the map for people names."""
    return [Address(reverse("method"), "积分标准")]


def addresses(moment: datetime) -> list[Address]:
    """Return the same: there is no other."""
    return named()
