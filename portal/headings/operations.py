"""Writing the heading font: cut, stored under the digest of its content, and noted."""

import hashlib
import logging
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from fontTools.ttLib import TTLibError
from wagtail.models import Site

from portal.audit import record
from portal.headings.cutting import AT_MOST, Cut, cut, kind
from portal.headings.faces import Serif, find_serif
from portal.headings.letters import count, ranked
from portal.models import HeadingFont

logger = logging.getLogger(__name__)
FOLDER = "fonts"
LEASE = 300  # seconds; a cut takes a few, and one that did not come back blocks no longer than this
ROUNDS = 3  # what is published while a cut runs is looked at again


def cut_heading_font(
    *, site: Site, moment: datetime, folders: Iterable[str | Path] | None = None, at_most: int = AT_MOST
) -> HeadingFont | None:
    """Cut the heading font of `site` anew when headings use a character that was not asked for before.

    Returns the font that holds now, None where the machine has no bold serif and never had one. Does nothing while
    another process cuts. `folders` are where fonts lie (default: HEADING_FONT_FOLDERS), `at_most` bytes of the file.
    """
    face = find_serif(settings.HEADING_FONT_FOLDERS if folders is None else folders)
    if face is None:
        return HeadingFont.objects.filter(site=site).first()
    lease = f"heading-font:{site.pk}"
    if not caches["shared"].add(lease, 1, LEASE):
        return HeadingFont.objects.filter(site=site).first()
    try:
        for _ in range(ROUNDS):
            if not _cut_if_needed(site, face, moment, at_most):
                break
    except (TTLibError, OSError):
        logger.exception("the heading font could not be cut from %s", face.path.name)
    finally:
        caches["shared"].delete(lease)
    return HeadingFont.objects.filter(site=site).first()


def _cut_if_needed(site: Site, face: Serif, moment: datetime, at_most: int) -> bool:
    """Cut unless nothing is new; return whether it was."""
    counts = count(site)
    font = HeadingFont.objects.filter(site=site).first()
    if font and _still_good(font, set(counts), face):
        return False
    made = cut(face, ranked(counts), at_most=at_most)
    _store(site, font, made, "".join(sorted(counts)), face, moment)
    return True


def _still_good(font: HeadingFont, wanted: set[str], face: Serif) -> bool:
    same = font.source == face.name and font.kind == kind()
    return same and wanted <= set(font.wanted) and default_storage.exists(f"{FOLDER}/{font.file_name}")


def _store(
    site: Site, before: HeadingFont | None, made: Cut, wanted: str, face: Serif, moment: datetime
) -> None:
    digest = hashlib.sha256(made.data).hexdigest()[:16]
    path = f"{FOLDER}/{digest}.{made.kind}"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(made.data))
    previous = before.digest if before and before.digest != digest else (before.previous if before else "")
    with transaction.atomic():
        font, _ = HeadingFont.objects.update_or_create(
            site=site,
            defaults={
                "digest": digest,
                "previous": previous,
                "kind": made.kind,
                "source": face.name,
                "characters": made.characters,
                "wanted": wanted,
                "size": len(made.data),
                "cut_at": moment,
            },
        )
        record("portal.cut_heading_font", font, actor=None, characters=len(made.characters), size=font.size)
        transaction.on_commit(_sweep)


def _sweep() -> None:
    """Take away fonts that neither a page of now nor one of before the last cut asks for."""
    rows = HeadingFont.objects.values_list("digest", "previous")
    kept = {digest for row in rows for digest in row}
    for name in default_storage.listdir(FOLDER)[1]:
        if name.partition(".")[0] not in kept:
            default_storage.delete(f"{FOLDER}/{name}")
