"""The round of the night: what was renamed beside a page is found, one chain, and the next is asked for first."""

from datetime import datetime

import pytest
import time_machine
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from modelsearch.backends import InvalidSearchBackendError

from portal.search.tasks import keep_renewing, renew_index
from stations.operations import add_station
from tests.conftest import SHANGHAI
from tests.searched import found, index
from tests.sessions.faces import face


@pytest.fixture
def kept(settings):
    """Tasks wait in the database, as they do behind a worker."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    return DBTaskResult.objects.filter(task_path=renew_index.module_path)


def test_what_is_renamed_beside_a_page_is_found_after_the_night(client, city, site, kept):
    station = add_station(area=city.township, name="白鹤湾联络站", kind="liaison", actor=city.office)
    face(city, site, title="路灯怎么亮", station=station, place="西院")
    index()
    station.name = "清风岭联络站"
    station.save()
    before = found(client, "清风岭")
    renew_index.func()
    assert (before, found(client, "清风岭"), found(client, "白鹤湾")) == ([], ["路灯怎么亮"], [])


@pytest.mark.parametrize(
    ("at", "next_at"),
    [
        ("2026-06-01 03:19:59", "2026-06-01 03:20"),
        ("2026-06-01 03:20:00", "2026-06-02 03:20"),
        ("2026-12-31 23:30:00", "2027-01-01 03:20"),
    ],
)
def test_there_is_one_chain_of_nights_however_often_a_worker_starts(db, kept, at, next_at):
    with time_machine.travel(datetime.fromisoformat(at).replace(tzinfo=SHANGHAI), tick=False):
        for _ in range(3):
            keep_renewing()
    waiting = [(one.status, timezone.localtime(one.run_after)) for one in kept]
    assert waiting == [("READY", datetime.fromisoformat(next_at).replace(tzinfo=SHANGHAI))]


def test_a_night_that_breaks_off_has_asked_for_the_next(db, kept, settings):
    keep_renewing()
    kept.update(status="RUNNING")
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "nowhere"}}
    with pytest.raises(InvalidSearchBackendError):
        renew_index.func()
    assert sorted(kept.values_list("status", flat=True)) == ["READY", "RUNNING"]
