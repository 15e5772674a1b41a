"""What may be followed: the sections of the site, and what the floors above register in their `followed.py`."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from django.apps import apps
from wagtail.models import Page

from portal.models import BasePage
from portal.visibility import open_to_all

Labels = Callable[[list[str]], dict[str, str]]
LONGEST_KEY = 9  # digits; a longer number is no row's and would not fit into a database integer

_kinds: dict[str, Labels] = {}


def register(kind: str, labels: Labels) -> None:
    """Let readers follow topics `kind:key`.

    `labels(keys)` returns {key: what a reader calls it} of those that the public may know, in a fixed number of
    queries; what it leaves out cannot be followed.
    """
    _kinds[kind] = labels


def numbers(keys: Iterable[str]) -> list[int]:
    """Return the keys that are numbers of rows, as they are written: no sign, no leading zero, not too long."""
    digits = (key for key in keys if key.isascii() and key.isdigit() and len(key) <= LONGEST_KEY)
    return [int(key) for key in digits if str(int(key)) == key]


def labels_of(topics: Iterable[str]) -> dict[str, str]:
    """Return {topic: what a reader calls it} of the topics that may be followed; the rest is left out.

    A fixed number of queries for each kind among them, however many topics.
    """
    asked: dict[str, list[str]] = defaultdict(list)
    for topic in set(topics):
        kind, _, key = topic.partition(":")
        if kind in _kinds and key:
            asked[kind].append(key)
    return {
        f"{kind}:{key}": label for kind, keys in asked.items() for key, label in _kinds[kind](keys).items()
    }


def page_models() -> list[type[BasePage]]:
    """Return the page models of all floors, whichever there are; this floor names none of those above."""
    return [model for model in apps.get_models() if issubclass(model, BasePage)]


def sections() -> dict[str, str]:
    """Return {topic: title} of the public sections that may be followed, in the order of the site (1 query)."""
    keys = {model: model.section for model in page_models() if model.section and model.max_count == 1}
    pages = open_to_all(Page.objects.type(*keys)).order_by("path")
    found = ((keys.get(page.specific_class, ""), page.title) for page in pages)
    return {f"section:{key}": title.replace("|", "") for key, title in found if key}


def _sections(keys: list[str]) -> dict[str, str]:
    shown = {topic.partition(":")[2]: title for topic, title in sections().items()}
    return {key: shown[key] for key in keys if key in shown}


register("section", _sections)
