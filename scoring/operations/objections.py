"""Objections against a publicised sheet: filed by its own person, answered once by the office that leads the year."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from portal.audit import record
from portal.dates import cn_month_day, cn_time
from portal.models import User
from portal.uploads import Upload
from scoring.models import Objection, Year
from scoring.year.reach import leads
from stations.models import Mandate
from stations.permissions import Role

LONGEST = 500  # characters of an objection and of its answer
MOST_WAITING = 10  # of one person that nobody has answered
Outcome = Objection.Outcome


class ObjectionRefused(ValueError):
    """It cannot be sent or answered now; the message says why and what to do."""


class TooManyObjections(ObjectionRefused):
    """So many of this person wait already that the office is to answer first."""


@transaction.atomic
def file_objection(
    *, year: Year, mandate: Mandate, text: str, actor: User, moment: datetime, item: str = "",
    upload: Upload | None = None,
) -> Objection:  # fmt: skip
    """File what a representative has against the own sheet and return it; the same words twice are one objection.

    `item` names what of the standard it is about. Raises ObjectionRefused without words and outside the days of
    publicity, TooManyObjections while ten of the person wait.
    """
    assert mandate.representative.user_id == actor.pk
    text = text.strip()
    if not 0 < len(text) <= LONGEST:
        raise ObjectionRefused(f"请写明对哪里有异议，不超过 {LONGEST} 字。")
    # Held until the commit: the confirmation, which asks whether one waits, comes before or after, never between.
    year = Year.objects.select_for_update(of=("self",)).get(pk=year.pk)
    until = year.publicised_until
    if year.state != Year.State.PUBLICISED or until is None:
        raise ObjectionRefused(f"{year}现在是“{year.get_state_display()}”，公示期间才能提出异议。")
    if timezone.localdate(moment) > until:
        raise ObjectionRefused(f"公示到 {until:%Y-%m-%d} 为止，已经期满；确有出入的请联系代表工作委员会。")
    waiting = Objection.objects.waiting().filter(year=year, mandate=mandate)
    known: Objection | None = waiting.filter(text=text, item=item).first()
    if known:
        return known
    if waiting.count() >= MOST_WAITING:
        raise TooManyObjections(f"您已有 {MOST_WAITING} 条异议等待答复，请等代表工作委员会答复一部分再提。")
    objection = Objection(year=year, mandate=mandate, item=item, text=text, filed_by=actor, filed_at=moment)
    if upload:
        objection.evidence.save(f"evidence.{upload.kind}", upload.content, save=False)
    objection.save(force_insert=True)
    record("scoring.object", objection, actor=actor)
    return objection


@transaction.atomic
def answer_objection(
    *, objection: Objection, accepted: bool, answer: str, actor: User, moment: datetime
) -> Objection:
    """Accept an objection, saying what was done, or decline it with a reason; once.

    Raises ObjectionRefused without words, without the right, for one's own (THREATS 14), and when it was answered.
    """
    answer = answer.strip()
    if not 0 < len(answer) <= LONGEST:
        raise ObjectionRefused(f"请写明{'怎样处理' if accepted else '不采纳的理由'}，不超过 {LONGEST} 字。")
    rows = Objection.objects.select_for_update(of=("self",))
    objection = rows.select_related("year", "mandate__representative", "answered_by").get(pk=objection.pk)
    if not leads(actor, (Role.OFFICE,), objection.year):
        raise ObjectionRefused("您没有答复异议的权限，请联系代表工作委员会。")
    if actor.pk in {objection.filed_by_id, objection.mandate.representative.user_id}:
        raise ObjectionRefused("这是您本人的异议，请由另一位同事答复。")
    if objection.answered_by and objection.answered_at:
        when = f"{cn_month_day(objection.answered_at)} {cn_time(objection.answered_at)}"
        shown = objection.get_outcome_display()
        raise ObjectionRefused(f"这条异议已由{objection.answered_by}答复“{shown}”（{when}），答复不能再改。")
    objection.outcome = Outcome.ACCEPTED if accepted else Outcome.DECLINED
    objection.answer, objection.answered_by, objection.answered_at = answer, actor, moment
    objection.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
    record("scoring.answer_objection", objection, actor=actor, outcome=objection.outcome)
    return objection
