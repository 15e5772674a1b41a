"""The theme of a site as it is served: its stylesheet and the digest in its address, remembered until something is saved."""

import hashlib
from typing import NamedTuple

from django.templatetags.static import static
from django.urls import reverse
from wagtail.images import get_image_model

from portal.frame import remembered
from portal.models import CongressSettings, HeadingFont, SiteTheme
from portal.theme.grounds import GROUNDS, RENDITION
from portal.theme.stylesheet import Face, stylesheet


class Served(NamedTuple):
    """The stylesheet of a site; both are "" where nothing differs from what ships."""

    digest: str
    css: str


def served(identity: CongressSettings) -> Served:
    """Return the stylesheet of a site: no query of its own but one for pictures of the office's, where there are any."""
    found: Served = remembered(
        f"theme:{identity.site_id}", lambda: _build(identity.theme, identity.heading_font)
    )
    return found


def _build(theme: SiteTheme | None, font: HeadingFont | None) -> Served:
    face = Face(reverse("heading_font", args=[font.file_name]), font.kind, font.characters) if font else None
    css = (
        stylesheet(theme.own_colours, theme.stops, _grounds(theme), face)
        if theme
        else stylesheet({}, (), {}, face)
    )
    return Served(hashlib.sha256(css.encode()).hexdigest()[:16] if css else "", css)


def _grounds(theme: SiteTheme) -> dict[str, str]:
    """Return {token: address} of grounds that differ; a picture that has not been made yet leaves the shipped one."""
    pictures = {slot: getattr(theme, f"{slot}_picture_id") for slot in GROUNDS}
    wanted = [pk for pk in pictures.values() if pk]
    made = {}
    if wanted:
        renditions = get_image_model().get_rendition_model().objects
        made = {r.image_id: r.url for r in renditions.filter(image__in=wanted, filter_spec=RENDITION)}
    grounds = {}
    for slot, ground in GROUNDS.items():
        chosen = getattr(theme, f"{slot}_ground", "")
        if pictures[slot] in made:
            grounds[ground.token] = made[pictures[slot]]
        elif chosen in ground.shipped[1:]:
            grounds[ground.token] = static(f"portal/img/glaze-{chosen}.webp")
    return grounds
