"""The library of the search's measurement, in a process of its own: made by code, indexed, asked. Prints its times as JSON.

Words are invented and as unevenly used as those of a language: a few stand in nearly every document, most in a few.
"""

import json
import random
import sys
import time
from datetime import date, timedelta
from html import escape
from itertools import accumulate
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 -- models need the settings first
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from portal.models import HomePage, NoticeIndexPage, NoticePage  # noqa: E402
from portal.search.reading import reader_of, search, show, suggest  # noqa: E402
from portal.search.words import clean_query  # noqa: E402
from sessions.models import Idea  # noqa: E402
from stations.models import Mandate, Representative, Term  # noqa: E402
from stations.names import initials, pinyin  # noqa: E402
from stations.operations import add_area  # noqa: E402

SEED = 2026
LENGTHS = (200, 300, 500, 800, 1500)  # characters of a text
VOCABULARY = 20_000
# Characters in the order in which the words of a demonstration use them would be few; these have readings.
SIGNS = [chr(code) for code in range(0x4E00, 0x4E00 + 12_000, 4)]


class Library:
    """The words, and texts made of them; the same at every run."""

    def __init__(self) -> None:
        self.chance = random.Random(SEED)
        lengths = (1, 2, 2, 2, 2, 2, 3, 4)
        self.words = [
            "".join(self.chance.choices(SIGNS, k=self.chance.choice(lengths))) for _ in range(VOCABULARY)
        ]
        self.weights = list(accumulate(1 / (rank + 5) for rank in range(VOCABULARY)))

    def text(self, length: int) -> str:
        """Return a text of about so many characters."""
        parts, written = [], 0
        while written < length:
            parts.append("".join(self.chance.choices(self.words, cum_weights=self.weights, k=9)) + "，")
            written += len(parts[-1])
        return "".join(parts)

    def name(self) -> str:
        return "".join(self.chance.choices(SIGNS[:400], k=3))


def make(library: Library, documents: int) -> list[str]:
    """Make notices (four fifths), ideas and people, so many documents in all; return the names of the people."""
    people, ideas = documents // 10, documents // 10
    with transaction.atomic():
        section = _section()
        area = add_area(code="990001", name="示范县", level="county", parent=None)
        term = Term.objects.create(number=99, name="第九十九届", starts_on=date(2020, 1, 1))
        _notices(library, section, documents - people - ideas)
        Idea.objects.bulk_create(
            Idea(
                area=area, title=library.text(10)[:12], text=library.text(300), submitted_at=timezone.now(),
                state="released", year=2026, number=number + 10_000,
            )
            for number in range(ideas)
        )  # fmt: skip
        names = [library.name() for _ in range(people)]
        persons = Representative.objects.bulk_create(
            Representative(
                name=name, pinyin=pinyin(name), initials=initials(name), stroke_key=f"{number:07}", sex="女",
                occupation=library.text(8)[:10],
            )
            for number, name in enumerate(names)
        )  # fmt: skip
        Mandate.objects.bulk_create(
            Mandate(representative=person, term=term, area=area, starts_on=term.starts_on)
            for person in persons
        )
    return names


def _section() -> Any:
    section = NoticeIndexPage.objects.first()
    if section is None:  # an empty database: the welcome page gives way to a home page
        Page.objects.filter(depth=2).delete()
        home = Page.objects.get(depth=1).add_child(instance=HomePage(title="首页", slug="home"))
        Site.objects.all().delete()
        Site.objects.create(hostname="127.0.0.1", root_page=home, is_default_site=True)
        section = home.add_child(instance=NoticeIndexPage(title="通知公告", slug="tongzhi"))
    return NoticeIndexPage.objects.get(pk=section.pk)


def _notices(library: Library, section: Any, number: int) -> None:
    """Write pages and notices in two statements; add_child() asks five of each."""
    first = section.add_child(instance=NoticePage(title="示例", slug="library", date=date(2020, 1, 1)))
    pages = [
        Page(
            title=library.text(10)[:14], draft_title="", slug=f"library-{at}", live=True, depth=first.depth,
            path=Page._get_path(section.path, first.depth, 2 + at), content_type_id=first.content_type_id,
            url_path=f"{section.url_path}library-{at}/", locale_id=first.locale_id,
        )
        for at in range(section.numchild, section.numchild + number)
    ]  # fmt: skip
    made = Page.objects.bulk_create(pages, batch_size=500)
    rows = []
    for at, page in enumerate(made):
        text = escape(library.text(library.chance.choice(LENGTHS)))
        body = json.dumps([{"type": "paragraph", "value": f"<p>{text}</p>", "id": f"{at:08}"}])
        rows.append([page.pk, date(2020, 1, 1) + timedelta(days=at % 2000), "", "", "", body])
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO portal_noticepage (page_ptr_id, date, summary, source, editor, body) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            rows,
        )


def queries(library: Library, names: list[str], number: int) -> list[str]:
    """Return what readers might type: names most of all, words of every frequency, some that nothing holds."""
    chance = random.Random(SEED + 1)
    twos = [word for word in library.words if len(word) == 2]
    shares = [
        (0.30, lambda: chance.choice(names)),
        (0.10, lambda: pinyin(chance.choice(names)).replace(" ", "")),
        (0.30, lambda: twos[chance.randrange(50, 5000)]),
        (0.12, lambda: f"{twos[chance.randrange(5, 500)]} {twos[chance.randrange(5, 500)]}"),
        (0.08, lambda: library.text(30)[chance.randrange(10) :][:4]),
        (0.05, lambda: twos[chance.randrange(10)]),  # in nearly every document
        (0.02, lambda: chance.choice(SIGNS)),
        (0.03, lambda: "".join(chance.choices(SIGNS, k=6))),
    ]
    asked = [make_one() for share, make_one in shares for _ in range(round(share * number))]
    chance.shuffle(asked)
    return asked


def main(documents: int, number: int) -> dict[str, Any]:
    """Make, index and ask; return milliseconds by what was asked for."""
    call_command("migrate", verbosity=0)
    library = Library()
    names = make(library, documents)
    began = time.perf_counter()
    call_command("update_index", verbosity=0)
    indexed = time.perf_counter() - began
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as the server does by itself soon after
    asked = queries(library, names, number)
    client = Client(headers={"host": "127.0.0.1"})
    for query in asked[:5]:
        client.get("/sousuo/", {"q": query, "cb": "warm"})
    request = client.get("/sousuo/").wsgi_request
    reader = reader_of(request)
    if reader is None:
        raise SystemExit("no site")
    times: dict[str, list[float]] = {"page": [], "found": [], "suggested": []}
    results = 0
    for query in map(clean_query, asked):
        began = time.perf_counter()
        found = search(query, reader)
        show(found.matches[:12], found, reader)
        times["found"].append(1000 * (time.perf_counter() - began))
        results += len(found.matches)
        began = time.perf_counter()
        answer = client.get("/sousuo/", {"q": query, "cb": "1"})
        times["page"].append(1000 * (time.perf_counter() - began))
        if answer.status_code != 200:
            raise SystemExit(f"{query!r} was answered with {answer.status_code}")
        began = time.perf_counter()
        first = suggest(query[:2], reader)
        show(first.matches, first, reader)
        times["suggested"].append(1000 * (time.perf_counter() - began))
    return {"times": times, "indexed": indexed, "results": results / len(asked), "asked": asked}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
