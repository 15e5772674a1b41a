"""Worlds that many tests begin with: built once in a run, then written row by row as they were.

What a fresh database holds is such a world, too: transactional tests begin with it.

Building the small city goes through the operations and costs 20 ms, the pages 65 ms; replaying what that wrote costs two.
A worker builds each world for the first test that asks, remembers which rows came, changed and went, and plays that
back, with copies of the objects, inside every later test's own transaction. Nothing stays in the database.
"""

import pickle
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.apps import apps
from django.db import IntegrityError, connection, transaction

T = TypeVar("T")
Row = tuple[Any, ...]
Table = dict[Hashable, Row]  # by primary key


@dataclass
class Delta:
    """What building a world did to one table."""

    table: str
    columns: list[str]
    key: str
    gone: list[Hashable] = field(default_factory=list)
    written: list[Row] = field(default_factory=list)


Statement = tuple[str, Sequence[Any]]  # what the driver takes, and its parameters

_known: dict[str, tuple[list[Statement], bytes]] = {}


def replayed(name: str, build: Callable[[], T]) -> T:
    """Return what `build` returns, with its rows in the database, as cheaply as can be."""
    if name in _known:
        statements, made = _known[name]
        try:
            with transaction.atomic():
                _play(statements)
        except IntegrityError:  # the test had written something of its own first: numbers are taken
            return build()
        return pickle.loads(made)  # noqa: S301 -- our own of a moment ago, a sixth of what copying takes
    before = _all_rows()
    made = build()
    _known[name] = _statements(_differences(before, _all_rows())), pickle.dumps(made)
    return made


def built_upon(grounds: Sequence[Any], name: str, build: Callable[[], T]) -> T:
    """As `replayed`, for what a test builds upon other worlds: their objects are left as building left them."""
    states, made = replayed(name, lambda: ([vars(each) for each in grounds], build()))
    for each, state in zip(grounds, states, strict=True):
        vars(each).update(state)
    return made


def remembered() -> Callable[..., None]:
    """Return what writes the rows of this moment again, a fiftieth of what it takes by models."""
    now = _all_rows()
    deltas = _differences({table: dict.fromkeys(rows, ()) for table, rows in now.items()}, now)
    statements = _statements(deltas)

    def write(*_ignored: Any) -> None:
        with transaction.atomic():
            _play(statements)

    return write


def _tables() -> list[tuple[str, list[str], str]]:
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return [
        (
            model._meta.db_table,
            [each.column for each in model._meta.local_concrete_fields],
            model._meta.pk.column,
        )
        for model in models
        if not model._meta.proxy and model._meta.local_concrete_fields
    ]


def _all_rows() -> dict[str, Table]:
    rows = {}
    with connection.cursor() as cursor:
        for table, columns, key in _tables():
            cursor.execute(f"SELECT {', '.join(map(_quoted, columns))} FROM {_quoted(table)}")  # noqa: S608
            at = columns.index(key)
            rows[table] = {row[at]: row for row in cursor.fetchall()}
    return rows


def _differences(before: dict[str, Table], after: dict[str, Table]) -> list[Delta]:
    deltas = []
    for table, columns, key in _tables():
        old, new = before[table], after[table]
        delta = Delta(table, columns, key)
        # A row that changed goes and comes anew.
        delta.gone = [pk for pk in old if new.get(pk) != old[pk]]
        delta.written = [row for pk, row in new.items() if old.get(pk) != row]
        if delta.gone or delta.written:
            deltas.append(delta)
    return deltas


def _statements(deltas: list[Delta]) -> list[Statement]:
    """Return what makes these differences, written once: what is gone first, then what came."""
    mark = "?" if connection.vendor == "sqlite" else "%s"
    statements: list[Statement] = []
    for delta in deltas:
        if delta.gone:
            where = f"{_quoted(delta.key)} IN ({', '.join([mark] * len(delta.gone))})"
            statements.append((f"DELETE FROM {_quoted(delta.table)} WHERE {where}", delta.gone))  # noqa: S608
    for delta in deltas:
        if delta.written:
            names = ", ".join(map(_quoted, delta.columns))
            row = f"({', '.join([mark] * len(delta.columns))})"
            rows = ", ".join([row] * len(delta.written))
            written = f"INSERT INTO {_quoted(delta.table)} ({names}) VALUES {rows}"  # noqa: S608
            statements.append((written, [value for each in delta.written for value in each]))
    return statements


def _play(statements: list[Statement]) -> None:
    """Give the statements to the driver itself; nobody counts or reads them."""
    with connection.wrap_database_errors:
        for statement, parameters in statements:
            connection.connection.execute(statement, parameters)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
