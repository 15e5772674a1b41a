"""我的履职: what comes, signing up and withdrawing, one's own attendance. Nobody sees anybody else's here."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from portal.models.pages import page_of
from sessions.checkin.mine import attendance_of, coming_for, open_to, told_to, years_of
from sessions.checkin.visits import representative_of
from sessions.declarations.own import sent_back
from sessions.leave.policy import reads_anywhere
from sessions.leave.requests import waiting_for
from sessions.models import Activity, Enrolment
from sessions.operations import ActivityRefused, sign_up, withdraw
from sessions.querysets import READS_DECLARATIONS
from sessions.reminders.texts import headline, lines
from stations.models import Representative
from stations.permissions import READS_ROLLS, holds_anywhere

LATEST = 5


@never_cache
@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the representative's year; staff without a mandate are shown where their work is."""
    now = timezone.now()
    person = representative_of(request.user)
    context: dict[str, Any] = {
        "person": person,
        "keeps_rolls": holds_anywhere(request.user, READS_ROLLS),
        "reads_declarations": holds_anywhere(request.user, READS_DECLARATIONS),
        "reads_leave": reads_anywhere(request.user),
    }
    if context["keeps_rolls"]:
        context["leave_waiting"] = waiting_for(request.user)  # type: ignore[arg-type]  # signed in
    if person:
        year = timezone.localtime(now).year
        rows = attendance_of(person, year)
        coming = coming_for(person, now)
        context |= {
            "year": year,
            "now_open": [
                c for c in coming if c.arrives or c.leaves or (c.told and now <= c.activity.late_until)
            ],
            "coming": [c for c in coming if c.enrolment and c.enrolment.state != Enrolment.State.WITHDRAWN],
            "offered": [
                c
                for c in coming
                if c.activity.starts_at > now
                and not (c.enrolment and c.enrolment.state != Enrolment.State.WITHDRAWN)
            ],
            "told": [(notice, headline(notice), lines(notice, "")) for notice in told_to(person, now)],
            "rows": list(rows[:LATEST]),
            "total": rows.came().count(),
            "sent_back": sent_back(person),
        }
    return render(request, "sessions/me/me.html", context)


@never_cache
@login_required
@require_GET
def attendance(request: HttpRequest) -> HttpResponse:
    """List the representative's own attendance of one year, ?year=."""
    person = representative_of(request.user)
    if person is None:
        raise Http404
    years = years_of(person, timezone.now())
    asked = request.GET.get("year", "")
    year = next((each for each in years if str(each) == asked), years[0])
    rows = page_of(attendance_of(person, year), request)
    context = {"person": person, "rows": rows, "years": years, "year": year}
    return render(request, "sessions/me/attendance.html", context)


@never_cache
@login_required
@require_POST
def sign_up_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign up for an activity; without a free seat the answer is a place in the queue."""
    person, activity = _mine(request, pk)
    try:
        entry = sign_up(activity=activity, representative=person, moment=timezone.now())
    except ActivityRefused as refused:
        messages.warning(request, str(refused))
        return _back(request)
    if entry.state == Enrolment.State.WAITING:
        messages.info(request, "名额已满，您在候补名单上；有人取消时按先后顺序递补。")
    else:
        messages.success(request, f"已报名“{activity.title}”。")
    return _back(request)


@never_cache
@login_required
@require_POST
def withdraw_from(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a sign-up back, or say that one does not follow an invitation."""
    person, activity = _mine(request, pk)
    try:
        entry = withdraw(activity=activity, representative=person, moment=timezone.now())
    except ActivityRefused as refused:
        messages.warning(request, str(refused))
        return _back(request)
    signed_up = f"已取消“{activity.title}”的报名。"
    messages.success(request, signed_up if entry.signed_up_at else f"已记下：您不参加“{activity.title}”。")
    return _back(request)


def _mine(request: HttpRequest, pk: int) -> tuple[Representative, Activity]:
    """Return the reader and an activity they may sign up for; 404 otherwise."""
    person = representative_of(request.user)
    if person is None:
        raise Http404
    offered = Activity.objects.filter(open_to(person)).exclude(state=Activity.State.DRAFT)
    return person, get_object_or_404(offered, pk=pk)


def _back(request: HttpRequest) -> HttpResponse:
    """Go to ?next= of this site, else to 我的履职 (THREATS 33)."""
    address = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(address if own else "me")
