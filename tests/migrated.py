"""The schema walked back and forth again, for what moves rows as it goes."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def back_to(app, name):
    """Take back what was migrated after `name` of `app` and return the models of that moment (an app registry).

    One step after another, each from a state made for it alone: Django's own way back keeps the models of every step
    at hand, which takes twice as long.
    """
    executor = MigrationExecutor(connection)
    for step, _ in executor.migration_plan([(app, name)]):
        executor.unapply_migration(
            executor.loader.project_state((step.app_label, step.name), at_end=False), step
        )
    return executor.loader.project_state((app, name)).apps


def forth():
    """Migrate to the newest of every app."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
