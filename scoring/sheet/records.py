"""The records behind the lines of a sheet, each as its people and who reads their scores may see it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from portal.visibility import open_to_all
from scoring.hand_in import photo_seen_by
from scoring.models import Assessment, Honour, MediaReport, ProposalMover
from scoring.sheets import rules_of
from sessions.models import (
    Activity,
    Attendance,
    CoursewarePage,
    Declaration,
    Enrolment,
    SharingSessionPage,
)
from stations.permissions import READS_SCORES, Someone, scope

ROLES: Mapping[str, str] = {str(value): str(label) for value, label in Enrolment.Role.choices}


class Door(NamedTuple):
    """A way on from a record: what is there, and whether that is another site."""

    words: str
    href: str
    outward: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its title and the rows (name, value) that say what counts."""

    sort: str
    title: str
    day: date
    rows: tuple[tuple[str, str], ...]
    doors: tuple[Door, ...] = ()


def attendance_seen_by(user: Someone, pk: int) -> Record | None:
    """Return one confirmed line of a closed roll for its person or for who reads their score; None for everybody else.

    Why somebody had leave is not told here ("What may be seen"). What was declared leads on to the declaration.
    """
    rows = Attendance.objects.filter(_concerns(user, "mandate"), pk=pk, confirmed_at__isnull=False)
    rows = rows.filter(activity__state=Activity.State.CLOSED)
    found = rows.select_related(
        "activity__area", "activity__closed_by", "mandate__representative", "confirmed_by"
    ).first()
    if found is None:
        return None
    held = found.activity
    told = (
        ("代表", str(found.mandate)),
        ("活动类别", held.get_kind_display()),
        ("主题", held.theme),
        ("地点", held.place or str(held.area)),
        ("出席情况", found.get_status_display()),
        ("身份", ROLES.get(found.role, found.role)),
        ("计量", f"{found.units.normalize():f}"),
        ("登记方式", found.get_method_display()),
        ("确认", _signed(found.confirmed_by, found.confirmed_at)),
        ("收册", _signed(held.closed_by, held.closed_at)),
    )
    day = timezone.localdate(held.starts_at)
    return Record("签到记录", held.title, day, told, (*_declared(user, found), *_session(held)))


def _signed(by: Any, at: datetime | None) -> str:
    return f"{by}，{timezone.localtime(at):%Y-%m-%d %H:%M}" if by and at else ""


def _declared(user: Any, row: Attendance) -> Iterator[Door]:
    """The declarations that a line follows from, where the reader may see them."""
    counted = Declaration.objects.filter(attendance=row, state__in=Declaration.COUNTED)
    for pk in counted.filter(representative__user=user).values_list("pk", flat=True):
        yield Door("看申报和材料", reverse("me_declaration", args=[pk]))
    staff = counted.exclude(representative__user=user).seen_by(user)
    for pk in staff.order_by("pk").values_list("pk", flat=True):
        yield Door("看申报和材料", reverse("declaration", args=[pk]))


def _session(held: Activity) -> Iterator[Door]:
    page = open_to_all(SharingSessionPage.objects.filter(activity=held)).first()
    if page and page.url:
        yield Door("看这一场的页面", page.url)


def courseware_seen_by(user: Someone, pk: int) -> Record | None:
    """Return a courseware, also one that was taken down, for its author or for who reads their score."""
    pages = CoursewarePage.objects.filter(_concerns(user, "author__mandates"), pk=pk).select_related("author")
    found = pages.distinct().first()
    if found is None:
        return None
    told = (
        ("作者", str(found.author)),
        ("评选", "优秀课件" if found.selected else ""),
        ("状态", "在课件库里" if found.live else "已从课件库撤下"),
    )
    doors = (Door("看课件", found.url),) if found.live and found.url else ()
    return Record("课件", found.title, found.date, told, doors)


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
    found = honours.select_related("mandate__representative", "verified_by").first()
    if found is None:
        return None
    rows = (
        ("获得者", str(found.mandate)),
        ("级别", found.get_level_display()),
        ("证书编号", found.ref),
        ("核实", _signed(found.verified_by, found.verified_at)),
    )
    return Record("履职荣誉", found.title, found.awarded_on, rows, tuple(_photo(user, "honour", found)))


def report_seen_by(user: Someone, pk: int) -> Record | None:
    """Return a verified media report for its people or for who reads the score of one; None for everybody else."""
    reports = MediaReport.objects.filter(_concerns(user, "subjects__mandate"), pk=pk, state="verified")
    found = reports.select_related("outlet", "verified_by").distinct().first()
    if found is None:
        return None
    subjects = found.subjects.select_related("mandate__representative").order_by("pk")
    rows = (
        ("媒体", str(found.outlet)),
        ("报道对象", "、".join(str(subject.mandate) for subject in subjects)),
        ("体裁", found.form),
        ("核实", _signed(found.verified_by, found.verified_at)),
    )
    original = (Door("看原文", found.url, outward=True),) if found.url else ()
    doors = (*original, *_photo(user, "report", found))
    return Record("专题报道", found.title, found.published_on, rows, doors)


def _photo(user: Any, kind: str, row: MediaReport | Honour) -> Iterator[Door]:
    """The photo that was handed in with it, where the reader may see that."""
    if row.evidence and photo_seen_by(user, kind, row.pk):
        yield Door("看照片", reverse("hand_in_photo", args=[kind, row.pk]))


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


RECORDS: Mapping[str, Callable[[Any, int], Record | None]] = {
    "attendance": attendance_seen_by,
    "courseware": courseware_seen_by,
    "proposal": proposal_seen_by,
    "honour": honour_seen_by,
    "media_report": report_seen_by,
    "assessment": assessment_seen_by,
}
