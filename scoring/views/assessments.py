"""自评 and 组织评定: a representative's own form, the list of an organisation, one person side by side."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.models.pages import page_of
from portal.stale_forms import carry, is_stale
from scoring.assessment_forms import AssessmentForm
from scoring.assessments import asked_of, counts_on, progress_of, raters_of, seats_of, side_by_side
from scoring.models import Assessment, Year
from scoring.models.assessments import Assessor
from scoring.operations import AssessmentClosed, AssessmentRefused, EarnedRefused, FactsLocked, assess
from scoring.sheet.years import mandates_in
from scoring.sheets import mandates_of, rules_of, sheet_content
from sessions.checkin.visits import representative_of
from sessions.models import LockedPeriod
from stations.models import Mandate
from stations.permissions import READS_SCORES, scope

PEOPLE = 50
GIVEN_WHILE = {Year.State.OPEN, Year.State.REVIEWING}
SHOWN, TAKEN, WRONG, LATE = 200, 302, 400, 409  # how a page of this module answers


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def own(request: HttpRequest, label: int) -> HttpResponse:
    """Show the reader's own assessment of a year with what the organisation said (GET); take it while open (POST)."""
    person = representative_of(request.user)
    year = get_object_or_404(Year.objects.select_related("standard", "term"), label=label)
    mandates = mandates_in(year, person) if person and year.state != Year.State.DRAFT else []
    if not mandates:
        raise Http404
    mandate = mandates[0]
    form = _form(request, year, mandate, Assessor.SELF)
    open_ = year.state == Year.State.OPEN
    context = {"year": year, "mandate": mandate, "open": open_}
    status = SHOWN
    if request.method == "POST":
        status = _take(request, form, year, mandate, Assessor.SELF)
        if status == TAKEN:
            messages.success(request, "自评已保存，开始审核以前可以再改。")
            return redirect("self_assessment", label=label)
        open_ = True  # what was typed is shown with the reason, whatever the step
    content, _ = sheet_content(year, mandate)
    context |= {
        "form": form if open_ else None,
        "table": side_by_side(year, mandate, content),
        "content": content,
    }
    return render(request, "scoring/assessment/own.html", context, status=status)


@never_cache
@login_required
@require_GET
def people(request: HttpRequest, label: int) -> HttpResponse:
    """List the people of the reader's areas with who has assessed them, by 姓名笔画."""
    year, mandates = _seen(request, label)
    rows = page_of(mandates.select_related("representative", "area").by_strokes(), request, PEOPLE)
    context = {
        "year": year,
        "section": "assessment",
        "mandates": rows,
        "raters": [str(Assessor(word).label) for word in raters_of(rules_of(year.standard))],
        "rows": progress_of(year, list(rows)),
    }
    return render(request, "scoring/assessment/people.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def one(request: HttpRequest, label: int, mandate: int) -> HttpResponse:
    """Show one person's figures side by side with a form for each seat of the reader (GET); take one form (POST)."""
    year, mandates = _seen(request, label)
    found = get_object_or_404(mandates.select_related("representative", "area", "term"), pk=mandate)
    raters = raters_of(rules_of(year.standard))
    seats = [seat for seat in seats_of(request.user, found) if seat in raters and seat != Assessor.SELF]
    given = year.state in GIVEN_WHILE
    handed_up = given and LockedPeriod.objects.over(found.area, counts_on(year, timezone.now())).exists()
    if request.method != "POST" and (handed_up or not given):
        seats = []  # what was typed while the year went on is shown with the reason
    asked = request.POST.get("seat") or request.GET.get("seat", "")
    seat = asked if asked in seats else seats[-1] if seats and request.method != "POST" else ""
    form = _form(request, year, found, seat) if seat else None
    status = SHOWN
    if request.method == "POST":
        if form is None:
            raise Http404
        status = _take(request, form, year, found, seat)
        if status == TAKEN:
            messages.success(request, f"{found}的{Assessor(seat).label}已保存。")
            return redirect("review_assessment", label=label, mandate=mandate)
    content, _ = sheet_content(year, found)
    context = {
        "year": year,
        "section": "assessment",
        "mandate": found,
        "table": side_by_side(year, found, content),
        "seats": [(each, Assessor(each).label) for each in seats],
        "seat": seat,
        "seat_label": Assessor(seat).label if seat else "",
        "form": form,
        "handed_up": handed_up,
        "own": found.representative.user_id == request.user.pk,
    }
    return render(request, "scoring/assessment/one.html", context, status=status)


def _seen(request: HttpRequest, label: int) -> tuple[Year, Any]:
    """Return the year and the mandates whose scores the reader may see; 404 for who sees none."""
    where = scope(request.user, READS_SCORES)
    year = get_object_or_404(
        Year.objects.exclude(state=Year.State.DRAFT).select_related("standard", "term"), label=label
    )
    mandates = mandates_of(year).filter(where)
    if not mandates.exists():
        raise Http404
    return year, mandates


def _form(request: HttpRequest, year: Year, mandate: Mandate, seat: str) -> AssessmentForm:
    """Return the form of a seat with what it said; who sends it holds the mandate, as the operation does."""
    data = request.POST if request.method == "POST" else None
    if data:
        Mandate.objects.select_for_update(no_key=True).get(pk=mandate.pk)
    given = Assessment.objects.filter(year=year, mandate=mandate, assessor=seat)
    form = AssessmentForm(data, asked=asked_of(rules_of(year.standard), seat), given=given)
    carry(form, f"assessment:{year.label}:{mandate.pk}:{seat}")
    return form


def _take(request: HttpRequest, form: AssessmentForm, year: Year, mandate: Mandate, seat: str) -> int:
    """Hand the form to the operation; what it refuses is said on the form. Return how the page answers."""
    if not form.is_valid():
        return WRONG
    if is_stale(form, subject=mandate, reader=request.user):
        return LATE
    try:
        assess(
            year=year,
            mandate=mandate,
            assessor=seat,
            figures=form.figures(),
            actor=request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
        )
    except AssessmentRefused as refused:
        form.refuse(refused)
        return LATE if isinstance(refused, AssessmentClosed) else WRONG
    except EarnedRefused as refused:
        form.add_error(None, str(refused))
        return LATE if isinstance(refused, FactsLocked) else WRONG
    return TAKEN
