"""年度审核: the years, one year with its areas and steps, one area with its people. Reviewer, office, auditor."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.models.pages import page_of
from portal.stale_forms import in_one_line, is_stale
from scoring.models import AreaReview, Standard, Year
from scoring.operations import (
    YearRefused,
    confirm_year,
    create_year,
    notify_year,
    open_year,
    publicise_year,
    recheck_area,
    reopen_area,
    return_area,
    set_joiners,
    set_shown,
    start_review,
    submit_area,
)
from scoring.year.ahead import still_to_come, working_days_after
from scoring.year.confirmed import CONFIRMED
from scoring.year.console import areas_of, in_the_way, people_of, people_rows, rows_of, steps_of, withdrawn_of
from scoring.year.forms import (
    AreasForm,
    DecisionForm,
    JoinersForm,
    NewYearForm,
    ShownForm,
    StepForm,
    joiners_form,
    shown_form,
)
from scoring.year.levels import levels_here
from scoring.year.reach import leads, term_of
from scoring.year.steps import AHEAD, AREA_STEPS, PUBLICITY_DAYS, YEAR_STEPS
from stations.models import Mandate, Term
from stations.permissions import READS_SCORES, Role, granted_areas, holds_anywhere

PEOPLE = 50  # of an area on one page
SENT_BACK = {"return": return_area, "reopen": reopen_area}  # with a reason


def seen_year(request: HttpRequest, label: int, *, held: bool = False) -> Year:
    """Return the year, `held` until it is written, for somebody who may read scores anywhere; else 404 (THREATS 12, 13)."""
    if not holds_anywhere(request.user, READS_SCORES):
        raise Http404
    years = Year.objects.select_related("standard", "term")
    year = get_object_or_404(years.select_for_update(of=("self",)) if held else years, label=label)
    assert isinstance(year, Year)
    return year


def led_year(request: HttpRequest, label: int, *, held: bool = False) -> Year:
    """Return the year for the office that leads it, `held` until it is written; 404 for everybody else."""
    year = seen_year(request, label, held=held)
    if not leads(request.user, (Role.OFFICE,), year):
        raise Http404
    return year


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """List the years, the latest first; the office may create one (POST)."""
    if not holds_anywhere(request.user, READS_SCORES):
        raise Http404
    office = holds_anywhere(request.user, (Role.OFFICE,))
    if request.method == "POST" and not office:
        raise Http404
    latest = Year.objects.order_by("-label").first()
    proposed = latest.label + 1 if latest else timezone.localdate().year
    form = NewYearForm(request.POST or None, initial={"label": proposed})
    if request.method == "POST" and form.is_valid():
        try:
            year = _created(form, request)
        except YearRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{year}已建立，下一步是开启年度。")
            return redirect("review_year", label=year.label)
    years = page_of(Year.objects.select_related("standard").order_by("-label"), request)
    missing = _missing() if office and not years else {}
    context = {
        "years": years,
        "missing": missing,
        "nobody": office and not years and not missing and not Mandate.objects.exists(),
        "form": form if office and (form.errors or not missing) else None,
    }
    return render(request, "scoring/year/years.html", context, status=400 if form.errors else 200)


def _missing() -> dict[str, str]:
    """Return the ways to what the first year of all still needs, by the words of the empty page; empty: nothing."""
    ways: dict[str, str] = {}
    if not Term.objects.exists():
        ways |= {"href": reverse("terms:add"), "action": "登记本届"}
    if not Standard.objects.adopted().exists():
        ways |= {"href2": reverse("standard:index"), "action2": "上传、启用积分标准"}
    return ways


def _created(form: NewYearForm, request: HttpRequest) -> Year:
    """Create the year of a form in the term that is in office then. Raises YearRefused."""
    label = form.cleaned_data["label"]
    term = term_of(date(label, 1, 1), date(label, 12, 31))
    if term is None:
        raise YearRefused(f"{label} 年没有在任的届次，请先在“人员与站点 → 届”里登记。")
    return create_year(
        label=label,
        term=term,
        standard=form.cleaned_data["standard"],
        joiners=form.cleaned_data["joiners"],
        actor=request.user,  # type: ignore[arg-type]  # signed in
    )


@never_cache
@login_required
@require_GET
def show(request: HttpRequest, label: int) -> HttpResponse:
    """Show one year: five steps, what is in the way, the areas of the reader."""
    return _show(request, seen_year(request, label))


def _show(
    request: HttpRequest,
    year: Year,
    *,
    refused: list[str] | None = None,
    decision: DecisionForm | None = None,
    joiners: JoinersForm | None = None,
    shown: ShownForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the year; `refused` says what was not done and why, a form gives back what was typed."""
    now = timezone.now()
    rows = rows_of(year, request.user)
    leading = leads(request.user, (Role.OFFICE,), year)
    ahead = AHEAD.get(year.state, "")
    levels = levels_here()
    context: dict[str, Any] = {
        "year": year,
        "section": "year",
        "office": leading,
        "rows": rows,
        "people": sum(row.people for row in rows),
        "steps": steps_of(year, rows, levels),
        "blockers": in_the_way(year, rows, now, levels),
        "leading": leading,
        "ahead": ahead,
        "ahead_label": YEAR_STEPS[ahead].label if ahead else "",
        "sure": bool(leading and ahead and YEAR_STEPS[ahead].sure),
        "to_come": still_to_come(year, now) if leading and ahead == "review" else [],
        "until": working_days_after(timezone.localdate(now), PUBLICITY_DAYS),
        "joiners": (joiners or joiners_form(year))
        if leading and year.state in {Year.State.DRAFT, Year.State.OPEN}
        else None,
        "shown": (shown or shown_form(year)) if leading else None,
        "decision": (decision or DecisionForm()) if leading and ahead == "confirm" else None,
        "bulk": [
            (name, AREA_STEPS[name].label)
            for name in ("submit", "recheck")
            if any(name in row.actions for row in rows)
        ],
        "frozen": year.state in CONFIRMED,
        "withdrawn": withdrawn_of(year) if year.state == Year.State.REVIEWING else None,
        "refused": refused or [],
    }
    return render(request, "scoring/year/year.html", context, status=status)


@never_cache
@login_required
@require_POST
def step(request: HttpRequest, label: int) -> HttpResponse:
    """Take the next step of the whole year; a refusal shows the year as it stands now, with the reason."""
    year = seen_year(request, label)
    form = StepForm(request.POST)
    if not form.is_valid():
        if "step" in form.errors:
            raise Http404
        return _show(request, year, refused=[str(each) for each in form.errors.get("sure", ())], status=400)
    name = form.cleaned_data["step"]
    decision = DecisionForm(request.POST) if name == "confirm" else None
    if decision and not decision.is_valid():
        return _show(request, year, decision=decision, status=400)
    now = timezone.now()
    common: dict[str, Any] = {"year": year, "actor": request.user, "moment": now}
    try:
        if name == "review":
            to_come = form.cleaned_data["to_come"] or 0
            start_review(**common, areas=areas_of(year), to_come_seen=to_come)
        elif decision:
            confirm_year(**common, **decision.cleaned_data)
        else:
            {"open": open_year, "publicise": publicise_year, "notify": notify_year}[name](**common)
    except YearRefused as refused:
        year.refresh_from_db()
        return _show(request, year, refused=[str(refused)], decision=decision, status=409)
    messages.success(request, f"已完成：{YEAR_STEPS[name].label}。")
    return redirect("review_year", label=year.label)


@never_cache
@login_required
@require_POST
@transaction.atomic
def joiners(request: HttpRequest, label: int) -> HttpResponse:
    """Set how mandates that begin or end within the year are graded."""
    year = led_year(request, label, held=True)
    form = joiners_form(year, request.POST)
    if not form.is_valid():
        raise Http404
    if is_stale(form, subject=year, reader=request.user):
        return _show(request, year, refused=[in_one_line(form)], joiners=form, status=409)
    try:
        set_joiners(year=year, joiners=form.cleaned_data["joiners"], actor=request.user)  # type: ignore[arg-type]
    except YearRefused as refused:
        return _show(request, year, refused=[str(refused)], status=409)
    chosen = Year.Joiners(form.cleaned_data["joiners"]).label
    messages.success(request, f"年中到任或离任的代表：{chosen}。")
    return redirect("review_year", label=year.label)


@never_cache
@login_required
@require_POST
@transaction.atomic
def shown(request: HttpRequest, label: int) -> HttpResponse:
    """Set what representatives read of their position, and whether rolls are asked for their signed sheets."""
    year = led_year(request, label, held=True)
    form = shown_form(year, request.POST)
    if not form.is_valid():
        raise Http404
    if is_stale(form, subject=year, reader=request.user):
        return _show(request, year, refused=[in_one_line(form)], shown=form, status=409)
    year = set_shown(year=year, actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]  # signed in
    asked = "，名册要有签到册原件" if year.wants_sheets else ""
    messages.success(request, f"代表看到的位置：{year.get_position_display()}{asked}。")
    return redirect("review_year", label=year.label)


@never_cache
@login_required
@require_POST
def areas(request: HttpRequest, label: int) -> HttpResponse:
    """Submit, return or pass areas: each by itself, so that one refusal does not hold up the others."""
    year = seen_year(request, label)
    mine = {row.area.pk: row for row in rows_of(year, request.user)}
    form = AreasForm(request.POST, list(mine))
    if not form.is_valid():
        return _show(request, year, refused=[form.complaint], status=400)
    action, reason = form.cleaned_data["action"], form.cleaned_data["reason"]
    reviews = AreaReview.objects.filter(year=year, area__in=form.cleaned_data["areas"]).select_related("area")
    done, refusals = [], []
    for review in reviews.order_by("area__path"):
        try:
            _act(action, review, reason, request)
            done.append(review.area.name)
        except YearRefused as refused:
            refusals.append(f"{review.area.name}：{refused}")
    if done:
        messages.success(request, f"{AREA_STEPS[action].label}：{'、'.join(done)}（{len(done)} 个区域）。")
    if refusals:
        year.refresh_from_db()
        return _show(request, year, refused=refusals, status=409)
    return redirect("review_year", label=year.label)


def _act(action: str, review: AreaReview, reason: str, request: HttpRequest) -> None:
    common: dict[str, Any] = {"review": review, "actor": request.user, "moment": timezone.now()}
    if action in SENT_BACK:
        SENT_BACK[action](**common, reason=reason)
    else:
        {"submit": submit_area, "recheck": recheck_area}[action](**common)


@never_cache
@login_required
@require_GET
def area(request: HttpRequest, label: int, pk: int) -> HttpResponse:
    """List the people of one area by 姓名笔画, with total, band and what is short."""
    year = seen_year(request, label)
    roots = granted_areas(request.user, READS_SCORES)
    here = next((each for each in areas_of(year) if each.pk == pk), None)
    if here is None or not any(here.path.startswith(root.path) for root in roots):
        raise Http404
    mandates = page_of(people_of(year, here).select_related("representative", "area"), request, PEOPLE)
    context = {
        "year": year,
        "section": "year",
        "area": here,
        "review": AreaReview.objects.filter(year=year, area=here).first(),
        "mandates": mandates,
        "people": people_rows(year, list(mandates)),
        "frozen": year.state in CONFIRMED,
    }
    return render(request, "scoring/year/area.html", context)
