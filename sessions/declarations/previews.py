"""The small picture of a piece of evidence, so that a list of forty declarations need not send forty photographs."""

import io

from django.core.files.base import ContentFile, File
from PIL import Image

LONGEST = 480  # px: sharp at twice the size it is shown in


def small(picture: File) -> ContentFile:  # type: ignore[type-arg]
    """Return a small JPEG of a JPEG that `portal.uploads.take` made: upright already, without metadata."""
    picture.seek(0)
    with Image.open(picture, formats=("JPEG",)) as source:
        source.draft("RGB", (LONGEST, LONGEST))
        source.thumbnail((LONGEST, LONGEST))
        out = io.BytesIO()
        source.save(out, "JPEG", quality=80, optimize=True)
    picture.seek(0)
    return ContentFile(out.getvalue())
