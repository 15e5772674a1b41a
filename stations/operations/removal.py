"""Taking away what was registered by mistake: allowed while nothing refers to it, and never without a line in the log."""

from collections import Counter
from typing import TypeVar

from django.db import transaction
from django.db.models import Model

from portal.audit import record
from portal.models import User
from stations.models import (
    Area,
    DeputyGroup,
    GroupMembership,
    Mandate,
    Representative,
    RosterEntry,
    Station,
    Term,
)
from stations.operations.mandates import send_days
from stations.operations.refusal import PersonRefused
from stations.uses import told, uses_of

Row = TypeVar("Row", bound=Model)
KEPT = {
    Area: "请先把它们改到别的区域，或者删除登记有误的。",
    Term: "有记录的届要留着，日期和名称可以改。",
    DeputyGroup: "有过成员的小组要留着，名称和区域可以改。",
    Station: "有记录的站点要留着，名称和类别可以改。",
    Representative: "有记录的代表要留着；不再任职的，请在代表的表单里填写离任日。",
    Mandate: "有记录的任期要留着；日子不对的，请修改起止日期。",
}


@transaction.atomic
def remove_unused(*, row: Area | Term | DeputyGroup | Station, actor: User | None) -> None:
    """Take away an area, a term, a group or a station; raises PersonRefused, naming what refers to it."""
    known = _held(row)
    if known is None:
        return
    why = why_kept(known)
    if why:
        raise PersonRefused(why)
    record("stations.remove", known, actor=actor)
    known.delete()


@transaction.atomic
def remove_representative(*, person: Representative, actor: User | None) -> None:
    """Take away a person with mandates and places in groups, as if never registered.

    Raises PersonRefused, naming what refers to the person or to a mandate; and when a floor above forbids it, because
    the name stands in a year that was handed up.
    """
    known = _held(person)
    if known is None:
        return
    mandates = list(Mandate.objects.select_for_update(of=("self",)).filter(representative=known))
    if why := why_kept(known):
        raise PersonRefused(why)
    record("stations.remove", known, actor=actor)
    for mandate in mandates:
        _drop(mandate)
    known.delete()


@transaction.atomic
def remove_mandate(*, mandate: Mandate, actor: User | None) -> None:
    """Take away one of several mandates of a person; refusals as for a person, and for the only one there is."""
    person = _held(mandate.representative)
    known = Mandate.objects.select_for_update(of=("self",)).filter(pk=mandate.pk).first()
    if known is None or person is None:
        return
    if why := why_kept(known):
        raise PersonRefused(why)
    record("stations.remove", known, actor=actor, starts_on=known.starts_on.isoformat())
    _drop(known)


@transaction.atomic
def remove_roster_entry(*, entry: RosterEntry, actor: User | None) -> None:
    """Take a representative off a roster as if never on it; the log keeps who it was and where."""
    record(
        "stations.change",
        entry.station,
        actor=actor,
        roster_removed=entry.mandate.representative.name,
        starts_on=entry.starts_on.isoformat(),
    )
    entry.delete()


def why_kept(row: Model) -> str:
    """Return why a row is not removed, in a sentence that names what refers to it; empty when nothing does."""
    if isinstance(row, Representative):
        uses = uses_of(row, besides=(Mandate,))
        if row.user_id:
            uses["登录账号"] = 1
        held = Counter[str]()
        for mandate in row.mandates.all():
            held.update(uses_of(mandate, besides=(GroupMembership,)))
        uses |= Counter(uses) | held  # rows of a list name the person and the mandate: each counts once
    elif isinstance(row, Mandate):
        uses = uses_of(row, besides=(GroupMembership,))
        if (
            not uses
            and not Mandate.objects.filter(representative=row.representative_id).exclude(pk=row.pk).exists()
        ):
            return f"这是{row}唯一的任期。代表登记有误的，请在代表的表单里删除。"
    else:
        uses = uses_of(row)
        if isinstance(row, Area) and row.numchild:
            uses["下级区域"] = row.numchild
    return f"“{row}”不能删除，还有 {told(uses)}。{KEPT[type(row)]}" if uses else ""


def _held(row: Row) -> Row | None:
    """Return the row, kept from being referred to until the transaction ends; None when it is gone already."""
    held: Row | None = type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
    return held


def _drop(mandate: Mandate) -> None:
    send_days(mandate, (mandate.starts_on, mandate.ends_on), None)
    mandate.memberships.all().delete()
    mandate.delete()
