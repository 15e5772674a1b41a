"""异议: a representative objects to the own publicised sheet; staff of the area read it, the leading office answers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.models.pages import page_of
from portal.uploads import CONTENT_TYPES, answer
from scoring.models import Objection, Year
from scoring.objection_forms import AnswerForm, ObjectionForm, WithdrawForm
from scoring.operations import (
    ObjectionRefused,
    TooManyObjections,
    YearRefused,
    answer_objection,
    file_objection,
    withdraw_publicity,
)
from scoring.querysets import NEW_FOR
from scoring.sheet.years import mandates_in, years_of
from scoring.views.year import led_year, seen_year
from scoring.year.reach import leads
from sessions.checkin.visits import representative_of
from stations.models import Mandate
from stations.permissions import READS_SCORES, Role, granted_areas, within

SHOWN = 30
STARTED = {Year.State.DRAFT, Year.State.OPEN}  # before these are over nothing was publicised


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, label: int) -> HttpResponse:
    """List the reader's objections of a year with their answers (GET); send one (POST), what is refused stays typed."""
    year, mandate = _own(request, label)
    form = ObjectionForm(year, request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            given = form.cleaned_data
            try:
                file_objection(
                    year=year,
                    mandate=mandate,
                    item=given["item"],
                    text=given["text"],
                    upload=given["file"],
                    actor=request.user,  # type: ignore[arg-type]  # signed in
                    moment=timezone.now(),
                )
            except ObjectionRefused as refused:
                form.add_error(None, str(refused))
                status = 429 if isinstance(refused, TooManyObjections) else 409
            else:
                messages.success(request, "异议已提出，答复以后会显示在这里。")
                return redirect("objections", label=year.label)
    rows = Objection.objects.filter(year=year, mandate__representative=mandate.representative_id)
    context = {
        "year": year,
        "since": timezone.now() - NEW_FOR,
        "form": form if year.publicised_on(timezone.localdate()) or form.errors else None,
        "rows": rows.select_related("answered_by").order_by("-filed_at", "-pk"),
    }
    return render(request, "scoring/objection/own.html", context, status=status)


def _own(request: HttpRequest, label: int) -> tuple[Year, Mandate]:
    """Return the year and the reader's mandate in it; 404 for who is not graded in it, and before its review."""
    person = representative_of(request.user)
    year = next((each for each in years_of(person) if each.label == label), None) if person else None
    mandates = mandates_in(year, person) if year and person and year.state not in STARTED else []
    if not year or not mandates:
        raise Http404
    return year, mandates[0]


@never_cache
@login_required
@require_GET
def index(request: HttpRequest, label: int) -> HttpResponse:
    """List the objections of a year in the reader's branches, those that wait first."""
    year = seen_year(request, label)
    rows = Objection.objects.seen_by(request.user).filter(year=year)
    waiting = rows.waiting().count()
    only = request.GET.get("list") == "open"
    ordered = (rows.waiting() if only else rows).order_by("answered_at", "filed_at", "pk")
    listed = ordered.select_related("mandate__representative", "mandate__area")
    context = _console(request, year) | {
        "page": page_of(listed, request, SHOWN),
        "waiting": waiting,
        "only": only,
    }
    return render(request, "scoring/objection/index.html", context)


def _console(request: HttpRequest, year: Year) -> dict[str, Any]:
    leading = leads(request.user, (Role.OFFICE,), year)
    return {"year": year, "section": "objections", "office": leading}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, label: int, pk: int) -> HttpResponse:
    """Show one objection to who reads the score of its person (GET); the office that leads the year answers (POST)."""
    year = seen_year(request, label)
    seen = Objection.objects.seen_by(request.user).filter(year=year)
    found = get_object_or_404(
        seen.select_related("mandate__representative", "mandate__area", "answered_by"), pk=pk
    )
    context = _console(request, year)
    if request.method == "POST" and not context["office"]:
        raise Http404
    form = AnswerForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            accepted = form.cleaned_data["outcome"] == Objection.Outcome.ACCEPTED
            try:
                answer_objection(
                    objection=found,
                    accepted=accepted,
                    answer=form.cleaned_data["answer"],
                    actor=request.user,  # type: ignore[arg-type]  # signed in
                    moment=timezone.now(),
                )
            except ObjectionRefused as refused:
                form.add_error(None, str(refused))
                status = 409
                found.refresh_from_db()
            else:
                messages.success(request, f"第 {found.pk} 号异议已答复：{'采纳' if accepted else '不采纳'}。")
                return redirect("review_objections", label=year.label)
    mine = request.user.pk in {found.filed_by_id, found.mandate.representative.user_id}
    answering = context["office"] and not mine and found.outcome == Objection.Outcome.OPEN
    context |= {"objection": found, "mine": mine, "form": form if answering or form.errors else None}
    return render(request, "scoring/objection/one.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, label: int) -> HttpResponse:
    """Ask for the reason and what it means (GET); take the publicity back (POST)."""
    year = led_year(request, label)
    form = WithdrawForm(year, request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                withdraw_publicity(
                    year=year,
                    reason=form.cleaned_data["reason"],
                    objection=form.cleaned_data["objection"],
                    actor=request.user,  # type: ignore[arg-type]  # signed in
                    moment=timezone.now(),
                )
            except YearRefused as refused:
                form.add_error(None, str(refused))
                status = 409
                year.refresh_from_db()
            else:
                messages.success(request, "公示已撤回。请退回要更正的区域，更正、报送、复核以后重新公示。")
                return redirect("review_year", label=year.label)
    context = {"year": year, "section": "year", "office": True, "form": form}
    context["open"] = year.state == Year.State.PUBLICISED
    return render(request, "scoring/objection/withdraw.html", context, status=status)


@login_required
@require_GET
def evidence(request: HttpRequest, pk: int) -> FileResponse:
    """Give out the file of an objection to who sent it and to who reads the score of its person."""
    reach = within(granted_areas(request.user, READS_SCORES), "mandate__area")
    rows = Objection.objects.exclude(evidence="").filter(Q(filed_by=request.user.pk) | reach)
    found = get_object_or_404(rows, pk=pk)
    kind = "pdf" if found.evidence.name.endswith(".pdf") else "jpg"
    try:
        return answer(
            found.evidence,
            name=f"佐证.{kind}",
            content_type=CONTENT_TYPES[kind],
            attachment=kind == "pdf",
        )
    except FileNotFoundError as gone:
        raise Http404("这个文件不在了，请联系代表工作委员会。") from gone
