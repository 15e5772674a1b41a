"""成绩单: a representative's own, and the same sheet for staff who read scores in its area."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from scoring.models import Year
from scoring.sheet.years import current_of, mandates_in, years_of
from scoring.sheets import mandates_of, sheet_content
from sessions.checkin.visits import representative_of
from stations.permissions import READS_SCORES, scope


@never_cache
@login_required
@require_GET
def own(request: HttpRequest, label: int | None = None) -> HttpResponse:
    """Show the reader's sheet of a year, by default the running one; a year that is not theirs answers 404."""
    person = representative_of(request.user)
    if person is None:
        raise Http404
    years = list(years_of(person))
    year = _labelled(years, label) if label else current_of(years, timezone.localdate())
    if year is None:
        return render(request, "scoring/sheet/sheet.html", {"person": person})
    mandate = mandates_in(year, person)[0]
    content, frozen = sheet_content(year, mandate)
    context: dict[str, Any] = {
        "person": person,
        "years": years,
        "year": year,
        "mandate": mandate,
        "sheet": content,
        "frozen": frozen,
    }
    return render(request, "scoring/sheet/sheet.html", context)


@never_cache
@login_required
@require_GET
def staff(request: HttpRequest, mandate: int, label: int) -> HttpResponse:
    """Show a mandate's sheet to reviewer, office and auditor of its area; outside it there is none (THREATS 12)."""
    year = get_object_or_404(Year.objects.select_related("term", "standard"), label=label)
    seen = mandates_of(year).filter(scope(request.user, READS_SCORES))
    found = get_object_or_404(seen.select_related("representative", "area", "term"), pk=mandate)
    content, frozen = sheet_content(year, found)
    context = {"year": year, "mandate": found, "sheet": content, "frozen": frozen, "by_staff": True}
    return render(request, "scoring/sheet/sheet.html", context)


def _labelled(years: list[Year], label: int) -> Year:
    found = next((year for year in years if year.label == label), None)
    if found is None:
        raise Http404
    return found
