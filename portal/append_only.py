"""Tables that only grow: a trigger in the database refuses UPDATE and DELETE (PRODUCT.md, rule 20)."""

from typing import Any

from django.db import migrations


class Triggers(migrations.RunPython):
    """Puts triggers up and takes them down; unlike RunPython it needs no models, and making them takes the longest."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.code(from_state.apps, schema_editor)


SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END
$$ LANGUAGE plpgsql
"""
POSTGRES = "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"


SQLITE_KEPT = """
CREATE TRIGGER {table}_kept_{verb} BEFORE {verb} ON {table} WHEN {when}
BEGIN SELECT RAISE(ABORT, '{table} is append-only once {mark} is set'); END
"""
POSTGRES_KEPT = """
CREATE TRIGGER {table}_kept_{verb} BEFORE {verb} ON {table} FOR EACH ROW WHEN ({when})
EXECUTE FUNCTION refuse_change()
"""


def guard_once(table: str, mark: str, columns: tuple[str, ...]) -> Triggers:
    """Return the operation that keeps `columns` of a row, and the row, from the moment its column `mark` is set.

    A later migration that makes SQLite copy the table loses the triggers and has to end with this operation again.
    """
    kept = (mark, *columns)

    def create(apps: Any, editor: Any) -> None:
        sqlite = editor.connection.vendor == "sqlite"
        differs = "IS NOT" if sqlite else "IS DISTINCT FROM"
        changed = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in kept)
        if not sqlite:
            editor.execute(POSTGRES_FUNCTION, params=None)
        for verb, when in (
            ("UPDATE", f"OLD.{mark} IS NOT NULL AND ({changed})"),
            ("DELETE", f"OLD.{mark} IS NOT NULL"),
        ):
            text = SQLITE_KEPT if sqlite else POSTGRES_KEPT
            editor.execute(text.format(table=table, verb=verb, when=when, mark=mark), params=None)

    def drop(apps: Any, editor: Any) -> None:
        on = "" if editor.connection.vendor == "sqlite" else f" ON {table}"
        for verb in ("UPDATE", "DELETE"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_kept_{verb}{on}")

    return Triggers(create, drop)


def guard(table: str) -> Triggers:
    """Return the migration operation that makes `table` append-only on SQLite and PostgreSQL, and its way back."""

    def create(apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                editor.execute(SQLITE.format(table=table, verb=verb))
        else:
            # params=None: the % of RAISE is the database's, not a parameter of the driver
            editor.execute(POSTGRES_FUNCTION, params=None)
            editor.execute(POSTGRES.format(table=table), params=None)

    def drop(apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                editor.execute(f"DROP TRIGGER {table}_no_{verb}")
        else:
            editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")

    return Triggers(create, drop)
