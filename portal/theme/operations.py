"""Making what the office's pictures are shown as when they are grounds of the site."""

from collections.abc import Iterable
from contextlib import closing
from typing import Any

from wagtail.images.models import Filter

from portal.pagecache import forget_pages
from portal.theme.grounds import RENDITION


def make_grounds(images: Iterable[Any]) -> None:
    """Make the renditions that the stylesheet points at; called after the commit, as a picture takes a second."""
    wanted = Filter(RENDITION)
    for image in images:
        key = wanted.get_cache_key(image)
        if image.renditions.filter(filter_spec=wanted.spec, focal_point_key=key).exists():
            continue
        with closing(image.generate_rendition_file(wanted)) as file:
            image.renditions.get_or_create(
                filter_spec=wanted.spec, focal_point_key=key, defaults={"file": file}
            )
    forget_pages()  # what was rendered meanwhile shows the shipped ground
