"""Titles and names as a book prints them: phrases, numbers in words, how a message names a story."""

from __future__ import annotations

import re

from scoring.book import nodes

DIGITS = "零一二三四五六七八九"
PHRASE = re.compile(r"[^，：、；？]+[，：、；？]*|[，：、；？]+")
LONGEST_PHRASE = 12


def chinese_number(number: int) -> str:
    """Return 1–99 as 一…九十九; larger numbers stay digits."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{DIGITS[tens]}十")
    return head + (DIGITS[ones] if ones else "")


def plain_title(title: str) -> str:
    """Return a title on one line, without the editor's line breaks."""
    return " ".join(title.replace("|", "").split())


def phrases(title: str) -> list[list[str]]:
    """Return the title's forced lines, each as phrases a heading should not break inside."""
    lines = [" ".join(line.split()) for line in title.split("|")]
    return [PHRASE.findall(line) for line in lines if line]


def name_of(item: nodes.Story | nodes.Chapter) -> str:
    """Return how a message names a story or chapter: 《守着窑火》（丁示例）."""
    title = f"《{plain_title(item.title)[:40]}》"
    return f"{title}（{item.person.name}）" if isinstance(item, nodes.Story) else title


def aligned_name(name: str) -> str:
    """Return a two-character name with a full-width space, for columns of names only."""
    return f"{name[0]}\u3000{name[1]}" if len(name) == 2 and not name.isascii() else name


def title_size(title: str) -> str:
    """Return the size class of a title by its length."""
    return "large" if len(title) <= 20 else "medium" if len(title) <= 44 else "small"
