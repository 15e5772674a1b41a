"""What the pages of sessions and courseware tell machines: events and teaching material, nothing of lists or links."""

from collections.abc import Mapping
from typing import Any

from portal.conventions.told import LANGUAGE, Around, Thing, Told, filled, person, stamp, touched
from portal.conventions.words import plain
from sessions.models.activities import Activity

Mode = Activity.Mode
MODES = {
    Mode.ONSITE: "OfflineEventAttendanceMode",
    Mode.ONLINE: "OnlineEventAttendanceMode",
    Mode.HYBRID: "MixedEventAttendanceMode",
}
SCHEMA = "https://schema.org/"


def session(page: Any, around: Around, context: Mapping[str, Any]) -> Told:
    """Return what a session's page tells; an event only once it is announced."""
    activity = context["activity"]
    announced = activity.state != Activity.State.DRAFT
    keywords = (activity.theme, page.get_format_display())
    event = _event(activity, around, context.get("speakers", ())) if announced else None
    return Told(
        column_type=page.column_type,
        published=page.first_published_at or touched(page),
        keywords=keywords,
        structured=(event,) if event else (),
    )


def _event(activity: Activity, around: Around, speakers: Any) -> Thing:
    moved = activity.moved_from if activity.state == Activity.State.OPEN else None
    return filled(
        {
            "@type": "Event",
            "name": around.title,
            "description": around.description,
            "startDate": stamp(activity.starts_at),
            "endDate": stamp(activity.ends_at),
            "previousStartDate": stamp(moved),
            "eventStatus": SCHEMA + _status(activity, moved=bool(moved)),
            "eventAttendanceMode": SCHEMA + MODES[Mode(activity.mode)],
            "location": _location(activity, around),
            "organizer": around.publisher,
            "performer": [person(speaker.name) for speaker in speakers if plain(speaker.name)],
            "image": around.image,
            "url": around.url,
            "inLanguage": LANGUAGE,
        }
    )


def _status(activity: Activity, *, moved: bool) -> str:
    if activity.state == Activity.State.CANCELLED:
        return "EventCancelled"
    return "EventRescheduled" if moved else "EventScheduled"


def _location(activity: Activity, around: Around) -> Any:
    """Return where it is. Of the online part the page itself: the meeting's own address is for who is expected."""
    online = {"@type": "VirtualLocation", "url": around.url}
    if activity.mode == Mode.ONLINE:
        return online
    station = activity.station
    name = plain(activity.place) or (plain(station.name) if station else "") or around.publisher["name"]
    address = (plain(station.address) or plain(station.name)) if station else name
    place = {"@type": "Place", "name": name, "address": address}
    return [place, online] if activity.mode == Mode.HYBRID else place


def courseware(page: Any, around: Around, context: Mapping[str, Any]) -> Told:
    """Return what a courseware's page tells: that it is there, for whom; never where its files lie."""
    author = person(str(page.author)) if page.author_id else person(page.guest_author)
    material = {
        "@type": "LearningResource",
        "name": around.title,
        "description": around.description,
        "learningResourceType": page.get_kind_display(),
        "about": plain(page.theme),
        "datePublished": stamp(page.date),
        "author": author or around.publisher,
        "publisher": around.publisher,
        "isAccessibleForFree": page.access == page.Access.PUBLIC,
        "audience": {"@type": "Audience", "audienceType": "人大代表"},
        "image": around.image,
        "url": around.url,
        "inLanguage": LANGUAGE,
    }
    return Told(
        column_type=page.column_type,
        published=page.date,
        author=str(author.get("name", "")),
        keywords=(page.theme, page.get_kind_display()),
        structured=(filled(material),),
    )
