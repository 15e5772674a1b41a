"""标签: words that pages of every sort carry, each with an address in pinyin."""

import re
import unicodedata

from django.db import models
from django.utils.text import slugify
from pypinyin import Style, lazy_pinyin
from taggit.models import ItemBase, TagBase

HINT = "几个词用逗号分开。读者点一个词，就能找到各栏目里带这个词的内容。"
RUNS = re.compile(
    r"([\u3400-\u9fff]+)|([^\u3400-\u9fff]+)"
)  # runs of Han characters, whose readings hang together
SLUG = 80  # characters; what a homophone adds must still fit into the column


def slug_of(word: str) -> str:
    """Return the address of a word: syllables without tones, letters and digits as they are, joined by hyphens.

    A character that has no reading (𠮷, a sign) stands as its code point, so that no word is without an address.
    """
    parts: list[str] = []
    for han, other in RUNS.findall(unicodedata.normalize("NFKC", word).casefold()):
        read = lazy_pinyin(han, style=Style.NORMAL, v_to_u=False) if han else [other]
        parts += [part if part.isascii() else _signs(part) for part in read]
    return slugify(" ".join(parts))[:SLUG].strip("-") or "u"


def _signs(unread: str) -> str:
    """Return the code points of what has no reading, letters and digits between them as they are."""
    return "".join(sign if sign.isascii() else f" u{ord(sign):x} " for sign in unread)


class Tag(TagBase):
    """A word. Its slug is made once and stays, whatever becomes of the name."""

    class Meta:
        verbose_name = "标签"
        verbose_name_plural = "标签"

    def slugify(self, tag: str, i: int | None = None) -> str:
        """Return the slug of the word `tag`; of the i-th homophone with a number."""
        return slug_of(tag) if i is None else f"{slug_of(tag)}-{i + 1}"


class PageTag(ItemBase):
    """A word on a page; each sort of page has its table with a ParentalKey `content_object`."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="%(app_label)s_%(class)s_items")

    class Meta:
        abstract = True
