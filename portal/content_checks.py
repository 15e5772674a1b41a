"""What an editor is reminded of before readers see a page: remarks in plain words, none of which holds anything up.

Floors above add theirs by Wagtail's hook `check_content`: a function that takes a page and yields sentences.
Missing words for a picture are no remark: the form of a page (portal.page_forms) does not publish without them.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.utils.html import strip_tags
from wagtail import hooks
from wagtail.fields import StreamField

from portal.models import BasePage, NoticePage

HOOK = "check_content"
LONG_TITLE = 60  # characters; longer ones are cut by search engines and break over three lines on a phone
LONG_TEXT = 800  # characters that want a heading (DESIGN_LANGUAGE §6.2: one pull quote for each 800)
BOLD = re.compile(r"<p[^>]*>\s*<b>[^<]{1,40}</b>\s*</p>")


def remarks_on(page: Any) -> list[str]:
    """Return what an editor should look at again on a page, as sentences; nothing for pages that are none of ours.

    `page` is the page as it was last saved, draft or not; half-filled ones are welcome.
    """
    if not isinstance(page, BasePage):
        return []
    return [words for check in hooks.get_hooks(HOOK) for words in check(page)]


def check_words(page: BasePage) -> Iterator[str]:
    """Check title and summary, which lists, search and shared links show, and the source of a notice."""
    length = len(page.title.replace("|", ""))
    if length > LONG_TITLE:
        yield f"标题有 {length} 个字。{LONG_TITLE} 个字以内，列表和手机上才放得下。"
    if not page.summary.strip() and _asks_for(page, "summary"):
        yield "还没有提要。列表、搜索和分享到微信时显示它，一两句话就好。"
    if isinstance(page, NoticePage) and not page.source.strip():
        yield "还没有写来源。稿件从哪里来，读者要看得见。"


def check_texts(page: BasePage) -> Iterator[str]:
    """Check the long texts: headings where they help, none that stand alone, none made of bold letters; pictures."""
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            blocks = [(block.block_type, block.value) for block in getattr(page, field.name)]
            name = str(field.verbose_name)
            yield from (f"{name}：{words}" for words in _of_headings(blocks))
            pictures = [value for kind, value in blocks if kind == "picture"]
            bare = [one for one in pictures if one["image"] and not _described(one)]
            if bare:
                yield f"{name}：有 {len(bare)} 张图片没有替代文字。发布前要写上，画面里有什么，一句话。"


def check_pictures(page: BasePage) -> Iterator[str]:
    """Check the words of a page's own pictures."""
    for image, words in page.described.items():
        picture = getattr(page, image)
        if picture and not getattr(page, words).strip() and not picture.description:
            label = page._meta.get_field(image).verbose_name
            yield f"{label}没有替代文字。发布前要写上，画面里有什么，一句话。"


def _of_headings(blocks: list[tuple[str, Any]]) -> Iterator[str]:
    kinds = [kind for kind, _ in blocks]
    texts = [str(value.source) for kind, value in blocks if kind == "paragraph"]
    if "heading" not in kinds and sum(len(strip_tags(text)) for text in texts) > LONG_TEXT:
        yield f"超过 {LONG_TEXT} 个字，还没有小标题。分成几段，读起来不累。"
    if any(kind == "heading" and after in {"heading", ""} for kind, after in pairwise([*kinds, ""])):
        yield "有的小标题下面没有内容。"
    if any(BOLD.search(text) for text in texts):
        yield "有整段加粗的字。当标题用的话，请改成“小标题”，读屏软件才认得出来。"


def _described(value: Any) -> bool:
    return bool(value["alt"].strip() or value["image"].description)


def _asks_for(page: BasePage, field: str) -> bool:
    """Whether the editor of this sort of page shows the field at all."""
    return field in page.get_edit_handler().get_form_class().base_fields
