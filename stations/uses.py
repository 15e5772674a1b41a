"""What refers to a row, on every floor, in words: what has a use is kept, what has none may be removed."""

from collections.abc import Iterator

from django.db.models import CASCADE, ForeignObjectRel, Model


def uses_of(row: Model, *, besides: tuple[type[Model], ...] = ()) -> dict[str, int]:
    """Return {what: how many} refers to `row`: one query for each way to refer that the models know.

    Left out are rows of `besides`, which are part of `row`, and those that go with it by their own law (CASCADE): what
    is reckoned anew. The floors above are not imported for it: Django knows their models.
    """
    found: dict[str, int] = {}
    for relation in _relations(row):
        if relation.related_model in besides:
            continue
        count = relation.related_model._base_manager.filter(**{relation.field.name: row.pk}).count()
        if count:
            name = str(relation.related_model._meta.verbose_name)
            found[name] = found.get(name, 0) + count
    return found


def _relations(row: Model) -> Iterator[ForeignObjectRel]:
    for relation in row._meta.get_fields(include_hidden=True):
        if (
            isinstance(relation, ForeignObjectRel)
            and not relation.many_to_many
            and relation.on_delete != CASCADE
        ):
            yield relation


def told(uses: dict[str, int]) -> str:
    """Return the uses as a sentence holds them: 3 项任期、1 项联络站点."""
    return "、".join(f"{count} 项{name}" for name, count in uses.items())
