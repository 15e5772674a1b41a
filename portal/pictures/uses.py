"""The uses a picture has on our pages, and the renditions that each of them needs.

Each use is one template component. AVIF comes first in a page and last in the making: it takes five to ten times
as long as WebP and saves a quarter on photographs.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Prefetch, prefetch_related_objects
from wagtail.images import get_image_model

FORMATS = ("webp", "jpeg", "avif")  # in the order in which they are made
PREFETCHED = "prefetched_renditions"  # where Wagtail itself looks first


class Use(NamedTuple):
    """One way of showing a picture: its frame (width : height, 0 : 0 for none), its widths in px, how near a crop goes.

    `closeness` (0–100) counts where the editor set a focal point only: how far the crop may narrow towards it.
    """

    name: str
    frame: tuple[int, int]
    widths: tuple[int, ...]
    closeness: int = 0

    def spec(self, width: int, kind: str) -> str:
        """Return the filter of one rendition as Wagtail writes it: fill-264x312-c50|format-webp."""
        across, down = self.frame
        if not across:
            return f"width-{width}|format-{kind}"
        near = f"-c{self.closeness}" if self.closeness else ""
        return f"fill-{width}x{width * down // across}{near}|format-{kind}"


USES = {
    use.name: use
    for use in (
        Use("portrait", (11, 13), (264, 528), closeness=50),
        Use("cover", (4, 5), (400, 800), closeness=30),
        Use("card", (16, 9), (400, 800), closeness=30),
        Use("figure", (0, 0), (800, 1200)),
    )
}
LOGO = "height-96"  # the header's own, in the format of its original


def specs_of(use: str, kinds: Iterable[str] = FORMATS) -> list[str]:
    """Return the filters of a use; JPEG, for browsers that know neither of the others, comes in one width."""
    known = USES[use]
    return [
        known.spec(width, kind)
        for kind in kinds
        for width in (known.widths if kind != "jpeg" else [w for w in known.widths if w <= 800][-1:])
    ]


def specs_needed(image: Any, use: str, kinds: Iterable[str] = FORMATS) -> list[str]:
    """Return the filters of a use that give different pictures: Wagtail does not enlarge, so a small one has fewer."""
    known = USES[use]
    across, down = known.frame
    widest = min(image.width, image.height * across // down) if across else image.width
    enough = next((width for width in known.widths if width >= widest), known.widths[-1])
    wanted = {known.spec(width, kind) for kind in FORMATS for width in known.widths if width <= enough}
    some = [spec for spec in specs_of(use, kinds) if spec in wanted]
    if "jpeg" in kinds and not any("jpeg" in spec for spec in some):
        some.append(known.spec(enough, "jpeg"))
    return some


def pictures_for(*uses: str) -> Any:
    """Return images together with what has been made of them for `uses`, else for all: for Prefetch (2 queries)."""
    specs = [spec for use in uses or USES for spec in specs_of(use)]
    return get_image_model().objects.prefetch_renditions(*specs)


def attach(pages: Iterable[Any], fields: Iterable[str], *uses: str) -> None:
    """Put images with what has been made of them into the image fields of `pages`: 2 queries, however many of either."""
    pages, fields = list(pages), list(fields)
    keys = {getattr(page, f"{field}_id") for page in pages for field in fields} - {None}
    images = {image.pk: image for image in pictures_for(*uses).filter(pk__in=keys)} if keys else {}
    for page in pages:
        for field in fields:
            setattr(page, field, images.get(getattr(page, f"{field}_id")))


def fetch_made(images: Iterable[Any]) -> None:
    """Fetch what has been made of `images`, for every use, unless that is at hand already (1 query, or none)."""
    images = [image for image in images if image is not None and not hasattr(image, PREFETCHED)]
    if images:
        specs = [spec for use in USES for spec in specs_of(use)]
        made = get_image_model().get_rendition_model().objects.filter(filter_spec__in=specs)
        prefetch_related_objects(images, Prefetch("renditions", made, to_attr=PREFETCHED))
