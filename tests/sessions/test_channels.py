"""Ways out that do not work: tried again, given up, seen by the staff, sent again (THREATS 35, 42)."""

from datetime import timedelta

import pytest

from sessions.models import Notice
from sessions.operations import send_again
from sessions.operations.reminding import TRIES, claim_notices, plan_reminders, settle_sent
from sessions.reminders.rounds import send_due
from tests.conftest import START
from tests.portal.test_safety import start

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PHONE = "13900001234"


class Broken:
    """An adapter whose provider is down."""

    def send(self, to, text):
        raise ConnectionError(f"no way to {to}")


class Kept:
    """An adapter that keeps what it was given."""

    said: list[tuple[str, str]] = []

    def send(self, to, text):
        self.said.append((to, text))


def test_the_installation_chooses_the_adapter(city, settings):
    settings.SMS_ADAPTER = f"{__name__}.Kept"
    Kept.said.clear()
    activity = city.activity()
    city.enrol(activity, city.representative("王样本", phone=PHONE))
    send_due(START - 2 * HOUR)
    assert [to for to, _ in Kept.said] == [PHONE]
    assert "王样本" not in Kept.said[0][1]


def test_what_is_not_taken_over_is_tried_again_given_up_and_seen_without_the_number(city, settings, caplog):
    settings.SMS_ADAPTER = f"{__name__}.Broken"
    activity = city.activity()
    city.enrol(activity, city.representative("王样本", phone=PHONE))
    moment = START - DAY
    waits = []
    for _ in range(TRIES):
        send_due(moment)
        notice = Notice.objects.get(offset_minutes=1440)
        waits.append(None if notice.not_before is None else (notice.not_before - moment) // MINUTE)
        moment += 2 * HOUR
    assert waits == [5, 10, 20, 40, None]
    assert (notice.state, notice.last_error, notice.attempts) == ("failed", "ConnectionError", TRIES)
    assert PHONE not in caplog.text
    settings.SMS_ADAPTER = f"{__name__}.Kept"
    assert send_again(activity=activity, actor=city.office) == 1
    send_due(moment)
    notice.refresh_from_db()
    assert notice.state == "sent"


@pytest.fixture
def planned(city):
    """The reminders of one person stand in the outbox."""
    activity = city.activity()
    city.enrol(activity, city.representative("王样本", login=False))
    plan_reminders(moment=START - 4 * DAY)
    return activity


def test_a_dead_workers_batch_comes_back_and_its_late_word_counts_no_more(planned):
    held = claim_notices(moment=START - 3 * DAY)
    sent = [send_due(START - 3 * DAY + late).sent for late in (MINUTE, 11 * MINUTE)]
    assert sent == [0, 1]
    assert [settle_sent(notice=notice, moment=START) for notice in held] == [False]


def test_what_ends_every_worker_is_given_up(planned):
    moment = START - 3 * DAY
    held = []
    for _ in range(TRIES + 2):
        held.append(len(claim_notices(moment=moment)))
        moment += 11 * MINUTE
    assert held == [1] * TRIES + [0, 0]
    notice = Notice.objects.get(offset_minutes=4320)
    assert (notice.state, notice.last_error) == ("failed", "发送时中断")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMS_ADAPTER", "no dots"),
        ("SMS_ADAPTER", ""),
        ("REMINDER_HOURS", "three"),
        ("REMINDER_HOURS", "72,-1"),
    ],
)
def test_a_setting_of_reminders_that_makes_no_sense_is_named_at_the_start(tmp_path, name, value):
    answer = start(tmp_path, SECRET_KEY="k" * 50, **{name: value})
    assert (answer.returncode, name in answer.stderr, "Traceback" in answer.stderr) == (1, True, False)
