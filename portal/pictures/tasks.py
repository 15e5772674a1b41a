"""What runs outside of a request: pictures of a page, of an image, and a round that finds what is missing."""

from datetime import timedelta

from django_tasks import task
from wagtail.images import get_image_model
from wagtail.models import Page

from portal.pictures.making import make_for_image, make_for_pages, make_missing
from portal.rounds import every

LATER = -50  # after reminders, the index of the search, and whatever else waits
FAST, SLOW = ["webp", "jpeg"], ["avif"]
AT_MOST = 60  # seconds of one round; the next one goes on


@task()
def make_pictures_of_page(page_pk: int, kinds: list[str]) -> None:
    """Make the pictures of a published page in some formats; a page that is gone by then is passed over."""
    make_for_pages(pages=Page.objects.live().filter(pk=page_pk).specific(), kinds=kinds)


@task()
def make_pictures_of_image(image_pk: int, kinds: list[str]) -> None:
    """Make what published pages need of an image which was replaced or has another focal point."""
    image = get_image_model().objects.filter(pk=image_pk).first()
    if image is not None:
        make_for_image(image=image, kinds=kinds)


@task(priority=LATER)
def make_missing_pictures() -> None:
    """Make what is missing anywhere, as much as one round holds."""
    make_missing(seconds=AT_MOST)


@every(timedelta(minutes=10), priority=LATER)
def look_after_pictures() -> None:
    """Make what is missing."""
    make_missing(seconds=AT_MOST)
