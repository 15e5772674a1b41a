"""Writes of honours: entered by the office, judged, corrected, removed. Nobody judges their own (THREATS 14)."""

from datetime import date, datetime

from django.db import transaction

from portal.audit import record
from portal.models import User
from scoring.models import Honour
from scoring.operations.locked import refuse_locked_facts, refuse_out_of_office
from scoring.operations.refused import EarnedRefused, refuse_judging, refuse_withdrawn
from stations.models import Mandate

State = Honour.State


@transaction.atomic
def add_honour(
    *,
    mandate: Mandate,
    title: str,
    level: str,
    awarded_on: date,
    actor: User | None,
    ref: str = "",
    moment: datetime | None = None,
) -> Honour:
    """Enter an honour of a representative and return it: verified by `actor` at `moment`, waiting if it is their own.

    Without a moment only the log tells when. Raises FactsLocked for a day that was handed up, EarnedRefused for one
    outside the mandate.
    """
    refuse_out_of_office([mandate], awarded_on)
    refuse_locked_facts([mandate], [awarded_on])
    honour = Honour(mandate=mandate, title=title.strip(), level=level, ref=ref.strip(), awarded_on=awarded_on)
    if not _own(honour, actor):
        _vouch(honour, actor, moment)
    honour.save(force_insert=True)
    record("scoring.record", honour, actor=actor)
    return honour


def _own(honour: Honour, actor: User | None) -> bool:
    """Whether an honour is the clerk's own, or handed in by them: somebody else has to verify it."""
    if actor is None:
        return False
    return actor.pk in {honour.mandate.representative.user_id, honour.handed_in_by_id}


def _vouch(honour: Honour, actor: User | None, moment: datetime | None) -> None:
    honour.state, honour.verified_by, honour.verified_at = State.VERIFIED, actor, moment


def _locked(honour: Honour) -> Honour:
    rows = Honour.objects.select_for_update(of=("self",)).select_related("mandate__representative")
    return rows.get(pk=honour.pk)


@transaction.atomic
def verify_honour(*, honour: Honour, actor: User, moment: datetime) -> Honour:
    """Verify an honour: from now on it earns by the standard.

    Raises EarnedRefused for one's own, for what one handed in and for what was withdrawn, FactsLocked for a day that
    was handed up.
    """
    honour = _locked(honour)
    _refuse_judging(honour, actor)
    refuse_locked_facts([honour.mandate], [honour.awarded_on])
    _vouch(honour, actor, moment)
    honour.save(update_fields=["state", "verified_at", "verified_by"])
    record("scoring.verify_honour", honour, actor=actor)
    return honour


@transaction.atomic
def reject_honour(*, honour: Honour, actor: User, moment: datetime, note: str) -> Honour:
    """Set an honour aside with a note for who handed it in.

    Raises EarnedRefused as verify_honour does, and without a note; FactsLocked for a verified one of a day that was
    handed up.
    """
    if not note.strip():
        raise EarnedRefused("请写明未采用的原因。")
    honour = _locked(honour)
    _refuse_judging(honour, actor)
    if honour.state == State.VERIFIED:  # what never counted may be set aside at any time
        refuse_locked_facts([honour.mandate], [honour.awarded_on])
    honour.state, honour.note = State.REJECTED, note.strip()
    honour.verified_at, honour.verified_by = moment, actor
    honour.save(update_fields=["state", "note", "verified_at", "verified_by"])
    record("scoring.reject_honour", honour, actor=actor)
    return honour


def _refuse_judging(honour: Honour, actor: User) -> None:
    refuse_judging(honour, actor)
    if honour.mandate.representative.user_id == actor.pk:
        raise EarnedRefused("这项荣誉是您本人的，请由另一位同事核实。")


@transaction.atomic
def change_honour(
    *,
    honour: Honour,
    mandate: Mandate,
    title: str,
    level: str,
    awarded_on: date,
    actor: User,
    ref: str = "",
    moment: datetime | None = None,
) -> Honour:
    """Change an honour and return it. Raises EarnedRefused and FactsLocked as add_honour does.

    Who changes what was verified vouches for it from now on; of their own it waits for somebody else again.
    """
    honour = _locked(honour)
    refuse_withdrawn(honour)
    refuse_out_of_office([mandate], awarded_on)
    refuse_locked_facts([mandate, honour.mandate], [awarded_on, honour.awarded_on])
    own = _own(honour, actor)
    honour.mandate, honour.title, honour.level = mandate, title.strip(), level
    honour.awarded_on, honour.ref = awarded_on, ref.strip()
    if honour.handed_in_by_id and not (honour.ref or honour.evidence):
        raise EarnedRefused("代表报送的荣誉要有证书编号或照片，请填写证书编号。")
    if honour.state == State.VERIFIED:
        if own or _own(honour, actor):
            honour.state, honour.verified_by, honour.verified_at = State.SUBMITTED, None, None
        else:
            _vouch(honour, actor, moment)
    elif honour.state == State.REJECTED and _own(honour, actor):
        raise EarnedRefused("这项荣誉没有采用，请由另一位同事更正。")
    honour.save()
    record("scoring.record", honour, actor=actor, step="change")
    return honour


@transaction.atomic
def remove_honour(*, honour: Honour, actor: User) -> None:
    """Remove an honour that was entered by mistake; the log keeps its title.

    Raises FactsLocked for a day that was handed up, EarnedRefused for what a representative handed in: it is judged.
    """
    honour = _locked(honour)
    if honour.handed_in_by_id:
        raise EarnedRefused("代表报送的荣誉不能删除；不属实的，请在核实里写明原因，不采用。")
    refuse_locked_facts([honour.mandate], [honour.awarded_on])
    record("scoring.record", honour, actor=actor, step="remove", title=honour.title)
    honour.delete()
