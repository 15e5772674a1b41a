"""The schema walked back and forth again, for what moves rows as it goes; and models of migrations made cheaply."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState


@contextmanager
def models_made_alone() -> Iterator[None]:
    """Inside, a model that a migration adds or changes is made by itself.

    Django makes all models anew that are related to it, however distantly, and making models is nine tenths of what
    migrating takes. No column of theirs depends on who points at them: schema and first rows come out the same. What
    moves rows asks for all models, and gets them made for it, as for every change that Django itself puts off.
    """
    as_ever = ProjectState._find_reload_model

    def only_itself(
        self: ProjectState,
        app_label: str,
        model_name: str,
        delay: bool = False,
    ) -> set[tuple[str, str]]:
        self.is_delayed = True
        return {(app_label, model_name)}

    ProjectState._find_reload_model = only_itself
    try:
        yield
    finally:
        ProjectState._find_reload_model = as_ever


def back_to(app, name):
    """Take back what was migrated after `name` of `app` and return the models of that moment (an app registry).

    One step after another, each from a state made for it alone: Django's own way back keeps the models of every step
    at hand, which takes twice as long.
    """
    executor = MigrationExecutor(connection)
    with models_made_alone():
        for step, _ in executor.migration_plan([(app, name)]):
            executor.unapply_migration(
                executor.loader.project_state((step.app_label, step.name), at_end=False), step
            )
    return executor.loader.project_state((app, name)).apps


def forth():
    """Migrate to the newest of every app."""
    executor = MigrationExecutor(connection)
    with models_made_alone():
        executor.migrate(executor.loader.graph.leaf_nodes())
