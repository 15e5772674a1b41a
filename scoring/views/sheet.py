"""成绩单: a representative's own, the same sheet for staff who read scores in its area, and single records."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from scoring.models import Year
from scoring.sheet.links import own_links, staff_links
from scoring.sheet.outlook import chances_of
from scoring.sheet.position import position_of
from scoring.sheet.progress import stages_of
from scoring.sheet.records import RECORDS, Record
from scoring.sheet.shown import shown
from scoring.sheet.trend import former, own_of, stored_of, trend_of
from scoring.sheet.waiting import waiting_of
from scoring.sheet.years import answers_for, current_of, group_of, mandates_in, years_of
from scoring.sheets import Content, frozen_content, live_sheet, mandates_of, rules_of, sheet_content
from scoring.supplements import lines_of
from scoring.year.levels import levels_here
from sessions.checkin.visits import representative_of
from stations.models import Area, Mandate
from stations.permissions import READS_ROLLS, READS_SCORES, granted_areas, within

PAGE = "scoring/sheet/sheet.html"
UNGRADED = "您在这个年度没有任满全年，或者一直暂停履职；按这个年度的设置，不计总分，也不评定等次。"


@never_cache
@login_required
@require_GET
def own(request: HttpRequest, label: int | None = None) -> HttpResponse:
    """Show the reader's sheet of a year, by default the running one; a year that is not theirs answers 404."""
    person = representative_of(request.user)
    if person is None:
        raise Http404
    years = list(years_of(person))
    asked = request.GET.get("year", "")
    if label is None and asked.isascii() and asked.isdecimal():
        return redirect("scorecard_year", label=_labelled(years, int(asked)).label)
    now = timezone.now()
    today = timezone.localdate(now)
    year = current_of(years, today) if label is None else _labelled(years, label)
    if year is None:
        return render(request, PAGE, {"person": person, "today": today})
    mandates = mandates_in(year, person)
    if not mandates:
        return render(request, PAGE, {"person": person, "year": year, "years": years, "ungraded": UNGRADED})
    mandate = _asked(mandates, request.GET.get("mandate", ""))
    content = frozen_content(year, mandate)
    live = None if content else live_sheet(year, mandate)
    content = content or live.content  # type: ignore[union-attr]  # one of the two is there
    context = _frame(year, mandate, today, content, final=live is None) | {
        "person": person,
        "years": years,
        "mandates": mandates,
        "sheet": shown(content, own_links(content, year, mandate)),
        "waiting": waiting_of(year, mandate) if live else [],
        "chances": chances_of(year, live, now) if live else [],
        "answers": answers_for(person, years, now),
        "days_left": (year.ends_on - today).days,
    }
    return render(request, PAGE, context)


@never_cache
@login_required
@require_GET
def staff(request: HttpRequest, mandate: int, label: int) -> HttpResponse:
    """Show a mandate's sheet to reviewer, office and auditor of its area; outside it there is none (THREATS 12)."""
    year = get_object_or_404(Year.objects.select_related("term", "standard"), label=label)
    roots = granted_areas(request.user, READS_SCORES)
    seen = mandates_of(year).filter(within(roots))
    found = get_object_or_404(seen.select_related("representative", "area", "term"), pk=mandate)
    content, frozen = sheet_content(year, found)
    links = staff_links(content, found, granted_areas(request.user, READS_ROLLS))
    context = _frame(year, found, timezone.localdate(), content, final=frozen, roots=roots) | {
        "sheet": shown(content, links),
        "waiting": [] if frozen else waiting_of(year, found),
        "by_staff": True,
    }
    return render(request, PAGE, context)


@never_cache
@login_required
@require_GET
def record(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Show one record that a sheet counts, to its people and to who reads their scores."""
    if kind not in RECORDS:
        raise Http404
    found: Record | None = RECORDS[kind](request.user, pk)
    if found is None:
        raise Http404
    own = representative_of(request.user) is not None  # the way back: to one's own sheet, or to the console
    return render(request, "scoring/sheet/record.html", {"record": found, "own": own})


def _frame(
    year: Year,
    mandate: Mandate,
    today: date,
    content: Content,
    *,
    final: bool,
    roots: Iterable[Area] | None = None,
) -> dict[str, Any]:
    """What stands around the figures: group, other years, stages, and the position where it is shown (5 or 6 queries).

    Of a confirmed year also what supplements decided (1 more); the sheet stays as it was confirmed, and the trend
    says what holds.

    `roots` are the branches whose scores a member of the staff may see: of a person's years in other areas they
    read nothing.
    """
    levels = levels_here()
    stored = stored_of(mandate.representative_id, roots)
    group = group_of(mandate, min(today, year.ends_on))
    before = former(stored, year)
    decided = lines_of(year, mandate) if final else []
    total, band = (
        (decided[-1].new_total, decided[-1].new_band) if decided else (content["total"], content["band"])
    )
    result = (Decimal(total), band, final)
    return {
        "year": year,
        "mandate": mandate,
        "group": group or mandate.area,
        "today": today,
        "final": final,
        "decided": decided,
        "before": before,
        "trend": trend_of(stored, year, mandate, result, rules_of(year.standard).bands),
        "position": position_of(year, own_of(stored, year, mandate), group),
        "stages": stages_of(year, mandate, levels),
        "levels": levels,
    }


def _labelled(years: list[Year], label: int) -> Year:
    found = next((year for year in years if year.label == label), None)
    if found is None:
        raise Http404
    return found


def _asked(mandates: list[Mandate], key: str) -> Mandate:
    """Return the mandate that ?mandate= names, the latest without it; another person's answers 404."""
    found = next((mandate for mandate in mandates if not key or str(mandate.pk) == key), None)
    if found is None:
        raise Http404
    return found
