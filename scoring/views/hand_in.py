"""A representative hands in media reports and honours, and sees what became of them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.uploads import CONTENT_TYPES, answer
from scoring.hand_in import KINDS, hand_ins_of, photo_seen_by
from scoring.hand_in_forms import HandInForm, HonourHandInForm, ReportHandInForm
from scoring.operations import (
    EarnedRefused,
    FactsLocked,
    TooManyWaiting,
    hand_in_honour,
    hand_in_report,
    withdraw,
)
from scoring.sheet.years import told_apart
from sessions.checkin.visits import representative_of
from stations.models import Representative

FORMS: dict[str, tuple[type[HandInForm], Any, str]] = {
    "report": (ReportHandInForm, hand_in_report, "专题报道"),
    "honour": (HonourHandInForm, hand_in_honour, "履职荣誉"),
}


def _person(request: HttpRequest) -> Representative:
    person = representative_of(request.user)
    if person is None or not person.mandates.exists():
        raise Http404
    return person


@never_cache
@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """List what the reader handed in, with how it stands."""
    return render(request, "scoring/hand_in/mine.html", {"rows": hand_ins_of(_person(request))})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the form of one sort (GET); take it (POST). What is refused keeps all that was typed."""
    person = _person(request)
    if kind not in FORMS:
        raise Http404
    form_class, operation, what = FORMS[kind]
    posted = request.method == "POST"
    form: Any = form_class(request.POST, request.FILES) if posted else form_class()
    status = 200
    if posted:
        if form.is_valid():
            try:
                operation(person=person, actor=request.user, moment=timezone.now(), **form.answers())
            except EarnedRefused as refused:
                form.add_error(None, str(refused))
                status = 429 if isinstance(refused, TooManyWaiting) else 409
                status = status if isinstance(refused, TooManyWaiting | FactsLocked) else 400
            else:
                apart = told_apart(form.cleaned_data["day"], timezone.localdate())
                messages.success(request, f"{what}已报送，核实以后计分。{apart}")
                return redirect("hand_ins")
        else:
            status = 400
    context = {"form": form, "kind": kind, "what": what}
    return render(request, "scoring/hand_in/new.html", context, status=status)


@never_cache
@login_required
@require_POST
def take_back(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Take back one hand-in of the reader's own."""
    _person(request)
    if kind not in KINDS:
        raise Http404
    row = get_object_or_404(KINDS[kind], pk=pk, handed_in_by=request.user)
    try:
        withdraw(row=row, actor=request.user)  # type: ignore[arg-type]  # signed in
    except EarnedRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "已撤回。")
    return redirect("hand_ins")


@login_required
@require_GET
def photo(request: HttpRequest, kind: str, pk: int) -> FileResponse:
    """Give out the photo of a hand-in to who handed it in and to who reads the score of its people."""
    row = photo_seen_by(request.user, kind, pk)
    if row is None:
        raise Http404
    try:
        return answer(row.evidence, name="照片.jpg", content_type=CONTENT_TYPES["jpg"], attachment=False)
    except FileNotFoundError as gone:
        raise Http404("这张照片不在了，请联系代表工作委员会。") from gone
