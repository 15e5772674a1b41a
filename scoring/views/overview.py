"""The overview of a year for who reads scores: figures of their own branches, and the people as a spreadsheet."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from portal.models.pages import page_of
from scoring.models import Year
from scoring.operations import note_export
from scoring.overview.evidence import SORTS, lacking, rows_lacking, told
from scoring.overview.figures import gaps, overview
from scoring.overview.graded import CONFIRMED, graded
from scoring.overview.workbook import scores_workbook
from scoring.sheets import mandates_of
from scoring.views.year import seen_year
from scoring.year.console import areas_of, ranks_of
from scoring.year.reach import leads
from stations.models import Area
from stations.permissions import READS_SCORES, Role, granted_areas, within

ROWS = 50  # of a list on one page
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@login_required
@require_GET
def show(request: HttpRequest, label: int, pk: int | None = None) -> HttpResponse:
    """Show the figures of all areas of the reader, or of one of them."""
    year = seen_year(request, label)
    areas, here = _areas(request, year, pk)
    roots = [here] if here else granted_areas(request.user, READS_SCORES)
    now = timezone.now()
    context: dict[str, Any] = {
        "year": year,
        "section": "overview",
        "office": leads(request.user, (Role.OFFICE,), year),
        "here": here,
        "found": overview(year, graded(year, roots), [] if here else areas),
        "gaps": [] if year.state in CONFIRMED else gaps(year, roots, now),
        "lacking": lacking(year, roots),
        "frozen": year.state in CONFIRMED,
        "ranks": list(ranks_of(year).items()),
        "now": now,
    }
    return render(request, "scoring/year/overview.html", context)


@never_cache
@login_required
@require_GET
def show_lacking(request: HttpRequest, label: int, pk: int | None = None) -> HttpResponse:
    """List what counts without evidence, one sort at a time (?sort=), in the reader's areas or in one of them."""
    year = seen_year(request, label)
    _, here = _areas(request, year, pk)
    roots = [here] if here else granted_areas(request.user, READS_SCORES)
    counted = lacking(year, roots)
    asked = request.GET.get("sort", "")
    sort = asked if asked in SORTS else counted[0].sort if counted else "report"
    page = page_of(rows_lacking(year, roots, sort), request, ROWS)
    context: dict[str, Any] = {
        "year": year,
        "section": "overview",
        "office": leads(request.user, (Role.OFFICE,), year),
        "here": here,
        "sort": sort,
        "sorts": [(each.sort, SORTS[each.sort][2], each.count) for each in counted],
        "words": SORTS[sort][1],
        "page": page,
        "rows": list(told(list(page), sort, request.user)),
    }
    return render(request, "scoring/year/lacking.html", context)


@never_cache
@login_required
@require_POST
def export(request: HttpRequest, label: int, pk: int | None = None) -> HttpResponse:
    """Give the people of the reader's areas with their points as a spreadsheet; the log keeps who took it."""
    year = seen_year(request, label)
    _, here = _areas(request, year, pk)
    roots = [here] if here else granted_areas(request.user, READS_SCORES)
    people = mandates_of(year).filter(within(roots)).select_related("representative", "area").by_strokes()
    mandates = {mandate.pk: mandate for mandate in people}
    moment = timezone.now()
    by = request.user.display_name  # type: ignore[union-attr]  # signed in
    content = scores_workbook(year, graded(year, roots), mandates, by=by, moment=moment)
    note_export(year=year, people=len(mandates), area=here, actor=request.user)  # type: ignore[arg-type]
    name = f"jifen-{year.label}{f'-{here.code}' if here else ''}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=XLSX, headers=headers)


def _areas(request: HttpRequest, year: Year, pk: int | None) -> tuple[list[Area], Area | None]:
    """Return the reader's reviewing areas and the one asked for; 404 when it is none of them (THREATS 12)."""
    roots = granted_areas(request.user, READS_SCORES)
    areas = [area for area in areas_of(year) if any(area.path.startswith(root.path) for root in roots)]
    if pk is None:
        return areas, None
    here = next((area for area in areas if area.pk == pk), None)
    if here is None:
        raise Http404
    return areas, here
