"""The page of the search, and the suggestions while typing. Reading only; nothing asked is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.conventions.addresses import understood
from portal.models.pages import page_of
from portal.search.lent import lent
from portal.search.reading import Results, reader_of, show, suggest
from portal.search.reading import search as found_by
from portal.search.words import clean_query

ASKED = frozenset({"q", "kind", "page"})  # any other word in the address makes a page that nobody stores


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what holds the words of ?q=, of one ?kind= where it is named; where nothing does, what is related."""
    typed = request.GET.get("q", "")
    query, reader = clean_query(typed), reader_of(request)
    results = found_by(query, reader) if reader else Results([], [], [])
    sizes = results.sizes()
    kind = request.GET.get("kind", "")
    kind = kind if kind in lent() and not results.related else ""
    items = page_of([match for match in results.matches if kind in {"", match.kind}], request)
    context = {
        "query": query,
        "typed": bool(typed.strip()),
        "results": results,
        "kind": kind,
        "kinds": [
            (each.kind, each.label, sizes[each.kind]) for each in lent().values() if each.kind in sizes
        ],
        "items": items,
        "understood": understood(q=query, kind=kind, page=items),
        "rows": show(items, results, reader) if reader else [],
    }
    response = render(request, "portal/search.html", context)
    if not ASKED.issuperset(request.GET):
        patch_cache_control(response, private=True)
    return response


@cache_control(private=True, max_age=60)
@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Return at most eight titles and people for what has been typed so far, as a piece of HTML."""
    query, reader = clean_query(request.GET.get("q", "")), reader_of(request)
    results = suggest(query, reader) if reader else Results([], [], [])
    rows = show(results.matches, results, reader) if reader else []
    return render(request, "portal/components/suggestions.html", {"rows": rows})
