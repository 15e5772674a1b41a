"""Tags and filters of the look: icons, phrases, monograms, dates, points, bars and the ruler. All pure."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from django import template
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal import dates, ruler
from portal import generation as generations
from portal.frame import remembered
from portal.icons import DRAWINGS, ICONS
from portal.models import ArticlePage
from portal.visibility import open_to_all

if TYPE_CHECKING:
    from django.core.paginator import Page

register = template.Library()

GLAZES = "abcdef"
NOTHING = "—"
LOW_SHARE = Fraction(72, 100)  # below this a category is called a weak place (DESIGN_LANGUAGE §5)
NAV = (
    ("首页", "/"),
    ("代表风采", "/daibiao/"),
    ("分享会", "/fenxianghui/"),
    ("联络站点", "/lianluozhan/"),
    ("课件库", "/kejian/"),
    ("通知公告", "/tongzhi/"),
)
# A phrase ends after ，：、；？ together with the closing marks that belong to it.
PHRASE = re.compile(r"[^，：、；？]*[，：、；？]+[”’」』）》]*|[^，：、；？]+")


class NavItem(NamedTuple):
    """One item of the main navigation; `current` is "page", "true" (a page below it) or empty."""

    label: str
    href: str
    current: str


class SiteLink(NamedTuple):
    """One standing page of the footer."""

    title: str
    url: str


@register.simple_tag
@cache  # pure, and some pages show a hundred of them
def icon(name: str, kind: str = "") -> SafeString:
    """Return one of our line icons as inline SVG, hidden from screen readers."""
    paths = format_html_join("", '<path d="{}"/>', ((path,) for path in ICONS[name]))
    more = f" {kind}" if kind else ""
    return format_html(
        '<svg class="i i-{}{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', name, more, paths
    )


@register.simple_tag
def drawing(name: str) -> SafeString:
    """Return the line drawing of an empty or broken state: jar, bowl, kiln or cracked."""
    paths = format_html_join("", '<path class="{}" d="{}"/>', ((kind, path) for path, kind in DRAWINGS[name]))
    return format_html('<svg class="art" viewBox="0 0 120 90" aria-hidden="true">{}</svg>', paths)


@register.filter
def phrases(title: object) -> SafeString:
    """Return a heading whose lines may break between phrases only; `|` forces a break."""
    lines = [PHRASE.findall(line) for line in str(title or "").split("|")]
    whole = [
        format_html("{}", line[0])
        if len(line) == 1
        else format_html_join("", '<span class="phr">{}</span>', ((part,) for part in line))
        for line in lines
        if line
    ]
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in whole))


@register.filter
def unbroken(title: object) -> str:
    """Return a heading as plain text, without the marks of forced breaks: for <title>, lists and feeds."""
    return str(title or "").replace("|", "")


@register.filter
def seal_rows(text: object) -> list[str]:
    """Return the text of the seal in rows of two characters; two characters stand one above the other."""
    marks = str(text or "")[:4]
    return list(marks) if len(marks) <= 2 else [marks[:2], marks[2:]]


@register.simple_tag
def monogram(name: str, key: int | None = 0, kind: str = "") -> SafeString:
    """Return the tile of a person without a photograph: surname on one of six glazes, chosen by key % 6."""
    glaze = GLAZES[(key or 0) % len(GLAZES)]
    more = f" {kind}" if kind else ""
    return format_html(
        '<span class="mono m-{}{}" aria-hidden="true">{}</span>', glaze, more, (name.strip() or "代")[0]
    )


for spelling in (
    dates.cn_date,
    dates.cn_month_day,
    dates.cn_day,
    dates.cn_month_weekday,
    dates.cn_year_month_weekday,
    dates.cn_weekday,
    dates.cn_time,
):
    register.filter(spelling.__name__, spelling)
register.simple_tag(dates.cn_span, name="cn_span")


@register.filter
def points(value: Decimal | Fraction | float | str | None) -> str:
    """Return points as people write them (87.00 → 87, 87.50 → 87.5); a dash for what is none."""
    if isinstance(value, Decimal | Fraction | int):
        return ruler.written(value)
    try:
        return NOTHING if value in {None, ""} else ruler.written(Decimal(str(value)))
    except InvalidOperation:
        return NOTHING


@register.simple_tag
def share_bar(
    value: Decimal | Fraction | int | None, maximum: Decimal | Fraction | int | None, kind: str = ""
) -> SafeString:
    """Return a bar of value in maximum, decoration beside the figures: full is green, weak amber."""
    most = Fraction(maximum or 0)
    share = min(max(Fraction(value or 0) / most, Fraction(0)), Fraction(1)) if most > 0 else Fraction(0)
    state = kind or ("full" if share == 1 else "low" if share < LOW_SHARE else "")
    return format_html(
        '<svg class="bar{}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="{}" height="6"/></svg>',
        f" {state}" if state else "",
        f"{float(share * 100):.4g}",
    )


def _sentence(scale: ruler.Ruler) -> str:
    """Say the ruler in words, for who does not see it."""
    first, *others = scale.bands
    names = [f"{ruler.written(others[0].least)} 分以下{first.name}"] if others else [first.name]
    names += [f"{ruler.written(band.least)} 分起{band.name}" for band in others]
    text = f"得分标尺：{'，'.join(names)}。当前 {ruler.written(scale.total)} 分，位于{scale.band.name}"
    goal = scale.goal
    return (
        f"{text}，距{goal.name}还差 {ruler.written(goal.least - scale.total)} 分。" if goal else f"{text}。"
    )


def _side(place: float) -> str:
    return "to-right" if place < 4 else "to-left" if place > 96 else ""


def _at(place: float) -> str:
    return f"{place:.4g}%"


@register.simple_tag
def score_ruler(total: Decimal | Fraction | int, bands: Iterable[tuple[str, Any]]) -> SafeString:
    """Return the ruler of grades as SVG with the total pinned; bands are (name, least points)."""
    scale = ruler.lay_out(total, bands)
    grades = scale.bands
    rects = ((_rank(band), _at(band.left), _at(max(band.width - 0.3, 0.1))) for band in grades)
    ticks = [("", _at(band.left), ruler.written(band.least)) for band in grades[1:]]
    ticks.append(("last", "100%", ruler.written(scale.top)))
    names = (("on" if band is scale.band else "", _at(band.middle), band.name) for band in grades)
    goal = scale.goal
    line = '<line class="goal" x1="{0}" x2="{0}" y1="2em" y2="4.1em"/>'
    return format_html(
        '<svg class="ruler g{}" role="img" aria-label="{}" width="100%">{}{}{}'
        '<g class="pin"><text class="{}" x="{}" y="1.1em">{}</text>'
        '<line x1="{}" x2="{}" y1="1.6em" y2="4.3em"/></g>'
        '<g class="ticks">{}</g><g class="lbls">{}</g></svg>',
        _rank(scale.band),
        _sentence(scale),
        format_html_join("", '<rect class="b{}" x="{}" y="2.6em" width="{}" height="1.5em" rx="2"/>', rects),
        _break(grades[0]) if len(grades) > 1 else "",
        format_html(line, _at(goal.left)) if goal else "",
        _side(scale.pin),
        _at(scale.pin),
        ruler.written(scale.total),
        _at(scale.pin),
        _at(scale.pin),
        format_html_join("", '<text class="{}" x="{}" dy="6.6em">{}</text>', ticks),
        format_html_join("", '<text class="{}" x="{}" dy="8.2em">{}</text>', names),
    )


def _rank(band: ruler.Band) -> int:
    return min(band.rank, 4)


def _break(band: ruler.Band) -> SafeString:
    """The slanted gap that says: this stretch is not to scale."""
    return format_html(
        '<svg x="{}" y="2.6em" width="1em" height="1.5em" viewBox="0 0 16 24" aria-hidden="true">'
        '<path class="break" d="M3 25 9-1h4L7 25z"/></svg>',
        _at(band.middle),
    )


@register.simple_tag(takes_context=True)
def main_nav(context: template.Context) -> Sequence[NavItem]:
    """Return the six items of the main navigation with the one the reader is in, by the address or by the trail."""
    request = context.get("request")
    path = request.path if request else ""
    above = {address for _, address in context.get("trail") or ()}
    return [NavItem(label, href, _current(path, href, above)) for label, href in NAV]


def _current(path: str, href: str, above: set[str]) -> str:
    if path == href:
        return "page"
    return "true" if href in above or (href != "/" and path.startswith(href)) else ""


@register.simple_tag(takes_context=True)
def switch(context: template.Context, name: str, value: str) -> str:
    """Return the address of this page with one way of being shown changed; what was searched for stays."""
    request = context.get("request")
    query = {**dict(request.GET.lists() if request else ()), name: [value]}
    return f"?{urlencode(query, doseq=True)}"


@register.simple_tag
def site_links() -> Sequence[SiteLink]:
    """Return the standing pages that the footer names: those marked for menus, in the editors' order."""
    links: Sequence[SiteLink] = remembered("site-links", _site_links, generations.FRAME)
    return links


def _site_links() -> list[SiteLink]:
    pages = open_to_all(ArticlePage.objects.in_menu()).order_by("path").only("title", "url_path")
    return [SiteLink(unbroken(page.title), page.url) for page in pages]


@register.simple_tag
def generation() -> int:
    """Return the number of what is public now: a fragment kept under it is worthless when anything is saved."""
    return generations.current()


@register.simple_tag
def page_numbers(items: "Page[Any]") -> list[int | None]:
    """Return the numbers a pager shows around the current page; None stands for what is left out."""
    shown = items.paginator.get_elided_page_range(items.number, on_each_side=2, on_ends=1)
    return [number if isinstance(number, int) else None for number in shown]


@register.simple_tag
def control(field: BoundField, *, hinted: bool = False, **attributes: Any) -> SafeString:
    """Return a form control with our class, its error and its hint tied to it for screen readers.

    `hinted` says that the template shows a hint with the id `<field>-hint`. An underscore in an attribute's
    name stands for a hyphen; the widget's own attributes stay.
    """
    if not hinted:
        field.help_text = ""  # Django would point at a hint that this template does not show
    described = [f"{field.auto_id}-error"] if field.errors else []
    described += [f"{field.auto_id}-hint"] if hinted else []
    attrs: dict[str, str | bool] = {n.replace("_", "-"): str(value) for n, value in attributes.items()}
    own = str(field.field.widget.attrs.get("class", ""))
    attrs["class"] = " ".join(filter(None, ("inp", own, "err" if field.errors else "")))
    if field.errors:
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attrs)
