"""What the recorder's desk is told: the roll as data, answers in words. A fixed number of queries at any length."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from portal.pictures.made import face_of
from portal.pictures.uses import pictures_for
from portal.visibility import open_to_all
from sessions.checkin.conflicts import open_conflicts
from sessions.checkin.rolls import Line, lines_of, people_of
from sessions.models import Activity, Attendance, AttendanceEvent, CodeCard
from sessions.operations.offline import DeskAnswer
from stations.models import ProfilePage, Representative

Reason = AttendanceEvent.Reason
DIGEST_SHOWN = 32  # hex digits of a card's digest on the device: 128 bits, from which no code can be found
WORDS = {
    Reason.CONFLICT: "同一条登记前后内容不同，请按姓名重新登记。",
    Reason.LOCKED: "名册已收册，这一条没有记入。请到名册上更正并写明原因。",
    Reason.REVOKED: "活动已取消，没有名册可记。",
    Reason.NOT_ELIGIBLE: "名单里没有这位代表，或当天不在任。到场的可登记为列席来访，其他情况请到名册上核对。",
    Reason.WINDOW_CLOSED: "已过迟到截止时间，登记到场要写明原因。",
    Reason.INVALID: "没有认出是哪位代表，请按姓名查找后登记。",
}
CARD_RENEWED = "这张代表码已经换新，请代表打开现在的码，或按姓名登记。"


def milliseconds(moment: datetime) -> int:
    """Return the moment as whole milliseconds since 1970, as a browser counts."""
    return round(moment.timestamp() * 1000)


def desk_state(activity: Activity) -> dict[str, Any]:
    """Return the roll as the desk shows it: times, everybody on it, what is recorded (7 queries, 9 with faces).

    Names, units and the status alone; of a code card its digest. No reason, no phone, no device.
    """
    people = list(people_of(activity))
    keys = [person.pk for person in people]
    cards = CodeCard.objects.filter(representative__in=keys, revoked_at=None)
    digests = dict(cards.values_list("representative_id", "digest"))
    disputed = set(open_conflicts(activity).values_list("representative_id", flat=True))
    photos = photos_of(keys)
    return {
        "title": activity.title,
        "open": activity.state == Activity.State.OPEN and not activity.locked,
        "state": activity.get_state_display(),
        "starts": milliseconds(activity.starts_at),
        "late_until": milliseconds(activity.late_until),
        "people": [
            _person(line)
            | {
                "card": digests.get(line.person.pk, "")[:DIGEST_SHOWN],
                "photo": photos.get(line.person.pk, ""),
                "disputed": line.person.pk in disputed,
            }
            for line in lines_of(activity, people)
        ],
    }


def _person(line: Line) -> dict[str, Any]:
    person = line.person
    return {
        "id": person.pk,
        "name": person.name,
        "initials": person.initials,
        "pinyin": person.pinyin,
        "unit": line.unit,
        "listed": line.enrolment is not None,
        **row_words(line.row),
    }


def row_words(row: Attendance | None) -> dict[str, Any]:
    """Return what a row says: status, its name, the time of coming, whether it still waits for the recorder."""
    if row is None:
        return {"status": "", "label": "", "time": "", "claim": False}
    return {
        "status": row.status,
        "label": row.get_status_display(),
        "time": f"{timezone.localtime(row.arrived_at):%H:%M}" if row.arrived_at else "",
        "claim": row.confirmed_at is None,
    }


def photos_of(people: list[int]) -> dict[int, str]:
    """Return {representative: address of the face on their public page} of those who have one (3 queries)."""
    portraits = Prefetch("portrait", pictures_for("portrait"))
    pages = open_to_all(ProfilePage.objects.filter(representative__in=people, portrait__isnull=False))
    shown = pages.only("representative_id", "portrait").prefetch_related(portraits)
    faces = {page.representative_id: face_of(page.portrait) for page in shown}
    return {person: address for person, address in faces.items() if address}


def etag_of(state: dict[str, Any]) -> str:
    """Return the tag of a state."""
    return f'"{hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:32]}"'


def answer_of(answer: DeskAnswer, renewed: set[str]) -> dict[str, Any]:
    """Return an answer as the device reads it; `renewed` are nonces whose code card has been replaced."""
    person: Representative | None = answer.representative
    reason = "" if answer.taken else WORDS.get(Reason(answer.outcome), "这一条没有记入，请到名册上核对。")
    if answer.outcome == Reason.INVALID and answer.nonce in renewed:
        reason = CARD_RENEWED
    return {
        "nonce": answer.nonce,
        "outcome": answer.outcome,
        "taken": answer.taken,
        "reason": reason,
        "person": person.pk if person else None,
        "name": person.name if person else "",
        "row": row_words(answer.row),
    }
