"""Plain words for machines: without what XML cannot hold, and what a page is about in one sentence."""

import re
from html import unescape
from typing import Any

from django.utils.html import strip_tags

# Control characters, lone surrogates and non-characters: XML 1.0 knows none of them.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
GIST = 120
TEXTS = ("body", "intro")


def plain(text: object) -> str:
    """Return `text` in one line without the marks of forced breaks and without what XML cannot hold."""
    return " ".join(UNPRINTABLE.sub("", str(text or "").replace("|", "")).split())


def gist(page: Any) -> str:
    """Return what a page is about: its search description, its summary, else how its text begins; may be empty."""
    told = plain(getattr(page, "search_description", "")) or plain(getattr(page, "summary", ""))
    if told:
        return told
    for name in {*TEXTS} - page.get_deferred_fields():  # a list leaves long texts in the database
        stream = getattr(page, name, None)
        for block in getattr(stream, "raw_data", ()):
            if block["type"] == "paragraph":
                words = plain(unescape(strip_tags(str(block["value"]))))
                return words if len(words) <= GIST else words[: GIST - 1] + "…"
    return ""
