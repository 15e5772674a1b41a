"""What does not count yet, with the reason: open rolls, unconfirmed claims, unverified reports, declarations."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from scoring.models import Honour, MediaReportSubject, Year
from sessions.models import Activity, Attendance, Declaration
from stations.models import Mandate

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """One record that does not count yet."""

    label: str
    day: date
    reason: str


def waiting_of(year: Year, mandate: Mandate) -> list[Waiting]:
    """Return the mandate's records of the year that count nothing yet, the latest first (4 queries)."""
    rows = Attendance.objects.filter(mandate=mandate, activity__state=Activity.State.OPEN).filter(
        activity__starts_at__date__gte=year.starts_on, activity__starts_at__date__lte=year.ends_on
    )
    claims = rows.order_by("-activity__starts_at", "-pk").values_list(
        "activity__title", "activity__starts_at", "confirmed_at"
    )
    reports = (
        MediaReportSubject.objects.filter(mandate=mandate, report__state="submitted")
        .filter(report__published_on__range=(year.starts_on, year.ends_on))
        .order_by("-report__published_on", "-pk")
        .values_list("report__title", "report__published_on")
    )
    waiting = [
        Waiting(title, timezone.localdate(at), "名册收册后计分" if confirmed else "待工作人员确认")
        for title, at, confirmed in claims[:SHOWN]
    ]
    waiting += [Waiting(title, day, "专题报道，核实后计分") for title, day in reports[:SHOWN]]
    honours = (
        Honour.objects.filter(mandate=mandate, state="submitted")
        .filter(awarded_on__range=(year.starts_on, year.ends_on))
        .order_by("-awarded_on", "-pk")
        .values_list("title", "awarded_on")
    )
    waiting += [Waiting(title, day, "履职荣誉，核实后计分") for title, day in honours[:SHOWN]]
    declared = Declaration.objects.waiting().filter(
        mandate=mandate, happened_on__range=(year.starts_on, year.ends_on)
    )
    told = declared.order_by("-happened_on", "-pk").values_list("title", "happened_on")
    waiting += [Waiting(title, day, "代表申报，审核后计分") for title, day in told[:SHOWN]]
    return sorted(waiting, key=lambda each: each.day, reverse=True)
