"""What stands in each calendar: announced sessions, a station's days, one person's own list. Reads only."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max, Model, Q
from wagtail.models import ModelLogEntry

from portal.visibility import open_to_all
from sessions.calendars.events import Entry
from sessions.models import Activity, Enrolment, SharingSessionPage
from sessions.programme import programme
from stations.models import IndustryPointPage, ReceptionDay, Representative, Station, StationPage

FEED = 500  # the latest so many; older ones are read on the site
A_YEAR = timedelta(days=366)  # how long what was called off stays, and how far back a person's own list goes
ALARMS = (timedelta(days=-1), timedelta(hours=-2))
ACTIVITIES = UUID("6d6f9c2e-6f0b-4c52-9d1f-5a5a1c3f0b7e")  # never change it
TOUCHES = tuple(f"sharing.{verb}_activity" for verb in ("create", "change", "open", "cancel"))
State = Activity.State
Place = StationPage | IndustryPointPage


def announced(moment: datetime) -> Any:
    """Return the pages of the public calendar, the latest first; called-off ones leave it after a year."""
    long_off = Q(activity__state=State.CANCELLED, activity__starts_at__lt=moment - A_YEAR)
    return programme().exclude(long_off).order_by("-activity__starts_at", "-pk")


def session_entries(pages: Iterable[SharingSessionPage]) -> list[Entry]:
    """Return the entries of session pages read with activity and station: nothing of their lists (1 query)."""
    pages = list(pages)
    touched = _touched(Activity, [page.activity_id for page in pages])
    return [_session(page, touched.get(page.activity_id)) for page in pages]


def _session(page: SharingSessionPage, touched: datetime | None) -> Entry:
    activity = page.activity
    moments = [moment for moment in (touched, page.last_published_at) if moment]
    return Entry(
        uid=uid_of(activity),
        sequence=activity.sequence,
        touched=max(moments, default=activity.starts_at),
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        title=page.title.replace("|", ""),
        place=_where(activity),
        words=page.summary,
        url=_absolute(page.get_url()),
        cancelled=activity.state == State.CANCELLED,
    )


def place_behind(slug: str) -> Place | None:
    """Return the public page of a station or an industry point by its slug, with the station (1 or 2 queries)."""
    for model in (StationPage, IndustryPointPage):
        page: Place | None = (
            open_to_all(model.objects.filter(slug=slug)).select_related("station").defer("body").first()
        )
        if page:
            return page
    return None


def station_entries(place: Place, moment: datetime) -> list[Entry]:
    """Return a station's announced sessions and its reception days of the last year and to come (6 queries)."""
    sessions = announced(moment).filter(activity__station=place.station_id)[:FEED]
    days = ReceptionDay.objects.ending_after(moment - A_YEAR).filter(station=place.station_id)
    return [*session_entries(sessions), *reception_entries(place, days)]


def reception_entries(place: Place, days: Any) -> list[Entry]:
    """Return reception days of a station as entries (4 queries); the same day has one name in every calendar."""
    log = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Station),
        object_id=str(place.station_id),
        action="stations.plan_reception",
    ).aggregate(number=Count("pk"), last=Max("timestamp"))
    return [_reception(place, day, log) for day in days.with_people()[:FEED]]


def _reception(place: Place, day: ReceptionDay, log: dict[str, Any]) -> Entry:
    """The log of the station's days only grows, so their number of lines is a sequence that only rises."""
    names = "、".join(mandate.representative.name for mandate in day.representatives.all())
    return Entry(
        uid=str(uuid5(place.translation_key, f"reception-{day.pk}")),
        sequence=log["number"],
        touched=log["last"] or day.starts_at,
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        title="代表接待日" + (f"：{day.topic}" if day.topic else ""),
        place="，".join(part for part in (place.station.name, place.station.address) if part),
        words=f"接待代表：{names}" if names else "",
        url=_absolute(place.get_url()),
    )


def personal_entries(person: Representative, moment: datetime) -> list[Entry]:
    """Return everything the person is on the list of, public or not, with how they stand on it (3 queries).

    Nothing about anybody else: neither names nor numbers of the list, nor why something was called off.
    """
    listed = (
        Enrolment.objects.filter(representative=person, activity__ends_at__gte=moment - A_YEAR)
        .exclude(state=Enrolment.State.WITHDRAWN)
        .exclude(activity__state=State.DRAFT)
        .select_related("activity__station")
        .order_by("-activity__starts_at", "-pk")[:FEED]
    )
    rows = list(listed)
    keys = [row.activity_id for row in rows]
    touched = _touched(Activity, keys)
    faces = {page.activity_id: page for page in programme().filter(activity__in=keys)}
    return [_own(row, faces.get(row.activity_id), touched.get(row.activity_id)) for row in rows]


def _own(row: Enrolment, face: SharingSessionPage | None, touched: datetime | None) -> Entry:
    activity = row.activity
    waiting = row.state == Enrolment.State.WAITING
    page = _absolute(face.get_url()) if face else ""
    return Entry(
        uid=uid_of(activity),
        sequence=activity.sequence,
        touched=touched or activity.starts_at,
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        title=("【候补】" if waiting else "") + activity.title,
        place=_where(activity),
        words="\n".join(part for part in (standing(row), face.summary if face else "") if part),
        url=page or _absolute("/me/"),
        cancelled=activity.state == State.CANCELLED,
        tentative=waiting,
        private=True,
        alarms=() if waiting else ALARMS,
    )


def standing(row: Enrolment) -> str:
    """Return how a person stands on a list, in a line: 应到, 受邀（主讲）, 已报名, 候补."""
    waits = row.state == Enrolment.State.WAITING
    word = "候补：有人取消报名时按先后递补" if waits else row.standing
    return word if row.role == Enrolment.Role.ATTENDEE else f"{word}（{row.get_role_display()}）"


def uid_of(activity: Activity) -> str:
    """Return the name of the activity's entry in every calendar, the public and the personal ones.

    Made from the random door, so that two portals never share a name; it stays when the host moves and does not
    tell the door.
    """
    return str(uuid5(ACTIVITIES, activity.door))


def _touched(model: type[Model], keys: list[int]) -> dict[int, datetime]:
    """Return when what a calendar shows of these rows was last written, by the log (1 query)."""
    lines = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id__in=[str(key) for key in keys],
        action__in=TOUCHES,
    )
    latest = lines.order_by().values_list("object_id").annotate(last=Max("timestamp"))
    return {int(key): last for key, last in latest}


def _where(activity: Activity) -> str:
    address = activity.station.address if activity.station else ""
    return "，".join(part for part in (activity.place, address) if part)


def _absolute(address: str | None) -> str:
    """Return the address under PUBLIC_URL, whatever host the page's site names (THREATS 4)."""
    return settings.PUBLIC_URL.rstrip("/") + urlsplit(address).path if address else ""
