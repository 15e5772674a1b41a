"""What the floors above lend to this one: a list in a module of an agreed name, found without naming a floor."""

from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule


def lent(module: str, name: str) -> list[Any]:
    """Return what `<app>.<module>.<name>` is in every app of ours that has it, from the ground up.

    Ours are the apps that stand beside this one and whose module names `name`; a library's module of the same
    name holds something else.
    """
    found = []
    for config in reversed(list(apps.get_app_configs())):
        if config.module is not None and module_has_submodule(config.module, module):
            offered = getattr(import_module(f"{config.name}.{module}"), name, None)
            if offered is not None:
                found.append(offered)
    return found
