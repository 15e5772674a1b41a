"""What of this floor carries tags: the stories of representatives."""

from typing import Any

from portal.tagged import Shelf
from portal.visibility import open_to_all
from stations.models import ProfilePage, ProfileTag


def tagged_stories() -> Any:
    """Return the public stories, newest first, without their texts and without anything of their people."""
    return open_to_all(ProfilePage.objects.all()).defer("body", "timeline").order_by("-date", "-pk")


SHELVES = (Shelf("shiji", "代表事迹", ProfileTag, tagged_stories, lambda page: page.date),)
