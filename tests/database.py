"""The database of a run: migrated once, by the first process that needs one, and copied for every one.

Two hundred and fifty migrations take longer than any test, a copy takes a moment. Meanwhile the other workers run the
tests that need no database (`in_order`).
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from django.conf import settings
from django.db import connection
from xdist.scheduler.loadscope import LoadScopeScheduling

from tests.migrated import models_made_alone

FOLDER = Path(os.environ["TEST_DATA_DIR"])  # of the run: every worker knows it
JOURNEYS = "tests/journeys/"
READY = FOLDER / "database.ready"  # holds the name of the migrated database


@contextmanager
def prepared(worker: str, *, keep: bool) -> Iterator[None]:
    """Point the connection to a migrated database of `worker`'s own.

    With `keep`, what an earlier run migrated is used and left; else the last worker out takes it away.
    """
    creation = connection.creation
    with (FOLDER / "database.lock").open("w") as gate, (FOLDER / "database.users").open("w") as users:
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        if READY.exists():
            _point_to(READY.read_text())
        else:
            if not keep:
                _clear(str(creation._get_test_db_name()))
            with models_made_alone():
                creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=keep)
            READY.write_text(str(connection.settings_dict["NAME"]))
        migrated = str(connection.settings_dict["NAME"])
        connection.close()
        own = str(creation.get_test_db_clone_settings(worker)["NAME"])
        _clear(own)
        creation.clone_test_db(worker, verbosity=0, autoclobber=True)
        _point_to(own)
        fcntl.flock(gate, fcntl.LOCK_UN)
        connection._test_serialized_contents = ""  # `tests.replay` brings the first rows back instead
        yield
        connection.close()
        creation._destroy_test_db(own, verbosity=0)
        _clear(own)
        if not keep and _alone(users):
            creation._destroy_test_db(migrated, verbosity=0)
            _clear(migrated)


def _clear(name: str) -> None:
    """Take away what SQLite keeps beside a file: left by a killed run, it would be taken for part of the next one's."""
    if connection.vendor == "sqlite":
        for beside in ("-wal", "-shm"):
            Path(name + beside).unlink(missing_ok=True)


def _point_to(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _alone(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class JourneysTogether(LoadScopeScheduling):
    """Test after test for whichever worker is free, but the journeys, which wait for a browser, all for one.

    The other worker takes the time that they leave; and one browser is started instead of two.
    """

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # the order is that of `in_order`

    def _split_scope(self, nodeid: str) -> str:
        return JOURNEYS if nodeid.startswith(JOURNEYS) else nodeid


def in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return the tests in the order that keeps two workers busy to the end.

    The first one migrates the database, and those without one pass the time of the other worker. Then begins what takes
    long, first of all the journeys: what began last would be waited for.
    """
    ordered = sorted(
        items,
        key=lambda item: (
            _needs_database(item),
            not item.nodeid.startswith(JOURNEYS),
            not empties(item),
            not _takes_long(item),
        ),
    )
    first = next((item for item in ordered if _needs_database(item) and not empties(item)), None)
    return ordered if first is None else [first, *(item for item in ordered if item is not first)]


def empties(item: pytest.Item) -> bool:
    """Whether the test commits, so that everything is thrown away after it, the first rows, too."""
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction")) or "live_server" in _fixtures(item)


def _needs_database(item: pytest.Item) -> bool:
    return "django_db_setup" in _fixtures(item) or item.get_closest_marker("django_db") is not None


def _takes_long(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("long", "browser"))


def _fixtures(item: pytest.Item) -> Iterable[str]:
    return getattr(item, "fixturenames", ())
