"""Photos and scans of signed lists: kept with the roll, given out as files to who keeps it, never public."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.uploads import PICTURES, UploadRefused, answer, take
from sessions.models import Activity, RollSheet
from sessions.operations import RollRefused, keep_sheet, void_sheet
from sessions.paper_forms import SheetForm, VoidForm
from sessions.views.paper import writable
from sessions.views.roll import kept_activity

TAKEN = frozenset({*PICTURES, "pdf"})
MAX_BYTES = 20 * 1024 * 1024


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """List the signed sheets of a roll (GET); keep one more (POST)."""
    activity = kept_activity(request, pk)
    if request.method != "POST":
        return _sheets(request, activity, SheetForm())
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _sheets(request, activity, form, status=400)
    given = dict(form.cleaned_data)  # an error takes its field out of the form's own
    try:
        upload = take(given["file"], allowed=TAKEN, at_most=MAX_BYTES)
    except UploadRefused as refused:
        form.add_error("file", str(refused))
        return _sheets(request, activity, form, status=413 if given["file"].size > MAX_BYTES else 400)
    try:
        keep_sheet(
            activity=activity,
            upload=upload,
            pages=given["pages"],
            note=given["note"],
            actor=request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
        )
    except RollRefused as refused:
        form.add_error(None, str(refused))
        return _sheets(request, activity, form, status=409)
    messages.success(request, f"“{upload.name}”已存入名册。")
    return redirect("roll_sheets", pk=activity.pk)


def _sheets(
    request: HttpRequest,
    activity: Activity,
    form: SheetForm,
    *,
    void: VoidForm | None = None,
    status: int = 200,
) -> HttpResponse:
    kept = activity.sheets.select_related("uploaded_by", "void__made_by").order_by("uploaded_at", "pk")
    context = {
        "activity": activity,
        "sheets": list(kept),
        "form": form,
        "void": void or VoidForm(),
        "can_write": writable(activity),
    }
    return render(request, "sessions/paper/sheets.html", context, status=status)


@login_required
@require_GET
def sheet(request: HttpRequest, pk: int, sheet: uuid.UUID) -> FileResponse:
    """Give out one sheet as a file."""
    kept = _sheet(request, pk, sheet)
    try:
        return answer(kept.file, name=kept.name, content_type=kept.content_type)
    except FileNotFoundError as gone:
        raise Http404("这份文件不在了，请联系代表工作委员会。") from gone


@never_cache
@login_required
@require_POST
def void(request: HttpRequest, pk: int, sheet: uuid.UUID) -> HttpResponse:
    """Set one sheet aside with a reason; it stays in the list."""
    kept = _sheet(request, pk, sheet)
    form = VoidForm(request.POST)
    if not form.is_valid():
        return _sheets(request, kept.activity, SheetForm(), void=form, status=400)
    try:
        void_sheet(
            sheet=kept,
            reason=form.cleaned_data["reason"],
            actor=request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
        )
    except RollRefused as refused:
        form.add_error(None, str(refused))
        return _sheets(request, kept.activity, SheetForm(), void=form, status=409)
    messages.success(request, f"“{kept.name}”已作废，原件仍保留。")
    return redirect("roll_sheets", pk=kept.activity_id)


def _sheet(request: HttpRequest, pk: int, sheet: uuid.UUID) -> RollSheet:
    activity = kept_activity(request, pk)
    return get_object_or_404(RollSheet.objects.select_related("activity"), pk=sheet, activity=activity)
