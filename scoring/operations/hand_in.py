"""A representative hands in a media report or an honour, with a link or a photo; it earns once the office verified it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from portal.audit import record
from portal.models import User
from portal.uploads import Upload
from scoring.models import Honour, MediaReport, MediaReportSubject, Outlet
from scoring.operations.earned import new_link, own_story
from scoring.operations.locked import refuse_locked_facts, refuse_out_of_office
from scoring.operations.refused import EarnedRefused
from stations.models import Mandate, Representative

MOST_WAITING = 20  # hand-ins of one person that nobody has judged
State = MediaReport.State


class HandInRefused(EarnedRefused):
    """It is not taken; the message says why and what to do."""


class TooManyWaiting(HandInRefused):
    """So many wait already that the office is to look first."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a hand-in is about and what shows it: a photo, and words for the office."""

    title: str
    day: date
    photo: Upload | None = None
    remark: str = ""


@transaction.atomic
def hand_in_report(
    *,
    person: Representative,
    told: Told,
    outlet: Outlet | None,
    url: str,
    actor: User,
    moment: datetime,
) -> MediaReport:
    """Hand in a report about oneself and return it, waiting.

    `outlet` is None for one that the directory does not hold; `told.remark` then names it. Raises HandInRefused
    without a link or photo, for a link that was entered before (the first one's title is told when it is public), and
    for a day without a mandate; TooManyWaiting; FactsLocked for a day that was handed up.
    """
    mandate = _mandate(person, told.day, actor, moment)
    if not url.strip() and told.photo is None:
        raise HandInRefused("请填写网页链接，或者拍一张报纸、屏幕的照片。")
    if outlet is None and not told.remark.strip():
        raise HandInRefused("名录里没有的媒体，请在说明里写上它的名称。")
    try:
        link = new_link(url)
    except EarnedRefused as refused:
        first = refused.first
        if first is None or first.state == State.VERIFIED:
            raise HandInRefused(str(refused)) from None
        raise HandInRefused("这个链接已经有人报送，正在核实，不用再报。") from None
    report = MediaReport(
        title=told.title.strip(),
        outlet=outlet,
        published_on=told.day,
        url=url.strip(),
        canonical_url=link,
        story=own_story(link, outlet, told.day, told.title),
    )
    _sign(report, told, actor, moment)
    MediaReportSubject.objects.create(report=report, mandate=mandate)
    record("scoring.hand_in", report, actor=actor)
    return report


@transaction.atomic
def hand_in_honour(
    *, person: Representative, told: Told, level: str, ref: str, actor: User, moment: datetime
) -> Honour:
    """Hand in an honour of one's own and return it, waiting.

    Raises HandInRefused without the number or a photo of the certificate, and for one that was handed in before;
    otherwise as hand_in_report.
    """
    mandate = _mandate(person, told.day, actor, moment)
    if not ref.strip() and told.photo is None:
        raise HandInRefused("请填写证书编号，或者拍一张证书的照片。")
    same = Honour.objects.filter(mandate=mandate, title=told.title.strip(), awarded_on=told.day)
    if same.filter(state__in=[State.SUBMITTED, State.VERIFIED]).exists():
        raise HandInRefused("这项荣誉已经登记过，不用再报。")
    honour = Honour(
        mandate=mandate, title=told.title.strip(), level=level, ref=ref.strip(), awarded_on=told.day
    )
    _sign(honour, told, actor, moment)
    record("scoring.hand_in", honour, actor=actor)
    return honour


@transaction.atomic
def withdraw(*, row: MediaReport | Honour, actor: User) -> None:
    """Take back what one handed in and nobody has judged; its link may be handed in again.

    Raises HandInRefused when it was judged meanwhile.
    """
    row = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if row.handed_in_by_id != actor.pk or row.state != State.SUBMITTED:
        raise HandInRefused(f"现在是“{row.get_state_display()}”，不能撤回；有出入的请联系代表工作委员会。")
    row.state = State.WITHDRAWN
    if isinstance(row, MediaReport):
        row.canonical_url = ""
    row.save()
    record("scoring.withdraw", row, actor=actor)


def _mandate(person: Representative, day: date, actor: User, moment: datetime) -> Mandate:
    """Return the person's mandate of the day; the person's row is held, so that the limit holds for two at once."""
    assert person.user_id == actor.pk
    Representative.objects.select_for_update().get(pk=person.pk)
    if day > timezone.localdate(moment):
        raise HandInRefused("日期还没有到，请核对。")
    mandate: Mandate | None = Mandate.objects.on(day).filter(representative=person).first()
    if mandate is None:
        last = Mandate.objects.filter(representative=person).latest("starts_on")
        refuse_out_of_office([last], day)
        raise HandInRefused("这一天您不在任，请核对日期。")
    refuse_locked_facts([mandate], [day])
    waiting = sum(
        model.objects.filter(handed_in_by=actor, state=State.SUBMITTED).count()
        for model in (MediaReport, Honour)
    )
    if waiting >= MOST_WAITING:
        raise TooManyWaiting(f"已有 {waiting} 件等待核实，请等代表工作委员会核实一部分再报。")
    return mandate


def _sign(row: MediaReport | Honour, told: Told, actor: User, moment: datetime) -> None:
    row.handed_in_by, row.handed_in_at, row.remark = actor, moment, told.remark.strip()
    if told.photo:
        row.evidence.save(f"photo.{told.photo.kind}", told.photo.content, save=False)
    row.save(force_insert=True)
