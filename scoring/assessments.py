"""Reads of assessments: which items are assessed by whom, who may give which figure, and the figures side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from scoring.models import Assessment, Year
from scoring.models.assessments import WHOLE, Assessor
from scoring.rules import Assessed, Item, Standard
from scoring.sheets import Content, rules_of
from stations.models import Mandate
from stations.permissions import Role, grants_of

# Who enters an organisation's figures: who may see scores. What peers and electors say is counted on paper.
BY_AREA = (Role.REVIEWER, Role.OFFICE)
SEATS: dict[str, tuple[str, ...]] = {
    Assessor.PEERS: BY_AREA,
    Assessor.ELECTORS: BY_AREA,
    Assessor.GROUP: BY_AREA,
    Assessor.AREA: BY_AREA,
    Assessor.OFFICE: (Role.OFFICE,),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One assessed item for one assessor."""

    item: Item

    @property
    def code(self) -> str:
        """The item's code."""
        return self.item.code

    @property
    def by_rate(self) -> bool:
        """Whether a rate has to be given, too."""
        return bool(_rule(self.item).ranges)

    @property
    def bounds(self) -> str:
        """What may be given, as a sentence."""
        rule = _rule(self.item)
        if rule.ranges:
            steps = "；".join(f"{step.rate}% 以上 {step.low}—{step.high} 分" for step in rule.ranges)
            return f"按比率评分：{steps}。"
        if rule.low is not None and rule.high is not None:
            return f"可评 {rule.low} 到 {rule.high} 分。"
        return f"最多 {rule.high} 分。" if rule.high is not None else ""


def counts_on(year: Year, moment: datetime) -> date:
    """Return the day for which a figure given at `moment` counts: today, kept within the year."""
    return min(max(timezone.localdate(moment), year.starts_on), year.ends_on)


def _rule(item: Item) -> Assessed:
    assert isinstance(item.rule, Assessed)
    return item.rule


def assessed_items(rules: Standard) -> list[Item]:
    """Return the items of a standard that an assessor's figures feed, in its order."""
    return [
        item
        for item in rules.items
        if isinstance(item.rule, Assessed) and any(source.name == "assessment" for source in item.sources)
    ]


def assessors_of(item: Item) -> list[str]:
    """Return who may feed an item: whom its sources name, in their order; everybody where they name nobody."""
    named = [
        word
        for source in item.sources
        if source.name == "assessment"
        for field, words in source.where
        if field == "assessor"
        for word in words
    ]
    return list(dict.fromkeys(named)) or list(Assessor.values)


def asked_of(rules: Standard, assessor: str) -> list[Asked]:
    """Return the items that one assessor is asked for, in the order of the standard."""
    return [Asked(item) for item in assessed_items(rules) if assessor in assessors_of(item)]


def raters_of(rules: Standard) -> list[str]:
    """Return the assessors of a standard in the order it names them; without any, oneself, the area, the office."""
    named = [word for item in assessed_items(rules) for word in assessors_of(item) if word in Assessor.values]
    always = [Assessor.SELF.value, Assessor.AREA.value, Assessor.OFFICE.value]
    others = [word for word in dict.fromkeys(named) if word not in always]
    return [always[0], *others, *always[1:]]


def seats_of(user: Any, mandate: Mandate) -> list[str]:
    """Return as whom `user` may assess a mandate: oneself, or by the roles held in its area."""
    if mandate.representative.user_id == user.pk:
        return [Assessor.SELF.value]
    roles = {role for role, area in grants_of(user) if mandate.area.path.startswith(area.path)}
    return [seat for seat, allowed in SEATS.items() if roles & set(allowed)]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table side by side: what is assessed, what the records came to, pairs (rater, figure or None)."""

    code: str
    name: str
    computed: str
    figures: tuple[tuple[str, Assessment | None], ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """自评 and 组织评定 of one mandate: `raters` are the columns, the last line is the whole year."""

    raters: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]

    @property
    def empty(self) -> bool:
        """Whether nobody has given any figure."""
        return not any(figure for line in self.lines for _, figure in line.figures)


def side_by_side(year: Year, mandate: Mandate, content: Content) -> SideBySide:
    """Return every figure given for a mandate beside its computed points (1 query)."""
    rules = rules_of(year.standard)
    rows = Assessment.objects.filter(year=year, mandate=mandate).select_related("given_by")
    given = {(row.item, row.assessor): row for row in rows}
    words = [*raters_of(rules), *(word for _, word in given)]
    raters = tuple((word, str(Assessor(word).label)) for word in dict.fromkeys(words))
    points = {
        item["code"]: item["points"] for category in content["categories"] for item in category["items"]
    }
    lines = [
        Line(item.code, item.name, points[item.code], _figures(given, item.code, raters))
        for item in assessed_items(rules)
        if item.code in points  # it applies to the person
    ]
    lines.append(Line(WHOLE, "全年", content["total"], _figures(given, WHOLE, raters)))
    return SideBySide(raters, tuple(lines))


def _figures(
    given: dict[tuple[str, str], Assessment], code: str, raters: Iterable[tuple[str, str]]
) -> tuple[tuple[str, Assessment | None], ...]:
    return tuple((label, given.get((code, rater))) for rater, label in raters)


@dataclass(frozen=True, slots=True)
class Progress:
    """One mandate of the list: which raters have said something, and their figures for the whole year."""

    mandate: Mandate
    figures: tuple[tuple[str, Decimal | None, bool], ...]  # rater's name, figure of the year, anything said


def progress_of(year: Year, mandates: list[Mandate]) -> list[Progress]:
    """Return who has assessed each of these people (1 query)."""
    raters = raters_of(rules_of(year.standard))
    rows = Assessment.objects.filter(year=year, mandate__in=mandates)
    said: dict[tuple[int, str], Decimal | None] = {}
    for mandate, assessor, item, award in rows.values_list("mandate", "assessor", "item", "award"):
        before = said.get((mandate, assessor))
        said[mandate, assessor] = award if item == WHOLE else before
    return [
        Progress(
            mandate,
            tuple(
                (str(Assessor(r).label), said.get((mandate.pk, r)), (mandate.pk, r) in said) for r in raters
            ),
        )
        for mandate in mandates
    ]
