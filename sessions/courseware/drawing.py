"""A process of its own that counts the pages of a file, draws the first ones, reads its words; it knows no Django.

Run as `python -m sessions.courseware.drawing SOURCE KIND FOLDER`; it leaves FOLDER/0.webp (16:9, for lists), 1.webp …
3.webp (pages), result.json and text.txt. Before it opens anything a person uploaded it limits its own memory and time.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageOps

from sessions.courseware.reading import read

MEGABYTES = 1_200  # address space; the library of the drawing itself takes some 300
SECONDS = 30  # of the processor
PAGES = 3
PAGE = (960, 1360)  # px at most; a page of any measure is fitted in
LIST = (640, 360)
WIDE = 1.6  # a page wider than that fills the picture of lists
MOON = "#dfe8e4"  # glaze-moon of the design
SMALLEST = 200  # px; a thumbnail that is narrower says nothing
MAX_THUMBNAIL = 8 * 2**20  # bytes
MAX_PIXELS = 20_000_000
MAX_XML = 2**20
COUNTED = {
    "pptx": re.compile(rb"<Slides>(\d{1,5})</Slides>"),
    "docx": re.compile(rb"<Pages>(\d{1,5})</Pages>"),
}


def limit() -> None:
    """Refuse this process more memory and time than drawing takes, where the system knows such limits."""
    try:
        import resource  # noqa: PLC0415 -- not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES * 2**20, MEGABYTES * 2**20))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def draw_pdf(source: Path) -> tuple[int, list[Image.Image]]:
    """Return the number of pages and pictures of the first ones."""
    with pdfium.PdfDocument(source) as pdf:
        return len(pdf), [_page(pdf[number]) for number in range(min(PAGES, len(pdf)))]


def _page(page: pdfium.PdfPage) -> Image.Image:
    width, height = (max(side, 1.0) for side in page.get_size())
    scale = min(PAGE[0] / width, PAGE[1] / height)
    picture: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
    return picture.convert("RGB")


def look_into(source: Path, kind: str) -> tuple[int | None, list[Image.Image]]:
    """Return what an office file says of itself: its number of pages, and the thumbnail it carries."""
    if kind not in COUNTED:
        return None, []
    with zipfile.ZipFile(source) as archive:
        told = COUNTED[kind].search(_member(archive, "docProps/app.xml", MAX_XML))
        thumbnail = _member(archive, "docProps/thumbnail.jpeg", MAX_THUMBNAIL)
        pages = int(told[1]) or None if told else None
        return pages, _thumbnail(thumbnail, source.parent)


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Return the first `most` bytes of a member, nothing where there is none: its own word on its size is not asked."""
    if name not in archive.namelist():
        return b""
    with archive.open(name) as member:
        return member.read(most)


def _thumbnail(content: bytes, folder: Path) -> list[Image.Image]:
    if not content:
        return []
    path = folder / "thumbnail"
    path.write_bytes(content)
    try:
        with Image.open(path, formats=("JPEG",)) as picture:
            if picture.width < SMALLEST or picture.width * picture.height > MAX_PIXELS:
                return []
            return [picture.convert("RGB")]
    except (OSError, ValueError, SyntaxError):
        return []


def _for_lists(page: Image.Image) -> Image.Image:
    """Return a page as 16:9: a slide fills it, a sheet of paper stands whole on moon-white."""
    if page.width / page.height > WIDE:
        return ImageOps.fit(page, LIST, Image.Resampling.LANCZOS, centering=(0.5, 0))
    return ImageOps.pad(page, LIST, Image.Resampling.LANCZOS, color=MOON)


def draw(source: Path, kind: str, folder: Path) -> None:
    """Leave the pictures and the number of pages of `source` in `folder`."""
    pages, pictures = draw_pdf(source) if kind == "pdf" else look_into(source, kind)
    sizes = {}
    if pictures:
        first = _for_lists(pictures[0])
        shown = [first, *pictures] if kind == "pdf" else [first]  # a thumbnail is too small to be a page
        for number, picture in enumerate(shown):
            picture.save(folder / f"{number}.webp", "WEBP", quality=80, method=4)
            sizes[str(number)] = picture.size
    (folder / "result.json").write_text(json.dumps({"pages": pages, "sizes": sizes}), encoding="utf-8")


if __name__ == "__main__":
    limit()
    source, kind, folder = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    draw(source, kind, folder)  # first: what is drawn stays, should the words take too long
    (folder / "text.txt").write_text(read(source, kind), encoding="utf-8")
