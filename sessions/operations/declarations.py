"""The representative declares: start, write down, add evidence, hand in, take back (issue 3; THREATS 8, 14, 18)."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from portal.audit import record
from portal.models import User
from portal.uploads import Upload, take
from sessions.declarations.days import part_of, span_of
from sessions.declarations.previews import small
from sessions.models import (
    DEED_KINDS,
    MOST_FILES,
    Activity,
    Attendance,
    Declaration,
    DeclarationEvent,
    DeclarationFile,
    Enrolment,
)
from sessions.operations.periods import hold_days
from sessions.operations.roll import RollRefused
from stations.models import Mandate, Representative

Kind, State = Declaration.Kind, Declaration.State
EVIDENCE = frozenset({"jpg", "png", "webp", "heic", "pdf"})
LARGEST = 10 * 1024 * 1024  # bytes of one file
MOST_UNFINISHED = 30  # declarations of one person that nobody has decided
CAME = (*Attendance.CAME, Attendance.Status.VISITOR)


class DeclarationRefused(ValueError):
    """The declaration cannot go this way; the message says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What a representative tells of a deed of their own; anything may be empty while it is a draft."""

    deed_kind: str = ""
    title: str = ""
    happened_on: date | None = None
    part: str = ""
    place: str = ""


@transaction.atomic
def declare(
    *,
    representative: Representative,
    nonce: str,
    actor: User,
    moment: datetime,
    activity: Activity | None = None,
    deed_kind: str = "",
) -> Declaration:
    """Start a declaration and return the draft: of an activity the person was listed for, else of a deed.

    The same nonce returns the same declaration, and an activity has one that lives: a second start returns the
    first. Raises DeclarationRefused for an activity that has not begun or where the person is recorded already.
    """
    unfinished = Declaration.objects.filter(representative=representative, state__in=Declaration.UNFINISHED)
    if unfinished.exclude(nonce=nonce).count() >= MOST_UNFINISHED:
        raise DeclarationRefused(f"还有 {MOST_UNFINISHED} 件申报没有办完，请先提交或撤回其中几件。")
    if activity is None and deed_kind not in DEED_KINDS:
        raise DeclarationRefused("请先选择做了什么。")
    fresh = Declaration(
        representative=representative,
        kind=Kind.ATTENDANCE if activity else Kind.DEED,
        activity=activity,
        deed_kind="" if activity else deed_kind,
        nonce=nonce[:64],
        declared_by=actor,
        started_at=moment,
    )
    if activity:
        _take_over(fresh, activity, moment)
    Declaration.objects.bulk_create([fresh], ignore_conflicts=True)
    mine = Declaration.objects.filter(representative=representative)
    kept: Declaration | None = mine.filter(nonce=fresh.nonce).first()
    if kept:
        record("sharing.declare", kept, actor=actor, step="start")
        return kept
    return mine.live().get(activity=activity)  # type: ignore[no-any-return]  # what stood in the way


def _take_over(draft: Declaration, activity: Activity, moment: datetime) -> None:
    """Let the activity say what, when and where; the person need not."""
    person = draft.representative
    entry = Enrolment.objects.expected().filter(activity=activity, representative=person).first()
    if entry is None or activity.starts_at > moment:
        raise DeclarationRefused("只能申报已经开始、名单里有您的活动；其他情况请选“自己开展的工作”。")
    row = Attendance.objects.filter(activity=activity, representative=person).first()
    if row and row.status in CAME:
        raise DeclarationRefused(f"名册上已经有您的记录（{row.get_status_display()}），不用再申报。")
    draft.title, draft.place = activity.title.replace("|", "")[:80], activity.place[:80]
    draft.happened_on, draft.part = timezone.localdate(activity.starts_at), part_of(activity.starts_at)
    draft.units = activity.units
    draft.mandate_id, draft.area_id = entry.mandate_id, activity.area_id


@transaction.atomic
def save_declaration(
    *, declaration: Declaration, text: str, actor: User, deed: Deed | None = None
) -> Declaration:
    """Keep what was typed so far; of a deed also what, when and where. Raises DeclarationRefused once handed in."""
    declaration = _writable(declaration)
    declaration.text = text.strip()
    if deed and declaration.kind == Kind.DEED:
        declaration.deed_kind = deed.deed_kind or declaration.deed_kind
        declaration.title, declaration.place = deed.title.strip(), deed.place.strip()
        declaration.part = deed.part
        # Handed in once, it is never without a day again.
        declaration.happened_on = deed.happened_on or (
            declaration.happened_on if declaration.version else None
        )
    declaration.save(update_fields=["text", "deed_kind", "title", "place", "happened_on", "part"])
    record("sharing.declare", declaration, actor=actor, step="write")
    return declaration


def attach_evidence(*, declaration: Declaration, file: File, actor: User) -> DeclarationFile:  # type: ignore[type-arg]
    """Add a photograph or a PDF and return its row; the same file twice is one row.

    The file is judged and made anew before the transaction, which would keep other writers waiting. Raises
    UploadRefused for a file that is not taken, DeclarationRefused for a seventh one or once handed in.
    """
    upload = take(file, allowed=EVIDENCE, at_most=LARGEST)
    with transaction.atomic():
        return _keep(_writable(declaration), upload, actor)


def _keep(declaration: Declaration, upload: Upload, actor: User) -> DeclarationFile:
    there = {row.position: row for row in declaration.files.all()}
    known = next((row for row in there.values() if row.sha256 == upload.sha256), None)
    if known:
        return known
    free = [place for place in range(1, MOST_FILES + 1) if place not in there]
    if not free:
        raise DeclarationRefused(f"最多 {MOST_FILES} 份材料，“{upload.name}”没有收下。可以先删去一份再传。")
    row = DeclarationFile(
        declaration=declaration,
        name=upload.name,
        kind=upload.kind,
        sha256=upload.sha256,
        size=upload.size,
        position=free[0],
    )
    row.file.save(f"file.{upload.kind}", upload.content, save=False)
    if upload.kind == "jpg":
        row.preview.save("preview.jpg", small(upload.content), save=False)
    row.save(force_insert=True)
    record("sharing.declare", declaration, actor=actor, step="attach", sha256=upload.sha256)
    return row


@transaction.atomic
def remove_evidence(*, file: DeclarationFile, actor: User) -> None:
    """Take a piece of evidence away, row and file. Raises DeclarationRefused once handed in."""
    declaration = _writable(file.declaration)
    _drop(declaration, [file])
    record("sharing.declare", declaration, actor=actor, step="remove", sha256=file.sha256)


def _drop(declaration: Declaration, files: list[DeclarationFile]) -> None:
    """Delete rows now and their files after the commit, so that a failure leaves both."""
    declaration.files.filter(pk__in=[row.pk for row in files]).delete()
    for stored in [kept for row in files for kept in (row.file, row.preview) if kept]:
        transaction.on_commit(partial(stored.storage.delete, str(stored.name)))


@transaction.atomic
def submit_declaration(*, declaration: Declaration, actor: User, moment: datetime) -> Declaration:
    """Hand a draft or an amended declaration in; what was handed in already is returned as it is (THREATS 18).

    Raises DeclarationRefused while something is missing, for a day to come, a day without a mandate, or a day
    whose year was handed up: the areas' rows are held, so an area that is being handed up sees this one waiting or
    takes none any more.
    """
    declaration = _locked(declaration)
    if declaration.state == State.SUBMITTED:
        return declaration
    declaration = _writable(declaration)
    _complete(declaration, moment)
    old, declaration.state = declaration.state, State.SUBMITTED
    declaration.version += 1
    declaration.submitted_at = moment
    declaration.decided_by = declaration.decided_at = None
    declaration.save()
    keep_event(
        declaration, DeclarationEvent.Kind.SUBMITTED, old, actor, moment, content=content_of(declaration)
    )
    record("sharing.submit_declaration", declaration, actor=actor, version=declaration.version)
    return declaration


def _complete(declaration: Declaration, moment: datetime) -> None:
    """Check that all is told, and note mandate and area of a deed."""
    day = declaration.happened_on
    if not declaration.title or day is None or not declaration.part:
        raise DeclarationRefused("请补上做了什么、哪一天、什么时段，再提交。")
    if not declaration.text and not declaration.files.exists():
        raise DeclarationRefused("请写几句经过，或者附一张照片，审核的同志才好核实。")
    if declaration.kind == Kind.DEED:
        if span_of(day, declaration.part)[0] > moment:
            raise DeclarationRefused("这个时间还没有到，请核对日期和时段；做完以后再来申报。")
        mandates = Mandate.objects.on(day).filter(representative=declaration.representative_id)
        mandate = mandates.select_related("area").order_by("-starts_on").first()
        if mandate is None:
            raise DeclarationRefused("那一天您没有在任的代表身份，请核对日期，或联系代表工作委员会。")
        declaration.mandate, declaration.area = mandate, mandate.area
    assert declaration.area
    try:
        hold_days(declaration.area, day)
    except RollRefused as refused:
        raise DeclarationRefused(str(refused)) from refused


def content_of(declaration: Declaration) -> dict[str, Any]:
    """Return what was handed in, for the history: also the digests of the evidence, so that none is exchanged."""
    day = declaration.happened_on
    return {
        "title": declaration.title,
        "deed_kind": declaration.deed_kind,
        "activity": declaration.activity_id,
        "day": day.isoformat() if day else "",
        "part": declaration.part,
        "place": declaration.place,
        "text": declaration.text,
        "files": list(declaration.files.values_list("sha256", flat=True)),
    }


@transaction.atomic
def withdraw_declaration(*, declaration: Declaration, actor: User, moment: datetime) -> Declaration:
    """Take a declaration back that nobody has confirmed; a draft that nobody saw goes with its files.

    Doing it twice changes nothing. Raises DeclarationRefused once it counts.
    """
    declaration = _locked(declaration)
    if declaration.state == State.WITHDRAWN:
        return declaration
    if declaration.state in Declaration.COUNTED:
        raise DeclarationRefused("这件申报已经通过，不能撤回；有出入的，请联系记录员更正名册。")
    old, declaration.state = declaration.state, State.WITHDRAWN
    declaration.save(update_fields=["state"])
    if not declaration.version:
        _drop(declaration, list(declaration.files.all()))
    keep_event(declaration, DeclarationEvent.Kind.WITHDRAWN, old, actor, moment)
    record("sharing.withdraw_declaration", declaration, actor=actor)
    return declaration


def keep_event(
    declaration: Declaration,
    kind: str,
    old: str,
    actor: User,
    moment: datetime,
    *,
    reason: str = "",
    content: dict[str, Any] | None = None,
) -> None:
    """Write one line of the history for the declaration as it now stands."""
    DeclarationEvent.objects.create(
        declaration=declaration,
        kind=kind,
        old_state=old,
        new_state=declaration.state,
        version=declaration.version,
        content=content or {},
        reason=reason,
        actor=actor,
        happened_at=moment,
    )


def _locked(declaration: Declaration) -> Declaration:
    """Take the declaration's row for this transaction and return it fresh."""
    fresh: Declaration = Declaration.objects.select_for_update().get(pk=declaration.pk)
    return fresh


def _writable(declaration: Declaration) -> Declaration:
    fresh = _locked(declaration)
    if fresh.state not in Declaration.WRITABLE:
        raise DeclarationRefused(f"这件申报现在是“{fresh.get_state_display()}”，不能再改。")
    return fresh
