"""A supplement to a confirmed year: the decision is recorded, the figures follow from its adjustments; nothing frozen moves.

Who was left out of the confirmed list is put on it by a supplement, with the sheet that follows from the records.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit import record
from portal.models import User
from portal.uploads import Upload
from scoring.eligibility import missed
from scoring.models import FrozenSheet, Supplement, SupplementLine, Year, YearEvent
from scoring.models.supplements import ON_LIST, on_list
from scoring.operations.profiles import uncrown
from scoring.rules import Standard, rounded
from scoring.sheets import live_sheets, rules_of
from scoring.supplements import crowned, holding
from scoring.year.confirmed import CONFIRMED
from scoring.year.reach import leads
from scoring.year.seal import supplement_link, with_person
from stations.models import ProfilePage
from stations.permissions import Role

BY_SCORE = "="  # as Change.band: a veto holds no longer, the total alone says the band
MOST = Decimal(999)  # points of one adjustment, either way


class SupplementRefused(ValueError):
    """The supplement cannot be recorded; the message says why and what to do."""


class SupplementChanged(SupplementRefused):
    """What holds is not what the preview was reckoned against: look at the new one first."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Points that one item gains or loses, why, and the record that shows it.

    The item ON_LIST, without points, puts a person on the list who was left out of it.
    """

    item: str  # code, or ON_LIST
    points: Decimal
    reason: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What is decided about one person. `band` names the band a veto forces, BY_SCORE lifts one, "" leaves all to the total."""

    mandate: int
    adjustments: tuple[Adjustment, ...]
    band: str = ""

    @property
    def lists(self) -> bool:
        """Whether it puts the person on the list of the year."""
        return any(each.item == ON_LIST for each in self.adjustments)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change comes to, from what holds now; of who is put on the list, from what the records come to."""

    sheet: FrozenSheet
    old_total: Decimal
    old_band: str
    new_total: Decimal
    new_band: str
    adjustments: tuple[dict[str, str], ...]

    @property
    def listed(self) -> bool:
        """Whether the person is put on the list; the sheet is then not stored yet."""
        return on_list(self.adjustments)


def outcomes(year: Year, changes: Iterable[Change]) -> list[Outcome]:
    """Return what these changes come to, by mandate (1 query, with somebody to be put on the list 8 more at most).

    Nothing is written. The new total is what holds now and the sum of the adjustments, cut and rounded as the year's
    standard says; its bands tell the new band. Who is put on the list begins with the sheet that follows from the
    records by the same standard. Raises SupplementRefused for who is not on the list and not put on it, or cannot be,
    without a change or its reasons, and for a band that the total does not reach.
    """
    wanted = {change.mandate: change for change in changes}
    if not wanted:
        raise SupplementRefused("请填写这件决定涉及的代表。")
    sheets = holding(FrozenSheet.objects.filter(year=year, mandate__in=wanted).order_by("mandate_id"))
    found = list(sheets.select_related("mandate__representative", "mandate__area"))
    for sheet in found:
        if wanted[sheet.mandate_id].lists:
            name = sheet.mandate.representative.name
            raise SupplementRefused(f"{name}已经在{year}的名单里，不用列入，请只写要加减的小项。")
    new = wanted.keys() - {sheet.mandate_id for sheet in found}
    found += _reckoned(year, [wanted[mandate] for mandate in new])
    found.sort(key=lambda each: each.mandate_id)
    return [_outcome(rules_of(year.standard), sheet, wanted[sheet.mandate_id]) for sheet in found]


def _reckoned(year: Year, changes: list[Change]) -> list[Any]:
    """Return unsaved sheets of who is put on the list, as the records stand now."""
    if not changes:
        return []
    people = missed(year).filter(pk__in=[change.mandate for change in changes])
    silent = people.filter(pk__in=[change.mandate for change in changes if not change.lists])
    names = "、".join(silent.by_strokes().values_list("representative__name", flat=True))
    if names:
        raise SupplementRefused(
            f"{year}确认的名单里没有{names}。是漏掉的，请给这位代表加一行“补充列入名单”。"
        )
    made: list[Any] = []
    for live in live_sheets(year, people):
        told = with_person(live.content, live.mandate)
        sheet: Any = FrozenSheet(year=year, mandate=live.mandate, total=live.sheet.total, content=told)
        sheet.band = sheet.now_band = live.sheet.band.name
        sheet.now_total = sheet.total
        made.append(sheet)
    if len(made) < len(changes):
        raise SupplementRefused(
            f"{year}确认的名单里没有其中的代表，应当评定而漏掉的代表里也没有，请先核对任期和暂停履职的登记。"
        )
    return made


def _outcome(rules: Standard, sheet: Any, change: Change) -> Outcome:
    name, old = sheet.mandate.representative.name, sheet.now_total
    items = {ON_LIST: "补充列入名单"} | {item.code: item.name for item in rules.items}
    if not change.adjustments or any(not each.reason.strip() for each in change.adjustments):
        raise SupplementRefused(f"{name}：每一处更正都要写明理由。")
    if any(each.item not in items or abs(each.points) > MOST for each in change.adjustments):
        raise SupplementRefused(f"{name}：请从标准里选小项，加减的分数不超过 {MOST} 分。")
    if any(each.item == ON_LIST and each.points for each in change.adjustments):
        raise SupplementRefused(f"{name}：列入名单的得分按记录算出，这一行不写加减分。")
    value, _ = rules.clamp.apply(sum((Fraction(each.points) for each in change.adjustments), Fraction(old)))
    total = rounded(value)
    moved = not change.lists or len(change.adjustments) > 1 or change.band
    band = _band(rules, sheet, change.band, total) if moved else sheet.now_band
    if (total, band) == (old, sheet.now_band) and not change.lists:
        raise SupplementRefused(f"{name}：加减以后仍是 {old:.2f} 分、{band}，没有改变，不用补充决定。")
    told = tuple(
        {
            "item": each.item,
            "name": items[each.item],
            "points": f"{each.points:.2f}",
            "reason": each.reason.strip(),
            "record": each.record.strip(),
        }
        for each in change.adjustments
    )
    return Outcome(sheet, old, sheet.now_band, total, band, told)


def _band(rules: Standard, sheet: Any, said: str, total: Decimal) -> str:
    """Return the band of a new total. A veto that stood must be named or lifted: no band changes by silence."""
    names, name = [band.name for band in rules.bands], sheet.mandate.representative.name
    earned = rules.band_at(total).name
    if not said and sheet.now_band != rules.band_at(sheet.now_total).name:
        raise SupplementRefused(
            f"{name}现在因一票否决评为“{sheet.now_band}”，请在“等次”里选明：仍然一票否决，或者按得分评定。"
        )
    if said in {"", BY_SCORE}:
        return earned
    if said not in names or names.index(said) < names.index(earned):
        raise SupplementRefused(f"{name}：{total:.2f} 分是“{earned}”，一票否决只能评为更低的等次。")
    return said


def leaving(year: Year, found: Sequence[Outcome]) -> list[ProfilePage]:
    """Return the stories that must not call their person excellent in the year any more (at most 2 queries).

    Of who leaves the best band and holds it by no other mandate of the year.
    """
    best = rules_of(year.standard).bands[0].name
    down = {o.sheet.mandate.representative_id for o in found if o.new_band != best}
    if not down:
        return []
    others = FrozenSheet.objects.filter(year=year, mandate__representative__in=down)
    others = others.exclude(mandate__in=[o.sheet.mandate_id for o in found])
    still = {o.sheet.mandate.representative_id for o in found if o.new_band == best}
    still |= set(holding(others).filter(now_band=best).values_list("mandate__representative", flat=True))
    return crowned(year, down - still)


def seen_of(found: Sequence[Outcome]) -> str:
    """Return the digest of a preview: what its reader agreed to."""
    told = [
        (o.sheet.mandate_id, o.listed, f"{o.old_total:.2f}", o.old_band, f"{o.new_total:.2f}", o.new_band)
        for o in found
    ]
    return sha256(repr(told).encode()).hexdigest()


@transaction.atomic
def record_supplement(
    *,
    year: Year,
    meeting: str,
    reference: str,
    decided_on: date,
    changes: Iterable[Change],
    actor: User,
    moment: datetime,
    seen: str = "",
    document: Upload | None = None,
) -> Supplement:
    """Record a supplement with the next number of the year, sealed to what was confirmed, and return it.

    Stories stop calling excellent who is not any more. `seen` is what the preview showed. Raises SupplementRefused without a decision, before the year is confirmed, for a
    day before the confirmation or to come, without the right, and when it is about the actor (THREATS 14);
    SupplementChanged when another one came between.
    """
    if not meeting.strip() or not reference.strip():
        raise SupplementRefused("请填写会议名称和文号。")
    # Held until the commit: of two at once the second counts on from the first.
    locked = Year.objects.select_for_update(of=("self",)).select_related("standard", "term")
    year = locked.get(pk=year.pk)
    _allow(year, decided_on, actor, moment)
    found = outcomes(year, changes)
    if any(each.sheet.mandate.representative.user_id == actor.pk for each in found):
        raise SupplementRefused("这件决定里有您本人，请由另一位同事登记。")
    if seen and seen != seen_of(found):
        raise SupplementChanged("刚有别的补充决定登记，下面是按现在的成绩重新算的结果。请看过再登记。")
    last = year.supplements.order_by("-number").first()
    supplement = Supplement(
        year=year,
        number=last.number + 1 if last else 1,
        meeting=meeting.strip(),
        reference=reference.strip(),
        decided_on=decided_on,
        recorded_by=actor,
        recorded_at=moment,
        previous=last.seal if last else year.digest,
    )
    if document:
        supplement.document_sha256 = document.sha256
        supplement.document.save(f"decision.{document.kind}", document.content, save=False)
    for each in found:
        if each.listed:
            each.sheet.added_in = supplement.number
            each.sheet.save(force_insert=True)
    lines = [
        SupplementLine(
            sheet=each.sheet,
            old_total=each.old_total,
            old_band=each.old_band,
            new_total=each.new_total,
            new_band=each.new_band,
            adjustments=list(each.adjustments),
        )
        for each in found
    ]
    supplement.seal = supplement_link(supplement, lines)
    supplement.save(force_insert=True)
    for line in lines:
        line.supplement = supplement
    SupplementLine.objects.bulk_create(lines)
    _keep(supplement, actor, moment)
    stories = leaving(year, found)
    if stories:
        uncrown(year=year, stories=stories, actor=actor)
    record("scoring.supplement", supplement, actor=actor, people=len(lines), stories=len(stories))
    return supplement


def _allow(year: Year, decided_on: date, actor: User, moment: datetime) -> None:
    if not leads(actor, (Role.OFFICE,), year):
        raise SupplementRefused("您没有登记补充决定的权限，请联系代表工作委员会。")
    if year.state not in CONFIRMED:
        raise SupplementRefused(
            f"{year}现在是“{year.get_state_display()}”，主任会议确认以后才有补充决定，确认以前请退回更正。"
        )
    assert year.decided_on  # confirmed
    if not year.decided_on <= decided_on <= timezone.localdate(moment):
        raise SupplementRefused(f"决定日期要在 {year.decided_on:%Y-%m-%d} 确认以后，也不能晚于今天。")


def _keep(supplement: Supplement, actor: User, moment: datetime) -> None:
    """Write the history of the year, which only grows: a supplement that is taken away is missed there."""
    year = supplement.year
    YearEvent.objects.create(
        year=year,
        action="supplement",
        old_state=year.state,
        new_state="supplement",
        reason=f"补充第 {supplement.number} 号 {supplement.seal}",
        actor=actor,
        happened_at=moment,
    )
