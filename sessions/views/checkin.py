"""The phone's pages of checking in: look (GET, changes nothing), claim (POST), ask to be let in."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sessions.checkin.codes import Verdict, judge_token
from sessions.checkin.rules import status_at, status_leaving, window_reason
from sessions.checkin.screens import screen_for
from sessions.checkin.visits import (
    activity_behind,
    leaves,
    leaving_screen,
    look,
    outcome_screen,
    representative_of,
    stays,
    takes_arrival,
    told_of,
)
from sessions.checkin_forms import AttemptForm, DigitsForm, new_nonce
from sessions.models import Activity, Attendance, Enrolment, LeaveRequest
from sessions.operations import ActivityRefused, check_in, check_out, request_walk_in, take_refusal
from sessions.operations.attempts import GUESS_WINDOW
from stations.models import Representative

DEVICE, DEVICE_AGE = "device", 365 * 24 * 3600  # a random cookie of these pages; it names no person
SCANS, SCANS_KEPT = "scans", 3  # key of the login session, and how many doors it remembers
WITH_DIGITS = {
    "type",
    "type_out",
    "out_not_open",
    "already",
    "expired",
    "invalid",
    "wrong_activity",
    "conflict",
    "leave",
}  # screens that take digits at once


@never_cache
@login_required
@require_GET
def open_list(request: HttpRequest) -> HttpResponse:
    """Show the activities the signed-in representative can check in to now, each with its field for digits."""
    now = timezone.now()
    person = representative_of(request.user)
    mine = Enrolment.objects.expected().filter(representative=person).values("activity_id")
    near = Activity.objects.checking_in(now).filter(pk__in=mine).order_by("starts_at", "pk")
    around = list(near) if person else []
    later = [a for a in around if a.opens_at > now]
    there = {r.activity_id: r for r in Attendance.objects.filter(representative=person, activity__in=around)}
    open_now = [
        a for a in around if a.opens_at <= now and (now <= a.late_until or stays(a, there.get(a.pk), now))
    ]
    granted = LeaveRequest.objects.granted().filter(representative=person, activity__in=open_now)
    on_leave = set(granted.values_list("activity_id", flat=True))
    cards = [
        {
            "activity": a,
            "row": there.get(a.pk),
            "form": _digits_form(prefix=str(n)),
            "on_leave": a.pk in on_leave and a.pk not in there,
            "leaving": leaves(a, there.get(a.pk), now),
            "arriving": takes_arrival(there.get(a.pk)),
            "told": told_of(there.get(a.pk)),
        }
        for n, a in enumerate(open_now)
    ]
    asking = [card for card in cards if card["arriving"] or card["leaving"]]
    context = {
        "cards": cards,
        "asking": asking,
        "told": cards[0]["told"] if len(cards) == 1 else "",
        "all_told": all(card["told"] for card in cards),
        "later": later,
        "person": person,
        "nonce": new_nonce(),
    }
    return _with_device(request, render(request, "sessions/checkin/open.html", context))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_digits(request: HttpRequest, door: str) -> HttpResponse:
    """Show the activity and a field for its six digits (GET); claim presence with them (POST)."""
    return _answer(request, door, token="")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_scan(request: HttpRequest, door: str, token: str) -> HttpResponse:
    """Show what the scanned code leads to and one button (GET); claim presence with it (POST)."""
    return _answer(request, door, token=token)


@never_cache
@require_POST
def walk_in(request: HttpRequest, door: str) -> HttpResponse:
    """Ask the recorder to let in who is not on the list; the token of the scan, if any, brings the reader back."""
    activity = activity_behind(door)
    if activity is None:
        return _screen(request, None, "unknown")
    person = representative_of(request.user)
    if person is None:
        return _screen(
            request, activity, "no_mandate" if request.user.is_authenticated else "unauthenticated"
        )
    try:
        request_walk_in(
            activity=activity,
            representative=person,
            moment=timezone.now(),
            actor=request.user,  # type: ignore[arg-type]  # signed in: a representative has an account
            device=_device(request),
        )
    except ActivityRefused as refused:
        return _screen(request, activity, "not_eligible", person=person, line=str(refused))
    return _screen(request, activity, "requested", person=person)


def _answer(request: HttpRequest, door: str, *, token: str) -> HttpResponse:
    activity = activity_behind(door)
    if activity is None:
        return _screen(request, None, "unknown")
    now = timezone.now()
    person = representative_of(request.user)
    scanned_at = _scanned_at(request, activity, token, now)
    if request.method == "POST":
        return _claim(request, activity, person, token, scanned_at, now)
    visit = look(
        activity,
        person,
        signed_in=request.user.is_authenticated,
        moment=now,
        token=token,
        scanned_at=scanned_at,
    )
    return _screen(request, activity, visit.reason, person=person, row=visit.row, token=token)


def _claim(
    request: HttpRequest,
    activity: Activity,
    person: Representative | None,
    token: str,
    scanned_at: datetime | None,
    now: datetime,
) -> HttpResponse:
    if not request.user.is_authenticated:
        return _screen(request, activity, "unauthenticated", token=token, status=401)
    method = Attendance.Method.SELF_QR if token else Attendance.Method.SELF_CODE
    device = _device(request)
    if person is None:
        take_refusal(
            activity=activity,
            reason="not_eligible",
            moment=now,
            method=method,
            actor=request.user,
            device=device,
        )
        return _screen(request, activity, "no_mandate", token=token)
    form = AttemptForm(request.POST) if token else DigitsForm(request.POST)
    if not form.is_valid():
        how = form.departure
        again = "type_out" if how else "type"
        return _screen(request, activity, again, person=person, form=form, leaving=how, status=400)
    asked: dict[str, Any] = {
        "activity": activity,
        "representative": person,
        "nonce": form.cleaned_data["nonce"],
        "moment": now,
        "token": token,
        "digits": form.cleaned_data.get("digits", ""),
        "scanned_at": scanned_at,
        "device": device,
        "actor": request.user,
    }
    name, row = _attempt(form, asked)
    typed, leaving = _digits_form(initial={"digits": request.POST.get("digits", "")}), form.departure
    return _screen(request, activity, name, person=person, row=row, token=token, form=typed, leaving=leaving)


def _attempt(form: AttemptForm, asked: dict[str, Any]) -> tuple[str, Attendance | None]:
    """Check in or out as the form says and return the name of the screen with the row."""
    if form.departure:
        answer = check_out(**asked, early=form.departure == "early")
        return leaving_screen(answer.outcome, answer.attendance), answer.attendance
    answer = check_in(
        **asked, despite_leave=form.cleaned_data["despite_leave"], online=form.cleaned_data["online"]
    )
    return outcome_screen(answer.outcome, answer.attendance), answer.attendance


def _screen(
    request: HttpRequest,
    activity: Activity | None,
    name: str,
    *,
    person: Representative | None = None,
    row: Attendance | None = None,
    token: str = "",
    form: AttemptForm | None = None,
    line: str = "",
    leaving: str = "",
    status: int = 0,
) -> HttpResponse:
    """Render the screen called `name`; `form` is what was typed, given back, `leaving` how one asked to leave."""
    typed = request.resolver_match is not None and request.resolver_match.url_name == "check_in"
    screen, now = screen_for(name, typed=typed), timezone.now()
    back = reverse("check_in", args=(activity.door,)) if activity else reverse("check_in_open")
    context: dict[str, Any] = {
        "reason": name,
        "screen": screen,
        "line": line or screen.line,
        "activity": activity,
        "person": person,
        "row": row,
        "now": now,
        "token": token,
        "nonce": new_nonce(),
        "status_now": status_at(activity, now) if activity else "",
        "can_come": activity is not None and not window_reason(activity, when=now, seen=False),
        "late_by": _late_by(activity, row),
        "leaving": leaving or ("out" if name in {"ask_out", "type_out"} else ""),
        "leaves_as": _leaves_as(activity, row, now),
        "may_leave": activity is not None and now >= activity.starts_at and stays(activity, row, now),
        "form": (form or _digits_form()) if typed and name in WITH_DIGITS else None,
        "back": request.path if request.method == "GET" or token else back,
        "page_address": _page_address(request, activity),
    }
    response = render(request, "sessions/checkin/screen.html", context, status=status or screen.status)
    if name == "rate_limited":
        response["Retry-After"] = str(int(GUESS_WINDOW.total_seconds()))
    return _with_device(request, response)


def _digits_form(prefix: str = "", initial: dict[str, str] | None = None) -> DigitsForm:
    """Return an unbound field for digits; `prefix` keeps the ids of several on one page apart, not their names."""
    return DigitsForm(initial=initial, auto_id=f"digits{prefix}_%s")


def _late_by(activity: Activity | None, row: Attendance | None) -> int:
    """Return by how many whole minutes the person came after the start."""
    if activity is None or row is None or row.arrived_at is None:
        return 0
    return max(0, int((row.arrived_at - activity.starts_at).total_seconds() // 60))


def _leaves_as(activity: Activity | None, row: Attendance | None, now: datetime) -> str:
    """Return the words of what leaving now would be recorded as."""
    if activity is None or row is None:
        return ""
    return str(Attendance.Status(status_leaving(activity, row.status, now)).label)


def _page_address(request: HttpRequest, activity: Activity | None) -> str:
    page = getattr(activity, "page", None)
    return (page.get_url(request) or "") if page and page.live else ""


def _scanned_at(request: HttpRequest, activity: Activity, token: str, now: datetime) -> datetime | None:
    """Return when this login session first brought this code while it was valid, so that a slow login is no harm.

    Only a valid code is remembered, and only its first moment: opening the page again makes no code younger.
    """
    if not token:
        return None
    scans = dict(request.session.get(SCANS, {}))
    known = scans.get(activity.door)
    if known and known[0] == token:
        return datetime.fromisoformat(known[1])
    if judge_token(activity.check_in_key, token, now) is not Verdict.VALID:
        return None
    scans.pop(activity.door, None)
    newest = dict(list(scans.items())[-(SCANS_KEPT - 1) :])
    request.session[SCANS] = newest | {activity.door: [token, now.isoformat()]}
    return now


def _device(request: HttpRequest) -> str:
    """Return the hash of this browser's random cookie, "" when it keeps none (rule 15)."""
    cookie = request.COOKIES.get(DEVICE, "")
    return hashlib.sha256(f"device:{cookie}".encode()).hexdigest()[:32] if cookie else ""


def _with_device(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if DEVICE not in request.COOKIES:
        response.set_cookie(
            DEVICE,
            secrets.token_urlsafe(16),
            max_age=DEVICE_AGE,
            path=reverse("check_in_open"),
            secure=settings.SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
