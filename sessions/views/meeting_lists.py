"""A meeting as a spreadsheet: taken out to be filled in or with its figures, read in with a preview."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.spreadsheets.reading import ListUnreadable
from portal.uploads import CONTENT_TYPES, UploadRefused, safe_name
from sessions.meeting_forms import MeetingApplyForm, MeetingListForm
from sessions.meetings.overview import members_of, rows_of, sittings_of
from sessions.meetings.people import seats_of
from sessions.meetings.plan import plan_of
from sessions.meetings.reading import read_meeting, table_from
from sessions.meetings.workbook import meeting_workbook
from sessions.models import Meeting, MeetingImport
from sessions.operations import (
    ActivityRefused,
    RollRefused,
    apply_meeting,
    log_meeting_export,
    prepare_meeting,
)
from sessions.paper.reading import MAX_BYTES
from sessions.views.meetings import FORMS, kept_meeting

SHOWN = 200  # lines of one sort on the preview


@never_cache
@login_required
@require_POST
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """Give out the list to be filled in, with what stands already; a POST, as the note of it is a write (THREATS 32)."""
    meeting = kept_meeting(request, pk)
    people = seats_of(meeting).select_related("representative", "area")
    return _book(request, meeting, people, "出席表", with_sums=False)


@never_cache
@login_required
@require_POST
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Give out the matrix with its half-days."""
    meeting = kept_meeting(request, pk)
    return _book(request, meeting, None, "出席统计", with_sums=True)


def _book(request: HttpRequest, meeting: Meeting, people: Any, what: str, *, with_sums: bool) -> HttpResponse:
    sittings = sittings_of(meeting)
    rows = rows_of(sittings, members_of(meeting, sittings) if people is None else people)
    now = timezone.now()
    made = meeting_workbook(meeting, sittings, rows, by=str(request.user), moment=now, with_sums=with_sums)
    log_meeting_export(meeting=meeting, actor=request.user, rows=len(rows))  # type: ignore[arg-type]  # signed in
    name = safe_name(f"{meeting.name}-{what}-{timezone.localtime(now):%Y%m%d-%H%M}.xlsx")
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(made, content_type=CONTENT_TYPES["xlsx"], headers=headers)


@never_cache
@login_required
@require_http_methods(FORMS)
def read_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how a list is read in (GET); read one and lead to its preview (POST). No roll is touched."""
    meeting = kept_meeting(request, pk)
    form = MeetingListForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _upload(request, meeting, MeetingListForm())
    if not form.is_valid():
        return _upload(request, meeting, form, status=400)
    file = form.cleaned_data["file"]
    try:
        name, sha256, table = read_meeting(file)
    except (UploadRefused, ListUnreadable) as refused:
        form.add_error("file", str(refused))
        return _upload(request, meeting, form, status=413 if file.size > MAX_BYTES else 400)
    pending = prepare_meeting(
        meeting=meeting,
        file_name=name,
        sha256=sha256,
        table=table,
        actor=request.user,  # type: ignore[arg-type]  # signed in
        moment=timezone.now(),
    )
    return redirect("meeting_preview", pk=meeting.pk, pending=pending.pk)


def _upload(request: HttpRequest, meeting: Meeting, form: MeetingListForm, status: int = 200) -> HttpResponse:
    return render(request, "sessions/meetings/import.html", {"meeting": meeting, "form": form}, status=status)


@never_cache
@login_required
@require_http_methods(FORMS)
def preview(request: HttpRequest, pk: int, pending: uuid.UUID) -> HttpResponse:
    """Show what a list would change, reckoned on the rolls as they stand (GET); change just that (POST)."""
    meeting = kept_meeting(request, pk)
    kept = MeetingImport.objects.select_related("applied_by", "meeting__area")
    waiting = get_object_or_404(kept, pk=pending, meeting=meeting)
    if request.method != "POST":
        return _preview(request, meeting, waiting, MeetingApplyForm())
    form = MeetingApplyForm(request.POST)
    if not form.is_valid():
        return _preview(request, meeting, waiting, form, why="原因请不超过 120 字。", status=400)
    try:
        plan = apply_meeting(
            pending=waiting,
            actor=request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
            **form.cleaned_data,
        )
    except (RollRefused, ActivityRefused) as refused:
        return _preview(request, meeting, waiting, form, why=str(refused), status=409)
    if plan is None:
        messages.info(request, "这份表格已经导入过，没有再改名册。")
    else:
        said = f"已导入：新登记 {plan.new} 人次，更改 {plan.changed} 人次，请假批准 {plan.grants} 条。"
        messages.success(request, said)
    return redirect("meeting", pk=meeting.pk)


def _preview(
    request: HttpRequest,
    meeting: Meeting,
    waiting: MeetingImport,
    form: MeetingApplyForm,
    *,
    why: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "meeting": meeting,
        "waiting": waiting,
        "form": form,
        "why": why,
        "shown": SHOWN,
    }
    if waiting.applied_at is None:
        user: Any = request.user
        context["plan"] = plan_of(meeting, table_from(waiting.content), user, timezone.now())
    return render(request, "sessions/meetings/preview.html", context, status=status)
