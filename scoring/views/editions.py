"""汇编成册 by clicking: ask for the book of a year, see how far it is, take it. The office alone."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.models.pages import page_of
from scoring.book.making import edition_path
from scoring.book.stories import compiled_pages
from scoring.models import Edition
from scoring.operations import YearRefused, request_edition
from scoring.operations.editions import LEASE
from scoring.tasks import make_edition
from scoring.views.year import led_year
from scoring.year.confirmed import CONFIRMED

State = Edition.State


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def editions(request: HttpRequest, label: int) -> HttpResponse:
    """Show the makings of a year's book, the latest first; ask for one (POST)."""
    year = led_year(request, label)
    now = timezone.now()
    if request.method == "POST":
        try:
            edition, new = request_edition(year=year, actor=request.user, moment=now)  # type: ignore[arg-type]  # signed in
        except YearRefused as refused:
            messages.warning(request, str(refused))
            return redirect("editions", label=year.label)
        if new:
            transaction.on_commit(partial(make_edition.enqueue, edition.pk))
        else:
            messages.info(request, "这一年度的汇编正在生成，没有再排一次。")
        return redirect("editions", label=year.label)
    made = page_of(year.editions.select_related("requested_by").order_by("-requested_at", "-pk"), request)
    for edition in made:
        unfinished = edition.state in {State.WAITING, State.RUNNING}
        edition.lost = unfinished and edition.requested_at <= now - LEASE
        edition.busy = unfinished and not edition.lost
    confirmed = year.state in CONFIRMED
    context = {
        "year": year,
        "section": "book",
        "office": True,
        "editions": made,
        "busy": any(edition.busy for edition in made),
        "confirmed": confirmed,
        "stories": list(compiled_pages(year).defer("body", "timeline")) if confirmed else [],
    }
    return render(request, "scoring/year/editions.html", context)


@login_required
@require_GET
def edition_file(request: HttpRequest, label: int, pk: int) -> FileResponse:
    """Give out the finished book; no other address leads to it, and nothing on the way may keep it."""
    year = led_year(request, label)
    edition = get_object_or_404(Edition, year=year, pk=pk, state=State.DONE)
    try:
        file = edition_path(edition.file_name).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        file, as_attachment=True, filename=f"汇编-{year.label}.pdf", content_type="application/pdf"
    )
    response["Cache-Control"] = "private, no-store"
    return response
