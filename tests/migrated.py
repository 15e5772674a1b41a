"""The schema walked back and forth again, for what moves rows as it goes; and models of migrations made cheaply."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState


@contextmanager
def new_models_made_alone() -> Iterator[None]:
    """Inside, a model that a migration adds is made by itself.

    Django makes all models anew that are related to it, however distantly, and making models is five sixths of what
    migrating takes. No column of theirs depends on who points at them: schema and first rows come out the same.
    """
    as_ever = ProjectState.add_model

    def add_model(self: ProjectState, model_state: ModelState) -> None:
        apps = self.__dict__.pop("apps", None)  # without them nothing is made
        as_ever(self, model_state)
        if apps is not None:
            self.__dict__["apps"] = apps
            with apps.bulk_update():
                apps.render_multiple([model_state])

    ProjectState.add_model = add_model
    try:
        yield
    finally:
        ProjectState.add_model = as_ever


def back_to(app, name):
    """Take back what was migrated after `name` of `app` and return the models of that moment (an app registry).

    One step after another, each from a state made for it alone: Django's own way back keeps the models of every step
    at hand, which takes twice as long.
    """
    executor = MigrationExecutor(connection)
    with new_models_made_alone():
        for step, _ in executor.migration_plan([(app, name)]):
            executor.unapply_migration(
                executor.loader.project_state((step.app_label, step.name), at_end=False), step
            )
    return executor.loader.project_state((app, name)).apps


def forth():
    """Migrate to the newest of every app."""
    executor = MigrationExecutor(connection)
    with new_models_made_alone():
        executor.migrate(executor.loader.graph.leaf_nodes())
