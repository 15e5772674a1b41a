"""What editors of this floor's pages are reminded of (hook of portal.content_checks)."""

from collections.abc import Iterator
from typing import Any

from stations.models import ProfilePage
from stations.models.pages import PlacePage


def check_people_and_places(page: Any) -> Iterator[str]:
    """Check a story for portrait, byline and a sentence lifted out of it; a place for its introduction."""
    if isinstance(page, ProfilePage):
        if not page.portrait_id:
            yield "还没有肖像。没有照片时，页面上用姓氏的字块代替。"
        if not page.byline.strip():
            yield "还没有署名。是谁采写的，读者会想知道。"
        if page.body and not any(block.block_type == "quote" for block in page.body):
            yield "正文里还没有引语。提一句出来，首页和栏目页会用大字显示。"
    if isinstance(page, PlacePage) and not page.body:
        yield "还没有站点介绍。写几句怎么找、办成过什么事。"
