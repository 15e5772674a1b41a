"""Recorders' devices for the tests of this folder: entries, uploads, and what the roll says afterwards."""

import json
import re
import uuid
from datetime import timedelta

from django.urls import reverse

from sessions.checkin.codes import code_at
from sessions.models import Attendance, RollConflict
from sessions.operations import DeskEntry, check_in, take_entries
from tests.conftest import START

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
LATER = START + HOUR  # when the device finds the network again
NOW_MS = round(START.timestamp() * 1000)


def entry(mandate, status="present", when=START, **more):
    """Return an entry that was made at `when` by a device whose clock is right, unless told otherwise."""
    offset = more.pop("offset", timedelta(0))
    return DeskEntry(
        nonce=more.pop("nonce", uuid.uuid4().hex),
        representative=mandate and mandate.representative,
        status=status,
        device_at=when + offset,
        offset=offset,
        queued=more.pop("queued", True),
        **more,
    )


def upload(city, activity, *entries, moment=LATER, actor=None, device="one"):
    return take_entries(
        activity=activity, entries=entries, actor=actor or city.recorder, moment=moment, device=device
    )


def outcomes(answers):
    return [answer.outcome for answer in answers]


def rows(*columns):
    return list(Attendance.objects.order_by("representative__name").values_list(*columns))


def sides():
    return list(
        RollConflict.objects.order_by("representative__name").values_list(
            "representative__name", "first__new_status", "second__new_status", "state"
        )
    )


def to(name, activity):
    return reverse(name, args=(activity.pk,))


def said(mandate=None, status="present", **more):
    """Return one entry as a device writes it."""
    person = {"person": mandate.representative_id} if mandate else {}
    return {"nonce": uuid.uuid4().hex, "status": status, "device_ms": NOW_MS, "offset_ms": 0} | person | more


def send(client, activity, city, *entries, account=None, **headers):
    body = {"account": account or city.recorder.pk, "device": "d" * 32, "entries": entries}
    return client.post(to("desk_sync", activity), json.dumps(body), "application/json", headers=headers)


def answers(response):
    return [(a["outcome"], a["taken"]) for a in response.json()["answers"]]


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def claim(activity, mandate, moment=START):
    token = code_at(activity.check_in_key, moment).token
    check_in(
        activity=activity,
        representative=mandate.representative,
        nonce=f"claim-{mandate.pk:08d}",
        moment=moment,
        token=token,
    )
