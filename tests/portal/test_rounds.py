"""Work that comes again: one chain each, the next asked for first; pages keep their schedule, traces of people go."""

import signal
from datetime import datetime, timedelta

import pytest
import time_machine
from axes.models import AccessLog
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from modelsearch.backends import InvalidSearchBackendError

from portal.models import NoticePage
from portal.rounds import begin
from portal.search.tasks import renew_index
from portal.tasks import publish_due, tidy
from sessions.tasks import remind
from tests.conftest import SHANGHAI, START

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def moment(words):
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def results(db, settings):
    """Tasks wait in the database, as they do behind a worker."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    return DBTaskResult.objects.order_by("task_path")


@pytest.fixture
def signals():
    """A worker ends in order when it is told to; the tests go on as before."""
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


def waiting(results):
    """Return (task, when) of what waits."""
    ready = results.filter(status="READY").values_list("task_path", "run_after")
    return [(path, f"{timezone.localtime(when):%m-%d %H:%M:%S}") for path, when in ready]


def test_a_worker_starts_one_chain_of_everything_that_comes_again_however_often_it_starts(results):
    now = moment("2026-06-01 03:30")
    with time_machine.travel(now, tick=False):
        for _ in range(3):
            begin(now)
    assert waiting(results) == [
        ("portal.follow.tasks.follow", "06-01 03:30:00"),
        ("portal.pictures.tasks.look_after_pictures", "06-01 03:30:00"),
        ("portal.search.tasks.renew_index", "06-02 03:20:00"),
        ("portal.tasks.publish_due", "06-01 03:30:00"),
        ("portal.tasks.tidy", "06-01 03:40:00"),
        ("scoring.tasks.reckon_running", "06-02 03:00:00"),
        ("sessions.tasks.remind", "06-01 03:30:00"),
        ("stations.tasks.forget_lists", "06-01 03:45:00"),
    ]


@pytest.mark.parametrize(
    ("now", "next_at"),
    [
        ("2026-06-01 03:19:59", "06-01 03:20:00"),
        ("2026-06-01 03:20:00", "06-02 03:20:00"),
        ("2026-12-31 23:30:00", "01-01 03:20:00"),
    ],
)
def test_a_round_of_the_night_comes_in_the_coming_night(results, now, next_at):
    with time_machine.travel(moment(now), tick=False):
        begin(moment(now))
    assert dict(waiting(results))["portal.search.tasks.renew_index"] == next_at


def test_a_round_asks_for_the_next_and_results_of_a_day_ago_are_forgotten(results):
    with time_machine.travel(START, tick=False):
        begin(START)
        results.filter(task_path=remind.module_path).update(
            status="SUCCESSFUL", finished_at=START - DAY - MINUTE
        )
        remind.func()
    left = results.filter(task_path=remind.module_path)
    assert [(one.status, one.run_after) for one in left] == [("READY", START + MINUTE)]


def test_a_round_that_breaks_off_has_asked_for_the_next(results, settings):
    begin(START)
    mine = results.filter(task_path=renew_index.module_path)
    mine.update(status="RUNNING")
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "nowhere"}}
    with pytest.raises(InvalidSearchBackendError):
        renew_index.func()
    assert sorted(mine.values_list("status", flat=True)) == ["READY", "RUNNING"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_worker_begins_the_rounds_and_does_what_is_due(results, signals):
    with time_machine.travel(START, tick=False):
        call_command("work", batch=True, startup_delay=False, verbosity=0)
    assert sorted(results.values_list("task_path", "status")) == [
        ("portal.follow.tasks.follow", "READY"),
        ("portal.follow.tasks.follow", "SUCCESSFUL"),
        ("portal.pictures.tasks.look_after_pictures", "READY"),
        ("portal.pictures.tasks.look_after_pictures", "SUCCESSFUL"),
        ("portal.search.tasks.renew_index", "READY"),
        ("portal.tasks.publish_due", "READY"),
        ("portal.tasks.publish_due", "SUCCESSFUL"),
        ("portal.tasks.tidy", "READY"),
        ("scoring.tasks.reckon_running", "READY"),
        ("sessions.tasks.remind", "READY"),
        ("sessions.tasks.remind", "SUCCESSFUL"),
        ("stations.tasks.forget_lists", "READY"),
    ]


def test_a_page_goes_up_when_its_time_has_come_and_down_when_it_is_over(client, city, site, commits):
    page = site["tongzhi"].add_child(
        instance=NoticePage(title="示例公告", slug="gonggao", date=START.date(), live=False)
    )
    page.go_live_at, page.expire_at = START + DAY, START + 2 * DAY
    seen = []
    with time_machine.travel(START, tick=False):
        page.save_revision(user=city.office).publish()
    for days in (0, 1, 2):
        with time_machine.travel(START + days * DAY + MINUTE, tick=False):
            with commits():
                publish_due.func()
            seen.append(client.get("/tongzhi/gonggao/").status_code)
    assert seen == [404, 200, 404]


def test_sessions_that_ended_and_logins_of_long_ago_are_thrown_away_and_no_others(results):
    ends = {"gone": START - MINUTE, "there": START + MINUTE}
    Session.objects.bulk_create(Session(session_key=k, expire_date=when) for k, when in ends.items())
    for days in (201, 199):
        AccessLog.objects.create(username=f"{days}", ip_address="10.0.0.1")
        AccessLog.objects.filter(username=f"{days}").update(attempt_time=START - days * DAY)
    for days in (15, 13):
        DBTaskResult.objects.create(
            task_path=f"{days}", backend_name="default", status="SUCCESSFUL", args_kwargs={}, run_after=START
        )
        results.filter(task_path=f"{days}").update(finished_at=START - days * DAY)
    with time_machine.travel(START, tick=False):
        tidy.func()
    assert [one.session_key for one in Session.objects.all()] == ["there"]
    assert [one.username for one in AccessLog.objects.all()] == ["199"]
    assert list(results.values_list("task_path", flat=True)) == ["13", "portal.tasks.tidy"]
