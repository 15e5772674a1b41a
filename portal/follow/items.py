"""Which pages are told to readers: public ones that were first published lately and say whom they concern."""

from datetime import datetime, timedelta
from typing import Any

from portal.follow.topics import page_models
from portal.models import BasePage
from portal.visibility import open_to_all

FRESH = timedelta(days=7)  # what was published earlier is no news; it bounds what a long pause is made up for


def told_pages(**conditions: Any) -> list[BasePage]:
    """Return the pages among those of `conditions` that everybody may read and that tell somebody, oldest first.

    Publishing again does not change first_published_at, so a page is new once. A fixed number of queries,
    whatever the number of pages.
    """
    found: list[BasePage] = []
    for model in page_models():
        if model.topics is not BasePage.topics:
            pages = open_to_all(model.objects.filter(**conditions, first_published_at__isnull=False))
            found += pages.prefetch_related(*model.followed_with)
    return sorted(
        (page for page in found if page.topics()), key=lambda page: (page.first_published_at, page.pk)
    )


def fresh_pages(moment: datetime) -> list[BasePage]:
    """Return the pages that were first published within the last seven days before `moment`."""
    return told_pages(first_published_at__gt=moment - FRESH, first_published_at__lte=moment)
