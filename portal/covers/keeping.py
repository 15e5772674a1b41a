"""Covers as files: the address that a page's title and the site's name, seal and look make; one drawing at a time.

A cover is a cache: it lies in the private folder under the page's number and a digest of its words, at most one a page.
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import astuple
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from wagtail.models import Page

from portal.covers.drawing import Words, draw
from portal.models import CongressSettings, HomePage
from portal.theme.colours import shipped
from portal.theme.grounds import COVERS, GROUNDS

EDITION = "2"  # raise it when the drawing changes: every cover then has another address
PATIENCE = 10.0  # seconds that a reader waits while others draw
SITE = 0  # the number of the site's own cover, for what has no page
SECTION = "（栏目）"
LETTERS = str.maketrans(
    "0123456789", "ghijklmnop"
)  # eleven digits in a row would look like a telephone number


class Busy(Exception):
    """Too many covers are being drawn; the reader may ask again."""


def words_of(page: Page | None, site: CongressSettings) -> Words:
    """Return what stands on the cover of a page (its kind and title), or on that of the site, in the site's colours.

    The glaze is that of the home page for the site, one of the set of covers for a kind of page.
    """
    theme = site.theme
    colours = shipped() | (theme.own_colours if theme else {})
    look = {"paper": colours["c-paper"], "accent": colours["c-accent"]}
    model = page.specific_class if page is not None else None
    if page is None or model is None or issubclass(model, HomePage):
        hero = GROUNDS["hero"].shipped
        ground = theme.hero_ground if theme and theme.hero_ground in hero else hero[0]
        return Words(site.statement.replace("|", ""), "", site.site_name, site.seal_text, ground, **look)
    label = str(model._meta.verbose_name).removesuffix(SECTION)
    grounds = theme.cover_grounds if theme else COVERS
    ground = grounds[int(hashlib.sha256(model._meta.label_lower.encode()).hexdigest(), 16) % len(grounds)]
    label = "" if label == page.title else label
    return Words(page.title, label, site.site_name, site.seal_text, ground, **look)


def digest_of(words: Words) -> str:
    """Return what the address says of the words: another title or another colour is another picture."""
    return hashlib.sha256("\0".join((EDITION, *astuple(words))).encode()).hexdigest()[:20].translate(LETTERS)


def address_of(page: Page | None, site: CongressSettings) -> str:
    """Return the path of the cover of a page, of the site for None."""
    words = words_of(page, site)
    return reverse("cover", args=[page.pk if page is not None else SITE, digest_of(words)])


def folder() -> Path:
    """Return where covers lie, made when it is not there."""
    place = Path(settings.PRIVATE_ROOT) / "covers"
    place.mkdir(parents=True, exist_ok=True)
    return place


def kept(key: int, words: Words) -> Path:
    """Return the file of a cover, drawn now if nobody asked for it before; raises Busy."""
    file = folder() / f"{key}-{digest_of(words)}.jpg"
    if not file.exists():
        with _one_at_a_time():
            if not file.exists():  # who waited finds what the first drew
                forget(key)
                half = file.with_suffix(".part")
                half.write_bytes(draw(words))
                half.replace(file)
    return file


def forget(key: int) -> None:
    """Throw the covers of a page away."""
    for old in folder().glob(f"{key}-*"):
        with suppress(FileNotFoundError):
            old.unlink()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold the one lock of the machine: the system takes it back from a process that dies."""
    handle = os.open(folder() / ".lock", os.O_CREAT | os.O_RDWR)
    try:
        patience = time.monotonic() + PATIENCE
        while not _locked(handle):
            if time.monotonic() > patience:
                raise Busy
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)


def _locked(handle: Any) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
