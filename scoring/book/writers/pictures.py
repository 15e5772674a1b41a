"""Pictures for the press: scaled near their printed size, in RGB, without metadata (camera, place)."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image, ImageOps

BEST_DPI = 200
LEAST_DPI = 110
SLACK = 1.5  # a picture at up to 1.5 × that is kept as it is: no resampling
BASE_MB = 600  # interpreter, fonts and the layout of 1,500 pages
MM_PER_INCH = 25.4
JPEG_QUALITY = 86


class PictureError(Exception):
    """A picture cannot be printed; the message is a Chinese sentence that names the story."""


def resolution(jobs: list[dict[str, Any]], memory_limit_mb: int) -> tuple[int, float]:
    """Return dots per inch and slack that let all pictures into memory (typst: three bytes a pixel of each)."""
    square_inches = sum(j["width_mm"] * j["height_mm"] for j in jobs) / MM_PER_INCH**2 or 1
    affordable = math.isqrt(int(max(memory_limit_mb - BASE_MB, 64) * 2**20 / 3 / square_inches))
    slack = max(1.0, min(SLACK, affordable / BEST_DPI))
    return max(LEAST_DPI, min(BEST_DPI, affordable)), slack


def scale_picture(job: dict[str, Any], folder: Path, dpi: int, slack: float) -> None:
    """Write one picture of a PictureJob near its printed size as JPEG; raise PictureError."""
    width, height = (max(1, round(job[side] / MM_PER_INCH * dpi)) for side in ("width_mm", "height_mm"))
    path = Path(job["source"])
    try:
        with Image.open(path) as source:
            fits = source.width <= width * slack and not job["crop"]
            plain = without_metadata(path.read_bytes()) if fits and _as_it_is(source) else None
            if plain:
                (folder / job["name"]).write_bytes(plain)
                return
            picture = _decoded(source, width, height)
            if job["crop"]:
                size = _worth_having(picture, width, height, dpi)
                picture = ImageOps.fit(picture, size, Image.Resampling.BICUBIC, centering=(0.5, 0.33))
            elif picture.width > width * slack:
                picture = picture.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=2)
            picture.save(folder / job["name"], "JPEG", quality=JPEG_QUALITY)
    except FileNotFoundError:
        raise PictureError(f"{job['where']}的图片「{path.name}」没有找到。") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        if not job["where"]:
            raise MemoryError from None  # our own ground is sound: a decoder short of memory says otherwise
        raise PictureError(f"{job['where']}的图片「{path.name}」无法读取，请换一张。") from None


def check_picture(job: dict[str, Any], folder: Path) -> None:
    """Decode a finished picture wholly; raise PictureError if it is broken. Finds whom typst complains about."""
    try:
        with Image.open(folder / job["name"]) as picture:
            picture.load()
    except (OSError, ValueError, SyntaxError):
        name = Path(job["source"]).name
        raise PictureError(f"{job['where']}的图片「{name}」无法读取，请换一张。") from None


def without_metadata(jpeg: bytes) -> bytes | None:
    """Return a JPEG without its metadata segments, its picture data untouched; None when it looks incomplete.

    Kept are APP0 (JFIF) and APP14 (Adobe's colour transform), by the segment layout of ITU-T T.81 annex B.
    """
    if b"\xff\xd9" not in jpeg[-64:]:
        return None
    kept = [b"\xff\xd8"]
    at = 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker == 0xDA:  # start of scan: the rest is the picture
            return b"".join(kept) + jpeg[at:]
        if not (0xE1 <= marker <= 0xEF and marker != 0xEE) and marker != 0xFE:
            kept.append(jpeg[at:end])
        at = end
    return None


def _worth_having(picture: Image.Image, width: int, height: int, dpi: int) -> tuple[int, int]:
    """Return the size to cut a picture to: what is smaller than its place is enlarged only until no pixel shows."""
    enlarged = max(width / picture.width, height / picture.height, 1.0)
    shrink = min(enlarged, max(dpi / LEAST_DPI, 1.0))
    return max(1, round(width / shrink)), max(1, round(height / shrink))


def _as_it_is(source: Image.Image) -> bool:
    """Tell whether a file may go to the printer undecoded: an upright RGB JPEG."""
    return source.format == "JPEG" and source.mode == "RGB" and _orientation(source) == 1


def _orientation(source: Image.Image) -> int:
    """Return the EXIF orientation, 1 when upright or unsaid."""
    return int(source.getexif().get(ExifTags.Base.Orientation, 1))


def _decoded(source: Image.Image, width: int, height: int) -> Image.Image:
    """Return the picture upright in RGB; a JPEG is decoded at a half, quarter or eighth if that suffices."""
    source.draft("RGB", (height, width) if _orientation(source) > 4 else (width, height))
    return _flat(ImageOps.exif_transpose(source))


def _flat(picture: Image.Image) -> Image.Image:
    """Return the picture in RGB, transparency laid on white paper."""
    if picture.mode == "RGB":
        return picture
    if picture.has_transparency_data:
        ground = Image.new("RGBA", picture.size, "white")
        ground.alpha_composite(picture.convert("RGBA"))
        return ground.convert("RGB")
    return picture.convert("RGB")
