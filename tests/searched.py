"""What the tests of the search share: the index is built on demand, as the suite indexes nothing by itself."""

from itertools import count

from django.urls import reverse
from modelsearch.backends import get_search_backend
from modelsearch.index import get_indexed_models

_number = count(1)


def index():
    """Index everything there is now; as the command, but for entries of what is gone, of which a test has none."""
    backend = get_search_backend()
    for model in get_indexed_models():
        if objects := list(model.get_indexed_objects().order_by("pk")):
            backend.get_index_for_model(model).add_items(model, objects)


def found(client, query, **more):
    """Return the titles of what the page of the search shows; the word "cb" keeps it out of the stored pages."""
    answer = client.get(reverse("search"), {"q": query, "cb": next(_number), **more})
    assert answer.status_code == 200
    return [row.hit.title for row in answer.context["rows"]]
