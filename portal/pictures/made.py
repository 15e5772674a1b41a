"""What a page shows of an image: the renditions that are there, or the nearest ones; nothing is ever made here."""

import re
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.images import get_image_model
from wagtail.images.models import Filter, Picture

from portal.pictures.uses import FORMATS, LOGO, USES, fetch_made, specs_of

SIZES = re.compile(r' sizes="[^"]*"')  # no valid attribute of an image that comes in one width


def picture_tag(image: Any, use: str, attributes: dict[str, Any]) -> SafeString:
    """Return <picture> with AVIF, WebP and JPEG as far as they have been made, width and height set.

    Where none of the use is there yet, the nearest other one of the image stands in (the stylesheet crops it); where
    there is none at all, the answer is empty, and the component shows its generated cover. At most 1 query.
    """
    found = made_for(image, use)
    if not found:
        return SafeString("")
    sources, _, fallback = str(Picture(found, attributes)).rpartition("<img")
    if " srcset=" not in fallback:
        fallback = SIZES.sub("", fallback)
    return SafeString(f"{sources}<img{fallback}")


def made_for(image: Any, use: str) -> dict[str, Any]:
    """Return the renditions to show, by filter: of the use and the focal point of today, else the nearest one."""
    fetch_made([image])
    wanted = [Filter(spec) for spec in specs_of(use)]
    exact = {each.spec: rendition for each, rendition in image.find_existing_renditions(*wanted).items()}
    if exact:
        return _one_of_each_width(exact)
    rest = [one for one in image.prefetched_renditions if "format-avif" not in one.filter_spec]
    if not rest:
        return {}
    of_use = {each.spec for each in wanted}
    aim = USES[use].widths[0]
    nearest = min(rest, key=lambda one: (one.filter_spec not in of_use, abs(one.width - aim), one.pk))
    return {nearest.filter_spec: nearest}


def _one_of_each_width(found: dict[str, Any]) -> dict[str, Any]:
    """Order by format, then width, and drop what is no wider than the one before: a small image repeats itself."""
    kept: dict[str, Any] = {}
    for kind in FORMATS:
        widest = 0
        of_kind = [(spec, one) for spec, one in found.items() if spec.endswith(f"format-{kind}")]
        for spec, one in sorted(of_kind, key=lambda pair: pair[1].width):
            if one.width > widest:
                kept[spec] = one
                widest = one.width
    return kept


def logo_tag(image: int | None) -> SafeString:
    """Return <img> of what has been made of the image with this number for the header, "" when nothing has (1 query)."""
    renditions = get_image_model().get_rendition_model().objects
    mark = renditions.filter(image=image, filter_spec=LOGO).first() if image else None
    if mark is None:
        return SafeString("")
    return format_html('<img src="{}" width="{}" height="{}" alt="">', mark.url, mark.width, mark.height)


def face_of(image: Any) -> str:
    """Return the address of an image's smallest portrait, or "" while there is none."""
    found = made_for(image, "portrait")
    return str(next(iter(found.values())).url) if found else ""
