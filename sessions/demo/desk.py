"""The recorder's desk in the demonstration: a wrong clock, two devices that disagree, a shared phone, a code card."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from portal.models import User
from sessions.checkin.codes import code_at
from sessions.models import Activity
from sessions.operations import DeskEntry, check_in, renew_card, take_entries
from stations.models import Mandate, Representative

AHEAD = timedelta(minutes=7)
MINUTE = timedelta(minutes=1)


def show_desk(
    activity: Activity, people: Sequence[Mandate], office: User, recorder: User, moment: datetime
) -> None:
    """Let five people of the open session have been entered at the door, as it happens in a village hall.

    The first by a device whose clock is fast, the second by two devices that disagree (to be settled before the
    roll is closed), the last two by one phone.
    """
    fast, disputed, *shared = (mandate.representative for mandate in people[:4])
    _bring(
        activity,
        [_entry("fast", fast, "present", moment - 3 * MINUTE, AHEAD)],
        recorder,
        moment,
        "demo-desk-1",
    )
    _bring(
        activity, [_entry("there", disputed, "present", moment - 2 * MINUTE)], recorder, moment, "demo-desk-1"
    )
    _bring(activity, [_entry("leave", disputed, "leave", moment - MINUTE)], office, moment, "demo-desk-2")
    for representative in shared:
        check_in(
            activity=activity,
            representative=representative,
            nonce=f"demo-shared-{representative.pk}",
            moment=moment,
            token=code_at(activity.check_in_key, moment).token,
            device="demo-device-shared",
        )
    for person in Representative.objects.filter(user__isnull=False).order_by("pk")[:1]:
        renew_card(representative=person, seen=0, actor=office, moment=moment)


def _entry(
    name: str, person: Representative, status: str, when: datetime, ahead: timedelta = timedelta(0)
) -> DeskEntry:
    return DeskEntry(
        nonce=f"demo-desk-{name}",
        representative=person,
        status=status,
        device_at=when + ahead,
        offset=ahead,
        queued=True,
    )


def _bring(activity: Activity, entries: list[DeskEntry], actor: User, moment: datetime, device: str) -> None:
    take_entries(activity=activity, entries=entries, actor=actor, moment=moment, device=device)
