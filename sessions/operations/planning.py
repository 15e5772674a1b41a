"""Writes of the staff who plan: a new session with its page, changes of an activity, announcing a published page."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from portal.audit import record
from portal.models import User
from sessions.models import (
    Activity,
    Attendance,
    Enrolment,
    ListSource,
    Series,
    SessionIndexPage,
    SharingSessionPage,
    Tour,
)
from sessions.operations.activities import (
    ActivityRefused,
    create_activity,
    enrol,
    mandate_for,
    open_activity,
    refuse_handed_up,
)
from sessions.operations.lists import enrol_from
from sessions.operations.schedule import reschedule_activity
from sessions.operations.seats import give_free_seats
from stations.models import Area, Mandate, Station
from stations.operations import hold_areas

State = Activity.State
CHANGEABLE = frozenset(
    {
        "kind",
        "title",
        "theme",
        "area",
        "station",
        "place",
        "starts_at",
        "ends_at",
        "units",
        "capacity",
        "tour",
        "stop_number",
        "early_minutes",
        "grace_minutes",
        "late_minutes",
        "series",
        "mode",
        "online_url",
        "check_out_required",
        "check_out_minutes",
    }
)
JUDGED_BY = frozenset(
    {"starts_at", "units", "grace_minutes", "late_minutes"}
)  # what rows of the roll rest on
LEFT_BY = frozenset({"ends_at", "check_out_minutes"})  # what was judged when people left

OF_MEETING = frozenset({"kind", "area"})  # what a sitting shares with its meeting

IN_CALENDARS = frozenset({"title", "station", "place", "starts_at", "ends_at"})  # what a calendar entry says


@transaction.atomic
def create_session(
    *,
    index: SessionIndexPage,
    title: str,
    kind: str,
    format: str,  # noqa: A002 -- the field's name
    area: Area,
    starts_at: datetime,
    ends_at: datetime,
    actor: User,
    number: int | None = None,
    theme: str = "",
    station: Station | None = None,
    place: str = "",
    units: Decimal = Decimal(1),
    capacity: int | None = None,
    tour: Tour | None = None,
    stop_number: int | None = None,
    series: Series | None = None,
    mode: str = Activity.Mode.ONSITE,
    online_url: str = "",
    obliged: Iterable[Mandate] = (),
    sources: Iterable[ListSource] = (),
) -> SharingSessionPage:
    """Create an activity, its list and its draft page below `index`; return the page.

    People come from `sources` (groups, places, areas as of the day) and, singly, from `obliged`.
    Nothing is public before the page is published. Raises ActivityRefused for a number that is taken and for
    times that make no sense.
    """
    if number is not None and SharingSessionPage.objects.filter(number=number).exists():
        raise ActivityRefused(f"第 {number} 期已经有了，请换一个期数。")
    activity = create_activity(
        kind=kind,
        title=title.replace("|", ""),
        area=area,
        starts_at=starts_at,
        ends_at=ends_at,
        actor=actor,
        theme=theme,
        station=station,
        place=place,
        units=units,
        capacity=capacity,
        tour=tour,
        stop_number=stop_number,
        series=series,
        mode=mode,
        online_url=online_url,
    )
    enrol_from(activity=activity, sources=sources, actor=actor)
    people = list(obliged)
    if people:
        enrol(activity=activity, mandates=people, basis=Enrolment.Basis.OBLIGED, actor=actor)
    page = SharingSessionPage(
        title=title.strip(),
        slug=f"session-{activity.pk}",
        activity=activity,
        number=number,
        format=format,
        live=False,
        owner=actor,
    )
    index.add_child(instance=page)
    page.save_revision(user=actor, log_action="wagtail.create")
    return page


@transaction.atomic
def change_activity(*, activity: Activity, actor: User, **changes: Any) -> Activity:
    """Change facts of an activity (those of CHANGEABLE) and return it; who waits gets seats that became free.

    Raises ActivityRefused once the roll is closed or the activity is called off, for times that make no sense, for
    an area that has handed up the day, and for facts that rows of the roll were judged by when somebody has checked
    in already. TypeError for a field that is no plain fact, such as the state.
    """
    unknown = changes.keys() - CHANGEABLE
    if unknown:
        raise TypeError(f"not changeable: {', '.join(sorted(unknown))}")
    hold_areas(activity.area, changes.get("area", activity.area))
    activity = _locked(activity.pk)
    if activity.state in {State.CLOSED, State.CANCELLED}:
        raise ActivityRefused(f"这场活动{activity.get_state_display()}，不能再改。")
    new = {name: value for name, value in changes.items() if getattr(activity, name) != value}
    if not new:
        return activity
    if activity.meeting_id and OF_MEETING & new.keys():
        raise ActivityRefused("这次会议属于一届会议，类别和区域随会议，不能单独改。")
    if JUDGED_BY & new.keys() and Attendance.objects.filter(activity=activity).exists():
        raise ActivityRefused("已经有人签到，开始时间、宽限和计量不能再改；确有需要请在名册里逐条更正。")
    if LEFT_BY & new.keys() and Attendance.objects.filter(activity=activity, left_at__isnull=False).exists():
        raise ActivityRefused("已经有人签退，结束时间和签退时间不能再改；确有需要请在名册里逐条更正。")
    times = {name: new.pop(name) for name in ("starts_at", "ends_at") if name in new}
    for name, value in new.items():
        setattr(activity, name, value)
    if activity.late_minutes < activity.grace_minutes:
        raise ActivityRefused("迟到截止不能早于宽限，请改一下分钟数。")
    if activity.mode == Activity.Mode.ONSITE and activity.online_url:
        raise ActivityRefused("填写线上会议地址时，参加方式请选择“线上”或“现场和线上同步”。")
    if "area" in new:
        refuse_handed_up(new["area"], times.get("starts_at", activity.starts_at))
    if new:
        if IN_CALENDARS & new.keys():
            activity.sequence += 1
        activity.save(update_fields=[*sorted(new), "sequence"])
        record("sharing.change_activity", activity, actor=actor, changed=sorted(new))
    if "capacity" in new:
        give_free_seats(activity)
    if times:  # the one operation that knows what moves with the start
        return reschedule_activity(
            activity=activity,
            starts_at=times.get("starts_at", activity.starts_at),
            ends_at=times.get("ends_at", activity.ends_at),
            actor=actor,
        )
    return activity


@transaction.atomic
def announce_session(*, page: SharingSessionPage, actor: User | None) -> Activity:
    """Open the draft activity of a published page and put its speakers on the list; return the activity.

    A closed or called-off activity stays as it is. A speaker without a mandate on the day stays a name on the
    page; publishing again changes nothing.
    """
    activity = _locked(page.activity_id)
    if activity.state in {State.CLOSED, State.CANCELLED}:
        return activity
    if activity.state == State.DRAFT:
        activity = open_activity(activity=activity, actor=actor)
    on_list = Enrolment.objects.filter(activity=activity, role=Enrolment.Role.SPEAKER)
    known = set(on_list.values_list("representative_id", flat=True))
    mandates = []
    for speaker in page.speakers.select_related("representative"):
        if speaker.representative_id is None or speaker.representative_id in known:
            continue
        try:
            mandates.append(mandate_for(speaker.representative, activity))
        except ActivityRefused:
            continue
    if mandates:
        enrol(
            activity=activity,
            mandates=mandates,
            basis=Enrolment.Basis.INVITED,
            role=Enrolment.Role.SPEAKER,
            actor=actor,
        )
    return activity


def _locked(pk: int) -> Activity:
    """Take the activity's row for this transaction and return it fresh."""
    activity: Activity = Activity.objects.select_for_update().get(pk=pk)
    return activity
