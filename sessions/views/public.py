"""What the public pages of sessions and courseware show: one read a page, nothing is written."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Subquery
from django.http import HttpRequest
from django.utils import timezone

from portal.conventions.addresses import understood
from portal.models import User
from portal.models.pages import page_of
from portal.pictures.uses import fetch_made
from portal.visibility import open_to_all
from sessions.checkin.online import link_for
from sessions.checkin.visits import leaves, stays, told_of
from sessions.courseware.shelf import with_files
from sessions.models import Activity, Attendance, Enrolment, SharingSessionPage
from sessions.months import Month, month_of, read_month
from sessions.programme import ahead, behind, programme, with_outcomes, with_seats
from sessions.routes import route_of, siblings_of
from sessions.voices.reading import voices_of
from stations.models import GroupMembership, ProfilePage, Representative

AHEAD = 12  # rows of what is to come; further months are reached by the calendar
PAST_PAGE = 10
COURSEWARE_DUE = timedelta(days=10)  # after the end, in which a speaker may still bring it
ONLINE = "online"  # among the forms: whatever can be joined from afar


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked to see; unknown words count as nothing asked."""

    theme: str
    format: str

    def __bool__(self) -> bool:
        return bool(self.theme or self.format)

    def keep(self, pages: Any) -> Any:
        """Return those of `pages` that fit."""
        if self.theme:
            pages = pages.filter(activity__theme=self.theme)
        if self.format == ONLINE:
            return pages.exclude(activity__mode=Activity.Mode.ONSITE)
        return pages.filter(format=self.format) if self.format else pages


@dataclass(frozen=True, slots=True)
class Day:
    """One cell of the month's table."""

    day: date
    outside: bool
    today: bool
    sessions: tuple[SharingSessionPage, ...]


def session_index_context(page: Any, request: HttpRequest, now: datetime) -> dict[str, Any]:
    """Return what the list of sessions shows: filters, one month as a table, what comes, what was."""
    spans = (
        programme()
        .order_by("activity__theme")
        .values_list("activity__theme")
        .annotate(first=Min("activity__starts_at"), last=Max("activity__starts_at"))
    )
    themes, moments = [], [now]
    for theme, first, last in spans:
        themes += [theme] if theme else []
        moments += [first, last]
    asked = Filters(
        theme=_one_of(request.GET.get("theme"), themes),
        format=_one_of(request.GET.get("format"), [*SharingSessionPage.Format.values, ONLINE]),
    )
    coming = with_seats(asked.keep(ahead(now)))[: AHEAD + 1]
    upcoming = list(coming)
    past = page_of(with_outcomes(asked.keep(behind(now))), request, PAST_PAGE)
    shown = _month_context(request, asked, now, moments)
    month = shown["month"] if shown["month"] != month_of(timezone.localdate(now)) else ""
    return shown | {
        "themes": themes,
        "formats": [*SharingSessionPage.Format.choices, (ONLINE, "可线上参加")],
        "as_list": request.GET.get("view") == "list",
        "asked": asked,
        "upcoming": upcoming[:AHEAD],
        "running": any(_phase(row.activity, now) == "running" for row in upcoming[:AHEAD]),
        "more_upcoming": len(upcoming) > AHEAD,
        "past": past,
        "understood": understood(theme=asked.theme, format=asked.format, month=month, page=past),
        "now": now,
    }


def _one_of(word: str | None, known: list[str]) -> str:
    return word if word in known else ""


def _month_context(
    request: HttpRequest, asked: Filters, now: datetime, moments: list[datetime]
) -> dict[str, Any]:
    """The month asked for, never further away than one month from the first and the last of `moments`."""
    today = timezone.localdate(now)
    known = [month_of(timezone.localdate(moment)) for moment in moments]
    first, last = min(known) + -1, max(known) + 1
    month = read_month(request.GET.get("month", ""), default=month_of(today), first=first, last=last)
    sessions = list(
        asked.keep(programme())
        .filter(activity__starts_at__gte=month.starts_at, activity__starts_at__lt=(month + 1).starts_at)
        .order_by("activity__starts_at", "pk")
    )
    return {
        "month": month,
        "month_before": month + -1 if month > first else None,
        "month_after": month + 1 if month < last else None,
        "month_asked": bool(request.GET.get("month")),
        "month_sessions": sessions,
        "weeks": _weeks(month, today, sessions),
    }


def _weeks(month: Month, today: date, sessions: list[SharingSessionPage]) -> list[list[Day]]:
    by_day: dict[date, list[SharingSessionPage]] = {}
    for page in sessions:
        by_day.setdefault(timezone.localdate(page.activity.starts_at), []).append(page)
    return [
        [Day(day, not month.holds(day), day == today, tuple(by_day.get(day, ()))) for day in week]
        for week in month.weeks()
    ]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, as the public may see it: no unit, no phone."""

    name: str
    key: int
    caption: str
    topic: str
    abstract: str
    story: ProfilePage | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """The closed roll in figures. `expected` sums as rule 10 says; `others` came without being obliged."""

    expected: int
    came: int
    late: int
    leave: int
    others: int


def session_context(page: SharingSessionPage, request: HttpRequest, now: datetime) -> dict[str, Any]:
    """Return what one session shows before, while and after it is held."""
    activity = page.activity
    phase = _phase(activity, now)
    taken = _seats_taken(activity) if phase in {"before", "running"} else None
    return {
        "activity": activity,
        "trail": [("分享会", "/fenxianghui/")],
        "phase": phase,
        "speakers": _speakers(page, activity),
        "courseware_due": now < activity.ends_at + COURSEWARE_DUE,
        "courseware": list(with_files().filter(session_id=page.pk)) if page.pk else [],
        "numbers": _numbers(activity) if activity.state == Activity.State.CLOSED else None,
        "voices": voices_of(activity),
        "seats_left": None if taken is None else max((activity.capacity or 0) - taken, 0),
        "enrolment": _own_enrolment(activity, getattr(request, "user", AnonymousUser()), now),
        "stops": route_of(activity.tour, now) if activity.tour else [],
        "siblings": siblings_of(activity, now),
        "now": now,
    }


def _phase(activity: Activity, now: datetime) -> str:
    """Return draft, cancelled, before, running or after."""
    if activity.state in {Activity.State.DRAFT, Activity.State.CANCELLED}:
        return str(activity.state)
    if activity.state == Activity.State.CLOSED or now >= activity.ends_at:
        return "after"
    return "running" if now >= activity.starts_at else "before"


def _seats_taken(activity: Activity) -> int | None:
    if activity.capacity is None:
        return None
    return int(Enrolment.objects.seated().filter(activity=activity).count())


def _own_enrolment(activity: Activity, user: User | AnonymousUser, now: datetime) -> Any:
    """Return what concerns a signed-in representative, else None; the page is then never stored.

    "row" is their place on the list, "link" the address of the online meeting, for who is expected and from the
    day before, "told" that they are there; "stays" and "leaves": they still have to check out, and can do so now.
    """
    if not user.is_authenticated:
        return None
    representative = getattr(user, "representative", None)
    if representative is None:
        return None
    row = Enrolment.objects.with_place().filter(activity=activity, representative=representative).first()
    there = Attendance.objects.filter(activity=activity, representative=representative).first()
    return {
        "representative": representative,
        "row": row,
        "link": link_for(activity, row, now),
        "told": told_of(there),
        "stays": stays(activity, there, now),
        "leaves": leaves(activity, there, now),
    }


def _speakers(page: SharingSessionPage, activity: Activity) -> list[Speaker]:
    """Speakers in the editor's order; representatives with their group of that day and their story (3 queries)."""
    rows = list(page.speakers.all())
    people = {row.representative_id for row in rows if row.representative_id}
    known = {person.pk: person for person in _people(people, activity)} if people else {}
    stories = [person.profile for person in known.values() if person.readable]
    fetch_made(story.portrait for story in stories)
    return [_speaker(row, known.get(row.representative_id)) for row in rows]


def _people(keys: set[int], activity: Activity) -> Any:
    """Read representatives with .group_then, .profile and .readable: whether the public may open that story."""
    day = timezone.localdate(activity.starts_at)
    memberships = GroupMembership.objects.on(day).filter(mandate__representative=OuterRef("pk"))
    stories = open_to_all(ProfilePage.objects.filter(representative=OuterRef("pk")))
    return (
        Representative.objects.filter(pk__in=keys)
        .annotate(group_then=Subquery(memberships.values("group__name")[:1]), readable=Exists(stories))
        .select_related("profile__portrait")
        .defer("profile__body", "profile__timeline")
    )


def _speaker(row: Any, person: Any) -> Speaker:
    if person is None:
        return Speaker(row.guest_name, row.pk or 0, row.guest_title, row.topic, row.abstract, None)
    caption = f"人大代表 · {person.group_then}" if person.group_then else "人大代表"
    story = person.profile if person.readable else None
    return Speaker(person.name, person.pk, caption, row.topic, row.abstract, story)


def _numbers(activity: Activity) -> Numbers:
    """Count the closed roll (1 query); no name leaves this function."""
    came = Q(status__in=Attendance.CAME)
    late = Q(status__in=[Attendance.Status.LATE, Attendance.Status.LATE_LEFT])
    obliged = Q(obliged=True)
    counts = activity.attendances.aggregate(
        expected=Count("pk", filter=obliged),
        came=Count("pk", filter=obliged & came),
        late=Count("pk", filter=obliged & late),
        leave=Count("pk", filter=obliged & Q(status=Attendance.Status.LEAVE)),
        others=Count("pk", filter=Q(obliged=False) & (came | Q(status=Attendance.Status.VISITOR))),
    )
    return Numbers(**counts)
