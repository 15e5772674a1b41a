"""Paper comes back: a list is previewed and applied all or nothing, signed sheets are kept (PRODUCT.md, rules 20, 21, 25)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from portal.audit import record
from portal.models import User
from portal.uploads import Upload
from sessions.models import Activity, Attendance, RollImport, RollSheet, RollSheetVoid
from sessions.operations.roll import Entry, RollRefused, locked, record_roll, record_status
from sessions.paper.plan import Change, Plan, plan_of
from sessions.paper.reading import Line

KEPT = timedelta(hours=24)  # a preview may be applied this long
Method = Attendance.Method


class ImportRefused(RollRefused):
    """The list is not applied; the message says why and what to do."""


class RollChanged(ImportRefused):
    """The roll is not what the preview was reckoned against: look at the new one first."""


@transaction.atomic
def prepare_import(
    *, activity: Activity, file_name: str, sha256: str, lines: Sequence[Line], actor: User, moment: datetime
) -> RollImport:
    """Keep the lines of a file for a preview and return them; the roll itself is not touched.

    Previews of this roll that nobody applied in time are thrown away. Raises RollRefused for a roll that nobody
    may change.
    """
    activity = locked(activity)
    activity.imports.filter(applied_at=None, made_at__lt=moment - KEPT).delete()
    return RollImport.objects.create(
        activity=activity,
        file_name=file_name,
        sha256=sha256,
        lines=[asdict(line) for line in lines],
        made_at=moment,
        made_by=actor,
    )


def lines_kept(pending: RollImport) -> list[Line]:
    """Return the lines of a preview as they were read."""
    return [Line(**line) for line in pending.lines]


@transaction.atomic
def apply_import(
    *, pending: RollImport, seen: str, actor: User, moment: datetime, reason: str = ""
) -> Plan | None:
    """Write all that a preview showed, or nothing, and return what was written; None when that was done before.

    `seen` is Plan.seen of the preview that the recorder looked at. `reason` serves the changes that bring none
    of their own: every change of a row, every entry after the close (rule 20), every visitor. The lines are not
    kept afterwards; the history holds what became of them. Raises RollChanged when the roll is another one by
    now, ImportRefused for lines in trouble, a missing reason or an old preview, RollRefused for a locked roll.
    """
    activity = locked(pending.activity)
    pending = RollImport.objects.select_for_update().get(pk=pending.pk)
    if pending.applied_at:
        return None
    if moment - pending.made_at > KEPT:
        raise ImportRefused("这份预览已经超过 24 小时，请重新上传文件。")
    plan = plan_of(activity, lines_kept(pending), actor)
    if plan.seen != seen:
        raise RollChanged("名册刚有变化，下面是按现在的名册重新核对的结果。请看过再导入。")
    if plan.troubles:
        raise ImportRefused(f"还有 {len(plan.troubles)} 行要改，改好后请重新上传。")
    reason = reason.strip()
    if plan.unexplained and not reason:
        raise ImportRefused("更改已有记录要写明原因，例如“据纸质签到册核对”。")
    _write(activity, plan, reason, actor, moment)
    pending.applied_at, pending.applied_by, pending.lines = moment, actor, []
    pending.save(update_fields=["applied_at", "applied_by", "lines"])
    record(
        "sharing.import_roll", activity, actor=actor,
        sha256=pending.sha256, new=len(plan.new), changed=len(plan.changed),
    )  # fmt: skip
    return plan


def _write(activity: Activity, plan: Plan, reason: str, actor: User, moment: datetime) -> None:
    """First entries of an open roll go in at once; whatever needs a reason goes in by itself, with its history."""
    plain = [change for change in plan.new if not change.explain]
    entries = [Entry(change.person, change.new) for change in plain if not change.reason]
    if entries:
        record_roll(activity=activity, entries=entries, actor=actor, moment=moment, method=Method.IMPORT)
    for change in [*(c for c in plain if c.reason), *(c for c in plan.changes if c.explain)]:
        _write_one(activity, change, change.reason or reason, actor, moment)


def _write_one(activity: Activity, change: Change, reason: str, actor: User, moment: datetime) -> None:
    record_status(
        activity=activity,
        representative=change.person,
        status=change.new,
        actor=actor,
        moment=moment,
        reason=reason,
        method=Method.IMPORT,
        expected=change.old,
    )


@transaction.atomic
def log_export(*, activity: Activity, actor: User, rows: int) -> None:
    """Note that `actor` took the roll out of the house as a file (THREATS 35)."""
    record("sharing.export_roll", activity, actor=actor, rows=rows)


def keep_sheet(
    *, activity: Activity, upload: Upload, actor: User, moment: datetime, pages: int = 1, note: str = ""
) -> RollSheet:
    """Keep a photo or scan of the signed list as evidence and return it; the same file again is the same sheet.

    Raises RollRefused for a roll that nobody may change.
    """
    sheet = RollSheet(
        activity=activity,
        name=upload.name,
        kind=upload.kind,
        content_type=upload.content_type,
        size=upload.size,
        sha256=upload.sha256,
        pages=pages,
        note=note.strip(),
        uploaded_at=moment,
        uploaded_by=actor,
    )
    try:
        with transaction.atomic():
            return _kept(sheet, upload, actor)
    except BaseException:
        if sheet.file.name:
            sheet.file.storage.delete(sheet.file.name)  # nothing was written: no file stays behind either
        raise


def _kept(sheet: RollSheet, upload: Upload, actor: User) -> RollSheet:
    locked(sheet.activity)
    same = RollSheet.objects.filter(activity=sheet.activity, sha256=sheet.sha256)
    standing = same.filter(void=None).first()
    if standing:
        return standing
    sheet.turn = same.count()
    sheet.file.save(upload.name, upload.content, save=False)
    sheet.save(force_insert=True)
    record("sharing.keep_sheet", sheet.activity, actor=actor, sha256=sheet.sha256, pages=sheet.pages)
    return sheet


@transaction.atomic
def void_sheet(*, sheet: RollSheet, reason: str, actor: User, moment: datetime) -> Any:
    """Set a sheet aside with a reason; it stays in sight. Twice is once. Raises RollRefused without a reason."""
    activity = locked(sheet.activity)
    reason = reason.strip()
    if not reason:
        raise RollRefused("作废要写明原因，例如“传错了另一场活动的照片”。")
    void, made = RollSheetVoid.objects.get_or_create(
        sheet=sheet, defaults={"reason": reason, "made_at": moment, "made_by": actor}
    )
    if made:
        record("sharing.void_sheet", activity, actor=actor, sha256=sheet.sha256)
    return void
