"""The year goes its way: each step one audited transaction, by the one table in year/steps.py."""

from datetime import date, datetime
from typing import NoReturn

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from portal.audit import record
from portal.dates import cn_month_day, cn_time
from portal.models import User
from portal.pagecache import forget_pages
from scoring.models import AreaReview, FrozenSheet, Honour, MediaReport, Objection, Year, YearEvent
from scoring.operations.year_settings import YearRefused
from scoring.sheets import live_sheets, mandates_of
from scoring.year.ahead import still_to_come, working_days_after
from scoring.year.reach import leads, outside
from scoring.year.seal import digest_of, sealed
from scoring.year.steps import AREA_STEPS, PUBLICITY_DAYS, YEAR_STEPS, Step
from sessions.models import Activity, Attendance, Declaration, Enrolment
from sessions.operations import lock_period, lock_rolls, unlock_period, unlock_rolls
from stations.models import Area
from stations.permissions import holds

LONGEST_REASON = 300


@transaction.atomic
def open_year(*, year: Year, actor: User, moment: datetime) -> Year:
    """Open the year: representatives see their live sheets."""
    return _step(year, "open", actor, moment)


@transaction.atomic
def start_review(
    *, year: Year, areas: list[Area], actor: User, moment: datetime, to_come_seen: int = 0
) -> Year:
    """Let the areas review: every area named gets its part.

    `to_come_seen` is how many activities of the year that are still to come the office has seen. Raises YearRefused
    when another number is, while a roll of the year is open, or when a representative lies in none of the areas:
    nobody's sheet may be confirmed without having been reviewed.
    """
    year = _checked(year, "review", actor)
    _all_closed(year, moment)
    to_come = len(still_to_come(year, moment))
    if to_come != to_come_seen:
        raise YearRefused(
            f"本年度还有 {to_come} 场活动尚未结束。请看过以后勾选确认，再开始审核；区域上报以后，它们不能再收册。"
        )
    left_out = outside(year, areas)
    if not areas or left_out:
        raise YearRefused(f"每位代表都要有审核的区域，还没有区域的有 {left_out} 人，请先核对代表的区域。")
    year = _step(year, "review", actor, moment)
    AreaReview.objects.bulk_create([AreaReview(year=year, area=area) for area in dict.fromkeys(areas)])
    return year


def _all_closed(year: Year, moment: datetime, area: Area | None = None) -> None:
    """Refuse while the roll of an activity of the year (that touches the area's people) that is over is still open."""
    held = Activity.objects.held_between(year.starts_on, year.ends_on).filter(state=Activity.State.OPEN)
    past = held.filter(_touching(area) if area else Q(), ends_at__lt=moment)
    titles = list(past.order_by("starts_at", "pk").values_list("title", flat=True))
    if titles:
        raise YearRefused(f"还有 {len(titles)} 场已结束的活动没有收册（{'、'.join(titles[:3])}），请先收册。")


def _touching(area: Area) -> Q:
    """Return the condition that an activity is of the area's branch, or has somebody of it on its list or roll."""
    here = {"activity": OuterRef("pk"), "mandate__area__path__startswith": area.path}
    listed = Enrolment.objects.expected().filter(**here)
    return Q(area__path__startswith=area.path) | Exists(listed) | Exists(Attendance.objects.filter(**here))


def _all_judged(year: Year, area: Area) -> None:
    """Refuse while a report, honour or declaration of the branch waits: once submitted it could no longer count."""
    days = (year.starts_on, year.ends_on)
    reports = MediaReport.objects.filter(
        state=MediaReport.State.SUBMITTED,
        published_on__range=days,
        subjects__mandate__area__path__startswith=area.path,
    )
    honours = Honour.objects.filter(
        state=Honour.State.SUBMITTED, awarded_on__range=days, mandate__area__path__startswith=area.path
    )
    here = area.path  # of the person, or of whose recorders review it: both count to the branch
    declared = Declaration.objects.waiting().filter(
        Q(mandate__area__path__startswith=here) | Q(area__path__startswith=here), happened_on__range=days
    )
    office, recorders = "核实（{}），请代表工作委员会先核实或不采用", "审核（{}），请记录员先通过或退回"
    for rows, order, what, then in (
        (reports.distinct(), "published_on", "篇专题报道", office),
        (honours, "awarded_on", "项荣誉", office),
        (declared, "happened_on", "件履职申报", recorders),
    ):
        titles = list(rows.order_by(order, "pk").values_list("title", flat=True))
        if titles:
            raise YearRefused(f"还有 {len(titles)} {what}没有{then.format('、'.join(titles[:3]))}。")


@transaction.atomic
def submit_area(*, review: AreaReview, actor: User, moment: datetime) -> AreaReview:
    """Submit an area's part upward: its rolls of the year are locked, its days take no new facts (rule 21).

    On rolls of other areas, which stay open to theirs, nothing of its people is written any more
    (sessions/operations/roll.py). Raises YearRefused while a roll of the branch or with one of its people is open, or a media report, honour or declaration of one of its people is not judged.
    """
    review = _area_step(review, "submit", actor, moment)
    first, last = review.year.starts_on, review.year.ends_on
    lock_period(areas=[review.area], first=first, last=last, actor=actor)
    rolls = Activity.objects.held_between(first, last)
    # A write under way on a roll that names one of the people is waited for, and counts; a later one sees the lock.
    list(rolls.filter(_touching(review.area)).select_for_update().order_by("pk").values_list("pk", flat=True))
    _all_closed(review.year, moment, review.area)
    _all_judged(review.year, review.area)
    lock_rolls(activities=rolls.filter(area__path__startswith=review.area.path))
    return review


@transaction.atomic
def return_area(*, review: AreaReview, reason: str, actor: User, moment: datetime) -> AreaReview:
    """Send an area's part back with a reason: its rolls may be corrected again until it submits once more."""
    return _sent_back(review, "return", reason, actor, moment)


@transaction.atomic
def reopen_area(*, review: AreaReview, reason: str, actor: User, moment: datetime) -> AreaReview:
    """Send a part that was passed already back with a reason, for what came up after the re-check."""
    return _sent_back(review, "reopen", reason, actor, moment)


def _sent_back(review: AreaReview, name: str, reason: str, actor: User, moment: datetime) -> AreaReview:
    review = _area_step(review, name, actor, moment, _reason(reason, "退回"))
    rolls = Activity.objects.held_between(review.year.starts_on, review.year.ends_on)
    unlock_rolls(activities=rolls.filter(area__path__startswith=review.area.path))
    first, last = review.year.starts_on, review.year.ends_on
    unlock_period(area=review.area, first=first, last=last, actor=actor)
    return review


def _reason(reason: str, what: str) -> str:
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise YearRefused(f"请写明{what}的原因，不超过 {LONGEST_REASON} 字。")
    return reason


@transaction.atomic
def recheck_area(*, review: AreaReview, actor: User, moment: datetime) -> AreaReview:
    """Pass an area's part.

    Four eyes (THREATS 14): who submitted it may not pass it, and neither may somebody whose own sheet is in it.
    """
    review = _area_step(review, "recheck", actor, moment)
    submitted = YearEvent.objects.filter(year=review.year, area=review.area, action="submit")
    latest = submitted.order_by("-happened_at").first()
    if latest and latest.actor_id == actor.pk:
        raise YearRefused("报送和复核不能是同一个人，请由另一位同事复核。")
    if (
        mandates_of(review.year)
        .filter(area__path__startswith=review.area.path, representative__user=actor)
        .exists()
    ):
        raise YearRefused("您的成绩单也在这个区域里，请由另一位同事复核。")
    return review


@transaction.atomic
def publicise_year(*, year: Year, actor: User, moment: datetime) -> Year:
    """Show the sheets to the representatives for objections, five working days. All areas must be re-checked."""
    year = _checked(year, "publicise", actor)
    parts = AreaReview.objects.select_for_update(of=("self",)).filter(year=year).select_related("area")
    names = [
        str(part.area) for part in parts.order_by("area__code") if part.state != AreaReview.State.RECHECKED
    ]
    if names:
        raise YearRefused(f"还有 {len(names)} 个区域没有通过复核：{'、'.join(names[:5])}。")
    left_out = outside(year, [part.area for part in parts])
    if left_out:  # registered during the review, in an area that had nobody before
        raise YearRefused(f"每位代表都要有审核的区域，还没有区域的有 {left_out} 人，请先核对代表的区域。")
    year = _step(year, "publicise", actor, moment)
    year.publicised_until = working_days_after(timezone.localdate(moment), PUBLICITY_DAYS)
    year.save(update_fields=["publicised_until"])
    return year


@transaction.atomic
def withdraw_publicity(
    *, year: Year, reason: str, actor: User, moment: datetime, objection: Objection | None = None
) -> Year:
    """Take the publicity back for a correction: areas may be sent back again, and everybody is publicised anew.

    `objection` is the one that asks for it; the reason then names it. Raises YearRefused without a reason.
    """
    reason = _reason(reason, "撤回公示")
    if objection and objection.year_id != year.pk:
        raise YearRefused("这条异议不是这个年度的，请重新选择。")
    named = f"第 {objection.pk} 号异议：{reason}"[:LONGEST_REASON] if objection else reason
    year = _step(year, "withdraw", actor, moment, named)
    year.publicised_until = None
    year.save(update_fields=["publicised_until"])
    return year


@transaction.atomic
def confirm_year(
    *, year: Year, meeting: str, number: str, decided_on: date, actor: User, moment: datetime
) -> Year:
    """Record the decision of the council of chairpersons and freeze the year: sheets, standard, list, seal.

    Raises YearRefused without meeting and number, before the time for objections has passed, and while one waits for
    its answer.
    """
    if not meeting.strip() or not number.strip():
        raise YearRefused("请填写会议名称和文号。")
    year = _checked(year, "confirm", actor)
    if year.publicised_until and decided_on <= year.publicised_until:
        raise YearRefused(f"公示到 {year.publicised_until:%Y-%m-%d} 为止，确认日期要在这之后。")
    waiting = Objection.objects.waiting().filter(year=year).count()
    if waiting:
        raise YearRefused(f"还有 {waiting} 条异议没有答复，请先逐条答复。")
    year.decision_meeting, year.decision_number, year.decided_on = meeting.strip(), number.strip(), decided_on
    roots = Area.objects.filter(depth=1)
    lock_period(areas=roots, first=year.starts_on, last=year.ends_on, actor=actor)
    _freeze(year)
    return _step(year, "confirm", actor, moment)


def _freeze(year: Year) -> None:
    """Store every sheet of the year as it stands now, sealed, with the decision that is set on `year`."""
    # Locked before the sheets are read: a correction under way is waited for, a later one is refused (THREATS 21).
    lock_rolls(activities=Activity.objects.held_between(year.starts_on, year.ends_on))
    live = (
        FrozenSheet(
            year=year,
            mandate=one.mandate,
            total=one.sheet.total,
            band=one.sheet.band.name,
            content=one.content,
        )
        for one in live_sheets(year, mandates_of(year))
    )
    rows = list(sealed(year, live))
    FrozenSheet.objects.bulk_create(rows, batch_size=500)
    year.digest = digest_of(year, rows)
    year.save(update_fields=["decision_meeting", "decision_number", "decided_on", "digest"])


@transaction.atomic
def notify_year(*, year: Year, actor: User, moment: datetime) -> Year:
    """Tell every representative the result: their frozen sheet is theirs to see from now on."""
    year = _step(year, "notify", actor, moment)
    forget_pages()
    return year


def _checked(year: Year, name: str, actor: User) -> Year:
    """Lock the year and return it fresh; raises YearRefused when the step may not be taken from where it stands."""
    step = YEAR_STEPS[name]
    # The lock is on the row alone: standard and term are read beside it.
    fresh = Year.objects.select_for_update(of=("self",)).select_related("standard", "term").get(pk=year.pk)
    _allow(step, fresh, None, permitted=leads(actor, step.roles, fresh))
    return fresh


def _step(year: Year, name: str, actor: User, moment: datetime, reason: str = "") -> Year:
    fresh = _checked(year, name, actor)
    step = YEAR_STEPS[name]
    old, fresh.state = fresh.state, step.after
    fresh.save(update_fields=["state"])
    _keep(fresh, None, name, old, step.after, actor, moment, reason)
    return fresh


def _area_step(review: AreaReview, name: str, actor: User, moment: datetime, reason: str = "") -> AreaReview:
    step = AREA_STEPS[name]
    locked = AreaReview.objects.select_for_update(of=("self",)).select_related("area")
    # The year is read after the lock, which the publicity takes too: no part is sent back behind it.
    review = locked.get(pk=review.pk)
    if review.year.state != Year.State.REVIEWING:
        raise YearRefused(f"{review.year}现在是“{review.year.get_state_display()}”，不在审核阶段。")
    _allow(step, review.year, review, permitted=holds(actor, step.roles, review.area))
    old, review.state, review.note = review.state, step.after, reason
    review.save(update_fields=["state", "note"])
    _keep(review.year, review.area, name, old, step.after, actor, moment, reason)
    return review


def _allow(step: Step, year: Year, review: AreaReview | None, *, permitted: bool) -> None:
    """Refuse without the role, or when the year (its area's part) does not stand before the step; say who moved it."""
    if not permitted:
        _refuse(f"您没有“{step.label}”的权限，请联系代表工作委员会。")
    subject = review or year
    if subject.state in step.before:
        return
    shown = subject.get_state_display()
    events = YearEvent.objects.filter(year=year, area=review.area if review else None)
    last = events.filter(new_state=subject.state).select_related("actor").order_by("-happened_at").first()
    if last is None:
        _refuse(f"现在是“{shown}”，还不能“{step.label}”。")
    when = f"{cn_month_day(last.happened_at)} {cn_time(last.happened_at)}"
    _refuse(
        f"{review.area if review else year}刚被{last.actor}更新为“{shown}”（{when}），没有再“{step.label}”。请看过再定。"
    )


def _refuse(message: str) -> NoReturn:
    raise YearRefused(message)


def _keep(
    year: Year, area: Area | None, action: str, old: str, new: str, actor: User, moment: datetime, reason: str
) -> None:
    YearEvent.objects.create(
        year=year,
        area=area,
        action=action,
        old_state=old,
        new_state=new,
        reason=reason,
        actor=actor,
        happened_at=moment,
    )
    record("scoring.step", year, actor=actor, step=action)
