"""The recorder's roll: list, entries, confirmations, closing, corrections, history."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.models.pages import page_of
from sessions.checkin.conflicts import disputes_of, phones_of
from sessions.checkin.rolls import (
    FILTERS,
    PAGE,
    Line,
    absent_at_close,
    claims_of,
    enterable_by,
    lines_of,
    mandates_found,
    people_of,
    requests_of,
    roll_sum,
    unsettled,
    without_check_out,
)
from sessions.checkin_forms import CloseForm, ConfirmForm, SearchForm, StatusForm, new_nonce
from sessions.leave.requests import pending_of, steps_on_roll
from sessions.models import Activity, Attendance, AttendanceEvent, Enrolment
from sessions.operations import (
    ActivityRefused,
    RollRefused,
    close_roll,
    confirm_claims,
    record_status,
    renew_key,
)
from stations.models import Representative
from stations.permissions import READS_ROLLS, holds_anywhere

Status = Attendance.Status
STATES = {"open": "待收册", "closed": "已收册", "all": "全部"}
QUICK = (Status.PRESENT, Status.LATE, Status.LEAVE, Status.ABSENT)


def kept_activity(request: HttpRequest, pk: int) -> Activity:
    """Return the activity whose roll the reader keeps; 404 for everybody else (THREATS 12)."""
    kept = Activity.objects.recorded_by(request.user).exclude(state=Activity.State.DRAFT)
    activity = get_object_or_404(kept.select_related("area", "closed_by"), pk=pk)
    assert isinstance(activity, Activity)
    return activity


@never_cache
@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the activities whose roll the reader keeps, with how many came of how many.

    First what waits to be closed, in the order of the days; closed rolls and all of them stand the latest first.
    """
    if not holds_anywhere(request.user, READS_ROLLS):
        raise Http404
    state = request.GET.get("state", Activity.State.OPEN)
    kept = Activity.objects.recorded_by(request.user).arranged().exclude(state=Activity.State.DRAFT)
    if state in {Activity.State.OPEN, Activity.State.CLOSED}:
        kept = kept.filter(state=state)
    order = ("starts_at", "pk") if state == Activity.State.OPEN else ("-starts_at", "-pk")
    listed = Enrolment.objects.expected().filter(activity=OuterRef("pk")).order_by().values("activity")
    came = Attendance.objects.came().filter(activity=OuterRef("pk")).order_by().values("activity")
    claims = Attendance.objects.filter(activity=OuterRef("pk"), confirmed_at=None).values("activity")
    activities = (
        kept.select_related("area")
        .annotate(
            expected=Coalesce(Subquery(listed.annotate(n=Count("pk")).values("n")), 0),
            came=Coalesce(Subquery(came.annotate(n=Count("pk")).values("n")), 0),
            claims=Coalesce(Subquery(claims.annotate(n=Count("pk")).values("n")), 0),
        )
        .order_by(*order)
    )
    context = {"activities": page_of(activities, request), "states": STATES, "state": state}
    return render(request, "sessions/roll/rolls.html", context)


@never_cache
@login_required
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one roll: its sum, what waits for the recorder, and the lines."""
    return _show(request, kept_activity(request, pk))


def _show(
    request: HttpRequest, activity: Activity, *, refused: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render the roll; `refused` gives back what could not be written, with the reason why."""
    source = request.POST if request.method == "POST" else request.GET
    wanted = SearchForm(source).wanted
    lines = page_of(people_of(activity, words=wanted["q"], only=wanted["only"]), request, PAGE)
    claims, disputes = claims_of(activity), disputes_of(activity)
    disputed = {each.conflict.representative_id for each in disputes}
    now = timezone.now()
    context: dict[str, Any] = {
        "activity": activity,
        "figures": roll_sum(activity),
        "page_items": lines,
        "lines": _with_phones(lines_of(activity, list(lines)), phones_of(activity)),
        "requests": requests_of(activity) if activity.state == Activity.State.OPEN else [],
        "flagged": [c for c in claims if c.shared_device and c.representative_id not in disputed],
        "plain_claims": [c for c in claims if not c.shared_device and c.representative_id not in disputed],
        "leave_pending": pending_of(activity).count(),
        "disputes": disputes,
        "typed": request.GET,
        "found": mandates_found(activity, request.user, wanted["add"]),
        "temporary": unsettled(activity),
        "nonce": new_nonce(),
        "filters": FILTERS,
        "quick": [(s.value, s.label) for s in QUICK],
        "statuses": [(s.value, s.label) for s in Status if s != Status.VISITOR],
        "late": now > activity.late_until,
        "leaves_early": now < activity.check_out_from,
        "can_write": not activity.locked and activity.state != Activity.State.CANCELLED,
        "can_close": activity.state == Activity.State.OPEN and now >= activity.starts_at,
        "refused": refused,
        "back": urlencode({k: v for k, v in (("q", wanted["q"]), ("only", wanted["only"])) if v}),
        **wanted,
    }
    return render(request, "sessions/roll/roll.html", context, status=status)


def _with_phones(lines: list[Line], phones: dict[int, list[str]]) -> list[Line]:
    return [replace(line, phone_of=tuple(phones.get(line.person.pk, ()))) for line in lines]


def _person(request: HttpRequest, activity: Activity, pk: int) -> Representative:
    """Return a person whom the reader may enter here: on the roll, asking to be let in, or of their areas."""
    person = get_object_or_404(enterable_by(request.user, activity), pk=pk)
    assert isinstance(person, Representative)
    return person


@never_cache
@login_required
@require_POST
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter or change one line; a refusal shows the roll again with what was typed."""
    activity = kept_activity(request, pk)
    form = StatusForm(request.POST)
    if not form.is_valid():
        return refuse(request, activity, None, "请选择一个状态；原因不超过 200 字。", status=400)
    person = _person(request, activity, form.cleaned_data["representative"])
    try:
        row = record_status(
            activity=activity,
            representative=person,
            status=form.cleaned_data["status"],
            reason=form.cleaned_data["reason"],
            actor=request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
            expected=form.cleaned_data["was"] if "was" in request.POST else None,
        )
    except RollRefused as refused:
        return refuse(request, activity, person, str(refused))
    messages.success(request, f"{person.name}：已记为{row.get_status_display()}。")
    return _back(request, activity, person)


def refuse(
    request: HttpRequest, activity: Activity, person: Representative | None, why: str, status: int = 409
) -> HttpResponse:
    """Show the roll with why nothing was written, and give back what was typed."""
    typed = {
        "why": why,
        "person": person,
        "status": request.POST.get("status", ""),
        "reason": request.POST.get("reason", ""),
        "name": request.POST.get("name", "")[:40],
        "unit": request.POST.get("unit", "")[:80],
    }
    return _show(request, activity, refused=typed, status=status)


def _back(request: HttpRequest, activity: Activity, person: Representative | None = None) -> HttpResponse:
    """Go back to the roll as it was searched, at the line that was changed."""
    wanted = SearchForm(request.POST).wanted
    query = {key: wanted[key] for key in ("q", "only") if wanted[key]}
    page = request.POST.get("page", "")
    if page.isascii() and page.isdigit():
        query["page"] = page
    address = reverse("roll", args=(activity.pk,)) + (f"?{urlencode(query)}" if query else "")
    return redirect(f"{address}#p{person.pk}" if person else address)


@never_cache
@login_required
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the claims the recorder saw, no others (rule 16)."""
    activity = kept_activity(request, pk)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return refuse(request, activity, None, "没有选出要确认的人，请刷新名册后再试。", status=400)
    people = Representative.objects.filter(pk__in=form.cleaned_data["people"])
    try:
        count = confirm_claims(
            activity=activity,
            actor=request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
            representatives=people,
        )
    except RollRefused as refused:
        return refuse(request, activity, None, str(refused))
    messages.success(request, f"已确认 {count} 人的签到。")
    return _back(request, activity)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who would become absent (GET); close the roll, if that is still so (POST).

    Before the activity is over that has to be meant: people are still to come, and a closed roll takes no claims.
    """
    activity = kept_activity(request, pk)
    if activity.state != Activity.State.OPEN or activity.locked:
        return redirect("roll", pk=activity.pk)
    if request.method != "POST":
        return _closing(request, activity)
    form = CloseForm(request.POST)
    if not form.is_valid() or form.seen != _figures_to_see(activity):
        return _closing(request, activity, why="名单刚有变化，请看过再收册。", status=409)
    if activity.starts_at <= timezone.now() < activity.over_at and not form.cleaned_data["early"]:
        why = "活动还在进行。可以等结束以后再来；确实要现在收册的，请勾选“看过了，现在就收册”。"
        return _closing(request, activity, why=why, status=400)
    try:
        close_roll(
            activity=activity,
            actor=request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
            pending_seen=form.seen[1],
        )
    except RollRefused as refused:
        return _closing(request, activity, why=str(refused), status=409)
    messages.success(request, "名册已收册。之后的更正要写明原因。")
    return redirect("roll", pk=activity.pk)


def _figures_to_see(activity: Activity) -> tuple[int, int, int]:
    """Return how many would become absent, wait for a decision on leave, were not seen leaving (3 queries)."""
    return (
        absent_at_close(activity).count(),
        pending_of(activity).count(),
        without_check_out(activity).count(),
    )


def _closing(request: HttpRequest, activity: Activity, *, why: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    context = {
        "activity": activity,
        "figures": roll_sum(activity),
        "absent": list(absent_at_close(activity)),
        "pending": list(pending_of(activity)),
        "unseen": list(without_check_out(activity)),
        "requests": requests_of(activity),
        "temporary": unsettled(activity),
        "flagged": [c for c in claims_of(activity) if c.shared_device],
        "disputes": disputes_of(activity),
        "why": why,
        "started": now >= activity.starts_at,
        "leaves_early": now < activity.check_out_from,
        "early": activity.starts_at <= now < activity.over_at,
        "running": now < activity.ends_at,
        "arriving": now <= activity.late_until,
        "today": timezone.localdate(activity.over_at) == timezone.localdate(now),
        "ticked": "early" in request.POST,
    }
    return render(request, "sessions/roll/close.html", context, status=status)


@never_cache
@login_required
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Replace the activity's secret: every code shown before stops working (rule 13)."""
    activity = kept_activity(request, pk)
    try:
        renew_key(activity=activity, actor=request.user)  # type: ignore[arg-type]  # signed in
    except ActivityRefused as refused:
        return refuse(request, activity, None, str(refused))
    messages.success(request, "签到码已更换，之前的二维码和数字都不能再用。")
    return redirect("roll", pk=activity.pk)


@never_cache
@login_required
@require_GET
def history(request: HttpRequest, pk: int, representative: int) -> HttpResponse:
    """Show all that happened to one person's line, the latest first; nothing here can be changed."""
    activity = kept_activity(request, pk)
    events = AttendanceEvent.objects.filter(activity=activity, representative_id=representative)
    latest_first = events.select_related("actor").order_by("-received_at", "-id")
    person = get_object_or_404(people_of(activity) | _askers(activity), pk=representative)
    line = _with_phones(lines_of(activity, [person]), phones_of(activity))[0]
    labels = dict(Status.choices)
    page = page_of(latest_first, request, PAGE)
    lines = [
        {"event": e, "old": labels.get(e.old_status, ""), "new": labels.get(e.new_status, "")} for e in page
    ]
    context = {
        "activity": activity,
        "line": line,
        "events": lines,
        "page_items": page,
        "leave_steps": steps_on_roll(activity, representative),
    }
    return render(request, "sessions/roll/history.html", context)


def _askers(activity: Activity) -> Any:
    """People who tried something here without being on the roll."""
    tried = AttendanceEvent.objects.filter(activity=activity).values("representative_id")
    return Representative.objects.filter(pk__in=tried)
