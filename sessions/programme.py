"""The public programme: which sessions and courseware a reader sees, with the counts their rows show."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.visibility import open_to_all
from sessions.models import (
    Activity,
    Attendance,
    CoursewarePage,
    Enrolment,
    Idea,
    SessionSpeaker,
    SharingSessionPage,
)
from stations.models import ReceptionDay, Representative

LONG_TEXTS = ("intro", "agenda", "outcome", "takeaways")
State = Activity.State


class YearFigures(NamedTuple):
    """What happened from the first of January to `until`; each figure can be opened on a public page."""

    year: int
    until: datetime
    sessions: int
    people: int  # person-times at closed rolls of these sessions
    courseware: int
    ideas: int  # public ones handed in this year, each counted once however often it was handed in
    receptions: int


def programme() -> Any:
    """Return the public pages of sessions that are announced, with activity and station and without long texts."""
    return (
        open_to_all(SharingSessionPage.objects.all())
        .exclude(activity__state=State.DRAFT)
        .select_related("activity__station")
        .defer(*LONG_TEXTS)
    )


def ahead(moment: datetime) -> Any:
    """Return sessions that run or are to come at `moment`, the next first; called-off ones stay visible."""
    coming = programme().exclude(activity__state=State.CLOSED).filter(activity__ends_at__gt=moment)
    return coming.order_by("activity__starts_at", "pk")


def behind(moment: datetime) -> Any:
    """Return sessions that are over at `moment` or whose roll is closed, the latest first."""
    over = programme().filter(Q(activity__ends_at__lte=moment) | Q(activity__state=State.CLOSED))
    return over.order_by("-activity__starts_at", "-pk")


def held(moment: datetime) -> Any:
    """Return sessions that took place before `moment`: over and not called off."""
    return behind(moment).exclude(activity__state=State.CANCELLED)


def near(moment: datetime) -> Any:
    """Return sessions that run or are to come at `moment`, the next first, then those held last: in one query."""
    to_come = ~Q(activity__state=State.CLOSED) & Q(activity__ends_at__gt=moment)
    soon = Case(When(to_come, then=F("activity__starts_at")))
    pages = programme().exclude(activity__state=State.CANCELLED, activity__ends_at__lte=moment)
    return pages.order_by(soon.asc(nulls_last=True), "-activity__starts_at", "-pk")


def with_speakers(pages: Any) -> Any:
    """Add `.speakers_listed` to each page (1 query)."""
    speakers = SessionSpeaker.objects.select_related("representative").order_by("sort_order", "pk")
    return pages.prefetch_related(Prefetch("speakers", speakers, to_attr="speakers_listed"))


def with_seats(pages: Any) -> Any:
    """Add `.taken`: seats given to people who signed up; whom the office lists takes none (rule 22)."""
    return pages.annotate(taken=_number(Enrolment.objects.seated(), "activity", "activity_id"))


def with_outcomes(pages: Any) -> Any:
    """Add `.came` (people at a closed roll, 0 while open), `.courseware_count`, `.recording_count`, `.idea_count`, `.adopted_count`."""
    closed = When(
        activity__state=State.CLOSED, then=_number(Attendance.objects.came(), "activity", "activity_id")
    )
    recording = CoursewarePage.Kind.VIDEO
    files, ideas = open_to_all(CoursewarePage.objects.all()), Idea.objects.public()
    return pages.annotate(
        came=Case(closed, default=Value(0), output_field=IntegerField()),
        courseware_count=_number(files.exclude(kind=recording), "session", "pk"),
        recording_count=_number(files.filter(kind=recording), "session", "pk"),
        idea_count=_number(ideas, "activity", "activity_id"),
        adopted_count=_number(ideas.filter(handling=Idea.Handling.ADOPTED), "activity", "activity_id"),
    )


def _number(rows: Any, link: str, owner: str) -> Coalesce:
    """Count `rows` whose `link` is the outer row's `owner`, as a subquery: no join multiplies another count."""
    counted = rows.filter(**{link: OuterRef(owner)}).order_by().values(link).annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


def with_part_of(representative: Representative) -> Any:
    """Return the closed sessions at which `representative` spoke (`.spoke`) or was present, those first, then the latest."""
    spoke = Exists(SessionSpeaker.objects.filter(page=OuterRef("pk"), representative=representative))
    rolls = Attendance.objects.came().filter(representative=representative)
    closed = programme().filter(activity__state=State.CLOSED).annotate(spoke=spoke)
    there = closed.filter(Q(spoke=True) | Q(activity__in=rolls.values("activity")))
    return there.order_by("-spoke", "-activity__starts_at", "-pk")


def year_figures(moment: datetime) -> YearFigures:
    """Count the local year of `moment` up to it (2 queries)."""
    year = timezone.localtime(moment).year
    pages = with_outcomes(held(moment)).filter(activity__starts_at__year=year)
    came = list(pages.values_list("came", flat=True))
    library = open_to_all(CoursewarePage.objects.filter(date__year=year))
    days = ReceptionDay.objects.filter(starts_at__year=year, ends_at__lte=moment)
    ideas = Idea.objects.public().filter(submitted_at__year=year, submitted_at__lte=moment)
    more = (_counted(days, "receptions"), _counted(ideas, "ideas"))
    others = dict(_counted(library, "courseware").union(*more, all=True))
    return YearFigures(
        year=year,
        until=moment,
        sessions=len(came),
        people=sum(came),
        courseware=others.get("courseware", 0),
        ideas=others.get("ideas", 0),
        receptions=others.get("receptions", 0),
    )


def _counted(rows: Any, name: str) -> Any:
    """Return the query of one pair (name, number of rows): several make one union."""
    named = rows.order_by().annotate(counted=Value(name, CharField())).values("counted")
    return named.annotate(number=Count("pk")).values_list("counted", "number")
