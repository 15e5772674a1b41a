"""Reviewing declarations: the queue, one of them with its evidence, confirming one or many, sending back."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from portal.models import User
from portal.models.pages import page_of
from sessions.declaration_forms import ChosenForm, ConfirmDeclarationForm, QueueForm, ReturnDeclarationForm
from sessions.declarations.queue import PAGE, STATES, counts_of, likely_of, others_of, queue_of, signs_of
from sessions.models import DEED_KINDS, Activity, Attendance, Declaration
from sessions.operations import (
    DeclarationRefused,
    Finding,
    confirm_declaration,
    confirm_declarations,
    return_declaration,
)
from sessions.querysets import READS_DECLARATIONS
from stations.permissions import READS_ROLLS, holds, holds_anywhere

KINDS = [("attendance", "参加的活动"), *((kind.value, kind.label) for kind in DEED_KINDS)]


@never_cache
@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the declarations of the reader's areas by state; those that wait can be ticked and confirmed together."""
    if not holds_anywhere(request.user, READS_DECLARATIONS):
        raise Http404
    return _queue(request)


def _queue(request: HttpRequest, *, why: str = "", status: int = 200) -> HttpResponse:
    wanted = QueueForm(request.POST if request.method == "POST" else request.GET).wanted
    state = wanted["state"] if wanted["state"] in STATES else Declaration.State.SUBMITTED
    kind = wanted["kind"] if wanted["kind"] in dict(KINDS) else ""
    page = page_of(queue_of(request.user, state=state, words=wanted["q"], kind=kind), request, PAGE)
    rows = list(page)
    signs = signs_of(rows)
    decides = holds_anywhere(request.user, READS_ROLLS)
    context = {
        "page_items": page,
        "rows": [(row, signs.get(row.pk, []), decides and _may_tick(row, request.user)) for row in rows],
        "chips": counts_of(request.user),
        "state": state,
        "kind": kind,
        "kinds": KINDS,
        "q": wanted["q"],
        "bulk": decides and state == Declaration.State.SUBMITTED and bool(rows),
        "why": why,
    }
    return render(request, "sessions/declarations/queue.html", context, status=status)


def _may_tick(row: Declaration, user: Any) -> bool:
    return row.state == Declaration.State.SUBMITTED and row.representative.user_id != user.pk


@never_cache
@login_required
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a declaration with its evidence, what the roll says, and likely duplicates."""
    return _one(request, _seen(request, pk))


def _seen(request: HttpRequest, pk: int) -> Declaration:
    """Return a declaration that was handed in within the reader's areas; 404 otherwise (THREATS 12)."""
    seen = Declaration.objects.seen_by(request.user).select_related(
        "representative", "mandate__area", "activity", "area", "decided_by", "attendance__activity"
    )
    declaration = get_object_or_404(seen, pk=pk)
    assert isinstance(declaration, Declaration)
    return declaration


def _one(
    request: HttpRequest, declaration: Declaration, *, why: str = "", typed: Any = None, status: int = 200
) -> HttpResponse:
    assert declaration.area
    decides = holds(request.user, READS_ROLLS, declaration.area)
    own = declaration.representative.user_id == request.user.pk
    waiting = declaration.state == Declaration.State.SUBMITTED
    at_roll = Attendance.objects.filter(
        activity=declaration.activity_id, representative=declaration.representative_id
    )
    context = {
        "declaration": declaration,
        "files": declaration.files.all(),
        "history": declaration.events.select_related("actor").order_by("happened_at", "pk"),
        "row": at_roll.first() if declaration.activity_id else None,
        "likely": likely_of(declaration, request.user) if waiting else [],
        "others": others_of(declaration) if waiting else [],
        "can_decide": decides and waiting and not own,
        "keeps_roll": decides,
        "own": own,
        "statuses": [(s.value, s.label) for s in Attendance.CAME],
        "why": why,
        "typed": typed or {},
    }
    return render(request, "sessions/declarations/one.html", context, status=status)


@never_cache
@login_required
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm one as the reviewer found it; a refusal shows it again with what was typed."""
    declaration = _decidable(request, pk)
    form = ConfirmDeclarationForm(request.POST)
    if not form.is_valid():
        return _again(request, pk, "计量请填 0.5 到 4 之间的数，审核意见不超过 150 字。", 400)
    found = form.cleaned_data
    finding = Finding(
        status=found["status"] or Attendance.Status.PRESENT,
        into=_into(request, found["into"]),
        anew=found["anew"],
        correct=found["correct"],
        note=found["note"],
        units=found["units"],
    )
    try:
        done = confirm_declaration(
            declaration=declaration,
            actor=_user(request),
            moment=timezone.now(),
            seen=found["seen"],
            finding=finding,
        )
    except DeclarationRefused as refused:
        return _again(request, pk, str(refused), 409)
    merged = done.state == Declaration.State.MERGED
    messages.success(
        request, f"{declaration.representative.name}：{'已并入原有记录' if merged else '已通过'}。"
    )
    return _next(request)


def _decidable(request: HttpRequest, pk: int) -> Declaration:
    """Return a declaration of the areas where the reader keeps rolls, own ones too: the refusal says why not those."""
    declaration = _seen(request, pk)
    if declaration.area is None or not holds(request.user, READS_ROLLS, declaration.area):
        raise Http404
    return declaration


def _into(request: HttpRequest, number: int | None) -> Activity | None:
    if not number:
        return None
    kept = Activity.objects.recorded_by(request.user).select_related("area")
    activity = get_object_or_404(kept, pk=number)
    assert isinstance(activity, Activity)
    return activity


def _again(request: HttpRequest, pk: int, why: str, status: int) -> HttpResponse:
    return _one(request, _seen(request, pk), why=why, typed=request.POST, status=status)


def _next(request: HttpRequest) -> HttpResponse:
    """Go to the declaration that has waited longest, so that forty are one row of taps; else back to the queue."""
    rows = Declaration.objects.decided_by_staff(request.user).waiting().order_by("submitted_at", "pk")
    first = rows.values_list("pk", flat=True).first()
    return redirect("declaration", pk=first) if first else redirect("declarations")


@never_cache
@login_required
@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one back with a reason."""
    declaration = _decidable(request, pk)
    form = ReturnDeclarationForm(request.POST)
    if not form.is_valid():
        return _again(request, pk, "退回原因不超过 300 字，请缩短一些。", 400)
    try:
        return_declaration(
            declaration=declaration,
            reason=form.cleaned_data["reason"],
            actor=_user(request),
            moment=timezone.now(),
            seen=form.cleaned_data["seen"],
        )
    except DeclarationRefused as refused:
        return _again(request, pk, str(refused), 409)
    messages.success(request, f"{declaration.representative.name}：已退回，本人会看到原因。")
    return _next(request)


@never_cache
@login_required
@require_POST
def confirm_chosen(request: HttpRequest) -> HttpResponse:
    """Confirm the ticked ones; each has its own outcome, and what was left is named with why."""
    if not holds_anywhere(request.user, READS_ROLLS):
        raise Http404
    form = ChosenForm(request.POST)
    if not form.is_valid():
        return _queue(request, why="请先勾选要通过的申报。", status=400)
    versions = form.cleaned_data["chosen"]
    rows = Declaration.objects.decided_by_staff(request.user).filter(pk__in=versions)
    chosen = [
        (row, versions[row.pk]) for row in rows.select_related("representative").order_by("submitted_at")
    ]
    outcomes = confirm_declarations(chosen=chosen, actor=_user(request), moment=timezone.now())
    done = sum(not outcome.refused for outcome in outcomes)
    if done:
        messages.success(request, f"已通过 {done} 件。")
    for outcome in outcomes:
        if outcome.refused:
            messages.warning(request, f"{outcome.declaration.representative.name}：{outcome.refused}")
    wanted = {k: v for k, v in QueueForm(request.POST).wanted.items() if v}
    return redirect(reverse("declarations") + (f"?{urlencode(wanted)}" if wanted else ""))


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # signed in
    return request.user
