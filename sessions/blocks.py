"""Blocks of a session's page: agenda rows, points to take home."""

import datetime as dt

from wagtail import blocks


class AgendaRowBlock(blocks.StructBlock):
    """One row of the agenda."""

    time = blocks.TimeBlock(label="时间")
    title = blocks.CharBlock(label="内容", max_length=80)
    who = blocks.CharBlock(label="由谁", max_length=80, required=False)

    class Meta:
        icon = "time"
        label = "议程"
        template = "sessions/blocks/agenda_row.html"
        preview_template = "sessions/blocks/agenda_preview.html"
        preview_value = {
            "time": dt.time(14, 40),
            "title": "窑火三十年：我的创业与履职",
            "who": "丁示例",
        }
        description = "议程的一行：几点、做什么、由谁。"


class AgendaBlock(blocks.StreamBlock):
    """The agenda, in the order of the day."""

    row = AgendaRowBlock()


class TakeawaysBlock(blocks.StreamBlock):
    """What people take home from a session, a sentence each."""

    point = blocks.CharBlock(
        label="要点",
        icon="tick",
        max_length=120,
        template="sessions/blocks/point.html",
        preview_template="sessions/blocks/points_preview.html",
        preview_value="先把话听完，再说能办的和不能办的。",
        description="会后带走的一句话，三五条就好。",
    )
