"""Writes of assessments: what a representative says of the own year, and what the organisation says beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from portal.audit import record
from portal.models import User
from scoring.assessments import Asked, asked_of, counts_on, seats_of
from scoring.models import Assessment, AssessmentEvent, Year
from scoring.models.assessments import WHOLE, Assessor
from scoring.operations.locked import refuse_locked_facts
from scoring.operations.refused import EarnedRefused
from scoring.rules import Assessed, Fact, FactRefused
from scoring.rules.fact import examine
from scoring.sheets import mandates_of, rules_of
from stations.models import Mandate

MOST = Decimal("999.99")  # of a figure for the whole year; Assessment.award has room for it


class AssessmentRefused(EarnedRefused):
    """A figure that cannot be taken; `item` is the code of the item it was meant for, "" for the whole year."""

    def __init__(self, message: str, item: str = WHOLE) -> None:
        super().__init__(message)
        self.item = item


class AssessmentClosed(AssessmentRefused):
    """The year has gone on, past the step in which this assessor says something."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What an assessor says: an award in points for an item ("" the whole year), and a rate where the rule asks one."""

    item: str
    award: Decimal
    rate: Decimal | None = None
    note: str = ""


@transaction.atomic
def assess(
    *,
    year: Year,
    mandate: Mandate,
    assessor: str,
    figures: Iterable[Figure],
    actor: User,
    moment: datetime,
) -> list[Assessment]:
    """Give all these figures of one assessor, or none of them; return the rows that are new or changed.

    A representative assesses the own year while it is open; an organisation until the area has handed its part up, and
    nobody as an organisation the own mandate (THREATS 14). Raises AssessmentRefused for a figure outside the range of
    its rule, naming it, and for the wrong person; AssessmentClosed past the step, FactsLocked once the area has handed up.
    """
    year = Year.objects.select_related("standard", "term").get(pk=year.pk)
    given = list(figures)
    _check_step(year, assessor)
    if not mandates_of(year).filter(pk=mandate.pk).exists():
        raise AssessmentRefused(f"{year}不评定这位代表的这一任期。")
    _check_person(mandate, assessor, actor)
    # The mandate is the lock: two who assess at once write one after the other. It is taken before the areas, as where
    # people are kept.
    Mandate.objects.select_for_update(no_key=True).get(pk=mandate.pk)
    day = counts_on(year, moment)
    refuse_locked_facts([mandate], [day])
    asked = {each.code: each for each in asked_of(rules_of(year.standard), assessor)}
    for figure in given:
        _check_figure(year, asked, figure)
    known = {
        row.item: row for row in Assessment.objects.filter(year=year, mandate=mandate, assessor=assessor)
    }
    written = [
        row
        for figure in given
        if (row := _give(year, mandate, assessor, figure, known.get(figure.item), day, actor, moment))
    ]
    if written:
        record(
            "scoring.assess", mandate, actor=actor, year=year.label, assessor=assessor, figures=len(written)
        )
    return written


def _check_step(year: Year, assessor: str) -> None:
    own = assessor == Assessor.SELF
    if year.state not in ({Year.State.OPEN} if own else {Year.State.OPEN, Year.State.REVIEWING}):
        when = "履职与自评期间" if own else "公示以前"
        raise AssessmentClosed(
            f"{year}现在是“{year.get_state_display()}”，{'自评' if own else '评定'}在{when}填写。"
        )


def _check_person(mandate: Mandate, assessor: str, actor: User) -> None:
    is_own = mandate.representative.user_id == actor.pk
    if assessor == Assessor.SELF and not is_own:
        raise AssessmentRefused("自评只能由代表本人填写。")
    if assessor != Assessor.SELF and is_own:
        raise AssessmentRefused("这是您本人的成绩单，组织评定请由另一位同事填写。")
    if assessor not in seats_of(actor, mandate):
        raise AssessmentRefused("您没有填写这一栏的权限，请联系代表工作委员会。")


def _check_figure(year: Year, asked: dict[str, Asked], figure: Figure) -> None:
    if figure.item == WHOLE:
        most = rules_of(year.standard).clamp.high or MOST
        if not 0 <= figure.award <= most:
            raise AssessmentRefused(f"总的评分要在 0 到 {most} 分之间。")
        return
    if figure.item not in asked:
        raise AssessmentRefused("这一小项不由您评定，请刷新页面再填。", figure.item)
    item = asked[figure.item].item
    assert isinstance(item.rule, Assessed)
    fact = Fact(item.code, award=figure.award, rate=figure.rate, label="这次填写")
    try:
        examine(fact, item)
    except FactRefused as refused:
        raise AssessmentRefused(f"{refused} {asked[figure.item].bounds}", figure.item) from None


def _give(
    year: Year,
    mandate: Mandate,
    assessor: str,
    figure: Figure,
    row: Assessment | None,
    day: date,
    actor: User,
    moment: datetime,
) -> Assessment | None:
    """Write one figure with its event; None when it stands there already."""
    old = (row.award, row.rate, row.note) if row else (None, None, "")
    note = figure.note.strip()
    if row and old == (figure.award, figure.rate, note):
        return None
    row = row or Assessment(year=year, mandate=mandate, assessor=assessor, item=figure.item)
    row.award, row.rate, row.note = figure.award, figure.rate, note
    row.given_on, row.given_by, row.given_at = day, actor, moment
    row.save()
    AssessmentEvent.objects.create(
        assessment=row,
        old_award=old[0],
        new_award=figure.award,
        old_rate=old[1],
        new_rate=figure.rate,
        note=note,
        actor=actor,
        happened_at=moment,
    )
    return row
