"""我的日历: the address of one's own calendar, in words for each sort of phone; opened, replaced and closed here."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sessions.checkin.visits import representative_of
from sessions.models import CalendarToken
from sessions.operations import close_calendar, open_calendar, renew_calendar
from stations.models import Representative

SAID = {
    "open": "日历地址已开通，照下面的步骤添加到手机。",
    "renew": "已换成新地址，原来的地址不能再用。请在手机里重新添加。",
    "close": "日历地址已停用，原来的订阅不会再更新。",
}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar(request: HttpRequest) -> HttpResponse:
    """Show the address (GET); open, replace or close it (POST `do`, with the row that was `seen`)."""
    person = representative_of(request.user)
    if person is None:
        raise Http404
    if request.method != "POST":
        return _show(request, person)
    if request.POST.get("do") not in SAID:
        messages.warning(request, "没有收到要做什么，请再点一次按钮。")
        return _show(request, person, status=400)
    _do(request, person)
    messages.success(request, SAID[request.POST["do"]])
    return redirect("me_calendar")


def _do(request: HttpRequest, person: Representative) -> None:
    actor, moment = request.user, timezone.now()
    typed = request.POST.get("seen", "")
    seen = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None
    match request.POST["do"]:
        case "open":
            open_calendar(representative=person, actor=actor, moment=moment)  # type: ignore[arg-type]  # signed in
        case "renew":
            renew_calendar(representative=person, actor=actor, moment=moment, seen=seen)  # type: ignore[arg-type]
        case _:
            close_calendar(representative=person, actor=actor, moment=moment, seen=seen)  # type: ignore[arg-type]


def _show(request: HttpRequest, person: Representative, status: int = 200) -> HttpResponse:
    row = CalendarToken.objects.filter(representative=person, revoked_at=None).first()
    path = reverse("personal_calendar", args=[row.token]) if row else ""
    context = {"person": person, "row": row, "address": settings.PUBLIC_URL.rstrip("/") + path}
    return render(request, "sessions/calendar/mine.html", context, status=status)
