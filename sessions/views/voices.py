"""The staff's queue of questions and ideas, and the questions of one session as the table in the hall sees them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from portal.models.pages import page_of
from sessions.checkin.visits import representative_of
from sessions.checkin_forms import new_nonce
from sessions.models import Activity, Idea, Question, SessionSpeaker
from sessions.operations import (
    VoiceRefused,
    answer_question,
    bring_forward,
    judge_questions,
    write_down_question,
)
from sessions.views.onward import onward
from sessions.voices.console import IDEAS, QUESTIONS, hall_of, idea_queue, numbered, question_queue
from sessions.voices.permissions import halls_of, idea_halls_of, keeps_ideas, keeps_questions, may_answer
from sessions.voices_forms import AnswerForm, FloorQuestionForm, JudgeForm

PAGE = 30


@never_cache
@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """List what waits in the reader's areas: ?show=ideas or questions, ?state=, ?q=."""
    if not keeps_questions(request.user):
        raise Http404
    return queue_page(request)


def queue_page(request: HttpRequest, *, why: str = "", status: int = 200) -> HttpResponse:
    """Render the queue; `why` says what could not be done, and what was ticked and typed stands there again."""
    source: Any = request.POST if request.method == "POST" else request.GET
    with_ideas = keeps_ideas(request.user)
    show = "questions" if source.get("show") == "questions" or not with_ideas else "ideas"
    filters = QUESTIONS if show == "questions" else IDEAS
    state = source.get("state") if source.get("state") in filters else "new"
    words = " ".join(source.get("q", "").replace("\x00", " ").split())[:60]
    questions, ideas = Question.objects.kept_by(request.user), Idea.objects.kept_by(request.user)
    rows = question_queue(questions, state, words) if show == "questions" else idea_queue(ideas, state, words)
    context = {
        "show": show,
        "state": state,
        "words": words,
        "with_ideas": with_ideas,
        "shelves": numbered(questions if show == "questions" else ideas, filters),
        "waiting_questions": questions.filter(QUESTIONS["new"][1]).count(),
        "waiting_ideas": ideas.filter(IDEAS["new"][1]).count(),
        "items": page_of(rows, request, PAGE),
        "why": why,
        "ticked": request.POST.getlist("chosen"),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "sessions/voices/queue.html", context, status=status)


def _hall(request: HttpRequest, pk: int, *, keeper: bool) -> Activity:
    """Return an activity whose questions the reader judges (or, unless `keeper`, may answer); else 404 (THREATS 12)."""
    activity: Activity = get_object_or_404(Activity.objects.exclude(state=Activity.State.DRAFT), pk=pk)
    if keeper:
        return get_object_or_404(halls_of(request.user), pk=activity.pk)  # type: ignore[no-any-return]
    if not may_answer(request.user, representative_of(request.user), activity):
        raise Http404
    return activity


@never_cache
@login_required
@require_GET
def hall(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the questions of one session in their order, with what the reader may do with each."""
    return _hall_page(request, _hall(request, pk, keeper=False))


def _hall_page(
    request: HttpRequest, activity: Activity, *, refused: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    person = representative_of(request.user)
    speakers = SessionSpeaker.objects.filter(page__activity=activity).select_related("representative")
    context = {
        "activity": activity,
        "hall": hall_of(activity),
        "keeper": halls_of(request.user).filter(pk=activity.pk).exists(),
        "speakers": [str(speaker) for speaker in speakers.order_by("sort_order", "pk")],
        "own_name": person.name if person else "",
        "refused": refused,
        "floor": (refused or {}).get("floor") or FloorQuestionForm(initial={"nonce": new_nonce()}),
        "enters_ideas": idea_halls_of(request.user).filter(pk=activity.pk).exists(),
        "ticked": request.POST.getlist("chosen"),
    }
    return render(request, "sessions/voices/hall.html", context, status=status)


@never_cache
@login_required
@require_GET
def hall_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the open page whether another question came: its newest and how many wait. No words, no names."""
    questions = hall_of(_hall(request, pk, keeper=False))
    return JsonResponse({"newest": questions.newest, "waiting": len(questions.waiting)})


@never_cache
@login_required
@require_POST
def judge(request: HttpRequest) -> HttpResponse:
    """Release or decline the questions that were ticked, all of them the reader's to judge."""
    if not keeps_questions(request.user):
        raise Http404
    form = JudgeForm(request.POST)
    if not form.is_valid():
        return _judge_again(request, " ".join(str(e) for errors in form.errors.values() for e in errors), 400)
    chosen = form.cleaned_data["chosen"]
    rows = list(Question.objects.kept_by(request.user).filter(pk__in=chosen))
    if len(rows) != len(chosen):
        raise Http404
    verdict = form.cleaned_data["verdict"]
    try:
        count = judge_questions(
            questions=rows,
            verdict=verdict,
            reason=form.cleaned_data["reason"],
            actor=request.user,  # type: ignore[arg-type]  # signed in
        )
    except VoiceRefused as why:
        return _judge_again(request, str(why), 409)
    done = "公开" if verdict == Question.State.RELEASED else "不公开"
    messages.success(request, f"{count} 个问题已设为{done}。")
    return onward(request, f"{reverse('voices')}?show=questions")


def _judge_again(request: HttpRequest, why: str, status: int) -> HttpResponse:
    """Show the page the form came from, with what was ticked and typed."""
    hall_of_form = request.POST.get("hall", "")
    activity = None
    if hall_of_form.isascii() and hall_of_form.isdigit():
        activity = halls_of(request.user).filter(pk=int(hall_of_form)).first()
    if activity is None:
        return queue_page(request, why=why, status=status)
    typed = {"why": why, "reason": request.POST.get("reason", "")}
    return _hall_page(request, activity, refused=typed, status=status)


@never_cache
@login_required
@require_POST
def answer(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    """Write the answer to a question; a refusal shows the page again with what was typed."""
    activity = _hall(request, pk, keeper=False)
    row = get_object_or_404(Question, activity=activity, pk=question)
    form = AnswerForm(request.POST)
    why, status = "请写下回答，并写明由谁回答；回答最多 1000 字。", 400
    if form.is_valid():
        try:
            answer_question(
                question=row,
                **form.cleaned_data,
                moment=timezone.now(),
                actor=request.user,  # type: ignore[arg-type]  # signed in
            )
        except VoiceRefused as refused:
            why, status = str(refused), 409
        else:
            messages.success(
                request,
                "回答已保存。"
                if row.state == Question.State.RELEASED
                else "回答已保存，问题公开后读者可以看到。",
            )
            return redirect(f"{reverse('hall', args=[pk])}#q{row.pk}")
    typed = {
        "why": why,
        "question": row.pk,
        "answer": form["answer"].value(),
        "by": form["answered_by"].value(),
    }
    return _hall_page(request, activity, refused=typed, status=status)


@never_cache
@login_required
@require_POST
def first(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    """Put a question before all others of its session."""
    activity = _hall(request, pk, keeper=True)
    row = get_object_or_404(Question, activity=activity, pk=question)
    bring_forward(question=row, actor=request.user)  # type: ignore[arg-type]  # signed in
    return redirect(f"{reverse('hall', args=[pk])}#q{row.pk}")


@never_cache
@login_required
@require_POST
def write_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a question that was asked aloud or on paper."""
    activity = _hall(request, pk, keeper=True)
    form = FloorQuestionForm(request.POST)
    if not form.is_valid():
        return _hall_page(request, activity, refused={"floor": form}, status=400)
    try:
        row = write_down_question(
            activity=activity,
            **form.cleaned_data,
            moment=timezone.now(),
            actor=request.user,  # type: ignore[arg-type]  # signed in
        )
    except VoiceRefused as why:
        form.refuse(str(why))
        return _hall_page(request, activity, refused={"floor": form}, status=409)
    messages.success(request, "提问已登记，在“待审核”里。")
    return redirect(f"{reverse('hall', args=[pk])}#q{row.pk}")
