"""What editors of this floor's pages are reminded of (hook of portal.content_checks)."""

from collections.abc import Iterator
from typing import Any

from sessions.models import CoursewarePage, SharingSessionPage


def check_sessions_and_courseware(page: Any) -> Iterator[str]:
    """Check a session for speakers and agenda, courseware for who made it."""
    if isinstance(page, SharingSessionPage):
        if not page.speakers.all():
            yield "还没有主讲人。首页和日历都会写上主讲人。"
        if not page.agenda:
            yield "还没有议程。写上几点做什么，代表好安排时间。"
    if isinstance(page, CoursewarePage) and not (page.author_id or page.guest_author.strip()):
        yield "还没有作者。请选一位代表，或者写嘉宾的姓名。"
