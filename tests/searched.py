"""What the tests of the search share: the index is built on demand, as the suite indexes nothing by itself."""

from itertools import count

from django.core.management import call_command
from django.urls import reverse

_number = count(1)


def index():
    """Index everything there is now."""
    call_command("update_index", verbosity=0)


def found(client, query, **more):
    """Return the titles of what the page of the search shows; the word "cb" keeps it out of the stored pages."""
    answer = client.get(reverse("search"), {"q": query, "cb": next(_number), **more})
    assert answer.status_code == 200
    return [row.hit.title for row in answer.context["rows"]]
