"""补充决定, read: which figure of a confirmed sheet holds now, and by which decisions it came to that."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from scoring.models import SupplementLine, Year
from scoring.models.supplements import ON_LIST
from stations.models import Mandate, ProfilePage


def holding(sheets: QuerySet[Any]) -> QuerySet[Any]:
    """Return frozen sheets with `now_total` and `now_band`: of the last supplement, without one as confirmed.

    Among them are those of whom a supplement put on the list. Every reader of who stands where asks for these; `total`, `band` and `content` stay what was confirmed.
    """
    latest = SupplementLine.objects.filter(sheet=OuterRef("pk")).order_by("-supplement__number")
    held: QuerySet[Any] = sheets.annotate(
        now_total=Coalesce(Subquery(latest.values("new_total")[:1]), F("total")),
        now_band=Coalesce(Subquery(latest.values("new_band")[:1]), F("band")),
    )
    return held


def lines_of(year: Year, mandate: Mandate) -> list[SupplementLine]:
    """Return what supplements decided about one sheet, the first of them first (1 query)."""
    lines = SupplementLine.objects.filter(sheet__year=year, sheet__mandate=mandate)
    return list(lines.select_related("supplement").order_by("supplement__number"))


def crowned(year: Year, people: Iterable[int]) -> list[ProfilePage]:
    """Return the stories of these representatives that call them excellent in the year, by 姓名笔画 (1 query).

    The public page or the draft that the editors work on.
    """
    said = Q(excellent_year=year.label) | Q(latest_revision__content__excellent_year=year.label)
    pages = ProfilePage.objects.filter(said, representative__in=people).select_related("representative")
    return list(pages.order_by("representative__stroke_key", "pk"))


def adjusted(lines: Iterable[SupplementLine]) -> Iterable[tuple[int, dict[str, str]]]:
    """Yield (sheet, adjustment) of these lines, an adjustment as it is stored; what put a person on the list moves no item."""
    return (
        (line.sheet_id, adjustment)
        for line in lines
        for adjustment in line.adjustments
        if adjustment["item"] != ON_LIST
    )
