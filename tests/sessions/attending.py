"""A representative scans, types and is ticked: what the tests of the rules of attendance share."""

import uuid
from datetime import timedelta

from sessions.checkin.codes import code_at
from sessions.models import AttendanceEvent
from sessions.operations import (
    check_in,
    record_status,
)
from tests.conftest import START

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def scan(activity, mandate, moment=START, nonce=None, shown_at=None, **more):
    activity.refresh_from_db()
    token = code_at(activity.check_in_key, shown_at or more.get("scanned_at") or moment).token
    return check_in(
        activity=activity,
        representative=mandate.representative,
        nonce=nonce or uuid.uuid4().hex,
        moment=moment,
        token=token,
        **more,
    )


def type_in(activity, mandate, digits, moment=START, nonce=None):
    return check_in(
        activity=activity,
        representative=mandate.representative,
        nonce=nonce or uuid.uuid4().hex,
        moment=moment,
        digits=digits,
    )


def tick(city, activity, mandate, status, moment=START, **more):
    return record_status(
        activity=activity,
        representative=mandate.representative,
        status=status,
        actor=city.recorder,
        moment=moment,
        **more,
    )


def history(activity):
    events = AttendanceEvent.objects.filter(activity=activity).order_by("received_at", "kind")
    return [(e.kind, e.reason_code, e.old_status, e.new_status) for e in events]
