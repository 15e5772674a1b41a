"""The public pages of tags: all words in use, and what carries one of them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.conventions.addresses import understood
from portal.models import Tag
from portal.models.pages import page_of
from portal.tagged import Shelf, carrying, numbers_of, shelves, words_in_use

WORDS_A_PAGE = 150
NEWEST = 6  # of each sort, while none is chosen
TRAIL = [("标签", "/biaoqian/")]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the words that public pages carry (1 query)."""
    words = page_of(words_in_use(), request, WORDS_A_PAGE)
    return render(request, "portal/tags.html", {"words": words, "understood": understood(page=words)})


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what carries a word, all sorts or the one of ?kind=; 404 for a word that no public page carries."""
    tag = get_object_or_404(Tag, slug=slug)
    numbers = numbers_of(tag)
    if not numbers:
        raise Http404
    there = [shelf for shelf in shelves() if shelf.key in numbers]
    kind = request.GET.get("kind", "")
    chosen = next((shelf for shelf in there if shelf.key == kind), None)
    context: dict[str, Any] = {
        "tag": tag,
        "trail": TRAIL,
        "total": sum(numbers.values()),
        "chips": [(shelf.key, shelf.label, numbers[shelf.key]) for shelf in there],
        "chosen": chosen,
        "understood": understood(),
    }
    if chosen:
        context["found"] = page_of(carrying(chosen, tag), request)
        context["understood"] = understood(kind=chosen.key, page=context["found"])
        context["rows"] = _rows(chosen, context["found"])
    else:
        context["sections"] = [
            (shelf.key, shelf.label, numbers[shelf.key], _rows(shelf, carrying(shelf, tag)[:NEWEST]))
            for shelf in there
        ]
    return render(request, "portal/tag.html", context)


def _rows(shelf: Shelf, pages: Any) -> list[tuple[Any, Any]]:
    return [(page, shelf.day(page)) for page in pages]
