"""The national emblem: only an uploaded official file, shown as it is (国徽法 2020, 第六条、第七条).

The theme ships none. Nothing is cut out, scaled anew or recoloured: the file's own bytes are given out.
"""

from typing import Any

from PIL import Image

from portal.uploads import kind_of

KINDS = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
MOST_BYTES = 2 * 1024 * 1024
LEAST_HEIGHT = 128  # px: shown 64 px high, twice that on dense screens
NARROWEST, WIDEST = (
    0.7,
    1.3,
)  # width : height; the emblem is about as wide as high, and its clear space reckons with it
HINT = (
    "默认不显示。是否应当使用由主办单位依《国徽法》决定；请上传中国人大网或中国政府网公布的标准图案文件"
    "（PNG、JPG 或 WebP，不超过 2 MB，高度不小于 128 像素）。只在首页按原件显示，不裁剪、不改色，四周留空。"
)


class EmblemRefused(ValueError):
    """The file is not shown; the message says why and what to do."""


def look_at(file: Any) -> None:
    """Judge an uploaded emblem by its content; the file stays as it is. Raises EmblemRefused."""
    if file.size > MOST_BYTES:
        raise EmblemRefused("国徽图案文件超过 2 MB。请使用官网公布的较小的标准图案文件。")
    if kind_of(file) not in KINDS:
        raise EmblemRefused("这个文件不是 PNG、JPG 或 WebP 图片。请上传官网公布的标准图案文件。")
    try:
        with Image.open(file) as picture:
            width, height = picture.size
    except (OSError, ValueError, SyntaxError) as broken:
        raise EmblemRefused("这个图片文件打不开，可能没有传完整。请重新选择文件。") from broken
    finally:
        file.seek(0)
    if height < LEAST_HEIGHT:
        raise EmblemRefused(f"图片高 {height} 像素，显示会不清楚。请使用高度 {LEAST_HEIGHT} 像素以上的文件。")
    if not NARROWEST <= width / height <= WIDEST:
        raise EmblemRefused(
            f"图片宽 {width}、高 {height} 像素，不像单独的国徽图案。请上传只有国徽图案、四周不带空白的文件。"
        )
