"""Drawing a cover: 1200 × 630, JPEG, as chat apps ask for. Pure but for the textures it reads; the same words, the same picture."""

import io
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from PIL import Image, ImageDraw

from portal.covers import faces, lines

WIDTH, HEIGHT = 1200, 630
TEXTURES = Path(__file__).resolve().parent.parent / "static" / "portal" / "img"
# What docs/design.md calls ink, ink-2 and ink-3, which no theme changes; a picture cannot read a style sheet.
INK, INK_2, INK_3 = "#24201c", "#4b453d", "#675f54"
GLAZE_AT = 880  # px from the left: where the glaze begins
LEFT, TOP, BOTTOM = 72, 76, 554
ROOM = GLAZE_AT - LEFT - 56  # px for a line
SIZES = ((92, 2), (76, 3), (58, 4), (50, 4))  # font size in px, and how many lines of it find room
SMALLEST = SIZES[-1][0]
LEADING = 1.36
BOLD = 0.9  # px of stroke: the packaged serif has one weight
SEAL = 76  # px of its side
NAME = 34  # px of the site's name


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on a cover, and its colours; `|` in the title forces a break.

    `ground` names a shipped texture (portal/img/glaze-*.webp); `paper` and `accent` are #rrggbb.
    """

    title: str
    label: str
    site_name: str
    seal: str
    ground: str
    paper: str
    accent: str


def draw(words: Words) -> bytes:
    """Return the JPEG of a cover."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), words.paper)
    picture.paste(_glaze(words.ground), (GLAZE_AT, 0))
    pen = ImageDraw.Draw(picture)
    label = faces.shown(words.label)
    if label:
        pen.rectangle((LEFT, TOP + 4, LEFT + 6, TOP + 34), fill=words.accent)
        _write(pen, (LEFT + 22, TOP), label, 30, INK_3)
    _write_title(pen, words.title)
    _write_foot(pen, words)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=86, optimize=True)
    return out.getvalue()


@lru_cache(maxsize=8)
def _glaze(ground: str) -> Image.Image:
    """Return the strip of a texture: from its middle, as high as the picture."""
    size = (WIDTH - GLAZE_AT, HEIGHT)
    with Image.open(TEXTURES / f"glaze-{ground}.webp") as texture:
        whole = texture.convert("RGB")
    scale = max(size[0] / whole.width, size[1] / whole.height)
    whole = whole.resize((round(whole.width * scale), round(whole.height * scale)), Image.Resampling.LANCZOS)
    left, top = (whole.width - size[0]) // 2, (whole.height - size[1]) // 2
    return whole.crop((left, top, left + size[0], top + size[1]))


def _write_title(pen: ImageDraw.ImageDraw, title: str) -> None:
    """Write the title as large as it finds room, in the middle of its height; what is too long ends in dots."""
    parts = [faces.shown(part.strip()) for part in title.split("|") if part.strip()]
    size, rows = next(
        ((size, rows) for size, most in SIZES if len(rows := _rows(parts, size)) <= most), (SMALLEST, [])
    )
    rows = rows or lines.shortened(_rows(parts, SMALLEST), dict(SIZES)[SMALLEST], _measure(SMALLEST), ROOM)
    height = len(rows) * size * LEADING
    y = TOP + 52 + (BOTTOM - SEAL - 24 - TOP - 52 - height) / 2
    for row in rows:
        _write(pen, (LEFT, y), row, size, INK, bold=True)
        y += size * LEADING


def _measure(size: int) -> lines.Width:
    return partial(faces.width, size=size)


def _rows(parts: list[str], size: int) -> list[str]:
    width = _measure(size)
    by_phrases = [row for part in parts for row in lines.phrases(part)]
    if len(by_phrases) <= dict(SIZES)[size] and all(width(row) <= ROOM for row in by_phrases):
        return by_phrases
    return [row for part in parts for row in lines.balanced(part, width, ROOM, size / 2)]


def _write_foot(pen: ImageDraw.ImageDraw, words: Words) -> None:
    """Stamp the seal in the lower left corner and write the name of the site beside it."""
    y = BOTTOM - SEAL + 24
    marks = faces.shown(words.seal)[:4]
    pen.rounded_rectangle((LEFT, y, LEFT + SEAL, y + SEAL), radius=8, fill=words.accent)
    rows = [marks[:2], marks[2:]] if len(marks) > 2 else list(marks)
    size = 30
    for number, row in enumerate(row for row in rows if row):
        x = LEFT + (SEAL - faces.width(row, size)) / 2
        _write(pen, (x, y + (SEAL - len(rows) * 32) / 2 + number * 32 - 6), row, size, words.paper, bold=True)
    measure, room = _measure(NAME), ROOM - SEAL - 22
    name = lines.broken(faces.shown(words.site_name), measure, room) or [""]
    _write(pen, (LEFT + SEAL + 22, y + 14), lines.shortened(name, 1, measure, room)[0], NAME, INK_2)


def _write(
    pen: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    size: int,
    colour: str,
    *,
    bold: bool = False,
) -> None:
    x, y = at
    # One line of feet for all faces: each measures its height in its own way.
    feet = y + faces.face(faces.files()[0], size).getmetrics()[0]
    for piece, font in faces.runs(text, size):
        pen.text(
            (x, feet), piece, colour, font, anchor="ls", stroke_width=BOLD if bold else 0, stroke_fill=colour
        )
        x += font.getlength(piece)
