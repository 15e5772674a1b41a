"""Originals of pictures for the press: read through Wagtail's storage, copied once each into one folder."""

import shutil
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from scoring.book.nodes import Picture

SIDEWAYS = frozenset({5, 6, 7, 8})  # values of EXIF's Orientation that turn a picture by a quarter
ORIENTATION = 0x0112


class PictureFolder:
    """The folder of one making of a book; the originals themselves are never touched."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._copied: dict[int, Path] = {}

    def original(self, image: Any) -> Path:
        """Return the copy of a Wagtail image's original; where the file is gone, a path at which nothing lies.

        The name comes from the row, never from what was uploaded; lint and press name the story of a missing file.
        """
        if image.pk not in self._copied:
            path = self._folder / f"image-{image.pk}{Path(image.file.name).suffix.lower()}"
            try:
                with image.file.storage.open(image.file.name, "rb") as source, path.open("wb") as target:
                    shutil.copyfileobj(source, target)
            except FileNotFoundError:
                path.unlink(missing_ok=True)
            self._copied[image.pk] = path
        return self._copied[image.pk]

    def picture(self, image: Any, *, caption: str = "", alt: str = "") -> Picture:
        """Return a picture node with its size as shown, after the turn that a camera asked for."""
        path = self.original(image)
        width, height = _shown_size(path) or (image.width, image.height)
        return Picture(path=path, caption=caption, width_px=width, height_px=height, alt=alt)


def _shown_size(path: Path) -> tuple[int, int] | None:
    """Return width and height in pixels; None when nothing readable lies there."""
    try:
        with Image.open(path) as picture:
            width, height = picture.size
            turned = picture.getexif().get(ORIENTATION) in SIDEWAYS
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    return (height, width) if turned else (width, height)
