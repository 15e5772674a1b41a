"""Which characters headings use, and how often: titles, names in serif, fixed headings of the templates, figures."""

import re
import string
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.conf import settings
from wagtail import hooks
from wagtail.models import Page, Site

from portal.models import CongressSettings
from portal.visibility import open_to_all

# On every page, whatever is published: figures, Latin letters, the marks of Chinese text.
ALWAYS = string.digits + string.ascii_letters + " .,:;!?%&()+-/·—…‘’“”、。《》「」『』【】（），：；？！～×"
# Who comes first when not all find room: what stands on every page, the fixed headings of readers' pages, titles, the rest.
ON_EVERY_PAGE, OF_READERS_PAGES, TITLE, OTHER = 10_000, 1_000, 100, 1
HEADING = re.compile(r"<(h[1-4]|legend|b)\b[^>]*>(.*?)</\1>|heading=\"([^\"]*)\"", re.DOTALL)
MARKUP = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}|<[^>]*>", re.DOTALL)
HOOK = "register_heading_texts"  # a floor above registers a function without arguments that yields texts


def ranked(counts: Counter[str]) -> list[str]:
    """Return the characters, most frequent first, equals in the order of their code points."""
    return sorted(counts, key=lambda character: (-counts[character], character))


def count(site: Site) -> Counter[str]:
    """Return {character: how often} of everything that is set as a heading on the public pages of `site`."""
    counts: Counter[str] = Counter()
    for text, weight in (*fixed_headings(), *_texts(site)):
        for character in text:
            counts[character] += weight
    top = max(counts.values(), default=0) + 1
    counts.update(dict.fromkeys(ALWAYS, top))
    return Counter({c: n for c, n in counts.items() if c == " " or (c.isprintable() and not c.isspace())})


def _texts(site: Site) -> Iterator[tuple[str, int]]:
    """Yield (text, weight)."""
    identity = CongressSettings.objects.filter(site=site).first() or CongressSettings(site=site)
    for words in (identity.site_name, identity.short_name, identity.statement, identity.seal_text):
        yield words, ON_EVERY_PAGE
    pages = open_to_all(Page.objects.descendant_of(site.root_page, inclusive=True))
    for title in pages.values_list("title", flat=True).iterator():
        yield title, TITLE
    for model in _with_body():
        pages = open_to_all(model._default_manager.descendant_of(site.root_page))
        for body in pages.values_list("body", flat=True).iterator(chunk_size=200):
            yield from ((words, OTHER) for words in _words_of(body))
    for texts in hooks.get_hooks(HOOK):
        yield from ((words, OTHER) for words in texts())


def _with_body() -> Iterator[Any]:
    """Yield the page models that have a long text."""
    for model in apps.get_models():
        if issubclass(model, Page) and any(field.name == "body" for field in model._meta.get_fields()):
            yield model


def _words_of(body: Any) -> Iterator[str]:
    """Yield the headings and quotes of a long text, from what is stored: no block is built."""
    for block in getattr(body, "raw_data", ()):
        value = block.get("value")
        if block.get("type") == "heading":
            yield str(value)
        elif block.get("type") == "quote" and isinstance(value, dict):
            yield str(value.get("text", ""))


@lru_cache(maxsize=1)
def fixed_headings() -> tuple[tuple[str, int], ...]:
    """Return (words, weight) that our templates themselves set as headings; pages of readers lie at the top or beside it."""
    found = []
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        parts = path.relative_to(settings.BASE_DIR / "templates").parts
        weight = OF_READERS_PAGES if len(parts) <= 2 or parts[1] == "components" else OTHER
        for _, inner, attribute in HEADING.findall(path.read_text("utf-8")):
            words = MARKUP.sub("", inner or attribute).strip()
            if words:
                found.append((words, weight))
    return tuple(found)
