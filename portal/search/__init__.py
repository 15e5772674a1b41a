"""Searching the site, in Chinese, on SQLite and PostgreSQL: the index of pairs, its words, what is found, what is shown."""

from importlib import import_module
from typing import Any

from django.db import connection


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 -- Wagtail looks for this name in the module
    """Return the backend of Wagtail's search for the database this site runs on; `params` as in the settings."""
    module = "postgres" if connection.vendor == "postgresql" else "sqlite"  # each knows its own database only
    # Built in one transaction, an index of thousands of pages would keep everybody from writing for a minute on SQLite;
    # entries are written over one by one, so that nothing is missing in between.
    return import_module(f"portal.search.{module}").PairBackend({"ATOMIC_REBUILD": False} | params)
