"""The roll on paper and back: the printable list, the spreadsheet, reading it in with a preview."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.spreadsheets.reading import ListUnreadable
from portal.uploads import CONTENT_TYPES, UploadRefused
from sessions.checkin.rolls import lines_of, people_of, roll_sum
from sessions.checkin.wall import qr_svg
from sessions.models import Activity, RollImport
from sessions.operations import (
    ImportRefused,
    RollChanged,
    RollRefused,
    apply_import,
    lines_kept,
    log_export,
    prepare_import,
)
from sessions.paper.codes import row_code
from sessions.paper.plan import plan_of
from sessions.paper.reading import MAX_BYTES, read_list
from sessions.paper.workbook import roll_workbook
from sessions.paper_forms import ApplyForm, ListForm
from sessions.views.roll import kept_activity

WALK_INS = range(10)  # empty lines at the end of the printed list


def writable(activity: Activity) -> bool:
    """Whether anybody may still change the roll (rule 21)."""
    return not activity.locked and activity.state != Activity.State.CANCELLED


@never_cache
@login_required
@require_GET
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the list as it is printed on A4, to be signed with a pen, by 姓名笔画."""
    activity = kept_activity(request, pk)
    lines = lines_of(activity, list(people_of(activity)))
    address = settings.PUBLIC_URL + reverse("roll", args=(activity.pk,))
    context = {
        "activity": activity,
        "lines": [(line, row_code(activity.pk, line.person.pk)) for line in lines],
        "walk_ins": WALK_INS,
        "printed_at": timezone.now(),
        "qr": mark_safe(qr_svg(address)),  # noqa: S308 -- segno's markup of our own address
    }
    return render(request, "sessions/paper/print.html", context)


@never_cache
@login_required
@require_POST
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Give out the roll as a spreadsheet and note who took it; a POST, as the note is a write (THREATS 32)."""
    activity = kept_activity(request, pk)
    lines = lines_of(activity, list(people_of(activity)))
    now = timezone.now()
    book = roll_workbook(activity, lines, by=str(request.user), moment=now)
    log_export(activity=activity, actor=request.user, rows=len(lines))  # type: ignore[arg-type]  # signed in
    name = f"名册-{activity.pk}-{timezone.localtime(now):%Y%m%d-%H%M}.xlsx"
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(book, content_type=CONTENT_TYPES["xlsx"], headers=headers)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def read_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how a list is read in (GET); read one and lead to its preview (POST). The roll is not touched."""
    activity = kept_activity(request, pk)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _upload(request, activity, ListForm())
    if not form.is_valid():
        return _upload(request, activity, form, status=400)
    file = form.cleaned_data["file"]
    try:
        name, sha256, lines = read_list(file)
    except (UploadRefused, ListUnreadable) as refused:
        form.add_error("file", str(refused))
        return _upload(request, activity, form, status=413 if file.size > MAX_BYTES else 400)
    try:
        pending = prepare_import(
            activity=activity,
            file_name=name,
            sha256=sha256,
            lines=lines,
            actor=request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
        )
    except RollRefused as refused:
        form.add_error(None, str(refused))
        return _upload(request, activity, form, status=409)
    return redirect("roll_import_preview", pk=activity.pk, pending=pending.pk)


def _upload(request: HttpRequest, activity: Activity, form: ListForm, status: int = 200) -> HttpResponse:
    context = {"activity": activity, "form": form, "can_write": writable(activity)}
    return render(request, "sessions/paper/import.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, pk: int, pending: uuid.UUID) -> HttpResponse:
    """Show what a list would change, reckoned on the roll as it stands (GET); change just that (POST)."""
    activity = kept_activity(request, pk)
    waiting = get_object_or_404(
        RollImport.objects.select_related("applied_by"), pk=pending, activity=activity
    )
    if request.method != "POST":
        return _preview(request, activity, waiting, ApplyForm())
    form = ApplyForm(request.POST)
    if not form.is_valid():
        return _preview(request, activity, waiting, form, why="原因请不超过 200 字。", status=400)
    try:
        plan = apply_import(
            pending=waiting,
            seen=form.cleaned_data["seen"],
            reason=form.cleaned_data["reason"],
            actor=request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
        )
    except RollChanged as changed:
        return _preview(request, activity, waiting, form, why=str(changed), status=409)
    except (ImportRefused, RollRefused) as refused:
        return _preview(request, activity, waiting, form, why=str(refused), status=409)
    if plan is None:
        messages.info(request, "这份表格已经导入过，没有再改名册。")
    else:
        messages.success(request, f"已导入：新登记 {len(plan.new)} 人，更改 {len(plan.changed)} 人。")
    return redirect("roll", pk=activity.pk)


def _preview(
    request: HttpRequest,
    activity: Activity,
    waiting: RollImport,
    form: ApplyForm,
    *,
    why: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"activity": activity, "waiting": waiting, "form": form, "why": why}
    if waiting.applied_at is None:
        # The rows that are read are those of whoever looks: nobody's preview shows more than their own areas.
        plan = plan_of(activity, lines_kept(waiting), request.user)  # type: ignore[arg-type]  # signed in
        context |= {"plan": plan, "figures": roll_sum(activity), "can_write": writable(activity)}
    return render(request, "sessions/paper/preview.html", context, status=status)
