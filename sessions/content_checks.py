"""What editors of this floor's pages are reminded of (hook of portal.content_checks)."""

from collections.abc import Iterator
from typing import Any

from sessions.models import Activity, CoursewarePage, SharingSessionPage


def check_sessions_and_courseware(page: Any) -> Iterator[str]:
    """Check a session for speakers, agenda and place, courseware for who made it."""
    if isinstance(page, SharingSessionPage):
        if not page.speakers.all():
            yield "还没有主讲人。首页和日历都会写上主讲人。"
        if not page.agenda:
            yield "还没有议程。写上几点做什么，代表好安排时间。"
        if not (
            page.activity.place or page.activity.station_id or page.activity.mode == Activity.Mode.ONLINE
        ):
            yield "还没有地点。请在“活动”里选站点，或填写地点，参加的人好知道去哪里。"
    if isinstance(page, CoursewarePage) and not (page.author_id or page.guest_author.strip()):
        yield "还没有作者。请选一位代表，或者写嘉宾的姓名。"
