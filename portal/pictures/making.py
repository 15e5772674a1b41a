"""The making of renditions: when a page is published, an image changes, or a round finds that some are missing.

Nothing here runs in a reader's request, and no transaction is open meanwhile: a picture takes a second, and on SQLite
nobody could check in for as long.
"""

import logging
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO
from itertools import chain
from typing import Any

from django.core.files.base import File
from wagtail.images.models import Filter

from portal.pagecache import forget_pages
from portal.pictures.uses import FORMATS
from portal.pictures.wanted import live_pages, missing, missing_logos, pages_showing, wanted_by

TWO_AT_ONCE = 12_000_000  # pixels of an original; larger ones are drawn one by one, 240 MB each at the most
log = logging.getLogger(__name__)


def make_for_pages(*, pages: Iterable[Any], kinds: Iterable[str] = FORMATS) -> int:
    """Make what is missing of the pictures that `pages` show, WebP for all of them first; return how many were made."""
    wanted = wanted_by(pages)
    return sum(_make(missing(wanted, (kind,))) for kind in kinds)


def make_for_image(*, image: Any, kinds: Iterable[str] = FORMATS) -> int:
    """Make what is missing of one image: as a logo, and in the uses that published pages have for it; return how many."""
    logos = [(logo, specs) for logo, specs in missing_logos() if logo.pk == image.pk]
    return _make(logos) + make_for_pages(pages=pages_showing(image), kinds=kinds)


def make_missing(*, kinds: Iterable[str] = FORMATS, seconds: float | None = None) -> int:
    """Make whatever the site lacks, for at most `seconds` (one image more); return how many renditions were made."""
    until = None if seconds is None else time.monotonic() + seconds
    wanted = wanted_by(live_pages())
    return sum(
        _make(chain(missing_logos() if number == 0 else [], missing(wanted, (kind,))), until)
        for number, kind in enumerate(kinds)
    )


def _make(lacking: Iterable[tuple[Any, list[str]]], until: float | None = None) -> int:
    made = 0
    for image, specs in lacking:
        if until is not None and time.monotonic() >= until:
            break
        try:
            made += _make_of(image, specs)
        except Exception as problem:  # noqa: BLE001 -- one broken picture must not keep the others from being made
            log.warning("no renditions of image %s: %s", image.pk, type(problem).__name__)
    if made:
        forget_pages()  # what was rendered meanwhile shows a stand-in
    return made


def _make_of(image: Any, specs: list[str]) -> int:
    """Draw and keep renditions; as Wagtail's own create_renditions, but it leaves every file open."""
    with image.open_file() as original:
        content = original.read()

    def draw(spec: str) -> tuple[Filter, File[bytes]]:
        wanted = Filter(spec)
        return wanted, image.generate_rendition_file(wanted, source=File(BytesIO(content), image.file.name))

    hands = 2 if image.width * image.height <= TWO_AT_ONCE else 1
    with ThreadPoolExecutor(hands) as pool:
        for wanted, file in pool.map(draw, specs):
            with closing(file):
                image.renditions.get_or_create(
                    filter_spec=wanted.spec,
                    focal_point_key=wanted.get_cache_key(image),
                    defaults={"file": file},
                )
    return len(specs)
