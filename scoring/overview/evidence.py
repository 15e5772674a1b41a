"""缺少佐证: what counts already, but shows nothing to whoever asks for it; each with the way to its record."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from scoring.facts import midnight
from scoring.models import Honour, MediaReport, MediaReportSubject, Year
from sessions.models import Activity, Declaration, RollSheet
from stations.models import Area
from stations.permissions import READS_ROLLS, Someone, granted_areas, within

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Lacking:
    """One sort of record: how many of them show nothing. `words` follow the number."""

    sort: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Unproven:
    """One record without evidence: whose it is, and where it is shown, if the reader may look there."""

    title: str
    day: date
    who: str
    href: str


def _reports(year: Year, roots: Sequence[Area]) -> Rows:
    about = MediaReport.objects.verified().filter(within(roots, "subjects__mandate__area"))
    bare = about.filter(url="", evidence="", clipping=None)
    return bare.filter(published_on__range=(year.starts_on, year.ends_on)).order_by("published_on", "pk")


def _honours(year: Year, roots: Sequence[Area]) -> Rows:
    won = Honour.objects.filter(within(roots, "mandate__area"), state=Honour.State.VERIFIED)
    bare = won.filter(ref="", evidence="")
    return bare.filter(awarded_on__range=(year.starts_on, year.ends_on)).order_by("awarded_on", "pk")


def _deeds(year: Year, roots: Sequence[Area]) -> Rows:
    counted = Declaration.objects.filter(within(roots, "mandate__area"), state__in=Declaration.COUNTED)
    bare = counted.filter(files=None, happened_on__range=(year.starts_on, year.ends_on))
    return bare.order_by("happened_on", "pk")


def _rolls(year: Year, roots: Sequence[Area]) -> Rows:
    if not year.wants_sheets:
        return Activity.objects.none()
    kept = RollSheet.objects.filter(activity=OuterRef("pk"), void=None)
    begin, end = midnight(year.starts_on), midnight(year.ends_on, later=1)
    held = Activity.objects.arranged().filter(within(roots), state=Activity.State.CLOSED)
    bare = held.filter(~Exists(kept), starts_at__gte=begin, starts_at__lt=end)
    return bare.order_by("starts_at", "pk")


# What of each sort shows nothing, in the words that follow the number, and the words of its list.
SORTS: Mapping[str, tuple[Callable[[Year, Sequence[Area]], Rows], str, str]] = {
    "report": (_reports, "篇已核实的报道没有链接，也没有剪报或照片", "专题报道"),
    "honour": (_honours, "项荣誉没有证书编号，也没有照片", "履职荣誉"),
    "deed": (_deeds, "条已通过的申报没有材料", "履职申报"),
    "roll": (_rolls, "场已收册的活动没有签到册原件", "签到册"),
}


def lacking(year: Year, roots: Sequence[Area]) -> list[Lacking]:
    """Return what in these branches counts without evidence (4 queries, 3 while no signed sheets are asked for)."""
    counted = (
        Lacking(sort, words, rows(year, roots).distinct().count()) for sort, (rows, words, _) in SORTS.items()
    )
    return [each for each in counted if each.count]


def rows_lacking(year: Year, roots: Sequence[Area], sort: str) -> Rows:
    """Return the records of one sort that show nothing, by day, each once."""
    rows = SORTS[sort][0](year, roots).distinct()
    if sort == "report":
        people = MediaReportSubject.objects.select_related("mandate__representative").order_by("pk")
        return rows.prefetch_related(Prefetch("subjects", people))
    near = {"roll": ["area"], "deed": ["mandate__representative", "activity"]}
    return rows.select_related(*near.get(sort, ["mandate__representative"]))


def told(rows: Sequence[Any], sort: str, user: Someone) -> Iterator[Unproven]:
    """Return these records as the list shows them; a roll leads on for who keeps it (1 query, else none)."""
    kept = [area.path for area in granted_areas(user, READS_ROLLS)] if sort == "roll" else []
    for row in rows:
        match sort:
            case "report":
                who = "、".join(str(subject.mandate) for subject in row.subjects.all())
                there = reverse("sheet_record", args=["media_report", row.pk])
                yield Unproven(row.title, row.published_on, who, there)
            case "honour":
                there = reverse("sheet_record", args=["honour", row.pk])
                yield Unproven(row.title, row.awarded_on, str(row.mandate), there)
            case "deed":
                there = reverse("sheet_record", args=["attendance", row.attendance_id])
                yield Unproven(row.title or row.sort, row.happened_on, str(row.mandate), there)
            case _:
                mine = any(row.area.path.startswith(path) for path in kept)
                there = reverse("roll_sheets", args=[row.pk]) if mine else ""
                yield Unproven(row.title, timezone.localdate(row.starts_at), row.area.name, there)
