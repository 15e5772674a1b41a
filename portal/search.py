"""Searching the site: titles and summaries of public pages, one condition a word, newest first."""

import unicodedata
from typing import Any

from django.apps import apps
from django.db.models import DateField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Replace, TruncDate
from wagtail.models import Page

from portal.models import BasePage
from portal.visibility import open_to_all

QUERY_LENGTH = 50
WORDS = 8  # more words than that make the question slower and no better
SECTION = "（栏目）"


def clean_query(text: str) -> str:
    """Return what was typed as it is searched for: NFKC, one space between words, no NUL, at most 50 characters."""
    return " ".join(unicodedata.normalize("NFKC", text.replace("\0", "")).split())[:QUERY_LENGTH].strip()


def kinds_of_pages() -> list[type[BasePage]]:
    """Return the page models of all floors, whichever there are; this floor names none of those above."""
    return [model for model in apps.get_models() if issubclass(model, BasePage)]


def _first(name: str, *otherwise: Any) -> Any:
    """Return the column `name` of whichever sort of page a row is, else what comes after.

    A summary lies in the table of each sort, so one question joins them all: a handful of one-to-one joins.
    """
    fields = {model: {field.name for field in model._meta.get_fields()} for model in kinds_of_pages()}
    columns = [F(f"{model._meta.model_name}__{name}") for model in fields if name in fields[model]]
    return Coalesce(*columns, *otherwise)


def found_pages(query: str, root: Page) -> QuerySet[Any]:
    """Return the pages at and below `root` that everybody may read and that hold each word of `query`.

    The words are looked for in the title (without the marks of forced breaks) and the summary, whatever their case.
    Each row carries `words`, `line` (its summary) and `day`: its own date, else the day it was first published.
    Nothing typed finds nothing. The query is what clean_query() returned.
    """
    typed = query.split()[:WORDS]
    pages = open_to_all(Page.objects.descendant_of(root, inclusive=True))
    if not typed:
        return pages.none()  # type: ignore[no-any-return]
    pages = pages.annotate(
        words=Replace(F("title"), Value("|"), Value("")),
        line=_first("summary", Value("")),
        day=_first("date", TruncDate("first_published_at", output_field=DateField())),
    )
    wanted = Q()
    for word in typed:
        wanted &= Q(words__icontains=word) | Q(line__icontains=word)
    return pages.filter(wanted).order_by(F("day").desc(nulls_last=True), "-pk")  # type: ignore[no-any-return]


def kind_of(page: Page) -> str:
    """Return what sort of page a row is, as a reader calls it (no query: content types are remembered)."""
    model = page.specific_class or Page
    return str(model._meta.verbose_name).removesuffix(SECTION)
