"""Making activities after the pattern of another: a copy, and a whole series of sessions at once."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit import record
from portal.models import User
from sessions.lists.sources import all_of
from sessions.models import Activity, Enrolment, ListSource, Series, SessionSpeaker, SharingSessionPage
from sessions.operations.activities import ActivityRefused, create_activity, enrol
from sessions.operations.lists import enrol_from
from stations.models import Mandate

COPIED_COLUMNS = (
    "early_minutes",
    "grace_minutes",
    "late_minutes",
    "check_out_required",
    "check_out_minutes",
)
MOST = 36  # sessions made at once: three years of monthly ones
BY_PEOPLE = (Enrolment.Basis.OBLIGED, Enrolment.Basis.INVITED)


@transaction.atomic
def clone_activity(
    *,
    activity: Activity,
    starts_at: datetime,
    ends_at: datetime,
    actor: User,
    title: str = "",
    series: Series | None = None,
) -> Activity:
    """Make a draft after the pattern of `activity` for another time and return it.

    The list is drawn anew: groups, places and areas by who belongs to them on the new day, people listed singly
    when they have a mandate then. Roll, sign-ups, check-in code and address, tour and the online meeting's address
    are the copy's own. Raises ActivityRefused when it would end before it starts.
    """
    copy = create_activity(
        kind=activity.kind,
        title=title or activity.title,
        theme=activity.theme,
        area=activity.area,
        station=activity.station,
        place=activity.place,
        starts_at=starts_at,
        ends_at=ends_at,
        units=activity.units,
        capacity=activity.capacity,
        mode=activity.mode,
        series=series or activity.series,
        actor=actor,
    )
    for name in COPIED_COLUMNS:
        setattr(copy, name, getattr(activity, name))
    copy.save(update_fields=COPIED_COLUMNS)
    _copy_list(activity, copy, actor)
    record("sharing.copy_activity", copy, actor=actor, copied_from=activity.pk)
    return copy


def _copy_list(activity: Activity, copy: Activity, actor: User) -> None:
    """Draw the list of `copy` as that of `activity` was drawn."""
    sources = list(activity.list_sources.select_related("group", "station", "area").order_by("pk"))
    enrol_from(activity=copy, sources=[_unsaved(source) for source in sources], actor=actor)
    drawn = all_of(sources, timezone.localdate(activity.starts_at))
    singly = (
        activity.enrolments.expected()
        .filter(basis__in=BY_PEOPLE)
        .exclude(representative__in=[m.representative_id for m in drawn], role=Enrolment.Role.ATTENDEE)
    )
    serving = Mandate.objects.serving(timezone.localdate(copy.starts_at))
    for basis, role in singly.order_by("basis", "role").values_list("basis", "role").distinct():
        people = singly.filter(basis=basis, role=role).values("representative_id")
        mandates = list(serving.filter(representative__in=people).order_by("pk"))
        if mandates:
            enrol(activity=copy, mandates=mandates, basis=basis, role=role, actor=actor)


def _unsaved(source: ListSource) -> ListSource:
    return ListSource(
        basis=source.basis,
        role=source.role,
        group=source.group,
        station=source.station,
        area=source.area,
        tag=source.tag,
    )


@transaction.atomic
def clone_session(
    *,
    page: SharingSessionPage,
    starts_at: datetime,
    ends_at: datetime,
    actor: User,
    number: int | None = None,
    title: str = "",
    series: Series | None = None,
) -> SharingSessionPage:
    """Copy a session, activity and page, to another time and return the draft page beside it.

    Copied of the page are summary, cover, introduction, agenda (moved with the start), speakers and tags; questions,
    ideas, outcome and takeaways belong to the day they came from. Raises ActivityRefused for a number that is
    taken and for times that make no sense.
    """
    if number is not None and SharingSessionPage.objects.filter(number=number).exists():
        raise ActivityRefused(f"第 {number} 期已经有了，请换一个期数。")
    title = title.strip() or page.title
    activity = clone_activity(
        activity=page.activity,
        starts_at=starts_at,
        ends_at=ends_at,
        actor=actor,
        title=title.replace("|", ""),
        series=series,
    )
    copy = SharingSessionPage(
        title=title,
        slug=f"session-{activity.pk}",
        activity=activity,
        number=number,
        format=page.format,
        summary=page.summary,
        cover=page.cover,
        intro=page.intro.get_prep_value(),
        agenda=_later(page.agenda, page.activity.starts_at, starts_at),
        live=False,
        owner=actor,
    )
    copy.speakers = [
        SessionSpeaker(
            representative=speaker.representative,
            guest_name=speaker.guest_name,
            guest_title=speaker.guest_title,
            topic=speaker.topic,
            abstract=speaker.abstract,
            sort_order=speaker.sort_order,
        )
        for speaker in page.speakers.select_related("representative").order_by("sort_order", "pk")
    ]
    copy.tags.set([tag.name for tag in page.tags.all()])
    page.get_parent().add_child(instance=copy)
    copy.save_revision(user=actor, log_action="wagtail.create")
    return copy


def _later(agenda: Any, old: datetime, new: datetime) -> list[tuple[str, dict[str, Any]]]:
    """Return the rows of an agenda with their clock moved as the start's clock moved."""
    move = _clock(new) - _clock(old)
    return [
        (block.block_type, dict(block.value) | {"time": _moved(block.value.get("time"), move)})
        for block in agenda
    ]


def _clock(moment: datetime) -> timedelta:
    local = timezone.localtime(moment)
    return timedelta(hours=local.hour, minutes=local.minute)


def _moved(at: time | None, by: timedelta) -> time | None:
    if at is None:
        return None
    minutes = (at.hour * 60 + at.minute + int(by.total_seconds() // 60)) % (24 * 60)
    return time(minutes // 60, minutes % 60)


@transaction.atomic
def create_sessions_of(
    *,
    series: Series,
    pattern: SharingSessionPage,
    starts: Iterable[datetime],
    actor: User,
    first_number: int | None = None,
) -> list[SharingSessionPage]:
    """Make one draft session of `series` for each of `starts`, after the pattern; all of them or none.

    Each lasts as long as the pattern and is changed afterwards like any other. Numbers rise from `first_number`.
    Raises ActivityRefused for no start, too many, the same start twice, a day on which the series has a session
    already (so that a form sent twice makes nothing twice), and a number that is taken.
    """
    series = Series.objects.select_for_update().get(pk=series.pk)
    starts = sorted(starts)
    if not starts or len(starts) > MOST:
        raise ActivityRefused(f"一次可以建 1 到 {MOST} 期，请改一下期数。")
    days = [timezone.localdate(start) for start in starts]
    twice = sorted({day for day in days if days.count(day) > 1})
    if twice:
        raise ActivityRefused(f"{twice[0]:%Y-%m-%d} 写了两次，请删去一次。")
    held = series.sessions.exclude(state=Activity.State.CANCELLED).values_list("starts_at", flat=True)
    known = {timezone.localdate(start) for start in held}
    if taken := sorted(known & set(days)):
        raise ActivityRefused(f"这个系列在 {taken[0]:%Y-%m-%d} 已有一期，请改日期或删去这一天。")
    length = pattern.activity.ends_at - pattern.activity.starts_at
    return [
        clone_session(
            page=pattern,
            starts_at=start,
            ends_at=start + length,
            actor=actor,
            series=series,
            number=None if first_number is None else first_number + index,
        )
        for index, start in enumerate(starts)
    ]
