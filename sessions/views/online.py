"""The page of the online part: the meeting's address, and the six digits that the meeting shows. Reads only."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sessions.checkin.online import link_for, link_from
from sessions.checkin.screens import screen_for
from sessions.checkin.visits import activity_behind, look, representative_of
from sessions.checkin_forms import DigitsForm, new_nonce
from sessions.models import Activity, Enrolment


@never_cache
@login_required
@require_safe
def show(request: HttpRequest, door: str) -> HttpResponse:
    """Show a listed representative the way in and the field for digits; both go to the one check-in address."""
    activity = activity_behind(door)
    if activity is None or activity.mode == Activity.Mode.ONSITE:
        raise Http404
    now = timezone.now()
    person = representative_of(request.user)
    visit = look(activity, person, signed_in=True, moment=now)
    entry = Enrolment.objects.filter(activity=activity, representative=person).first() if person else None
    screen = screen_for(visit.reason, typed=True)
    context = {
        "activity": activity,
        "person": person,
        "reason": visit.reason,
        "screen": screen,
        "row": visit.row,
        "link": link_for(activity, entry, now),
        "link_from": link_from(activity),
        "listed": bool(entry and entry.state not in {Enrolment.State.WITHDRAWN, Enrolment.State.WAITING}),
        "form": DigitsForm(auto_id="digits_%s") if visit.reason == "type" else None,
        "nonce": new_nonce(),
        "now": now,
    }
    return render(request, "sessions/checkin/online.html", context, status=screen.status)
