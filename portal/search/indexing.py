"""The index: the pieces of an object's fields, kept in Wagtail's own table by both databases.

A field with a boost belongs to the title. Where an object's fields lead to others, what stands there is read along.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Model, TextField
from django.db.models.functions import Cast
from django.db.models.manager import BaseManager
from django.utils.encoding import force_str
from modelsearch.index import AutocompleteField, RelatedFields, SearchField, get_indexed_models
from modelsearch.tasks import insert_or_update_object_task
from modelsearch.utils import get_content_type_pk

from portal.pagecache import forget_pages
from portal.search.words import MOST_PIECES, pieces

FORCED_BREAK = "|"  # in a title
AT_ONCE = 100  # entries of one statement: nobody else writes to SQLite meanwhile


class Entry(NamedTuple):
    """The pieces of one object, by the columns of the index."""

    title: list[str]
    body: list[str]
    autocomplete: list[str]


def refresh(instance: Model) -> None:
    """Have an object indexed anew after the running transaction: something that its fields lead to has changed."""
    meta = instance._meta
    task = partial(insert_or_update_object_task.enqueue, meta.app_label, meta.model_name, str(instance.pk))
    transaction.on_commit(task, robust=True)


def entry_of(instance: Any) -> Entry:
    """Return what is indexed of an object."""
    entry = Entry([], [], [])
    for field, text in texts_of(instance, instance.get_search_fields()):
        if isinstance(field, AutocompleteField):
            column = entry.autocomplete
        else:
            column = entry.title if field.boost else entry.body
        if column is not entry.body:
            text = text.replace(FORCED_BREAK, "")  # noqa: PLW2901 -- a mark of the layout, no text
        if len(column) < MOST_PIECES:
            column += pieces(text)
    return Entry(*(column[:MOST_PIECES] for column in entry))


def texts_of(instance: Any, fields: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    """Yield (field, its plain text) of an object; related objects are followed."""
    for field in fields:
        if isinstance(field, SearchField | AutocompleteField):
            yield field, plain(field.get_value(instance))
        elif isinstance(field, RelatedFields):
            there = field.get_value(instance)
            there = list(there.all()) if isinstance(there, BaseManager) else [there]
            for other in filter(None, there):
                yield from texts_of(other, field.fields)


def plain(value: Any) -> str:
    """Return the words of a field's value: those of its parts where it has some, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return force_str(value)
    return " ".join(plain(each) for each in value)


class PairIndex:
    """What the indexes of both databases share; `columns` writes the pieces as the database keeps them."""

    entries: Any

    def columns(self, entry: Entry) -> dict[str, str]:
        """Return the values of the columns: pieces with spaces between them."""
        return {name: " ".join(found) for name, found in entry._asdict().items()}

    def add_items(self, model: Any, objs: Iterable[Any]) -> None:
        """Index objects of one model, new ones and known ones alike; stored pages may be of before."""
        if not model.get_search_fields():
            return
        kind = get_content_type_pk(model)
        rows = [
            self.entries.model(
                content_type_id=kind, object_id=force_str(each.pk), **self.columns(entry_of(each))
            )
            for each in objs
        ]
        for start in range(0, len(rows), AT_ONCE):
            self.entries.bulk_create(
                rows[start : start + AT_ONCE],
                update_conflicts=True,
                unique_fields=["content_type", "object_id"],
                update_fields=list(Entry._fields),
            )
        forget_pages()

    def delete_stale_entries(self) -> None:
        """Remove what is no longer to be found: deleted, or no longer among what its model gives to be indexed."""
        for model in get_indexed_models():
            there = model.get_indexed_objects().order_by().annotate(key_text=Cast("pk", TextField()))
            known = self.entries.filter(content_type_id=get_content_type_pk(model))
            known.exclude(object_id__in=there.values("key_text")).delete()

    def _refresh_title_norms(self, full: bool = False) -> None:
        """Do nothing: no rank here asks for the length of titles, and reckoning it reads the whole table."""
