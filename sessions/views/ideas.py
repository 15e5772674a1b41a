"""The staff's side of bright ideas: judge them, merge what says the same, enter what became of each."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.stale_forms import carry, is_stale
from sessions.checkin_forms import new_nonce
from sessions.models import Activity, Idea
from sessions.operations import (
    VoiceRefused,
    decline_ideas,
    enter_idea,
    handle_idea,
    merge_ideas,
    release_ideas,
    split_idea,
)
from sessions.views.onward import onward
from sessions.views.voices import queue_page
from sessions.voices.console import history_of
from sessions.voices.permissions import idea_halls_of, keeps_ideas
from sessions.voices.similar import THRESHOLD, similar_to
from sessions.voices_forms import HandlingForm, IntoForm, JudgeForm, PaperIdeaForm


def _kept(request: HttpRequest, pk: int, *, held: bool = False) -> Idea:
    """Return an idea of the reader's areas, held for a write; 404 for everybody else (THREATS 12)."""
    kept = Idea.objects.kept_by(request.user).select_related("activity", "area", "duplicate_of").signed()
    if held:
        kept = kept.select_for_update(of=("self",))
    idea = get_object_or_404(kept, pk=pk)
    assert isinstance(idea, Idea)
    return idea


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form for an idea that was handed in on paper at a session (GET); take it (POST)."""
    held = idea_halls_of(request.user).exclude(state=Activity.State.DRAFT)
    activity = get_object_or_404(held, pk=pk)
    if request.method != "POST":
        return _paper(request, activity, PaperIdeaForm(initial={"nonce": new_nonce()}))
    form = PaperIdeaForm(request.POST)
    if not form.is_valid():
        return _paper(request, activity, form, status=400)
    try:
        idea = enter_idea(
            activity=activity,
            **form.cleaned_data,
            moment=timezone.now(),
            actor=request.user,  # type: ignore[arg-type]  # signed in
        )
    except VoiceRefused as why:
        form.refuse(str(why))
        return _paper(request, activity, form, status=409)
    messages.success(request, f"“{idea.title}”已登记，在“待审核”里。可以接着登记下一条。")
    return redirect("enter_idea", pk=pk)


def _paper(request: HttpRequest, activity: Activity, form: PaperIdeaForm, status: int = 200) -> HttpResponse:
    context = {"activity": activity, "form": form}
    return render(request, "sessions/voices/enter_idea.html", context, status=status)


@never_cache
@login_required
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one idea with its likes, the form of its handling and its history."""
    return _page(request, _kept(request, pk))


def _page(
    request: HttpRequest, idea: Idea, *, form: HandlingForm | None = None, why: str = "", status: int = 200
) -> HttpResponse:
    kept = Idea.objects.kept_by(request.user)
    context = {
        "idea": idea,
        "form": form or _handling(idea),
        "alike": [] if idea.duplicate_of_id or idea.state == Idea.State.DECLINED else similar_to(idea, kept),
        "threshold": THRESHOLD,
        "history": history_of(idea),
        "members": sorted(idea.merged.all(), key=lambda each: (each.submitted_at, each.pk)),
        "why": why,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "sessions/voices/idea.html", context, status=status)


def _handling(idea: Idea, data: Any = None) -> HandlingForm:
    """Return the form of the next step, with what stands there."""
    initial = {"handling": idea.handling, "happened_on": timezone.localdate()}
    form = HandlingForm(data, initial=initial | {"organ": idea.handed_to, "reply": idea.reply})
    carry(form, f"idea:{idea.pk}")
    return form


@never_cache
@login_required
@require_POST
def judge(request: HttpRequest) -> HttpResponse:
    """Release or decline the ideas that were ticked, all of them the reader's to judge."""
    if not keeps_ideas(request.user):
        raise Http404
    form = JudgeForm(request.POST)
    if not form.is_valid():
        why = " ".join(str(e) for errors in form.errors.values() for e in errors)
        return queue_page(request, why=why, status=400)
    chosen = form.cleaned_data["chosen"]
    common: dict[str, Any] = {"moment": timezone.now(), "actor": request.user}
    rows = list(Idea.objects.kept_by(request.user).filter(pk__in=chosen))
    if len(rows) != len(chosen):
        raise Http404
    try:
        if form.cleaned_data["verdict"] == Idea.State.RELEASED:
            messages.success(request, f"{release_ideas(ideas=rows, **common)} 条金点子已公开。")
        else:
            count = decline_ideas(ideas=rows, reason=form.cleaned_data["reason"], **common)
            messages.success(request, f"{count} 条金点子已设为不公开。")
    except VoiceRefused as why:
        if len(rows) == 1 and "next" in request.POST:
            return _page(request, _kept(request, rows[0].pk), why=str(why), status=409)
        return queue_page(request, why=str(why), status=409)
    return onward(request, "voices")


@never_cache
@login_required
@require_POST
@transaction.atomic
def handle(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a step of the handling; a refusal shows the page again with what was typed.

    What a colleague entered since the page was opened is told.
    """
    idea = _kept(request, pk, held=True)
    form = _handling(idea, request.POST)
    if not form.is_valid():
        return _page(request, idea, form=form, status=400)
    if is_stale(form, subject=idea, reader=request.user):
        return _page(request, idea, form=form, status=409)
    user: Any = request.user
    try:
        row = handle_idea(idea=idea, **form.cleaned_data, moment=timezone.now(), actor=user)
    except VoiceRefused as why:
        form.add_error(None, str(why))
        return _page(request, idea, form=form, status=409)
    messages.success(request, f"已登记为“{row.get_handling_display()}”。")
    return redirect("voice_idea", pk=pk)


@never_cache
@login_required
@require_POST
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge this idea into another of the reader's areas."""
    idea = _kept(request, pk)
    form = IntoForm(request.POST)
    if not form.is_valid():
        return _page(request, idea, why="请选择要并入哪一条。", status=400)
    into = _kept(request, form.cleaned_data["into"])
    try:
        head = merge_ideas(idea=idea, into=into, moment=timezone.now(), actor=request.user)  # type: ignore[arg-type]
    except VoiceRefused as why:
        return _page(request, idea, why=str(why), status=409)
    messages.success(request, f"已并入“{head.title}”，只算一条，作者都在。合并错了，可以在下面分开。")
    return redirect("voice_idea", pk=head.pk)


@never_cache
@login_required
@require_POST
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the merge of this idea."""
    idea = _kept(request, pk)
    split_idea(idea=idea, moment=timezone.now(), actor=request.user)  # type: ignore[arg-type]  # signed in
    messages.success(request, "已分开，重新算作单独的一条。")
    return redirect("voice_idea", pk=pk)
