"""公开数据 and the staff's figures of attendance: charts, tables, and the rows that each number was counted from."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from portal.conventions.addresses import understood
from portal.models.pages import page_of
from sessions.figures.public import courseware_facts, measures_of, session_facts, years_with_figures
from sessions.figures.rolls import roll_facts, roll_measures, years_with_rolls
from sessions.figures.tables import (
    NONE,
    Asked,
    Fact,
    Measure,
    by_month,
    by_station,
    by_theme,
    read_asked,
    sums_of,
)
from stations.permissions import READS_ROLLS, holds_anywhere

ROWS = 50
STATIONS_A_PAGE = 30
OF_SESSIONS = ("sessions", "people", "ideas")


@require_safe
def year_figures(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Show a year's sessions, person-times, ideas and courseware by month, theme and station; 404 beyond them."""
    now = timezone.now()
    years, year = _year(years_with_figures(now), year)
    measures = measures_of(year)
    facts = [*session_facts(year, now), *courseware_facts(year)]
    months = by_month(year, facts, measures)
    places = by_station(year, facts, measures)
    stations = page_of(places.lines, request, STATIONS_A_PAGE)
    context = {
        "year": year,
        "years": years,
        "until": now if year == timezone.localtime(now).year else None,
        "empty": not facts,
        "months": months,
        "themes": by_theme(year, facts, measures),
        "places": places,
        "stations": stations,
        "sums": months.total,
        "understood": understood(page=stations),
    }
    return render(request, "sessions/figures/year.html", context)


@require_safe
def session_rows(request: HttpRequest, year: int) -> HttpResponse:
    """List the sessions that a number was counted from: ?month=2026-06, ?theme=, ?station=."""
    now = timezone.now()
    _year(years_with_figures(now), year)
    wanted = [m for m in measures_of(year) if m.key in OF_SESSIONS]
    return _rows(request, "sessions/figures/sessions.html", session_facts(year, now), wanted, year)


@require_safe
def courseware_rows(request: HttpRequest, year: int) -> HttpResponse:
    """List the courseware that a number was counted from."""
    _year(years_with_figures(timezone.now()), year)
    wanted = [m for m in measures_of(year) if m.key == "courseware"]
    return _rows(request, "sessions/figures/courseware.html", courseware_facts(year), wanted, year)


@never_cache
@login_required
@require_GET
def roll_figures(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Show who was obliged, came, had leave or was absent at the closed rolls the reader keeps."""
    years, year, facts = _kept(request, year)
    measures = roll_measures(year)
    context = {
        "year": year,
        "years": years,
        "empty": not facts,
        "months": by_month(year, facts, measures),
        "places": by_station(year, facts, measures),
    }
    return render(request, "sessions/figures/rolls.html", context)


@never_cache
@login_required
@require_GET
def roll_rows(request: HttpRequest, year: int) -> HttpResponse:
    """List the closed rolls that a number was counted from, each leading to the roll itself."""
    _, year, facts = _kept(request, year)
    return _rows(request, "sessions/figures/roll_rows.html", facts, roll_measures(year), year)


def _kept(request: HttpRequest, year: int | None) -> tuple[list[int], int, list[Fact]]:
    """Return the years, the year and the facts of a reader who keeps rolls; 404 for everybody else (THREATS 12)."""
    if not holds_anywhere(request.user, READS_ROLLS):
        raise Http404
    user: Any = request.user
    years, year = _year(years_with_rolls(user, timezone.localtime().year), year)
    return years, year, roll_facts(user, year)


def _year(years: list[int], asked: int | None) -> tuple[list[int], int]:
    """Return the years with the one asked for, this one by default; 404 for a year nothing can be known of."""
    year = timezone.localtime().year if asked is None else asked
    if year not in years:
        raise Http404
    return years, year


def _rows(
    request: HttpRequest, template: str, facts: Sequence[Fact], measures: Sequence[Measure], year: int
) -> HttpResponse:
    given = (request.GET.get(key, "") for key in ("month", "theme", "station"))
    asked = read_asked(year, *given)
    fitting = [fact for fact in facts if asked.fits(fact)]
    sums = sums_of(fitting, asked, measures)
    shown = page_of(fitting, request, ROWS)
    month = f"{year}-{asked.month:02d}" if asked.month else ""
    context = {
        "year": year,
        "asked": asked,
        "named": _named(asked, fitting),
        "measures": measures,
        "sums": [(measure, sums[measure.key]) for measure in measures],
        "facts": shown,
        "trail": [(f"{year} 年公开数据", reverse("figures_year", args=[year]))],
        "understood": understood(month=month, theme=asked.theme, station=asked.station, page=shown),
    }
    return render(request, template, context)


def _named(asked: Asked, fitting: Sequence[Fact]) -> str:
    """Return what was asked for in words. A station is named by its rows: without any, it stays unnamed."""
    words = [f"{asked.year} 年" + (f" {asked.month} 月" if asked.month else "")]
    if asked.theme:
        words.append("未分主题" if asked.theme == NONE else f"主题“{asked.theme}”")
    if asked.station:
        name = next((fact.station_name for fact in fitting), "")
        words.append("其他地点" if asked.station == NONE else name or "这个站点")
    return " · ".join(words)
