"""The book, both sides in one run: write_pdf for 150 stories with one photo each, and bare typst on its data.

    python -m bench book          18 stories, as in the demonstration, and 150
    python bench/book.py          the 150 stories (aim: everything around typst adds at most 50 %)
    python bench/book.py --long   further rows up to about 1,500 pages (aim: time per page stays level)

The photos are drawn here: 1,600 pixels wide like the renditions the portal hands over, and 2,400 like an
original. The machine may be noisy: trust the ratios, and processor time before wall time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from dataclasses import asdict  # noqa: E402

from PIL import Image  # noqa: E402

from bench.table import Count, Row  # noqa: E402
from scoring.book import letters, nodes  # noqa: E402
from scoring.book.writers import press  # noqa: E402
from scoring.book.writers.manuscript import Composer  # noqa: E402
from scoring.book.writers.pdf import write_pdf  # noqa: E402

SENTENCES = (
    "清晨六点，联络站的灯先亮了起来，来反映情况的乡亲在长桌旁坐下。",
    "他把每一条意见按能办、要请、要等分成三类，每月底贴出一张回音单。",
    "说清楚多少家、多少钱、多少天，别人才好办，这是老代表教给他的。",
    "建议改到第十一稿，送检的周期从二十三天缩短到五天，费用少了一半。",
    "分享会上，他把走过的弯路一条一条讲出来，台下的人记满了两页纸。",
)


def draw_photo(path: Path, seed: int, size: tuple[int, int]) -> None:
    """Draw one photo with about the detail, and the size in bytes, of a camera's picture."""
    shade = Image.linear_gradient("L").rotate(90 * (seed % 4)).resize(size)
    grain = Image.effect_noise((600, 400), 60).resize(size, Image.Resampling.BICUBIC)
    picture = Image.merge("RGB", (Image.blend(shade, grain, 0.5), shade, Image.blend(shade, grain, 0.3)))
    picture.save(path, quality=88)


def sample_book(stories: int, photos: list[Path], size: tuple[int, int]) -> nodes.Book:
    """Return a book of `stories` stories of about two pages, one photo each."""
    made = []
    for number in range(stories):
        text = [
            nodes.Paragraph("".join(SENTENCES[(number + p + s) % 5] for s in range(4 + (number + p) % 3)))
            for p in range(9)
        ]
        photo = nodes.Picture(photos[number % len(photos)], "联络站里的一个早晨（示意图）", *size)
        body = (
            *text[:3],
            nodes.Heading("从一张回音单开始"),
            *text[3:5],
            photo,
            nodes.Heading("把方法交出去"),
            *text[5:],
        )
        person = nodes.Person(f"示例{number:03d}", "古窑镇代表小组")
        line = tuple(nodes.TimelineEntry(f"2026 年 {m} 月", "在联络站接待群众") for m in (3, 5, 9))
        title = f"第 {number + 1} 张回音单，贴在车间门口"
        made.append(
            nodes.Story(
                title, person, dek="一张纸，三类事。", band_note="优秀代表", blocks=body, timeline=line
            )
        )
    parts = (nodes.Part("优秀代表", "", tuple(made)),)
    return nodes.Book(
        "守望与同行", 2026, "示例市人大常委会代表工作委员会", notice="演示：人物与事件均为虚构", parts=parts
    )


def bare_typst(book: nodes.Book, folder: Path) -> tuple[float, float]:
    """Return wall and processor seconds of typst alone, in its own process, on data and pictures made before."""
    composed = Composer(book, paper="a4", bleed_mm=0, characters=letters.repertoire()).compose()
    order = {
        "book": composed.data,
        "pictures": [asdict(job) for job in composed.pictures],
        "font_folders": [str(letters.font_folder())],
        "families": letters.FAMILIES,
        "memory_limit_mb": 2048,
    }
    root = folder / "root"
    root.mkdir()
    press.lay_out(order, root)
    (folder / "order.json").write_text(json.dumps(order), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, __file__, "--bare", str(folder)], check=True, capture_output=True, text=True
    )
    wall, cpu, _peak = map(float, done.stdout.split())
    return wall, cpu


def bare(folder: Path) -> None:
    """Let typst set what lies ready in `folder` and print wall seconds, processor seconds, peak MB."""
    order = json.loads((folder / "order.json").read_text(encoding="utf-8"))
    wall, cpu = time.perf_counter(), time.process_time()
    press.set_type(order, folder / "root")
    print(time.perf_counter() - wall, time.process_time() - cpu, peak_mb(resource.RUSAGE_SELF))


def peak_mb(who: int) -> float:
    """Return the largest resident size so far, in MB."""
    return resource.getrusage(who).ru_maxrss / 1024


def processor_seconds() -> float:
    """Return the processor seconds of this process and the children it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def rows(quick: bool) -> list[Row | Count]:
    """Return the rows of the book for `python -m bench`: a demonstration-size book, and 150 stories."""
    size = (1600, 1067)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        photos = [folder / f"photo-{number}.jpg" for number in range(18 if quick else 150)]
        for number, photo in enumerate(photos):
            draw_photo(photo, number, size)
        sizes = (18,) if quick else (18, 150)
        return [_row(stories, photos, folder, size) for stories in sizes]


def _row(stories: int, photos: list[Path], folder: Path, size: tuple[int, int]) -> Row:
    book = sample_book(stories, photos, size)
    report = write_pdf(book, folder / "book.pdf", timeout_s=200)
    work = folder / f"bare-{stories}"
    work.mkdir()
    wall, _cpu = bare_typst(book, work)
    words = f"{report.seconds:.1f} s", f"typst {wall:.1f} s"
    return Row(f"book of {stories} stories, {report.pages} pages", *words, report.seconds / wall, 1.5)


def measure(stories: int, photos: list[Path], folder: Path, size: tuple[int, int]) -> None:
    """Print one row: the whole writer, bare typst, their ratios."""
    book = sample_book(stories, photos, size)
    cpu = processor_seconds()
    report = write_pdf(book, folder / "book.pdf", timeout_s=900)
    cpu = processor_seconds() - cpu
    peak = peak_mb(resource.RUSAGE_CHILDREN)
    work = folder / f"bare-{stories}-{size[0]}"
    work.mkdir()
    bare_wall, bare_cpu = bare_typst(book, work)
    cells = (
        f"{stories}, {size[0]} px",
        report.pages,
        f"{bare_wall:.1f} / {bare_cpu:.1f}",
        f"{report.seconds:.1f} / {cpu:.1f}",
        f"{report.seconds / bare_wall:.2f}× / {cpu / bare_cpu:.2f}×",
        f"{cpu / report.pages * 1000:.1f}",
        f"{report.bytes / 2**20:.1f}",
        f"{peak:.0f}",
    )
    print("|", " | ".join(map(str, cells)), "|", flush=True)
    for warning in report.warnings:
        print(f"  {warning}")


def main() -> None:
    """Measure and print a table for docs/performance.md."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--long", action="store_true", help="also about 750 and 1,500 pages")
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.bare:
        bare(arguments.bare)
        return
    print(f"{platform.machine()}, Python {platform.python_version()}")
    print(
        "| stories, photo width | pages | typst alone, wall / CPU s | write_pdf, wall / CPU s | ratio | CPU ms a page | MB | peak, MB |"
    )
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size in ((1600, 1067), (2400, 1600)):
            photos = [folder / f"photo-{size[0]}-{number}.jpg" for number in range(150)]
            for number, photo in enumerate(photos):
                draw_photo(photo, number, size)
            for stories in (150, 300, 490) if arguments.long and size[0] == 1600 else (150,):
                measure(stories, photos, folder, size)


if __name__ == "__main__":
    main()
