"""What an installation may set from outside: one typed place, all mistakes in one message."""

import re
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

BASE_DIR = Path(__file__).resolve().parent.parent


def _long_enough(value: str) -> str:
    if len(value) < 40:  # a signing key that can be guessed forges every session and check-in code
        raise ValueError("must be at least 40 characters; `make demo` writes one into .env")
    return value


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must look like https://host or http://host:port")
    return value.rstrip("/")


def _dotted(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", value):
        raise ValueError("must be the dotted name of a class, such as yourpackage.sms.Provider")
    return value


def _contact(value: str) -> str:
    if value and not re.fullmatch(r"(mailto:[^\s@]+@[^\s@]+|https://\S+|tel:\+[\d-]+)", value):
        raise ValueError(
            "must look like mailto:name@host, https://host/page or tel:+86-...; empty: nobody is named"
        )
    return value


def _hours(value: str) -> str:
    if not re.fullmatch(r"\s*(\d{1,4}\s*(,\s*\d{1,4}\s*)*)?", value):
        raise ValueError(
            "must be whole hours separated by commas, such as 72,24,2; empty: nobody is reminded"
        )
    return value


class Environment(BaseSettings):
    """Settings read from the process environment, else from the file `.env` beside manage.py."""

    model_config = SettingsConfigDict(env_file=BASE_DIR / ".env", extra="ignore")

    secret_key: Annotated[str, AfterValidator(_long_enough)]
    public_url: Annotated[str, AfterValidator(_web_address)] = "http://127.0.0.1:8000"
    extra_hosts: str = ""  # further host names the site answers to, separated by commas
    debug: bool = False
    database_url: str = ""  # empty: SQLite under data_dir
    redis_url: str = ""  # empty: caches of this machine
    data_dir: Path = BASE_DIR / "var"  # database, uploads, collected static files, the book
    trusted_proxies: int = 0  # how many proxies in front may speak for the reader's address
    email_url: str = (
        ""  # smtp://user:password@host:port; empty: none is offered; console: shows them in the log
    )
    email_from: str = ""  # who letters come from; empty: noreply at the host of public_url
    sms_adapter: Annotated[str, AfterValidator(_dotted)] = "sessions.reminders.channels.ConsoleSms"
    reminder_hours: Annotated[str, AfterValidator(_hours)] = (
        "72,24,2"  # before the start; an activity may differ
    )
    security_contact: Annotated[str, AfterValidator(_contact)] = ""  # for /.well-known/security.txt


def read_environment() -> Environment:
    """Return the settings of this installation; exit with one readable message when any is wrong."""
    try:
        return Environment()  # type: ignore[call-arg]  # the key comes from outside
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
        raise SystemExit(
            "The portal cannot start; set in the environment or in .env:\n" + "\n".join(lines)
        ) from None


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """Return Django's settings of the one database: SQLite without `url`, else postgres://user@host/name."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data_dir / "portal.sqlite3",
            # Closing the last connection copies the whole write-ahead log into the file and waits for the disk.
            "CONN_MAX_AGE": 60,
            # IMMEDIATE is the lock (select_for_update does nothing here); without it and WAL a quarter of
            # concurrent check-ins answer "database is locked".
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # Preparing a statement takes twice as long as executing it, and the pages ask more than the usual 128.
                "cached_statements": 1000,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SystemExit("DATABASE_URL must look like postgres://user:password@host:5432/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def caches(redis_url: str, data_dir: Path) -> dict[str, Any]:
    """Return Django's caches: `default` and `pages` (whole responses), and `shared`.

    `shared` holds what every process of the machine must see alike: the generation of the page cache and
    the counters of wrong codes and passwords. Without Redis it is files, as web and worker are two processes.
    """
    if redis_url:
        redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}
        return {
            "default": redis | {"KEY_PREFIX": "d"},
            "pages": redis | {"KEY_PREFIX": "p"},
            "shared": redis | {"KEY_PREFIX": "s"},
        }
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return {
        "default": memory | {"LOCATION": "default"},
        "pages": memory | {"LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 4000}},
        "shared": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": data_dir / "cache",
            "OPTIONS": {"MAX_ENTRIES": 40000},
        },
    }


def email(url: str) -> dict[str, Any]:
    """Return Django's e-mail settings: SMTP when `url` names a server, else the console."""
    if url in {"", "console:"}:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(url)
    return {
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtps",
    }
