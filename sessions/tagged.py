"""What of this floor carries tags: sharing sessions that are announced, and courseware."""

from typing import Any

from django.utils import timezone

from portal.tagged import Shelf
from sessions.courseware.shelf import listed
from sessions.models import CoursewareTag, SessionTag
from sessions.programme import programme


def tagged_sessions() -> Any:
    """Return the announced sessions, the latest first, with their activity."""
    return programme().order_by("-activity__starts_at", "-pk")


def tagged_courseware() -> Any:
    """Return the public pages of courseware, newest first; who may open the files is asked there."""
    return listed()


SHELVES = (
    Shelf(
        "fenxianghui",
        "分享会",
        SessionTag,
        tagged_sessions,
        lambda page: timezone.localdate(page.activity.starts_at),
    ),
    Shelf("kejian", "课件", CoursewareTag, tagged_courseware, lambda page: page.date),
)
