"""The channel of notices."""

from portal.feeds.entries import Channel, Entry, entry_of
from portal.models import NoticePage
from portal.visibility import open_to_all


def notices(most: int) -> list[Entry]:
    """Return the newest public notices (1 query)."""
    pages = open_to_all(NoticePage.objects.all()).order_by("-date", "-pk")[:most]
    return [
        entry_of(page, day=page.date, authors=(page.source,) if page.source else (), kind="通知公告")
        for page in pages
    ]


CHANNELS = (
    Channel(
        name="tongzhi",
        title="通知公告",
        words="公告、安排和办事说明。",
        section="/tongzhi/",
        read=notices,
    ),
)
