"""What scoring lends to other pages: one's own score in small, verified media reports, the way to the method."""

from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from scoring.media import newest_reports, reports_of
from scoring.models import MediaReport
from scoring.sheet.years import answers_for, current_of, mandates_in, years_of
from scoring.sheets import sheet_content
from scoring.supplements import lines_of
from stations.models import Representative
from stations.permissions import READS_SCORES, holds_anywhere, reads_log

register = template.Library()


@register.inclusion_tag("scoring/sheet/card.html", takes_context=True)
def my_score_card(context: template.Context) -> dict[str, Any]:
    """Show the reader's own points of the running year in small; nothing for who holds no mandate.

    1 query for the years, 1 for the mandate, and the sheet's own (at most 6); 1 more where the page has not
    already found the `person`, 1 while a year is publicised, which the card then tells, 1 of a confirmed year, and 1 from
    the first publicity on, for answers to objections that are new.
    """
    person = _reader(context)
    shown: dict[str, Any] = {"person": person, "request": context.get("request")}
    if person is None:
        return shown
    years, today = list(years_of(person)), timezone.localdate()
    told = next((each for each in years if each.publicised_on(today)), None)
    if told and mandates_in(told, person):
        shown["publicised"] = told
    shown["answers"] = answers_for(person, years, timezone.now())
    year = current_of(years, today)
    mandates = mandates_in(year, person) if year else []
    if not year or not mandates:
        return shown
    content, frozen = sheet_content(year, mandates[0])
    lines = lines_of(year, mandates[0]) if frozen else []
    total, band = (lines[-1].new_total, lines[-1].new_band) if lines else (content["total"], content["band"])
    return shown | {"year": year, "sheet": content, "frozen": frozen, "total": Decimal(total), "band": band}


@register.inclusion_tag("scoring/media/reports_of.html")
def media_reports_of(representative: Representative, limit: int = 10) -> dict[str, Any]:
    """List the verified media reports about a representative for everybody (1 query)."""
    return {"reports": list(reports_of(representative)[:limit])}


@register.simple_tag
def media_highlights(limit: int = 4) -> list[MediaReport]:
    """Return the newest verified reports, each story once, with outlet and people (2 queries)."""
    return list(newest_reports()[:limit])


@register.simple_tag(takes_context=True)
def review_door(context: template.Context) -> str:
    """Return the address of the review console for who may read scores anywhere, else an empty string (1 query)."""
    request = context.get("request")
    return reverse("review") if request and holds_anywhere(request.user, READS_SCORES) else ""


@register.simple_tag(takes_context=True)
def log_door(context: template.Context) -> str:
    """Return the address of the audit log for who reads it, else an empty string (no query beside the grants)."""
    request = context.get("request")
    return reverse("audit_log") if request and reads_log(request.user) else ""


@register.simple_tag
def standard_link(words: str = "积分标准") -> SafeString:
    """Return the link to the public page of the standard in force."""
    return format_html('<a href="{}">{}</a>', reverse("method"), words)


def _reader(context: template.Context) -> Representative | None:
    """Return the representative who reads; the page may have found them already."""
    user = context.get("user")
    if user is None or not user.is_authenticated:
        return None
    person = context.get("person")
    if isinstance(person, Representative) and person.user_id == user.pk:
        return person
    return Representative.objects.filter(user=user).first()
