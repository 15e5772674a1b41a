"""Pages of leave: asking and taking back, filing for who telephoned, the approver's queue and one request."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.models.pages import page_of
from sessions.checkin.visits import representative_of
from sessions.leave.policy import readable_by, reads_anywhere
from sessions.leave.requests import (
    FILTERS,
    PAGE,
    SHOWN,
    history_of,
    latest_of,
    queue,
    shown_to,
)
from sessions.leave_forms import DecisionForm, DecisionsForm, LeaveForm
from sessions.models import Activity, Attendance, Enrolment, LeaveRequest
from sessions.operations import (
    LeaveRefused,
    NotYours,
    ReasonNeeded,
    decide_leave,
    decide_leaves,
    file_leave,
    withdraw_leave,
)
from stations.models import Representative

State = LeaveRequest.State


def _status(refused: LeaveRefused) -> int:
    """Return the HTTP status of a refusal: not theirs, a reason missing, or the state of things."""
    if isinstance(refused, NotYours):
        return 403
    return 400 if isinstance(refused, ReasonNeeded) else 409


# --- the representative -------------------------------------------------------------------------------------


def _called(request: HttpRequest, pk: int) -> tuple[Representative, Activity]:
    """Return the reader and an activity to which they are called or had asked for leave; 404 for everything else."""
    person = representative_of(request.user)
    if person is None:
        raise Http404
    called = Enrolment.objects.expected().filter(representative=person).exclude(basis="voluntary")
    asked = LeaveRequest.objects.filter(representative=person)
    known = Activity.objects.filter(
        Q(pk__in=called.values("activity_id")) | Q(pk__in=asked.values("activity_id"))
    )
    known = known.exclude(state=Activity.State.DRAFT)
    activity = get_object_or_404(known.select_related("area"), pk=pk)
    assert isinstance(activity, Activity)
    return person, activity


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how the reader's leave stands, with the form where there is none; take the form (POST)."""
    person, activity = _called(request, pk)
    form = LeaveForm(request.POST or None)
    if request.method != "POST":
        return _mine(request, person, activity, form)
    if not form.is_valid():
        return _mine(request, person, activity, form, status=400)
    try:
        _file(request, person, activity, form)
    except LeaveRefused as refused:
        return _mine(request, person, activity, form, why=str(refused), status=_status(refused))
    messages.success(request, "请假已提出，批假的人现在就能看到。结果在这一页查看。")
    return redirect("me_leave", pk=activity.pk)


def _mine(
    request: HttpRequest,
    person: Representative,
    activity: Activity,
    form: LeaveForm,
    *,
    why: str = "",
    status: int = 200,
) -> HttpResponse:
    leave, now = latest_of(person, activity), timezone.now()
    started = now >= activity.starts_at
    entry = Enrolment.objects.expected().filter(activity=activity, representative=person).first()
    row = Attendance.objects.filter(activity=activity, representative=person).first()
    fixed = activity.locked or activity.state == Activity.State.CANCELLED
    context = {
        "activity": activity,
        "leave": leave,
        "steps": history_of(leave) if leave else [],
        "row": row,
        "form": form,
        "why": why,
        "started": started,
        "listed": entry is not None,
        "can_ask": entry is not None
        and entry.called
        and not fixed
        and not (leave and leave.is_live)
        and (row is None or row.status == "absent"),
        "can_withdraw": leave
        and not fixed
        and (leave.state == State.PENDING or (leave.is_live and not started)),
    }
    return render(request, "sessions/leave/mine.html", context, status=status)


def _file(request: HttpRequest, person: Representative, activity: Activity, form: LeaveForm) -> LeaveRequest:
    return file_leave(
        activity=activity,
        representative=person,
        category=form.cleaned_data["category"],
        detail=form.cleaned_data["detail"],
        actor=request.user,  # type: ignore[arg-type]  # signed in
        moment=timezone.now(),
    )


@never_cache
@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the reader's live request back."""
    person, activity = _called(request, pk)
    leave = latest_of(person, activity)
    if leave is None:
        raise Http404
    try:
        withdraw_leave(request=leave, actor=request.user, moment=timezone.now())  # type: ignore[arg-type]  # signed in
    except LeaveRefused as refused:
        return _mine(request, person, activity, LeaveForm(), why=str(refused), status=_status(refused))
    messages.success(request, "请假已撤回。能到场的，请按时签到。")
    return redirect("me_leave", pk=activity.pk)


# --- the recorder who files for somebody --------------------------------------------------------------------


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def file_for(request: HttpRequest, pk: int, representative: int) -> HttpResponse:
    """File for somebody of the roll who telephoned; who files it cannot decide on it (rule 9)."""
    kept = Activity.objects.recorded_by(request.user).exclude(state=Activity.State.DRAFT)
    activity = get_object_or_404(kept.select_related("area"), pk=pk)
    called = Enrolment.objects.expected().filter(activity=activity).exclude(basis="voluntary")
    people = Representative.objects.filter(pk__in=called.values("representative_id"))
    person = get_object_or_404(people, pk=representative)
    form, why, status = LeaveForm(request.POST or None), "", 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                leave = _file(request, person, activity, form)
            except LeaveRefused as refused:
                why, status = str(refused), _status(refused)
            else:
                messages.success(request, f"已代{person.name}代表提出请假，由其他负责人来批。")
                return redirect("leave_request", pk=leave.pk)
    context = {
        "activity": activity,
        "person": person,
        "form": form,
        "why": why,
        "started": timezone.now() >= activity.starts_at,
    }
    return render(request, "sessions/leave/file_for.html", context, status=status)


# --- the approver -------------------------------------------------------------------------------------------


@never_cache
@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the requests the reader may see, by state, grouped by activity."""
    if not reads_anywhere(request.user):
        raise Http404
    state = request.GET.get("state", State.PENDING)
    return _queue(request, state if state in FILTERS else State.PENDING)


def _queue(request: HttpRequest, state: str, form: DecisionsForm | None = None, **more: Any) -> HttpResponse:
    """Render the queue; `form` gives back what was ticked and typed."""
    number = request.GET.get("activity", "")
    only = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None
    rows = page_of(queue(request.user, state, only), request, PAGE)  # type: ignore[arg-type]  # signed in
    asked = shown_to(request.user, list(rows))  # type: ignore[arg-type]
    context = {
        "asked": asked,
        "page_items": rows,
        "filters": FILTERS,
        "state": state,
        "only": only,
        "form": form or DecisionsForm(among=()),
        "ticked": set(form.data.getlist("requests")) if form else set(),  # type: ignore[attr-defined]
        "can_decide": any(each.may_decide for each in asked),
        "why": "",
        "refused": [],
    } | more
    return render(request, "sessions/leave/queue.html", context, status=context.pop("status", 200))


@never_cache
@login_required
@require_POST
def decide_several(request: HttpRequest) -> HttpResponse:
    """Decide on the ticked requests with one reason; those that cannot be decided are named, nothing typed is lost."""
    if not reads_anywhere(request.user):
        raise Http404
    readable = LeaveRequest.objects.filter(readable_by(request.user))
    ticked = [word for word in request.POST.getlist("requests") if _is_key(word)][: 2 * PAGE]
    among = list(readable.filter(pk__in=ticked).values_list("pk", flat=True))
    form = DecisionsForm(request.POST, among=among)
    if not form.is_valid():
        return _queue(request, State.PENDING, form, why=_first_error(form), status=400)
    chosen = readable.filter(pk__in=form.cleaned_data["requests"]).select_related(
        "activity", "representative"
    )
    done, refused = decide_leaves(
        requests=chosen,
        approve=form.approves,
        reason=form.cleaned_data["reason"],
        actor=request.user,  # type: ignore[arg-type]  # signed in
        moment=timezone.now(),
    )
    words = "已批准" if form.approves else "未批准"
    if done:
        messages.success(
            request, f"{words} {len(done)} 人：{'、'.join(d.representative.name for d in done)}。"
        )
    if refused:
        return _queue(request, State.PENDING, form, refused=refused, status=409)
    return redirect("leave")


def _is_key(word: str) -> bool:
    try:
        UUID(word)
    except ValueError:
        return False
    return True


def _first_error(form: DecisionForm) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one request with its history; decide on it (POST)."""
    readable = LeaveRequest.objects.filter(readable_by(request.user)).select_related(*SHOWN)
    leave = get_object_or_404(readable, pk=pk)
    late = leave.filed_late or timezone.now() >= leave.activity.starts_at
    form, why, status = DecisionForm(request.POST or None, late=late), "", 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                leave = decide_leave(
                    request=leave,
                    approve=form.approves,
                    reason=form.cleaned_data["reason"],
                    actor=request.user,  # type: ignore[arg-type]  # signed in
                    moment=timezone.now(),
                )
            except LeaveRefused as refused:
                why, status = str(refused), _status(refused)
                leave = readable.get(pk=pk)  # as it stands now: somebody else may have been first
            else:
                messages.success(
                    request, f"{leave.representative.name}代表的请假：{leave.get_state_display()}。"
                )
                return redirect("leave")
    [asked] = shown_to(request.user, [leave])  # type: ignore[arg-type]
    context = {
        "asked": asked,
        "leave": leave,
        "row": Attendance.objects.filter(
            activity=leave.activity, representative=leave.representative
        ).first(),
        "steps": history_of(leave),
        "late": late,
        "form": form,
        "why": why,
    }
    return render(request, "sessions/leave/request.html", context, status=status)
