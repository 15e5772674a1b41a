"""Blocks of a session's page: agenda rows."""

from wagtail import blocks


class AgendaBlock(blocks.StructBlock):
    """One row of the agenda."""

    time = blocks.TimeBlock(label="时间")
    title = blocks.CharBlock(label="内容", max_length=80)
    who = blocks.CharBlock(label="由谁", max_length=80, required=False)

    class Meta:
        icon = "time"
        label = "议程"
