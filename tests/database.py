"""The database of a run: migrated once, by the first process that needs one, and copied for every one.

Two hundred and fifty migrations take longer than any test, a copy takes a moment. Meanwhile the other workers run the
tests that need no database (`in_order`).
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from django.conf import settings
from django.db import connection

FOLDER = Path(os.environ["TEST_DATA_DIR"])  # of the run: every worker knows it
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
            creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=keep)
            READY.write_text(str(connection.settings_dict["NAME"]))
        migrated = str(connection.settings_dict["NAME"])
        connection.close()
        creation.clone_test_db(worker, verbosity=0, autoclobber=True)
        own = str(creation.get_test_db_clone_settings(worker)["NAME"])
        _point_to(own)
        fcntl.flock(gate, fcntl.LOCK_UN)
        connection._test_serialized_contents = ""  # `tests.replay` brings the first rows back instead
        yield
        connection.close()
        creation._destroy_test_db(own, verbosity=0)
        if not keep and _alone(users):
            creation._destroy_test_db(migrated, verbosity=0)


def _point_to(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _alone(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return the tests in the order that keeps two workers busy to the end.

    The first one migrates the database, those without one pass the time of the other worker, then come the long ones: what
    began last would be waited for.
    """
    with_database = [item for item in items if _needs_database(item)]
    without = [item for item in items if not _needs_database(item)]
    long = [item for item in with_database if item.get_closest_marker("long")]
    short = [item for item in with_database if not item.get_closest_marker("long")]
    return [*short[:1], *without, *long, *short[1:]]


def _needs_database(item: pytest.Item) -> bool:
    names: Iterable[str] = getattr(item, "fixturenames", ())
    return "django_db_setup" in names or item.get_closest_marker("django_db") is not None
