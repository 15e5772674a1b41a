"""代表码: the representative's own code to be scanned by staff; shown, and renewed on request."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from sessions.checkin.cards import card_of, code_of, grouped, qr_svg
from sessions.checkin.visits import representative_of
from sessions.desk_forms import SerialForm
from sessions.operations import renew_card


@never_cache
@login_required
@require_GET
def card(request: HttpRequest) -> HttpResponse:
    """Show the code of the representative who is signed in; before the first one, a button that makes it."""
    person = representative_of(request.user)
    if person is None:
        raise Http404
    valid = card_of(person.pk)
    context: dict[str, Any] = {"person": person, "card": valid}
    if valid:
        code = code_of(person.pk, valid.serial)
        # The markup of the QR is segno's own, made from our characters; nothing of a reader is in it.
        context |= {"code": grouped(code), "qr": mark_safe(qr_svg(code))}  # noqa: S308
    return render(request, "sessions/me/card.html", context)


@never_cache
@login_required
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Make a new code; the one before stops working."""
    person = representative_of(request.user)
    if person is None:
        raise Http404
    form = SerialForm(request.POST)
    if form.is_valid():
        renew_card(
            representative=person,
            seen=form.cleaned_data["seen"],
            actor=request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
        )
    return redirect("me_card")
