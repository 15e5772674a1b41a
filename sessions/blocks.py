"""Blocks of a session's page: agenda rows, questions with answers, bright ideas."""

from wagtail import blocks


class AgendaBlock(blocks.StructBlock):
    """One row of the agenda."""

    time = blocks.TimeBlock(label="时间")
    title = blocks.CharBlock(label="内容", max_length=80)
    who = blocks.CharBlock(label="由谁", max_length=80, required=False)

    class Meta:
        icon = "time"
        label = "议程"


class QuestionBlock(blocks.StructBlock):
    """A question and, when there is one, its answer."""

    asked_by = blocks.CharBlock(label="提问人", max_length=40, required=False)
    question = blocks.CharBlock(label="问题", max_length=200)
    answer = blocks.TextBlock(label="回答", required=False)

    class Meta:
        icon = "help"
        label = "问答"


class IdeaBlock(blocks.StructBlock):
    """金点子 and what became of it."""

    title = blocks.CharBlock(label="题目", max_length=60)
    text = blocks.TextBlock(label="内容")
    by = blocks.CharBlock(label="提出人", max_length=40, required=False)
    status = blocks.ChoiceBlock(
        label="办理",
        choices=[("已采纳", "已采纳"), ("研究中", "研究中"), ("已转交", "已转交"), ("已答复", "已答复")],
        default="研究中",
    )

    class Meta:
        icon = "pick"
        label = "金点子"
