"""The recorder ticks who leaves, where the activity demands that it is seen (rule 6)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from sessions.checkin_forms import ConfirmForm
from sessions.models import Activity
from sessions.operations import RollRefused, record_leaving
from stations.models import Representative


@never_cache
@login_required
@require_POST
def leaving(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the named people as leaving now; those who have left already stay as they are."""
    kept = Activity.objects.recorded_by(request.user).exclude(state=Activity.State.DRAFT)
    activity = get_object_or_404(kept, pk=pk)
    back = reverse("roll_close" if request.POST.get("next") == "close" else "roll", args=(activity.pk,))
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "没有选出签退的人，请刷新名册后再试。")
        return redirect(back)
    try:
        count = record_leaving(
            activity=activity,
            representatives=Representative.objects.filter(pk__in=form.cleaned_data["people"]),
            actor=request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
        )
    except RollRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"已登记 {count} 人签退。" if count else "这几位之前已经签退，记录没有变。")
    return redirect(back)
