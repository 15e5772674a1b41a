"""The part of a page's address: readable pinyin of its title, made once and never changed by itself."""

import re
import unicodedata
from collections.abc import Callable

from pypinyin import Style, lazy_pinyin

LENGTH = 60
NAMELESS = "ye"  # 页: for a title without anything that can be read aloud
BETWEEN = re.compile(r"[^0-9a-z]+")


def spelled(title: str) -> str:
    """Return the title as an address: pinyin without tones, syllables and words joined by hyphens, 60 characters.

    Latin letters and digits stay words, full width read as half width; what nobody can read aloud is left out.
    Cut at a hyphen where there is one. Empty when nothing is left.
    """
    text = unicodedata.normalize("NFKC", title)
    syllables = lazy_pinyin(text, style=Style.NORMAL, v_to_u=False, errors=lambda rest: f" {rest} ")
    plain = unicodedata.normalize("NFKD", " ".join(syllables)).encode("ascii", "ignore").decode().lower()
    words = BETWEEN.sub("-", plain).strip("-")
    if len(words) <= LENGTH:
        return words
    head = words[: LENGTH + 1]
    return head.rpartition("-")[0] if "-" in head else words[:LENGTH]


def free_slug(title: str, taken: Callable[[str], bool]) -> str:
    """Return an address for `title` that `taken` does not know: a second one of the same title ends in -2."""
    base = spelled(title) or NAMELESS
    slug, number = base, 1
    while taken(slug):
        number += 1
        ending = f"-{number}"
        slug = base[: LENGTH - len(ending)].rstrip("-") + ending
    return slug
