"""The queue of the tests: a task runs at once, but for the framework's upkeep of indexes that no test looks at.

Every saved page and picture queues two such tasks. The index of the search has its own when the settings want it kept
(WAGTAILSEARCH_BACKENDS), that of references when a test asks for `references`.
"""

from typing import Any

from django_tasks.backends.immediate import ImmediateBackend
from modelsearch.backends import get_search_backends


class Queue(ImmediateBackend):
    """Runs every task at once but upkeep that nobody waits for."""

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        """Run `task`, or leave it out; nobody reads the result of what is left out."""
        idle = {  # by name: the modules of tasks ask for the queue as they are loaded
            "modelsearch.tasks.insert_or_update_object_task": not list(
                get_search_backends(with_auto_update=True)
            ),
            "wagtail.tasks.update_reference_index_task": not self.options.get("references"),
        }
        return None if idle.get(task.module_path) else super().enqueue(task, args, kwargs)
