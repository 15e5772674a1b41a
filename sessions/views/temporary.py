"""Unknown people on a roll: write one down, find out who it is, drop a mistake."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sessions.checkin.rolls import mandates_found
from sessions.checkin_forms import NONCE, new_nonce
from sessions.models import Activity, TemporaryEntry
from sessions.operations import RollRefused, add_temporary, drop_temporary, merge_temporary
from sessions.views.roll import kept_activity, refuse
from stations.models import Mandate
from stations.permissions import READS_ROLLS, scope


class TemporaryForm(forms.Form):
    """Who came: a name and where from."""

    name = forms.CharField(label="姓名", max_length=40)
    unit = forms.CharField(label="单位", max_length=80, required=False)
    nonce = forms.CharField(required=False)

    def clean_nonce(self) -> str:
        """Return the nonce of the page; an odd one is replaced."""
        nonce = str(self.cleaned_data.get("nonce", ""))
        return nonce if NONCE.fullmatch(nonce) else new_nonce()


def _entry(activity: Activity, entry: int) -> TemporaryEntry:
    found = get_object_or_404(activity.temporary_entries.select_related("activity", "recorded_by"), pk=entry)
    assert isinstance(found, TemporaryEntry)
    return found


@never_cache
@login_required
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an unknown person down; what was typed comes back when it is refused."""
    activity = kept_activity(request, pk)
    form = TemporaryForm(request.POST)
    if not form.is_valid():
        return refuse(
            request, activity, None, "请填写来人的姓名，不超过 40 字；单位不超过 80 字。", status=400
        )
    try:
        entry = add_temporary(
            activity=activity,
            name=form.cleaned_data["name"],
            unit=form.cleaned_data["unit"],
            nonce=form.cleaned_data["nonce"],
            actor=request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
        )
    except RollRefused as refused:
        return refuse(request, activity, None, str(refused))
    messages.success(request, f"已临时登记：{entry}。核实身份后请并入本人。")
    return redirect("roll", pk=activity.pk)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Look for the person by name (GET) and merge the entry into them (POST)."""
    activity = kept_activity(request, pk)
    found = _entry(activity, entry)
    if request.method != "POST":
        return _merging(request, activity, found)
    mine = Mandate.objects.filter(scope(request.user, READS_ROLLS))
    number = request.POST.get("representative", "")
    wanted = mine.filter(representative_id=int(number) if number.isdecimal() and len(number) < 10 else 0)
    mandate = wanted.select_related("representative").first()
    if mandate is None:
        return _merging(request, activity, found, why="请在下面选出本人。", status=400)
    try:
        merge_temporary(
            entry=found,
            representative=mandate.representative,
            actor=request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
        )
    except RollRefused as refused:
        return _merging(request, activity, found, why=str(refused), status=409)
    messages.success(request, f"“{found}”已并入{mandate.representative.name}代表的记录。")
    return redirect("roll", pk=activity.pk)


@never_cache
@login_required
@require_POST
def drop(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Take a mistaken entry off the roll."""
    activity = kept_activity(request, pk)
    found = _entry(activity, entry)
    try:
        drop_temporary(
            entry=found,
            reason=request.POST.get("reason", ""),
            actor=request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
        )
    except RollRefused as refused:
        return _merging(request, activity, found, why=str(refused), status=409)
    messages.success(request, f"“{found}”的临时登记已作废，经过还在。")
    return redirect("roll", pk=activity.pk)


def _merging(
    request: HttpRequest, activity: Activity, entry: TemporaryEntry, *, why: str = "", status: int = 200
) -> HttpResponse:
    typed = request.GET.get("q", "")[:40].strip()
    context = {
        "activity": activity,
        "entry": entry,
        "q": typed or entry.name,
        "found": mandates_found(activity, request.user, typed or entry.name, all_people=True),
        "why": why,
        "reason": request.POST.get("reason", "")[:200],
    }
    return render(request, "sessions/roll/temporary_merge.html", context, status=status)
