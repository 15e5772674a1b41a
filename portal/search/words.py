"""What is written and what is typed, cut into the pieces by which both are compared. Pure.

Chinese is written without spaces, so a run of characters becomes its overlapping pairs (石桥镇 → 石桥 桥镇 镇): a typed
word is found wherever its pairs follow each other. The single last character lets one character be looked for by the
beginnings of pieces, and keeps two runs from being read as one. A run of other letters and digits is one piece.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

QUERY_LENGTH = 50
WORDS = 8  # more words than that make the question slower and no better
MOST_PIECES = 16_000  # of one column of the index: PostgreSQL counts no place beyond 16,383
LONGEST_RUN = 64
FRAGMENTS = 24  # of a query, when nothing holds all of it

# Han, with 〇 and 々, kana, Hangul and the private area where old systems keep rare characters of names.
HAN = (
    r"\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\ue000-\uf8ff"
    r"\uf900-\ufaff\U00020000-\U0003ffff"
)
RUN = re.compile(rf"(?P<han>[{HAN}]+)|(?:(?![{HAN}])[^\W_])+")
# Whatever a database might not know for a letter (rare characters, other scripts) is written as its number.
STRANGE = re.compile(r"[^a-z0-9\u4e00-\u9fa5]")
ACCENTED = re.compile(r"[\u00c0-\u024f\u1e00-\u1eff]")
PINYIN_V = str.maketrans("üǖǘǚǜ", "vvvvv")


@dataclass(frozen=True, slots=True)
class Word:
    """One typed word: pieces that must follow each other; the last is only a beginning where `prefix` says so."""

    text: str
    pieces: tuple[str, ...]
    prefix: bool


def clean_query(text: str) -> str:
    """Return what was typed as it is searched for: NFKC, one space between words, no NUL, at most 50 characters."""
    kept = text[: 20 * QUERY_LENGTH].replace("\0", "").encode("utf-8", "ignore").decode()
    return " ".join(unicodedata.normalize("NFKC", kept).split())[:QUERY_LENGTH].strip()


def folded(text: str) -> str:
    """Return text as it is compared: NFKC, lower case, letters without accents (dīng → ding, lǚ → lv)."""
    text = unicodedata.normalize("NFKC", text).lower().translate(PINYIN_V)
    return ACCENTED.sub(lambda found: unicodedata.normalize("NFD", found[0])[0], text)


def pieces(text: str) -> list[str]:
    """Return all pieces of a written text, in order; at most MOST_PIECES."""
    found: list[str] = []
    for run in RUN.finditer(folded(text)):
        found += _whole(run)
        if len(found) >= MOST_PIECES:
            break
    return found[:MOST_PIECES]


def words(query: str) -> list[Word]:
    """Return the words of a query: parts between spaces and marks, each once, the first WORDS of them."""
    found: dict[str, Word] = {}
    for runs in _touching(folded(query)):
        *before, last = runs
        tail, prefix = _ending(last)
        text = "".join(run[0] for run in runs)
        found[text] = Word(text, (*(piece for run in before for piece in _whole(run)), *tail), prefix)
    return list(found.values())[:WORDS]


def fragments(typed: Iterable[Word]) -> Iterator[list[Word]]:
    """Yield looser readings of a query, the strictest first; any one word of a reading is to be held.

    Several words apart; else three characters that stand together in a long word; else two.
    """
    typed = list(typed)
    if len(typed) > 1:
        yield typed
    for size in (3, 2):
        parts = [part for word in typed for part in _windows(word.text, size)]
        if parts:
            yield list(dict.fromkeys(parts))[:FRAGMENTS]


def _windows(text: str, size: int) -> list[Word]:
    """Return the runs of `size` Han characters in words that are at least two characters longer (one for pairs)."""
    found = []
    for run in RUN.finditer(text):
        if run["han"] and len(run[0]) >= (5 if size == 3 else 3):
            starts = range(len(run[0]) - size + 1)
            found += [word for at in starts for word in words(run[0][at : at + size])]
    return found


def _touching(text: str) -> Iterator[list[re.Match[str]]]:
    """Yield the runs of a text in groups of which nothing stands between: 5G网络 is one word."""
    group: list[re.Match[str]] = []
    for run in RUN.finditer(text):
        if group and run.start() != group[-1].end():
            yield group
            group = []
        group.append(run)
    if group:
        yield group


def _whole(run: re.Match[str]) -> list[str]:
    text = run[0]
    if not run["han"]:
        return [_plain(text[:LONGEST_RUN])]
    return [_plain(text[at : at + 2]) for at in range(len(text))]


def _ending(run: re.Match[str]) -> tuple[list[str], bool]:
    """Return the pieces of the last run of a word, and whether the last of them is only a beginning."""
    whole = _whole(run)
    return (whole[:-1], False) if run["han"] and len(whole) > 1 else (whole, True)


def _plain(text: str) -> str:
    return STRANGE.sub(lambda found: f"x{ord(found[0]):x}", text)
