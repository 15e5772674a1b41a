"""The blocks editors write long texts with."""

from typing import Any

from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

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
    """A picture with its caption and the words for who cannot see it."""

    image = ImageChooserBlock(label="图片")
    caption = blocks.CharBlock(label="图注", max_length=120, required=False)
    alt = blocks.CharBlock(label="替代文字", max_length=120, help_text="给看不见图片的读者：画面里有什么。")

    class Meta:
        icon = "image"
        label = "图片"
        template = "portal/blocks/picture.html"
        description = "正文里的图片，图注印在下面。"


class ProseBlock(blocks.StreamBlock):
    """A long text: paragraphs, numbered headings, quotes, pictures, lists."""

    paragraph = blocks.RichTextBlock(
        label="段落",
        icon="pilcrow",
        features=[*INLINE, "ul", "ol"],
        preview_value="<p>清早六点，接待室的门就开了。</p>",
        description="正文的段落。",
    )
    heading = blocks.CharBlock(
        label="小标题",
        icon="title",
        max_length=40,
        template="portal/blocks/heading.html",
        preview_value="把话听完",
        description="小标题自动编号。",
    )
    quote = QuoteBlock()
    picture = PictureBlock()

    class Meta:
        block_counts: dict[str, Any] = {}


class TimelineBlock(blocks.StreamBlock):
    """履职纪事: dated lines, the latest last."""

    entry = blocks.StructBlock(
        [("date", blocks.DateBlock(label="日期")), ("text", blocks.CharBlock(label="事项", max_length=120))],
        label="纪事",
        icon="date",
    )
