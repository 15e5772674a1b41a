"""Somebody else decides on a declaration: it becomes the one row of the roll, or goes back with a reason (THREATS 14).

Rows are taken in this order: declaration, areas, activity. The roll's own operations write the row, so that rules 1,
12, 20 and 21 hold here as for any other entry.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate

from portal.audit import record
from portal.models import User
from sessions.declarations.days import span_of
from sessions.models import Activity, Attendance, Declaration, DeclarationEvent, Enrolment
from sessions.operations.activities import create_activity, enrol, open_activity
from sessions.operations.closing import close_roll
from sessions.operations.declarations import CAME, DeclarationRefused, keep_event
from sessions.operations.periods import hold_days
from sessions.operations.roll import Entry, RollRefused, locked, record_roll, record_status
from sessions.querysets import AttendanceQuerySet
from stations.models import Mandate
from stations.permissions import READS_ROLLS, holds

State, Status = Declaration.State, Attendance.Status
LONGEST_REASON = 300
LONGEST_NOTE = 150  # goes into the roll's history beside our own words


@dataclass(frozen=True, slots=True)
class Finding:
    """How a reviewer wants a declaration to count."""

    status: str = Status.PRESENT
    into: Activity | None = None  # a deed that is on record already, by somebody else or a roll
    anew: bool = False  # a deed of its own although the person has one of this kind on this day
    correct: bool = False  # change a roll that says otherwise
    note: str = ""
    units: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one declaration in a bulk: the row as decided, or why not."""

    declaration: Declaration
    refused: str = ""


PLAIN = Finding()


@transaction.atomic
def confirm_declaration(
    *,
    declaration: Declaration,
    actor: User,
    moment: datetime,
    seen: int | None = None,
    finding: Finding = PLAIN,
) -> Declaration:
    """Confirm a declaration and return it, `confirmed` with its new row or `merged` with one that stood already.

    `seen` is the version the reviewer looked at. Raises DeclarationRefused when somebody decided first, for one's
    own, outside one's areas, for a locked year, where the roll says otherwise and `correct` is not set, and for a
    second deed of one kind and day without `anew`.
    """
    declaration = _waiting(declaration, actor, seen)
    note = finding.note.strip()
    if len(note) > LONGEST_NOTE:
        raise DeclarationRefused(f"审核意见不超过 {LONGEST_NOTE} 字。")
    try:
        row, outcome = _counted(declaration, finding, note, actor, moment)
    except RollRefused as refused:
        raise DeclarationRefused(str(refused)) from refused
    old, declaration.state = declaration.state, outcome
    declaration.attendance, declaration.decision_reason = row, note
    declaration.units = row.units
    _decided(declaration, old, DeclarationEvent.Kind(outcome), actor, moment)
    record("sharing.confirm_declaration", declaration, actor=actor, outcome=str(outcome), row=row.pk)
    return declaration


def _counted(
    declaration: Declaration, finding: Finding, note: str, actor: User, moment: datetime
) -> tuple[Attendance, Declaration.State]:
    """Return the row the declaration becomes, and whether it is new."""
    assert declaration.area
    assert declaration.happened_on
    hold_days(declaration.area, declaration.happened_on)
    activity = declaration.activity or _same_deed(declaration, finding.into, actor)
    if activity:
        return _entered(declaration, activity, finding, note, actor, moment)
    if not finding.anew and twins_of(declaration).exists():
        raise DeclarationRefused("本人这一天已有同类记录，需要单独审核：选并入那条记录，或确认做了不止一次。")
    return _new_deed(declaration, finding, actor, moment), State.CONFIRMED


def _same_deed(declaration: Declaration, into: Activity | None, actor: User) -> Activity | None:
    """Return `into` where it may be the deed that was declared: of its kind and day, in the reviewer's areas."""
    if into is None:
        return None
    fits = (into.kind, localdate(into.starts_at)) == (declaration.deed_kind, declaration.happened_on)
    if not fits or not holds(actor, READS_ROLLS, into.area):
        raise DeclarationRefused("只能并入同一天、同一类、您负责的活动，请重新选择。")
    return into


def twins_of(declaration: Declaration) -> AttendanceQuerySet:
    """Return what the person is recorded for on the same day and of the same kind: perhaps the same deed."""
    day = declaration.happened_on
    assert day
    held = Activity.objects.held_between(day, day).filter(kind=declaration.deed_kind)
    rows: AttendanceQuerySet = Attendance.objects.came().filter(
        representative=declaration.representative_id, activity__in=held.values("pk")
    )
    return rows


def _entered(
    declaration: Declaration, activity: Activity, finding: Finding, note: str, actor: User, moment: datetime
) -> tuple[Attendance, Declaration.State]:
    """Put the person on the roll of an activity that exists; never a second row (rule 1)."""
    activity = locked(activity)
    person = declaration.representative
    row = Attendance.objects.filter(activity=activity, representative=person).first()
    if row and row.status in CAME:
        return _written(declaration, activity, row.status, row, note, actor, moment), State.MERGED
    if row and not (finding.correct and note):
        raise DeclarationRefused(
            f"名册上现在是“{row.get_status_display()}”。核实到场的，请打开这一件，勾选更正名册并写明依据；否则请退回。"
        )
    if finding.status not in Attendance.CAME:
        raise DeclarationRefused("请选择出席、迟到或早退。")
    if row is None and activity.declared:
        _join(activity, declaration)
    return _written(declaration, activity, finding.status, row, note, actor, moment), State.CONFIRMED


def _written(
    declaration: Declaration,
    activity: Activity,
    status: str,
    row: Attendance | None,
    note: str,
    actor: User,
    moment: datetime,
) -> Attendance:
    """Let the roll's own operation write the row; it keeps the history and confirms a claim."""
    return record_status(
        activity=activity,
        representative=declaration.representative,
        status=status,
        actor=actor,
        moment=moment,
        reason="代表申报，核实后登记" + (f"：{note}" if note else ""),
        method=Attendance.Method.DECLARATION,
        expected=row.status if row else "",
    )


def _join(activity: Activity, declaration: Declaration) -> None:
    """List somebody more for a deed done together; the roll is closed, but its obliged set does not change (rule 11)."""
    entry = Enrolment(
        activity=activity,
        representative=declaration.representative,
        mandate=declaration.mandate,
        basis=Enrolment.Basis.VOLUNTARY,
    )
    Enrolment.objects.bulk_create([entry], ignore_conflicts=True)


def _new_deed(declaration: Declaration, finding: Finding, actor: User, moment: datetime) -> Attendance:
    """Make the activity of one person that a deed is, with its closed roll."""
    assert declaration.area
    assert declaration.happened_on
    assert isinstance(declaration.mandate, Mandate)
    starts_at, ends_at = span_of(declaration.happened_on, declaration.part)
    activity = create_activity(
        kind=declaration.deed_kind,
        title=declaration.title,
        area=declaration.area,
        starts_at=starts_at,
        ends_at=ends_at,
        place=declaration.place,
        units=finding.units or declaration.units,
        actor=actor,
    )
    activity.declared = True
    activity.save(update_fields=["declared"])
    enrol(activity=activity, mandates=[declaration.mandate], basis=Enrolment.Basis.VOLUNTARY, actor=actor)
    open_activity(activity=activity, actor=actor)
    record_roll(
        activity=activity,
        entries=[Entry(declaration.representative, Status.PRESENT)],
        actor=actor,
        moment=moment,
        method=Attendance.Method.DECLARATION,
    )
    close_roll(activity=activity, actor=actor, moment=moment)
    row: Attendance = Attendance.objects.get(activity=activity)
    return row


def confirm_declarations(
    *, chosen: Iterable[tuple[Declaration, int]], actor: User, moment: datetime
) -> list[Outcome]:
    """Confirm many, each with the version that was seen and each in a transaction of its own.

    What needs a look by itself (another status on the roll, a likely duplicate, a locked year, decided meanwhile)
    is left as it is, and said; the others count.
    """
    outcomes = []
    for declaration, seen in chosen:
        try:
            done = confirm_declaration(declaration=declaration, actor=actor, moment=moment, seen=seen)
        except DeclarationRefused as refused:
            outcomes.append(Outcome(declaration, str(refused)))
        else:
            outcomes.append(Outcome(done))
    return outcomes


@transaction.atomic
def return_declaration(
    *, declaration: Declaration, reason: str, actor: User, moment: datetime, seen: int | None = None
) -> Declaration:
    """Send a declaration back with the reason, which its person reads. Raises DeclarationRefused as confirming does."""
    declaration = _waiting(declaration, actor, seen)
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise DeclarationRefused(f"请写明退回的原因（不超过 {LONGEST_REASON} 字），例如缺什么、何时补。")
    old, declaration.state = declaration.state, State.RETURNED
    declaration.decision_reason = reason
    _decided(declaration, old, DeclarationEvent.Kind.RETURNED, actor, moment)
    record("sharing.return_declaration", declaration, actor=actor)
    return declaration


def _decided(declaration: Declaration, old: str, kind: str, actor: User, moment: datetime) -> None:
    declaration.decided_by, declaration.decided_at = actor, moment
    declaration.save()
    keep_event(declaration, kind, old, actor, moment, reason=declaration.decision_reason)


def _waiting(declaration: Declaration, actor: User, seen: int | None) -> Declaration:
    """Lock the declaration and return it fresh, if it waits and `actor` may decide on it."""
    rows = Declaration.objects.select_for_update(of=("self",))
    fresh: Declaration = rows.select_related(
        "representative", "mandate", "area", "activity", "decided_by"
    ).get(pk=declaration.pk)
    if actor.pk in {fresh.representative.user_id, fresh.declared_by_id}:
        raise DeclarationRefused("自己的申报要由另一位同志审核。")
    if fresh.area is None or not holds(actor, READS_ROLLS, fresh.area):
        raise DeclarationRefused("这件申报不在您负责的区域，请交给当地的记录员审核。")
    if fresh.state != State.SUBMITTED:
        by = f"由{fresh.decided_by}" if fresh.state != State.WITHDRAWN and fresh.decided_by else ""
        raise DeclarationRefused(f"这件申报刚{by}办理过，现在是“{fresh.get_state_display()}”，没有重复办理。")
    if seen is not None and seen != fresh.version:
        raise DeclarationRefused("代表刚刚修改过这件申报，请看过新的内容再审核。")
    return fresh
