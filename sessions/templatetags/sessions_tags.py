"""What home, stories and stations show of sessions and courseware; nothing here writes."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone

from portal.frame import remembered
from portal.visibility import open_to_all
from sessions import programme
from sessions.courseware import shelf
from sessions.models import Activity, CoursewarePage, SharingSessionPage
from sessions.voices.permissions import keeps_questions
from stations.models import ProfilePage, Representative

register = template.Library()

MANY = 4  # times the rows shown: so far are sessions at which somebody spoke parted from the others

Format = SharingSessionPage.Format
COLOURS = {
    Format.TOPIC: "begonia",
    Format.INTERACTIVE: "azure",
    Format.IMMERSIVE: "onion",
    Format.LECTURE: "sky",
    Format.BRIGHT_IDEAS: "amber",
}
NUMERALS = "〇一二三四五六七八九"
PLATES = {"pptx": "PPT", "docx": "DOC", "xlsx": "XLS", "mp4": "视频", "mp3": "音频"}


@register.simple_tag
def upcoming_sessions(limit: int = 3) -> list[SharingSessionPage]:
    """Return the sessions that run or come next, with their speakers (2 queries)."""
    return list(programme.with_speakers(programme.ahead(timezone.now()))[:limit])


@register.simple_tag
def near_sessions(limit: int = 3) -> list[SharingSessionPage]:
    """Return the sessions that run or come next, then those held last, with their speakers (2 queries)."""
    return list(programme.with_speakers(programme.near(timezone.now()))[:limit])


@register.simple_tag
def past_sessions(limit: int = 3) -> list[SharingSessionPage]:
    """Return the sessions held last, with their outcomes (1 query)."""
    return list(programme.with_outcomes(programme.held(timezone.now()))[:limit])


@register.simple_tag
def next_session(coming: list[SharingSessionPage] | None = None) -> dict[str, Any] | None:
    """Return {"page", "running", "days"} of the session that runs or comes next; None when none is planned.

    A page that has read `near_sessions` already passes them in: no query of its own then, else 2.
    """
    now = timezone.now()
    rows = [page.activity for page in coming or ()]
    planned = (a.page for a in rows if a.state == Activity.State.OPEN and a.ends_at > now)
    page = next(planned, None)
    if page is None:  # all of them called off, or nothing passed in
        page = programme.with_speakers(programme.ahead(now).filter(activity__state="open")).first()
    if page is None:
        return None
    days = timezone.localdate(page.activity.starts_at) - timezone.localdate(now)
    return {"page": page, "running": page.activity.starts_at <= now, "days": days.days}


@register.simple_tag
def year_figures() -> programme.YearFigures:
    """Return the figures of this year up to now (2 queries), remembered as long as a stored page may be."""
    now = timezone.now()
    figures: programme.YearFigures = remembered(
        f"year-figures:{timezone.localdate(now)}", lambda: programme.year_figures(now)
    )
    return figures


@register.inclusion_tag("sessions/components/sessions_of.html", takes_context=True)
def sessions_of(context: template.Context, representative: Representative, limit: int = 10) -> dict[str, Any]:
    """Show at which sessions a representative spoke and in which they took part, by closed rolls (1 query)."""
    pages = programme.with_part_of(representative)[: MANY * limit]
    spoken, took_part = ([page for page in pages if page.spoke is whether] for whether in (True, False))
    return {"spoken": spoken[:limit], "took_part": took_part[:limit], "request": context.get("request")}


@register.inclusion_tag("sessions/components/courseware_of.html", takes_context=True)
def courseware_of(
    context: template.Context, representative: Representative, limit: int = 10
) -> dict[str, Any]:
    """Show the courseware a representative left for others (1 query)."""
    items = shelf.listed().filter(author=representative)[:limit]
    return {"items": list(items), "request": context.get("request")}


@register.simple_tag
def courseware_latest(limit: int = 3) -> list[CoursewarePage]:
    """Return the newest courseware with its files (2 queries)."""
    return list(shelf.courseware()[:limit])


@register.simple_tag(takes_context=True)
def courseware_with_files(context: template.Context, page: CoursewarePage) -> CoursewarePage:
    """Return the page with author, session and files at hand; in a preview what the editor has typed."""
    if getattr(context.get("request"), "is_preview", False):
        return _previewed(page)
    return shelf.courseware().filter(pk=page.pk).first() or _previewed(page)


def _previewed(page: CoursewarePage) -> CoursewarePage:
    page.files_listed = list(page.files.all())
    return page


@register.simple_tag(takes_context=True)
def opens_file(context: template.Context, page: CoursewarePage, file: Any) -> bool:
    """Return whether the reader may open a file; pages are stored for readers who are not signed in only."""
    return shelf.opens(page, file, context.get("user"))


@register.simple_tag(takes_context=True)
def first_pages(context: template.Context, page: CoursewarePage) -> list[Any]:
    """Return the pictures of a courseware's first pages that the reader may see (1 query, none without pictures)."""
    return shelf.pictures_of(page, context.get("user"))


@register.inclusion_tag("sessions/components/courseware_author.html", takes_context=True)
def courseware_author(context: template.Context, item: CoursewarePage) -> dict[str, Any]:
    """Show who made a courseware, with the story of a representative where there is one (1 query)."""
    story = None
    if item.author_id:
        story = open_to_all(ProfilePage.objects.filter(representative=item.author_id)).defer("body").first()
    return {"name": str(item.author or item.guest_author), "story": story, "request": context.get("request")}


@register.simple_tag
def station_feed(page: Any) -> str:
    """Return the address of the calendar of a station's page; nothing while the page has none itself (a preview)."""
    return reverse("station_calendar", args=[page.slug]) if page.slug else ""


@register.simple_tag
def reception_calendar(page: Any, key: int) -> str:
    """Return the address of one reception day as a calendar's entry; nothing while the station's page has none."""
    return reverse("reception_calendar", args=[page.slug, key]) if page.slug else ""


@register.simple_tag(takes_context=True)
def voices_door(context: template.Context) -> str:
    """Return the address of the queue of questions and ideas for who judges some, else nothing (1 query)."""
    user = getattr(context.get("request"), "user", None)
    return reverse("voices") if user and keeps_questions(user) else ""


@register.filter
def session_colour(page: SharingSessionPage) -> str:
    """Return the glaze that marks the session's format in the calendar; the words stand beside it."""
    return COLOURS.get(Format(page.format), "azure")


@register.filter
def issue(number: int | None) -> str:
    """Return 第十四期 for 14; plain figures from 100 on; empty without a number."""
    if not number:
        return ""
    if number >= 100:
        return f"第 {number} 期"
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else NUMERALS[tens]) + "十" if tens else ""
    return f"第{head}{NUMERALS[ones] if ones or not tens else ''}期"


@register.filter
def seats_left(page: Any) -> int | None:
    """Return the free seats of a page read with `with_seats`; None where nothing limits them."""
    capacity = page.activity.capacity
    return None if capacity is None else max(capacity - page.taken, 0)


@register.filter
@register.filter
def plate(page: Any) -> str:
    """Return the type plate of a courseware: type of its first file and its length."""
    files = page.files_listed
    kind = str(files[0].document.file_extension).lower() if files else ""
    return " · ".join(part for part in (PLATES.get(kind, kind.upper()), page.length) if part)


@register.filter
def downloads(page: Any) -> int:
    """Return how often the files of a courseware were taken."""
    return sum(getattr(file, "downloads", 0) for file in page.files_listed)


@register.filter
def off(activity: Activity) -> bool:
    """Whether the activity is called off."""
    return activity.state == Activity.State.CANCELLED
