"""The ground a measurement stands on: the seeded city, temporary folders and databases, child processes."""

import hashlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

PROJECT = Path(__file__).resolve().parents[1]
KEPT = PROJECT / "var" / "bench"
APPS = ("portal", "stations", "sessions", "scoring")
SECRET = secrets.token_urlsafe(48)  # of this run only


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Ground:
    """Where one measurement may write: a folder of its own, and a database of its own where one is named."""

    folder: Path
    database_url: str = ""
    port: int = field(default_factory=free_port)

    @property
    def engine(self) -> str:
        """The database's name for the table."""
        return "PostgreSQL" if self.database_url else "SQLite"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a child process; what is set outside, or in .env, must not leak in."""
        return os.environ | {
            "SECRET_KEY": SECRET,
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": "",
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "EXTRA_HOSTS": "",
            "TRUSTED_PROXIES": "0",
            "DEBUG": "false",
            "DEMO": "true",
            "DJANGO_SETTINGS_MODULE": "bench.hello_settings",
        }

    def ask(self, module: str, *words: str, timeout: float = 240) -> Any:
        """Run `python -m module words` on this ground and return the JSON of its last line."""
        done = subprocess.run(
            [sys.executable, "-m", module, *words],
            cwd=PROJECT,
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=timeout,
        )
        return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def sqlite_ground() -> Iterator[Ground]:
    """Give a copy of the demonstration city in a temporary folder, thrown away afterwards."""
    kept = city()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name) / "data"
        shutil.copytree(kept, folder)
        yield Ground(folder)


@contextmanager
def postgres_ground() -> Iterator[Ground]:
    """Give an empty database beside the one that TEST_DATABASE_URL names, dropped afterwards."""
    import psycopg  # noqa: PLC0415 -- an extra, not everybody has it
    from psycopg import sql  # noqa: PLC0415

    parts = urlsplit(os.environ["TEST_DATABASE_URL"])
    name = f"bench_{os.getpid()}_{secrets.token_hex(3)}"
    mark = sql.Identifier(name)
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as door:
        door.execute(sql.SQL("CREATE DATABASE {}").format(mark))
        try:
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                # The static files of the city are needed on any database: pages name them by their digests.
                shutil.copytree(city() / "static", Path(folder) / "static")
                yield Ground(Path(folder), urlunsplit(parts._replace(path=f"/{name}")))
        finally:
            door.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(mark))


def postgres_version() -> list[str]:
    """Return the server's name and version, or nothing when no TEST_DATABASE_URL is set."""
    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        return []
    import psycopg  # noqa: PLC0415 -- see above

    with psycopg.connect(urlunsplit(urlsplit(url)._replace(path="/postgres"))) as door:
        return [f"PostgreSQL {door.info.server_version // 10_000}.{door.info.server_version % 10_000}"]


def city() -> Path:
    """Return the data folder of the seeded demonstration city, made once for what the seed is made of."""
    kept = KEPT / f"city-{_digest()}"
    if kept.exists():
        return kept
    print("seeding the demonstration city (once; about a minute) …", flush=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    for older in KEPT.glob("city-*"):
        shutil.rmtree(older)
    with tempfile.TemporaryDirectory(dir=KEPT, prefix="making-") as name:
        folder = Path(name) / "city"
        subprocess.run(
            [sys.executable, "manage.py", "demo"],
            cwd=PROJECT,
            env=Ground(folder).environment,
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=400,
        )
        folder.rename(kept)
    return kept


def _digest() -> str:
    """Name what the seed and its static files are made of."""
    made_of = hashlib.sha256()
    folders = (
        PROJECT / app / part for app in APPS for part in ("demo", "migrations", "operations", "static")
    )
    files = sorted(file for folder in folders for file in folder.rglob("*") if file.is_file())
    for file in (PROJECT / "requirements.txt", *files):
        if "__pycache__" not in file.parts:
            made_of.update(str(file.relative_to(PROJECT)).encode())
            made_of.update(hashlib.sha256(file.read_bytes()).digest())
    return made_of.hexdigest()[:16]
