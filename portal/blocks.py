"""The blocks editors write long texts with."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock

from portal.page_forms import NO_WORDS

INLINE = ["bold", "link"]


class QuoteBlock(blocks.StructBlock):
    """A sentence lifted out of the text, with who said it."""

    text = blocks.CharBlock(label="引语", max_length=200)
    who = blocks.CharBlock(label="说话人", max_length=60, required=False)

    class Meta:
        icon = "openquote"
        label = "引语"
        template = "portal/blocks/quote.html"
        preview_value = {"text": "窑火要守，乡亲的事更要守。", "who": "一位代表"}
        description = "从正文里提出的一句话，每八百字左右用一处。"


class PictureBlock(blocks.StructBlock):
    """A picture with its caption and the words for who cannot see it: its own, else those of the image library."""

    image = ImageChooserBlock(label="图片")
    caption = blocks.CharBlock(label="图注", max_length=120, required=False)
    alt = blocks.CharBlock(
        label="替代文字",
        max_length=120,
        required=False,
        help_text="给看不见图片的读者：画面里有什么。不填时用图片库里写的那一句。",
    )

    class Meta:
        icon = "image"
        label = "图片"
        template = "portal/blocks/picture.html"
        preview_value = {"image": None, "caption": "接待室的一个上午", "alt": "两位代表在接待室里听居民说话"}
        description = "正文里的图片，图注印在下面。"

    def clean(self, value: Any) -> Any:
        """Return the value; a draft may wait for the words, a published page may not (raises, beside the field)."""
        cleaned = super().clean(value)
        image = cleaned["image"]
        if image and not self.is_deferred_validation and not cleaned["alt"] and not image.description:
            raise StructBlockValidationError({"alt": ValidationError(NO_WORDS)})
        return cleaned


class ProseBlock(blocks.StreamBlock):
    """A long text: paragraphs, numbered headings, quotes, pictures, lists."""

    paragraph = blocks.RichTextBlock(
        label="段落",
        icon="pilcrow",
        features=[*INLINE, "ul", "ol"],
        preview_value="<p>清早六点，接待室的门就开了。来的人不多，事情都不小：一截水管、一块路牌、一张缴费单。</p>",
        description="正文的段落，可以加粗、加链接、列条目。",
    )
    heading = blocks.CharBlock(
        label="小标题",
        icon="title",
        max_length=40,
        template="portal/blocks/heading.html",
        preview_value="把话听完",
        description="小标题自动编号，不用自己写一、二、三。",
    )
    quote = QuoteBlock()
    picture = PictureBlock()

    class Meta:
        block_counts: dict[str, Any] = {}


class TimelineEntryBlock(blocks.StructBlock):
    """One dated line."""

    date = blocks.DateBlock(label="日期")
    text = blocks.CharBlock(label="事项", max_length=120)

    class Meta:
        icon = "date"
        label = "纪事"
        template = "portal/blocks/entry.html"
        preview_template = "portal/blocks/timeline_preview.html"
        preview_value = {"date": dt.date(2026, 3, 12), "text": "走访窑口 12 家，记下用水、用工的难处"}
        description = "一条有日期的履职纪事，最近的放在最后。"


class TimelineBlock(blocks.StreamBlock):
    """履职纪事: dated lines, the latest last."""

    entry = TimelineEntryBlock()
