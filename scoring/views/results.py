"""After the year was notified: whose story is to be told, and with whom the office talks. The office alone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from portal.models.pages import page_of
from scoring.models import FrozenSheet, Year
from scoring.operations import YearRefused, draft_profile
from scoring.sheets import rules_of
from scoring.supplements import holding
from scoring.views.year import led_year

PEOPLE = 50


def _notified(request: HttpRequest, label: int) -> Year:
    year = led_year(request, label)
    if year.state != Year.State.NOTIFIED:
        raise Http404
    return year


@never_cache
@login_required
@require_GET
def results(request: HttpRequest, label: int) -> HttpResponse:
    """List the excellent with their stories, or with ?list=talk those of the last band; by 姓名笔画."""
    year = _notified(request, label)
    bands = rules_of(year.standard).bands
    talk = request.GET.get("list") == "talk" and len(bands) > 1
    band = bands[-1 if talk else 0]
    sheets = (
        holding(FrozenSheet.objects.filter(year=year))
        .filter(now_band=band.name)
        .select_related("mandate__representative__profile", "mandate__area")
        .order_by("mandate__representative__stroke_key", "pk")
        .defer("content")
    )
    context = {
        "year": year,
        "section": "results",
        "office": True,
        "band": band,
        "talk": talk,
        "sheets": page_of(sheets, request, PEOPLE),
    }
    return render(request, "scoring/year/results.html", context)


@never_cache
@login_required
@require_POST
def draft(request: HttpRequest, label: int, mandate: int) -> HttpResponse:
    """Create the draft of a story for the editors."""
    year = _notified(request, label)
    sheet = get_object_or_404(FrozenSheet.objects.select_related("mandate"), year=year, mandate=mandate)
    try:
        page, new = draft_profile(
            year=year,
            mandate=sheet.mandate,
            actor=request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
        )
    except YearRefused as refused:
        messages.warning(request, str(refused))
    else:
        name = page.representative.name
        said = "事迹草稿已生成，编辑可以在内容管理里修改" if new else "已经有事迹，没有改动"
        messages.success(request, f"{name}：{said}。")
    return redirect("review_results", label=year.label)
