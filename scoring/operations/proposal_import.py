"""A list of proposals comes in: kept for a preview, then written all or nothing."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction

from portal.audit import record
from portal.models import User
from scoring.models import Proposal, ProposalImport, ProposalMover
from scoring.operations.locked import refuse_locked_facts
from scoring.operations.refused import EarnedRefused, FactsLocked
from scoring.proposals.plan import Plan, Row, handed_up, plan_of
from scoring.proposals.reading import Line

KEPT = timedelta(hours=24)  # a preview may be applied this long
AT_ONCE = 500


class ImportRefused(EarnedRefused):
    """The list is not applied; the message says why and what to do."""


class RecordsChanged(ImportRefused):
    """The records are not what the preview was reckoned against: look at the new one first."""


@transaction.atomic
def prepare_proposals(
    *, file_name: str, sha256: str, lines: Sequence[Line], actor: User, moment: datetime
) -> ProposalImport:
    """Keep the lines of a file for a preview; the proposals are not touched. One's old previews are thrown away."""
    ProposalImport.objects.filter(made_by=actor, applied_at=None, made_at__lt=moment - KEPT).delete()
    return ProposalImport.objects.create(
        file_name=file_name,
        sha256=sha256,
        lines=[asdict(line) for line in lines],
        made_at=moment,
        made_by=actor,
    )


def lines_kept(pending: ProposalImport) -> list[Line]:
    """Return the lines of a preview as they were read."""
    return [Line(**line) for line in pending.lines]


@transaction.atomic
def apply_proposals(*, pending: ProposalImport, seen: str, actor: User, moment: datetime) -> Plan | None:
    """Write all that a preview showed, or nothing, and return what was written; None when that was done before.

    `seen` is Plan.seen of the preview that was looked at. Raises RecordsChanged when the records are others by now,
    ImportRefused for lines in trouble and for an old preview, FactsLocked for days that were handed up.
    """
    pending = ProposalImport.objects.select_for_update().get(pk=pending.pk)
    if pending.applied_at:
        return None
    if moment - pending.made_at > KEPT:
        raise ImportRefused("这份预览已经超过 24 小时，请重新上传文件。")
    lines = lines_kept(pending)
    # The proposals of these numbers are held until the end: nobody else changes them between plan and write.
    for start in range(0, len(lines), AT_ONCE):
        refs = [line.ref for line in lines[start : start + AT_ONCE]]
        list(Proposal.objects.select_for_update().filter(ref__in=refs).order_by("pk").values("pk"))
    plan = plan_of(lines, actor)
    if plan.seen != seen:
        raise RecordsChanged("记录刚有变化，下面是按现在的记录重新核对的结果。请看过再导入。")
    if plan.refused:
        raise ImportRefused(f"还有 {len(plan.refused)} 行要改，改好后请重新上传。")
    _refuse_locked([*plan.new, *plan.changed])
    _enter(plan.new)
    _change(plan.changed)
    pending.applied_at, pending.lines = moment, []
    pending.save(update_fields=["applied_at", "lines"])
    record(
        "scoring.import", pending, actor=actor,
        sha256=pending.sha256, new=len(plan.new), changed=[row.line.ref for row in plan.changed],
    )  # fmt: skip
    return plan


def _refuse_locked(rows: Sequence[Row]) -> None:
    """Hold the areas, so that none is handed up until the end, and look once more: one may have been just now."""
    people = {mandate for row in rows for mandate in row.people}
    if people:
        refuse_locked_facts(people, [])
    shut = handed_up(rows)
    if shut:
        raise FactsLocked(f"{'、'.join(sorted(shut))}刚刚上报了这一年度，没有导入。请看过新的预览再定。")


def _enter(rows: Sequence[Row]) -> None:
    made = []
    for row in rows:
        given = row.given
        assert given is not None
        made.append(
            Proposal(
                title=given.title,
                ref=given.ref,
                submitted_on=given.submitted_on,
                filed=given.filed,
                fine=given.fine,
                key=given.key,
            )
        )
    Proposal.objects.bulk_create(made, batch_size=AT_ONCE)
    ProposalMover.objects.bulk_create(
        [
            ProposalMover(proposal=proposal, mandate=mandate, role=role)
            for proposal, row in zip(made, rows, strict=True)
            if row.given
            for mandate, role in row.given.movers.items()
        ],
        batch_size=AT_ONCE,
    )


def _change(rows: Sequence[Row]) -> None:
    """Change what is stored; a mover who stays keeps the row, and with it the line of the sheet that names it."""
    changed, gone, turned, fresh = [], [], [], []
    for row in rows:
        proposal, given = row.known, row.given
        assert proposal is not None
        assert given is not None
        proposal.title, proposal.submitted_on = given.title, given.submitted_on
        proposal.filed, proposal.fine, proposal.key = given.filed, given.fine, given.key
        changed.append(proposal)
        left = dict(given.movers)
        for mover in proposal.movers.all():
            role = left.pop(mover.mandate, None)
            if role is None:
                gone.append(mover.pk)
            elif role != mover.role:
                mover.role = role
                turned.append(mover)
        fresh += [
            ProposalMover(proposal=proposal, mandate=mandate, role=role) for mandate, role in left.items()
        ]
    Proposal.objects.bulk_update(
        changed, ["title", "submitted_on", "filed", "fine", "key"], batch_size=AT_ONCE
    )
    ProposalMover.objects.filter(pk__in=gone).delete()
    ProposalMover.objects.bulk_update(turned, ["role"], batch_size=AT_ONCE)
    ProposalMover.objects.bulk_create(fresh, batch_size=AT_ONCE)
