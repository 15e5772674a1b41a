"""Which images the public pages ask for, and in which use: read from the pages themselves, whatever floor they are of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.images.models import Filter
from wagtail.models import Page, ReferenceIndex

from portal.models import CongressSettings
from portal.models.pages import kinds_of_pages
from portal.pictures.uses import FORMATS, LOGO, specs_needed

CHUNK = 200  # rows held at once


def pictures_of(page: Any) -> Iterator[tuple[int, str]]:
    """Yield (key of an image, use) for all that a page shows: its own fields and the pictures in its texts."""
    for field, uses in getattr(page, "picture_uses", {}).items():
        key = getattr(page, f"{field}_id")
        if key:
            yield from ((key, use) for use in uses)
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            for block in getattr(page, field.name).raw_data:
                if block["type"] == "picture" and block["value"].get("image"):
                    yield block["value"]["image"], "figure"


def wanted_by(pages: Iterable[Any]) -> dict[int, set[str]]:
    """Return {key of an image: uses} of some pages."""
    wanted: dict[int, set[str]] = defaultdict(set)
    for page in pages:
        for key, use in pictures_of(page):
            wanted[key].add(use)
    return wanted


def live_pages() -> Iterator[Any]:
    """Yield the live pages of all floors (1 query for each sort of page)."""
    for model in kinds_of_pages():
        yield from model.objects.live().iterator(CHUNK)


def pages_showing(image: Any) -> list[Any]:
    """Return the live pages that refer to an image, by Wagtail's own index of references (2 queries and more)."""
    of_page = ContentType.objects.get_for_model(Page)
    references = ReferenceIndex.get_references_to(image).filter(base_content_type=of_page)
    keys = [int(key) for key in references.values_list("object_id", flat=True)]
    return list(Page.objects.live().filter(pk__in=keys).specific())


def missing(wanted: dict[int, set[str]], kinds: Iterable[str] = FORMATS) -> Iterator[tuple[Any, list[str]]]:
    """Yield (image, filters that are not made for today's focal point) for what is wanted (2 queries)."""
    images = get_image_model().objects.filter(pk__in=wanted).prefetch_related("renditions").order_by("pk")
    for image in images.iterator(CHUNK):
        needed = [spec for use in sorted(wanted[image.pk]) for spec in specs_needed(image, use, kinds)]
        there = {(one.filter_spec, one.focal_point_key) for one in image.renditions.all()}
        lacking = [spec for spec in needed if (spec, Filter(spec).get_cache_key(image)) not in there]
        if lacking:
            yield image, lacking


def missing_logos() -> list[tuple[Any, list[str]]]:
    """Return the logo of each site whose picture for the header has not been made."""
    settings = CongressSettings.objects.exclude(logo=None).select_related("logo")
    return [
        (each.logo, [LOGO]) for each in settings if not each.logo.renditions.filter(filter_spec=LOGO).exists()
    ]
