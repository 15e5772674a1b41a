"""The lines under a result: what stands around the words, with the words marked. Everything is escaped before it is marked.

The words are looked for in the text as it is written: upper and lower case, full width and half width are one.
"""

import re
from collections.abc import Iterable, Sequence

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from portal.search.words import HAN, Word

BEFORE, AFTER = 24, 76  # characters around the first word
SECOND = 40  # characters after a second place
FAR = 120  # from the first word; nearer ones are in sight anyway
LOOKED_THROUGH = 20_000  # characters of one text
SPACE = re.compile(r"\s+")
FULL_WIDTH = 0xFEE0  # from ! to ！
MARKED = "<mark>{}</mark>"


def pattern(typed: Iterable[Word]) -> re.Pattern[str] | None:
    """Return what marks the words, the longest first; None for no words."""
    texts = sorted({word.text for word in typed}, key=len, reverse=True)
    return re.compile("|".join(map(_written, texts)), re.IGNORECASE) if texts else None


def _written(text: str) -> str:
    signs = "".join(_sign(sign) for sign in text)
    # What is no Chinese is found by its beginning, as in the index: not within a longer word.
    return signs if re.match(f"[{HAN}]", text) else rf"(?<![a-z0-9]){signs}"


def _sign(sign: str) -> str:
    if sign.isascii() and sign.isalnum():
        return f"[{sign}{chr(ord(sign) + FULL_WIDTH)}{chr(ord(sign.upper()) + FULL_WIDTH)}]"
    return re.escape(sign)


def spans(text: str, wanted: re.Pattern[str]) -> list[tuple[int, int]]:
    """Return where the words stand, overlapping and touching ones joined."""
    found: list[tuple[int, int]] = []
    at = 0
    while match := wanted.search(text, at):
        start, end = match.span()
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
        at = start + 1
    return found


def marked(text: str, wanted: re.Pattern[str] | None) -> SafeString:
    """Return a short text escaped, with the words in <mark>."""
    return _marked(text, spans(text, wanted) if wanted else [])


def _marked(text: str, places: Sequence[tuple[int, int]]) -> SafeString:
    parts, at = [], 0
    for start, end in places:
        parts += [conditional_escape(text[at:start]), format_html(MARKED, text[start:end])]
        at = end
    return format_html_join("", "{}", ((part,) for part in (*parts, text[at:])))


def snippet(texts: Iterable[str], line: str, wanted: re.Pattern[str] | None) -> SafeString:
    """Return the words with what stands around them in the first text that holds one, else `line`."""
    for each in texts:
        text = _one_line(each)
        places = spans(text, wanted) if wanted else []
        if places:
            return _around(text, places)
    return _cut(_one_line(line), [], 0, BEFORE + AFTER)


def _one_line(text: str) -> str:
    return SPACE.sub(" ", text[:LOOKED_THROUGH]).strip()


def _around(text: str, places: list[tuple[int, int]]) -> SafeString:
    """Return the surroundings of the first place, and of one that stands far from it."""
    first = places[0][0]
    start = max(0, first - BEFORE)
    lines = [_cut(text, places, start, first + AFTER)]
    later = next((at for at, _ in places if at > first + FAR), None)
    if later is not None:
        lines.append(_cut(text, places, later - BEFORE // 2, later + SECOND))
    return format_html_join("", "{}", ((line,) for line in lines))


def _cut(text: str, places: Sequence[tuple[int, int]], start: int, end: int) -> SafeString:
    """Return text[start:end], escaped and marked, with … where something is left out."""
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in places if b > start and a < end]
    ends = ("…" if start else "", "…" if end < len(text) else "")
    return format_html("{}{}{}", ends[0], _marked(text[start:end], inside), ends[1])
