"""补充决定: staff read the supplements of a confirmed year in their branches, the leading office records one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.models.pages import page_of
from portal.uploads import CONTENT_TYPES, answer
from scoring.eligibility import missed
from scoring.models import FrozenSheet, Supplement, SupplementLine, Year
from scoring.operations import SupplementChanged, SupplementRefused, record_supplement
from scoring.operations.supplements import leaving, outcomes, seen_of
from scoring.supplement_forms import ROWS, SupplementForm, SureForm, hidden, rows_form
from scoring.views.year import led_year, seen_year
from scoring.year.confirmed import CONFIRMED
from scoring.year.reach import leads
from stations.permissions import READS_SCORES, Role, granted_areas, within

SHOWN = 20
NAMED = 12  # people left out of the list whom the form names


def _frame(request: HttpRequest, label: int) -> dict[str, Any]:
    """Return what every page of a confirmed year has; 404 before it is confirmed, and for who reads no scores."""
    year = seen_year(request, label)
    if year.state not in CONFIRMED:
        raise Http404
    leading = leads(request.user, (Role.OFFICE,), year)
    return {"year": year, "section": "supplements", "office": leading}


def _seen(request: HttpRequest, year: Year) -> QuerySet[Supplement]:
    """Return the supplements about somebody of the reader's branches, each with the lines about those alone."""
    reach = within(granted_areas(request.user, READS_SCORES), "sheet__mandate__area")
    lines = SupplementLine.objects.filter(reach).defer("sheet__content")
    people = lines.select_related("sheet__mandate__representative", "sheet__mandate__area")
    own = Supplement.objects.filter(year=year, pk__in=lines.order_by().values("supplement"))
    shown = Prefetch("lines", people.order_by("sheet__mandate__representative__stroke_key", "pk"))
    return own.select_related("recorded_by").prefetch_related(shown).order_by("number")


@never_cache
@login_required
@require_GET
def index(request: HttpRequest, label: int) -> HttpResponse:
    """List the supplements of a year with whom they are about, in the reader's branches."""
    context = _frame(request, label)
    context["page"] = page_of(_seen(request, context["year"]), request, SHOWN)
    return render(request, "scoring/supplement/index.html", context)


@login_required
@require_GET
def document(request: HttpRequest, label: int, number: int) -> FileResponse:
    """Give out the file of a decision to who reads the score of somebody in it."""
    year = _frame(request, label)["year"]
    found = get_object_or_404(_seen(request, year).exclude(document=""), number=number)
    kind = str(found.document.name).rpartition(".")[2]
    try:
        name = f"补充第{found.number}号.{kind}"
        return answer(found.document, name=name, content_type=CONTENT_TYPES[kind])
    except FileNotFoundError as gone:
        raise Http404("这个文件不在了，请联系代表工作委员会。") from gone


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, label: int) -> HttpResponse:
    """Take the decision and its adjustments, show what they come to, and record it once that was agreed to.

    POST says `do`: preview, more (rows), edit (back from the preview), record. Whatever is refused stays typed.
    """
    year = led_year(request, label)
    if year.state not in CONFIRMED:
        raise Http404
    context = {"year": year, "section": "supplements", "office": True}
    if request.method != "POST":
        rows = rows_form()(year=year, initial=_about(request, year))
        return _typed(request, context, SupplementForm(year), rows)
    do = request.POST.get("do", "preview")
    form, rows = SupplementForm(year, request.POST), rows_form(0)(request.POST, year=year)
    if do in {"more", "edit"}:
        return _typed(request, context, *_again(request, year, more=ROWS if do == "more" else 0))
    if not (form.is_valid() & rows.is_valid()):
        return _typed(request, context, form, rows, status=400)
    try:
        found = outcomes(year, rows.changes)
    except SupplementRefused as refused:
        form.add_error(None, str(refused))
        return _typed(request, context, form, rows, status=409)
    sure = SureForm(request.POST, request.FILES) if do == "record" else SureForm()
    status = 200
    if do == "record":
        status = 400
        if sure.is_valid():
            try:
                made = record_supplement(
                    year=year,
                    **form.cleaned_data,
                    changes=rows.changes,
                    actor=request.user,  # type: ignore[arg-type]  # signed in
                    moment=timezone.now(),
                    seen=sure.cleaned_data["seen"],
                    document=sure.cleaned_data["document"],
                )
            except SupplementRefused as refused:
                sure.add_error(None, str(refused))
                status = 409
                found = outcomes(year, rows.changes) if isinstance(refused, SupplementChanged) else found
            else:
                messages.success(request, f"已登记补充第 {made.number} 号，涉及 {len(found)} 位代表。")
                return redirect("supplements", label=year.label)
    context |= {
        "form": form,
        "sure": sure,
        "hidden": list(hidden(form, rows)),
        "found": found,
        "seen": seen_of(found),
        "stories": leaving(year, found),
    }
    return render(request, "scoring/supplement/preview.html", context, status=status)


def _typed(
    request: HttpRequest, context: dict[str, Any], form: SupplementForm, rows: Any, *, status: int = 200
) -> HttpResponse:
    left_out = missed(context["year"]).select_related("representative", "area").by_strokes()
    context |= {
        "form": form,
        "rows": rows,
        "missed": left_out[:NAMED],
        "more": max(0, left_out.count() - NAMED),
    }
    return render(request, "scoring/supplement/new.html", context, status=status)


def _again(request: HttpRequest, year: Year, *, more: int) -> tuple[SupplementForm, Any]:
    """Return the forms with what was typed and nothing judged, with empty rows at the end."""
    sent = rows_form(0)(request.POST, year=year)
    typed = [{name: row[name].value() for name in row.fields} for row in sent]
    form = SupplementForm(
        year, initial={name: request.POST.get(name, "") for name in ("meeting", "reference", "decided_on")}
    )
    return form, rows_form(more)(year=year, initial=typed)


def _about(request: HttpRequest, year: Year) -> list[dict[str, str]]:
    """Return the first row when the page is about one person: ?mandate=."""
    key = request.GET.get("mandate", "")
    sheets = (
        FrozenSheet.objects.filter(year=year, mandate=int(key)) if key.isascii() and key.isdecimal() else None
    )
    sheet = sheets.select_related("mandate__representative", "mandate__area").first() if sheets else None
    return [{"name": f"{sheet.mandate.representative.name}（{sheet.mandate.area.name}）"}] if sheet else []
