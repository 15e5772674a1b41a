"""What the tests of leave share: asking, deciding, closing, in one line each."""

import re
import uuid
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from sessions.checkin.codes import code_at
from sessions.models import AttendanceEvent
from sessions.operations import check_in, close_roll, decide_leave, file_leave, record_status
from tests.conftest import START

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
DETAIL = "住院做手术的缘由"
BEFORE, AFTER = START - 24 * HOUR, START + 3 * HOUR


def ask(activity, mandate, moment=BEFORE, actor=None, category="sick", **more):
    """File for the person, by their own account unless `actor` telephoned for them."""
    return file_leave(
        activity=activity,
        representative=mandate.representative,
        category=category,
        actor=actor or mandate.representative.user,
        moment=moment,
        **more,
    )


def decide(request, actor, *, approve=True, moment=BEFORE, reason=""):
    return decide_leave(request=request, approve=approve, actor=actor, moment=moment, reason=reason)


def granted(activity, mandate, actor, moment=BEFORE):
    """File and approve in time."""
    return decide(ask(activity, mandate, moment), actor, moment=moment)


def close(activity, actor, moment=AFTER, **more):
    return close_roll(activity=activity, actor=actor, moment=moment, **more)


def scan(activity, mandate, moment=START, **more):
    return check_in(
        activity=activity,
        representative=mandate.representative,
        nonce=uuid.uuid4().hex,
        moment=moment,
        token=code_at(activity.check_in_key, moment).token,
        **more,
    )


def tick(activity, mandate, status, actor, moment=START, **more):
    return record_status(
        activity=activity,
        representative=mandate.representative,
        status=status,
        actor=actor,
        moment=moment,
        **more,
    )


def history(activity):
    events = AttendanceEvent.objects.filter(activity=activity).order_by("received_at", "kind")
    return [(e.kind, e.old_status, e.new_status, e.reason) for e in events]


def client_of(user):
    client = Client()
    client.force_login(getattr(getattr(user, "representative", None), "user", None) or user)
    return client


def form_of(activity):
    return reverse("me_leave", args=(activity.pk,))


def page_of(request):
    return reverse("leave_request", args=(request.pk,))


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def filed(activity, mandate, **more):
    return ask(activity, mandate, detail=DETAIL, **more)
