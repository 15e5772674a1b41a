"""What the pages of figures draw: columns by month as SVG with words for who does not see them."""

from typing import Any

from django import template

from sessions.figures.charts import columns, told
from sessions.figures.tables import Fact, Measure, Table

register = template.Library()


@register.inclusion_tag("sessions/figures/columns.html")
def month_columns(table: Table, *keys: str, title: str = "") -> dict[str, Any]:
    """Draw one column a month of the measures `keys`, standing on each other in their order."""
    labels = [line.label for line in table.lines]
    chosen = [measure for key in keys for measure in table.measures if measure.key == key]
    values = {measure.label: table.values(measure.key) for measure in chosen}
    # The axis has room for the number alone; the month is named in the words.
    chart = columns([label.removesuffix(" 月") for label in labels], values)
    alone = len(chosen) == 1
    words = [("" if alone else f"{m.label}：") + told(labels, values[m.label], m.unit) for m in chosen]
    return {
        "chart": chart,
        "id": "-".join(keys),
        "title": title or f"每月{chosen[0].label}（{chosen[0].unit}）",
        "words": " ".join(words),
        "legend": [] if alone else list(enumerate((m.label for m in chosen), start=1)),
    }


@register.filter
def counted(fact: Fact, measure: Measure) -> int:
    """Return how much of a measure one row holds."""
    return fact.counts.get(measure.key, 0)
