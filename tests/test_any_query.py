"""Any query string and any page number on every public list: shown or not found as designed, at a bounded cost (THREATS 3, 40)."""

import string
from datetime import timedelta
from random import Random
from urllib.parse import quote, urlencode

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import pagecache
from tests.conftest import START
from tests.furnished import furnish

LISTS = (
    "/", "/daibiao/", "/daibiao/minglu/", "/fenxianghui/", "/lianluozhan/", "/kejian/", "/tongzhi/", "/sousuo/",
    "/biaoqian/", "/biaoqian/shi-li/", "/jindianzi/", "/xunjiang/", "/shuju/", "/shuju/2026/",
    "/shuju/2026/fenxianghui/", "/shuju/2026/kejian/", "/calendar/",
)  # fmt: skip
NAMES = sorted(pagecache.QUERY)
VALUES = (
    "", "0", "-1", "1.5", "abc", "99999", "9" * 40, "１２", "²", "\0", "1\0", "\ud800", "\U00020bb7", "'\"<>&;--", "%",
    "%00", "../..", "None", "last", "2026-13", "0000-00", "9999-12", "2026-06-06", "x" * 3000, "\u202e\u200b",
    "(" * 200, "a AND", "NEAR(", "*", "today", "list", "liaison",
)  # fmt: skip
STRANGE = (
    "?&&&===&%", "%zz&page", "page=1&page=2&page=x", "page[]=1;q=2", "%00=%00&page=%00", "page=%ff%fe&q=%E4%BD",
    "sort=&kind=&group=&area=", "group=1&group=2&group=-1&group=x",
)  # fmt: skip


@pytest.fixture
def there(city, site):
    with time_machine.travel(START, tick=False):
        yield furnish(city, site, START)


def answers(client, queries, lists=LISTS):
    """Return {(address, query): status} of what is neither shown nor not found as designed."""
    pairs = [(address, query) for address in lists for query in queries]
    return {pair: said for pair in pairs if (said := answer(client, *pair)) != "shown"}


def answer(client, address, query):
    response = client.get(f"{address}?{query}")
    if response.status_code == 404:
        return "shown" if "这一页没有找到" in response.content.decode() else "404 of its own"
    return "shown" if response.status_code == 200 else response.status_code


def dealt_answers(client, queries, parts):
    """As `answers`, but every list is asked one part of `queries`, the next list the next: all read them alike."""
    found = {}
    for at, address in enumerate(LISTS):
        found |= answers(client, queries[at % parts :: parts], lists=[address])
    return found


def written(name, value):
    return f"{name}={quote(value, errors='surrogatepass')}"


def test_any_value_of_any_known_word_is_answered(client, there):
    queries = [
        "&".join(written(name, VALUES[(at + step) % len(VALUES)]) for step, name in enumerate(NAMES))
        for at in range(len(VALUES))
    ]
    assert dealt_answers(client, queries, parts=4) == {}


def test_any_page_number_is_answered(client, there):
    assert dealt_answers(client, [written("page", value) for value in VALUES[1:10]], parts=3) == {}


def test_strange_and_doubled_queries_are_answered(client, there):
    assert dealt_answers(client, STRANGE, parts=3) == {}


def test_five_hundred_words_and_values_are_answered(client, there):
    many = urlencode([(f"w{n}", n) for n in range(500)])
    same = urlencode([(name, n) for name in ("group", "tag", "page") for n in range(166)])
    assert answers(client, [many, same]) == {}


def test_more_words_than_the_site_reads_are_refused_as_designed(client, there):
    for address in ("/", "/daibiao/minglu/"):
        answer = client.get(f"{address}?" + "&".join(f"w{n}=1" for n in range(10_001)))
        assert (answer.status_code, "这个网址没有读懂" in answer.content.decode()) == (400, True)


def test_random_queries_are_answered(client, there):
    random = Random(40)  # the same noise at every run
    signs = string.printable + "代表分享会Ⅳ²¾①ﬀİſ\0\u200d\U00020bb7"
    found = {}
    for _ in range(60):
        pairs = [
            (random.choice([*NAMES, "x"]), "".join(random.choices(signs, k=random.randrange(40))))
            for _ in range(random.randrange(1, 6))
        ]
        found |= answers(client, [urlencode(pairs)], lists=[random.choice(LISTS)])
    assert found == {}


@pytest.mark.parametrize("query", ["page=99999", "page=abc", "month=9999-99&area=1&area=2&q=%00"])
def test_nonsense_asks_no_more_queries_than_the_plain_list(client, there, query):
    plain, strange = {}, {}
    client.get("/tongzhi/")
    for address in LISTS:
        for asked, counts in ((address, plain), (f"{address}?{query}", strange)):
            caches["pages"].clear()
            with CaptureQueriesContext(connection) as context:
                client.get(asked)
            counts[address] = len(context)
    assert {a: (strange[a], plain[a]) for a in LISTS if strange[a] > plain[a]} == {}


def test_unknown_words_are_neither_stored_nor_answered_from_the_store(client, there):
    for address in LISTS:
        client.get(address)
        answers = [client.get(f"{address}?x{number}={number}").get("X-Cache") for number in (1, 1, 2)]
        assert answers == [None, None, None]


def test_no_month_asked_for_leads_further_than_one_beyond_the_programme(client, there):
    from bs4 import BeautifulSoup

    def month(text):
        page = BeautifulSoup(client.get("/fenxianghui/", {"month": text}).content, "html.parser")
        links = [a["rel"][0] for a in page.select(".mnav a")]
        return page.select_one(".mnav h2").get_text(), links

    assert month("9999-12") == ("2026 年 7 月", ["prev"])
    assert month("0001-01") == ("2026 年 5 月", ["next"])
    assert month("x") == ("2026 年 6 月", ["prev", "next"])
    assert there.coming.starts_at - START < timedelta(days=1)
