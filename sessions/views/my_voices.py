"""A representative asks a question, hands in an idea, and sees what became of both."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.models.pages import page_of
from sessions.checkin.mine import open_to
from sessions.checkin.visits import representative_of
from sessions.checkin_forms import new_nonce
from sessions.models import Activity
from sessions.operations import TooMany, VoiceRefused, ask_question, submit_idea
from sessions.operations.questions import HOUR
from sessions.voices.counts import counted_of
from sessions.voices.mine import ideas_of, questions_of, sessions_around
from sessions.voices_forms import IdeaForm, QuestionForm
from stations.models import Representative

SHOWN = 20  # questions of mine on one page; ideas have pages


def _person(request: HttpRequest) -> Representative:
    person = representative_of(request.user)
    if person is None:
        raise Http404
    return person


def _refused(response: HttpResponse, why: VoiceRefused) -> HttpResponse:
    """Give the answer the code of its refusal: 429 for too many, else 409."""
    response.status_code = 429 if isinstance(why, TooMany) else 409
    if isinstance(why, TooMany):
        response["Retry-After"] = str(int(HOUR.total_seconds()))
    return response


@never_cache
@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """List my ideas and questions with how they stand."""
    person = _person(request)
    year = timezone.localtime(timezone.now()).year
    context = {
        "person": person,
        "ideas": page_of(ideas_of(person), request),
        "questions": questions_of(person)[:SHOWN],
        "counted": counted_of(person, year),
        "year": year,
    }
    return render(request, "sessions/voices/mine.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form for a question to a session with what I asked there (GET); take the question (POST)."""
    person, now = _person(request), timezone.now()
    offered = Activity.objects.filter(open_to(person)).exclude(state=Activity.State.DRAFT)
    activity = get_object_or_404(offered.select_related("page"), pk=pk)
    if request.method != "POST":
        return _ask_page(request, person, activity, QuestionForm(initial={"nonce": new_nonce()}))
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _ask_page(request, person, activity, form, status=400)
    try:
        ask_question(
            activity=activity,
            representative=person,
            text=form.cleaned_data["text"],
            nonce=form.cleaned_data["nonce"],
            moment=now,
        )
    except VoiceRefused as why:
        form.refuse(str(why))
        return _refused(_ask_page(request, person, activity, form), why)
    messages.success(request, "问题已提交。工作人员审核后公开，回答会出现在这里和活动页面。")
    return redirect("ask", pk=activity.pk)


def _ask_page(
    request: HttpRequest, person: Representative, activity: Activity, form: QuestionForm, status: int = 200
) -> HttpResponse:
    context = {
        "activity": activity,
        "form": form,
        "open": activity.state == Activity.State.OPEN and timezone.now() < activity.ends_at,
        "questions": questions_of(person).filter(activity=activity)[:SHOWN],
    }
    return render(request, "sessions/voices/ask.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_idea(request: HttpRequest) -> HttpResponse:
    """Show the form for an idea (GET, ?activity= chooses the session); take the idea (POST)."""
    person, now = _person(request), timezone.now()
    choices = sessions_around(person, now)
    if request.method != "POST":
        initial: dict[str, Any] = {"nonce": new_nonce(), "activity": request.GET.get("activity")}
        return _idea_page(request, IdeaForm(initial=initial, sessions=choices))
    form = IdeaForm(request.POST, sessions=choices)
    if not form.is_valid():
        return _idea_page(request, form, status=400)
    names = ("title", "text", "theme", "joint", "activity", "nonce")
    facts = {name: form.cleaned_data[name] for name in names}
    try:
        submit_idea(representative=person, moment=now, **facts)
    except VoiceRefused as why:
        form.refuse(str(why))
        return _refused(_idea_page(request, form), why)
    messages.success(request, "金点子已提交。工作人员审核后公开，办到哪一步都能在这里看到。")
    return redirect("me_ideas")


def _idea_page(request: HttpRequest, form: IdeaForm, status: int = 200) -> HttpResponse:
    return render(request, "sessions/voices/new_idea.html", {"form": form}, status=status)
