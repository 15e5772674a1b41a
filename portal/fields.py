"""Field types of the house."""

from typing import Any

from wagtail.fields import StreamField


class SlimStreamField(StreamField):
    """A StreamField whose blocks stay out of migrations: editing a block's help text is no schema change."""

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs
