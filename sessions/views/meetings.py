"""Meetings of several days: their list, the matrix of people and sittings, planning them, who missed two of a term."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.models.pages import page_of
from portal.stale_forms import NOT_SAVED, carry, is_stale
from sessions.meeting_forms import MeetingForm, SittingForm
from sessions.meetings.missed import READS_MISSED, missed_by
from sessions.meetings.overview import PAGE, Sums, areas_of, members_of, rows_of, sittings_of
from sessions.models import Meeting
from sessions.operations import (
    ActivityRefused,
    RollRefused,
    add_sitting,
    change_meeting,
    create_meeting,
)
from stations.permissions import READS_ROLLS, holds_anywhere

FORMS = ["GET", "HEAD", "POST"]


def kept_meeting(request: HttpRequest, pk: int, *, held: bool = False) -> Meeting:
    """Return the meeting whose rolls the reader keeps, `held` until it is written; 404 for everybody else (THREATS 12)."""
    kept = Meeting.objects.recorded_by(request.user).select_related("area", "term")
    meeting = get_object_or_404(kept.select_for_update(of=("self",)) if held else kept, pk=pk)
    assert isinstance(meeting, Meeting)
    return meeting


def _of_keepers(request: HttpRequest) -> None:
    if not holds_anywhere(request.user, READS_ROLLS):
        raise Http404


@never_cache
@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the meetings of the reader's areas, the latest first, with how many sittings are closed."""
    _of_keepers(request)
    held = ~Q(sittings__state="cancelled")
    kept = Meeting.objects.recorded_by(request.user).annotate(
        held=Count("sittings", filter=held), closed=Count("sittings", filter=Q(sittings__state="closed"))
    )
    listed = kept.select_related("area", "term").order_by("-starts_on", "-pk")
    context = {
        "meetings": page_of(listed, request),
        "reads_missed": holds_anywhere(request.user, READS_MISSED),
    }
    return render(request, "sessions/meetings/meetings.html", context)


@never_cache
@login_required
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who was at which sitting, fifty people a page, with half-days; ?area= is one delegation."""
    meeting = kept_meeting(request, pk)
    sittings = sittings_of(meeting)
    members = members_of(meeting, sittings)
    areas = areas_of(members)
    area = next((each for each in areas if str(each.pk) == request.GET.get("area")), None)
    people = page_of(members.filter(area=area) if area else members, request, PAGE)
    total = Sums()
    for each in sittings:
        for name in ("obliged", "came", "leave", "absent", "exempt", "open"):
            n = getattr(each.sums, name) * each.activity.units
            setattr(total, name, getattr(total, name) + n)
    context = {
        "meeting": meeting,
        "sittings": sittings,
        "page_items": people,
        "rows": rows_of(sittings, people),
        "areas": areas,
        "area": area,
        "total": total,
        "closed": sum(each.activity.state == "closed" for each in sittings),
    }
    return render(request, "sessions/meetings/meeting.html", context)


@never_cache
@login_required
@require_http_methods(FORMS)
def new(request: HttpRequest) -> HttpResponse:
    """Create a meeting."""
    _of_keepers(request)
    return _form(request, None)


@never_cache
@login_required
@require_http_methods(FORMS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a meeting; what somebody else saved since the form was opened is told."""
    if request.method != "POST":
        return _form(request, kept_meeting(request, pk))
    with transaction.atomic():
        return _form(request, kept_meeting(request, pk, held=True))


def _form(request: HttpRequest, meeting: Meeting | None) -> HttpResponse:
    user: Any = request.user
    # A copy: the form writes into what it is given, and the operation compares with what is stored.
    form = MeetingForm(request.POST or None, instance=meeting, user=user)
    if meeting:
        carry(form, request.path)
    title = meeting.name if meeting else ""
    if request.method != "POST":
        return _shown(request, form, meeting, title)
    if not form.is_valid():
        return _shown(request, form, meeting, title, status=400)
    if meeting and is_stale(form, subject=meeting, reader=user):
        return _shown(request, form, meeting, title, status=409, heading=NOT_SAVED)
    try:
        if meeting:
            saved = change_meeting(meeting=meeting, actor=user, **form.facts())
        else:
            saved = create_meeting(actor=user, **form.facts())
    except ActivityRefused as refused:
        form.add_error(None, str(refused))
        return _shown(request, form, meeting, title, status=409)
    messages.success(request, f"“{saved.name}”已保存。")
    return redirect("meeting", pk=saved.pk)


def _shown(
    request: HttpRequest,
    form: MeetingForm,
    meeting: Meeting | None,
    title: str,
    *,
    status: int = 200,
    heading: str = "",
) -> HttpResponse:
    context = {"form": form, "meeting": meeting, "title": title, "heading": heading}
    return render(request, "sessions/meetings/form.html", context, status=status)


@never_cache
@login_required
@require_http_methods(FORMS)
def sitting(request: HttpRequest, pk: int) -> HttpResponse:
    """Add one sitting; a file can do it, too."""
    meeting = kept_meeting(request, pk)
    start = {"day": meeting.starts_on, "units": meeting.units}
    form = SittingForm(request.POST or None, initial=start)
    context = {"meeting": meeting, "form": form}
    if request.method != "POST":
        return render(request, "sessions/meetings/sitting.html", context)
    if not form.is_valid():
        return render(request, "sessions/meetings/sitting.html", context, status=400)
    starts_at, ends_at = form.span()
    try:
        added = add_sitting(
            meeting=meeting,
            title=form.cleaned_data["title"],
            starts_at=starts_at,
            ends_at=ends_at,
            units=form.cleaned_data["units"],
            actor=request.user,  # type: ignore[arg-type]  # signed in
        )
    except (ActivityRefused, RollRefused) as refused:
        form.add_error(None, str(refused))
        return render(request, "sessions/meetings/sitting.html", context, status=409)
    messages.success(request, f"已加上“{added.title}”。")
    return redirect("meeting", pk=meeting.pk)


@never_cache
@login_required
@require_GET
def missed(request: HttpRequest) -> HttpResponse:
    """List who missed two congress meetings of a term without approval, for the credentials committee; office and auditor."""
    if not holds_anywhere(request.user, READS_MISSED):
        raise Http404
    notices = missed_by(request.user, timezone.localdate())
    keeps = holds_anywhere(request.user, READS_ROLLS)
    return render(
        request, "sessions/meetings/missed.html", {"page_items": page_of(notices, request), "keeps": keeps}
    )
