"""The appendices: the standard as a table, and the roll of representatives by name."""

from fractions import Fraction

from scoring.book.nodes import Block, Bullets, Chapter, Heading, Paragraph, Table
from scoring.models import FrozenSheet, Year
from scoring.rules import Category, rounded
from scoring.rules.worth import ceiling, least_of
from scoring.sheets import rules_of

NAMES_IN_ROW = 6


def standard(year: Year) -> Chapter:
    """Return the standard the year was computed under: bands, then every category with its items."""
    rules = rules_of(year.standard)
    blocks: list[Block] = [Paragraph(f"{year.standard.title}，第 {year.standard.version} 版。")]
    if year.standard.is_example:
        blocks.append(Paragraph("本标准为示例，分值不是任何地方的现行标准。"))
    lowest = next((band.name for band in rules.bands if band.minimum is None), "")
    bands = [
        f"{band.name}：{_points(Fraction(band.minimum))} 分及以上"
        for band in rules.bands
        if band.minimum is not None
    ]
    blocks += [Heading("等次"), Bullets((*bands, *([f"{lowest}：其余"] if lowest else [])))]
    for category in rules.categories:
        most = "" if category.clamp.high is None else f"（最高 {_points(Fraction(category.clamp.high))} 分）"
        blocks += [Heading(f"{category.name}{most}"), _items(category)]
    return Chapter("积分标准", tuple(blocks))


def _items(category: Category) -> Table:
    rows = []
    for item in category.items:
        most = least_of(category.clamp, ceiling(item.rule))
        rows.append((item.name, item.unit or "—", "不设上限" if most is None else _points(most)))
    return Table(("小项", "计量单位", "最高分"), tuple(rows), widths=(7, 2, 2))


def _points(value: Fraction) -> str:
    text = format(rounded(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def roll(year: Year) -> Chapter:
    """Return the roll of representatives: names alone, by 姓名笔画, so that it tells nobody's result (1 query)."""
    names = list(
        FrozenSheet.objects.filter(year=year)
        .order_by("mandate__representative__stroke_key", "mandate__representative__pk", "pk")
        .values_list("mandate__representative__name", flat=True)
    )
    aligned = [f"{name[0]}\u3000{name[1]}" if len(name) == 2 else name for name in names]
    lines = [aligned[at : at + NAMES_IN_ROW] for at in range(0, len(aligned), NAMES_IN_ROW)]
    blocks: list[Block] = [Paragraph(f"共 {len(names)} 人，按姓名笔画为序。")]
    blocks += [Paragraph("\u3000\u3000".join(line)) for line in lines]
    return Chapter(f"{year.term}代表名册", tuple(blocks))
