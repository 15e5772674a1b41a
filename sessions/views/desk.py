"""The recorder's desk: its page, the worker that keeps it without network, its data, its uploads, settling."""

from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from sessions.checkin.cards import cards_behind
from sessions.checkin.conflicts import open_conflicts
from sessions.checkin.desk import answer_of, desk_state, etag_of, milliseconds
from sessions.checkin.rolls import enterable_by
from sessions.desk_forms import BYTES, ENTRIES, EntryForm, SettleForm, TooMuch, read_upload
from sessions.models import Activity, AttendanceEvent, RollConflict
from sessions.operations import DeskEntry, RollRefused, settle_conflict, take_entries
from stations.models import Representative

WORKER = Path(__file__).resolve().parent.parent / "static/sessions/js/desk/worker.js"
PRIVATE = "private, no-store"
FILTERS = {"": "全部", "none": "未登记", "waiting": "待上传", "done": "已登记"}
INVALID = AttendanceEvent.Reason.INVALID


def _activity(request: HttpRequest, pk: int) -> Activity:
    """Return the activity whose roll the reader keeps; 404 for everybody else (THREATS 12)."""
    kept = Activity.objects.recorded_by(request.user).exclude(state=Activity.State.DRAFT)
    activity = get_object_or_404(kept, pk=pk)
    assert isinstance(activity, Activity)
    return activity


@never_cache
@ensure_csrf_cookie  # the page holds no form and no token, but its uploads need one
@login_required
@require_GET
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the desk; the list itself comes as data, so that the page can be kept without it."""
    context = {"activity": _activity(request, pk), "most": ENTRIES, "filters": FILTERS}
    return render(request, "sessions/desk/desk.html", context)


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Give out the service worker from an address whose scope is /roll/; it holds nothing of anybody."""
    response = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@lru_cache(maxsize=1)
def _worker() -> str:
    return WORKER.read_text(encoding="utf-8")


@ensure_csrf_cookie
@require_GET
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the roll as JSON with the server's time in a header; 304 when nothing on the roll has changed."""
    if not request.user.is_authenticated:
        return _refused(401, "signed_out", "登录已经过期，请重新登录。未上传的登记都在这台设备上。")
    shown = desk_state(_activity(request, pk)) | {"account": request.user.pk}
    tag = etag_of(shown)
    same = request.headers.get("If-None-Match") == tag
    response: HttpResponse = HttpResponseNotModified() if same else JsonResponse(shown)
    response["ETag"], response["Cache-Control"] = tag, PRIVATE
    response["Server-Moment"] = str(milliseconds(timezone.now()))
    return response


@never_cache
@require_POST
def sync(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a batch of entries and answer each; nothing is taken of an upload that cannot be read."""
    if not request.user.is_authenticated:
        return _refused(401, "signed_out", "登录已经过期，请重新登录。未上传的登记都在这台设备上。")
    activity = _activity(request, pk)
    try:
        upload = read_upload(request.body if _length(request) <= BYTES else None)
    except TooMuch:
        return _refused(413, "too_much", f"一次最多上传 {ENTRIES} 条，请分批上传。")
    except ValueError:
        return _refused(400, "unreadable", "没有读懂上传的内容，请刷新登记台再试。")
    if upload["account"] != request.user.pk:
        return _refused(409, "other_account", "这些登记是另一个账号记下的，请用那个账号登录后上传。")
    return JsonResponse({"answers": _take(request, activity, upload)})


def _length(request: HttpRequest) -> int:
    """Return how long the body says it is, before any of it is read; ValueError for what is no number."""
    return int(request.headers.get("Content-Length") or 0)


def _take(request: HttpRequest, activity: Activity, upload: dict[str, Any]) -> list[dict[str, Any]]:
    forms = [EntryForm(entry) for entry in upload["entries"]]
    good = [form for form in forms if form.is_valid()]
    numbers = [form.cleaned_data["person"] for form in good if form.cleaned_data["person"]]
    people = {p.pk: p for p in enterable_by(request.user, activity).filter(pk__in=numbers)}
    cards = cards_behind(form.cleaned_data["card"] for form in good if form.cleaned_data["card"])
    renewed = {
        f.cleaned_data["nonce"] for f in good if getattr(cards.get(f.cleaned_data["card"]), "revoked_at", 0)
    }
    answers = take_entries(
        activity=activity,
        entries=[_entry(form, people, cards, renewed) for form in good],
        actor=request.user,  # type: ignore[arg-type]  # signed in
        moment=timezone.now(),
        device=upload["device"],
    )
    taken = iter(answers)
    return [answer_of(next(taken), renewed) if f in good else _unreadable(f) for f in forms]


def _entry(
    form: EntryForm, people: dict[int, Representative], cards: dict[str, Any], renewed: set[str]
) -> DeskEntry:
    """Return the entry with its person: by number within the reader's scope, or whoever shows the card."""
    data = form.cleaned_data
    card = cards.get(data["card"])
    person = people.get(data["person"]) if data["person"] else card and card.representative
    return DeskEntry(
        nonce=data["nonce"],
        representative=person,
        status=data["status"],
        device_at=form.device_at,
        offset=form.offset,
        queued=data["queued"],
        scanned=data["scanned"],
        reason=data["reason"],
        refused=INVALID if person is None or (not data["person"] and data["nonce"] in renewed) else "",
    )


def _unreadable(form: EntryForm) -> dict[str, Any]:
    nonce = str(form.data.get("nonce", ""))[:64]
    why = "这一条不完整，没有记入，请按姓名重新登记。"
    return {
        "nonce": nonce,
        "outcome": INVALID,
        "taken": False,
        "reason": why,
        "person": None,
        "name": "",
        "row": None,
    }


def _refused(status: int, code: str, words: str) -> JsonResponse:
    response = JsonResponse({"code": code, "reason": words}, status=status)
    response["Cache-Control"] = PRIVATE
    response["Server-Moment"] = str(milliseconds(timezone.now()))
    return response


@never_cache
@login_required
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle one contradiction; a refusal leads back with what was typed."""
    activity = _activity(request, pk)
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "没有读懂这次核定，请再试一次；原因不超过 200 字。")
        return redirect("roll", pk=activity.pk)
    conflict = get_object_or_404(
        RollConflict.objects.filter(activity=activity).select_related("representative", "activity"),
        pk=form.cleaned_data["conflict"],
    )
    back = reverse("roll", args=(activity.pk,))
    try:
        row = settle_conflict(
            conflict=conflict,
            status=form.cleaned_data["status"],
            reason=form.cleaned_data["reason"],
            actor=request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
        )
    except RollRefused as refused:
        messages.warning(request, f"{conflict.representative.name}：{refused}")
        typed = {
            "settle": conflict.pk,
            "status": form.cleaned_data["status"],
            "reason": form.cleaned_data["reason"],
        }
        open_still = open_conflicts(activity).filter(pk=conflict.pk).exists()
        return redirect(f"{back}?{urlencode(typed)}#conflicts" if open_still else back)
    messages.success(request, f"{conflict.representative.name}：已核定为{row.get_status_display()}。")
    return redirect(f"{back}#p{conflict.representative_id}")
