"""The records that have no page elsewhere: proposals, honours, media reports, each as what its people may see."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from scoring.models import Assessment, Honour, MediaReport, ProposalMover
from scoring.sheets import rules_of
from stations.permissions import READS_SCORES, Someone, scope


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its title and the rows (name, value) that say what counts."""

    sort: str
    title: str
    day: date
    rows: tuple[tuple[str, str], ...]
    href: str = ""


def proposal_seen_by(user: Someone, pk: int) -> Record | None:
    """Return the proposal of one mover's row for that mover or for who reads their score; None for everybody else.

    `pk` is the row of the mover, as the sources of a sheet name it.
    """
    row = ProposalMover.objects.filter(_concerns(user, "mandate"), pk=pk).select_related("proposal").first()
    if row is None:
        return None
    found = row.proposal
    movers = found.movers.select_related("mandate__representative").order_by("pk")
    said = (("已立案", found.filed), ("优秀建议", found.fine), ("重点督办", found.key))
    rows = (
        ("编号", found.ref),
        ("提出人", "、".join(f"{mover.mandate}（{mover.get_role_display()}）" for mover in movers)),
        ("办理", "、".join(word for word, holds in said if holds)),
    )
    return Record("议案建议", found.title, found.submitted_on, rows)


def honour_seen_by(user: Someone, pk: int) -> Record | None:
    """Return an honour for who holds it or reads their score; None for everybody else."""
    honours = Honour.objects.filter(_concerns(user, "mandate"), pk=pk)
    found = honours.select_related("mandate__representative").first()
    if found is None:
        return None
    rows = (
        ("获得者", str(found.mandate)),
        ("级别", found.get_level_display()),
        ("证书编号", found.ref),
    )
    return Record("履职荣誉", found.title, found.awarded_on, rows)


def report_seen_by(user: Someone, pk: int) -> Record | None:
    """Return a verified media report for its people or for who reads the score of one; None for everybody else."""
    reports = MediaReport.objects.filter(_concerns(user, "subjects__mandate"), pk=pk, state="verified")
    found = reports.select_related("outlet").distinct().first()
    if found is None:
        return None
    subjects = found.subjects.select_related("mandate__representative").order_by("pk")
    rows = (
        ("媒体", str(found.outlet)),
        ("报道对象", "、".join(str(subject.mandate) for subject in subjects)),
        ("体裁", found.form),
    )
    return Record("专题报道", found.title, found.published_on, rows, found.url)


def assessment_seen_by(user: Someone, pk: int) -> Record | None:
    """Return one assessor's figure for who was assessed or for who reads their score; None for everybody else."""
    rows = Assessment.objects.filter(_concerns(user, "mandate"), pk=pk)
    found = rows.select_related("mandate__representative", "year__standard", "given_by").first()
    if found is None:
        return None
    names = {item.code: item.name for item in rules_of(found.year.standard).items}
    told = (
        ("代表", str(found.mandate)),
        ("评分", f"{found.award.normalize():f} 分"),
        ("比率", "" if found.rate is None else f"{found.rate.normalize():f}%"),
        ("填写人", str(found.given_by)),
        ("说明", found.note),
    )
    title = f"{names.get(found.item, '全年')}：{found.get_assessor_display()}"
    return Record("评定", title, found.given_on, told)


def _concerns(user: Any, mandate: str) -> Q:
    own = Q(**{f"{mandate}__representative__user": user})
    return own | scope(user, READS_SCORES, f"{mandate}__area")
