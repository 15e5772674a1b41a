"""The content tree: frozen, and refusing shapes no writer could print."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from pathlib import Path

import pytest

from scoring.book import nodes


def test_a_node_cannot_be_changed_after_it_is_made() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        nodes.Paragraph("一段").text = "另一段"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: nodes.Table((), ()), "表格需要表头。"),
        (
            lambda: nodes.Table(("甲", "乙"), (("1", "2"), ("3",)), caption="统计"),
            "表格「统计」第 2 行有 1 格，表头有 2 格。",
        ),
        (
            lambda: nodes.Table(("甲", "乙"), (), widths=(1, 0)),
            "表格「甲、乙」的列宽应与表头一一对应，且为正整数。",
        ),
        (lambda: nodes.Heading(" "), "小标题还没有填写。"),
        (lambda: nodes.Heading("缘起", level=3), "小标题「缘起」的级别应为 1 或 2。"),
        (lambda: nodes.Picture(Path("a.jpg"), "", 0, 10), "图片「a.jpg」的宽和高应为正数。"),
        (lambda: nodes.FigureRow(()), "年度数字至少要有一项。"),
        (lambda: nodes.Bars("人次", ()), "图表「人次」至少要有一项。"),
        (lambda: nodes.Bar("一月", Decimal("-0.5")), "图表中「一月」的数值不能小于零。"),
        (lambda: nodes.Person("  "), "代表姓名还没有填写。"),
        (lambda: nodes.Story("|", nodes.Person("丁示例")), "丁示例代表事迹的标题还没有填写。"),
        (lambda: nodes.Chapter(""), "章的标题还没有填写。"),
        (lambda: nodes.Part(""), "编的标题还没有填写。"),
        (lambda: nodes.Book("", 2026, "示例市"), "书名还没有填写。"),
        (lambda: nodes.Book("书", 26, "示例市"), "年度应是四位数字的年份。"),
    ],
)
def test_a_shape_that_cannot_be_printed_is_refused_in_chinese(make, sentence) -> None:
    with pytest.raises(nodes.NodeError) as refusal:
        make()
    assert str(refusal.value) == sentence


def test_an_empty_table_and_a_book_without_parts_are_allowed() -> None:
    table = nodes.Table(("甲",), ())
    book = nodes.Book("书", 2026, "示例市")
    assert (table.rows, book.parts) == ((), ())
