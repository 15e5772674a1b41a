"""What the process keeps before Django gives the same bytes as the page cache behind it, and nothing else."""

import re
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal import front, generation
from portal.models import NoticePage

STAFF = "allauth.account.auth_backends.AuthenticationBackend"


class Server:
    """A server of one process: it counts how many questions came through to Django."""

    def __init__(self):
        self.reached = 0
        self.front = front.Front(self._django)
        self.django = WSGIHandler()

    def _django(self, environ, start_response):
        self.reached += 1
        return self.django(environ, start_response)

    def ask(self, path="/tongzhi/n1/", **more):
        """Return (status, headers, body) of one question."""
        path, _, query = path.partition("?")
        environ = {"HTTP_HOST": "testserver", "PATH_INFO": path, "QUERY_STRING": query} | more
        setup_testing_defaults(environ)
        given = []
        body = b"".join(self.front(environ, lambda *head: given.extend(head)))
        return given[0], dict(given[1]), body


@pytest.fixture
def server(site):
    site["tongzhi"].add_child(instance=NoticePage(title="示例通知", slug="n1", date="2026-06-01"))
    return Server()


@pytest.fixture(autouse=True)
def _requests_end_here(monkeypatch):
    """A request that ends closes the connection, and with it the transaction that this test's rows live in."""
    from django.core import signals
    from django.db import close_old_connections

    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


def test_the_third_question_does_not_reach_django_and_has_the_same_answer(server):
    server.ask()
    second, third = server.ask(), server.ask()
    assert (second, server.reached) == (third, 2)


def test_what_is_kept_is_given_without_a_query(server):
    server.ask(), server.ask()
    with CaptureQueriesContext(connection) as queries:
        server.ask()
    assert len(queries) == 0


def test_a_change_makes_the_kept_answer_worthless(server):
    server.ask(), server.ask()
    generation.advance()
    assert [server.ask()[1]["X-Cache"] for _ in range(3)] == ["miss", "hit", "hit"]


def test_what_is_unpublished_is_gone_at_once(server, commits):
    server.ask(), server.ask()
    with commits():
        NoticePage.objects.get().unpublish()
    assert server.ask()[0] == "404 Not Found"


def test_a_kept_answer_ends_with_its_time(server, time_machine):
    time_machine.move_to("2026-06-18 23:59:00+08:00", tick=False)
    server.ask(), server.ask(), server.ask()
    before = server.reached
    time_machine.shift(61)
    server.ask()
    assert (before, server.reached) == (2, 3)


@pytest.mark.parametrize(
    "more",
    [
        {"HTTP_COOKIE": "text=large"},
        {"HTTP_COOKIE": "contrast=high"},
        {"HTTP_ACCEPT_ENCODING": "gzip"},
        {"HTTP_HX_REQUEST": "true"},
        {"HTTP_RANGE": "bytes=0-9"},
        {"HTTP_AUTHORIZATION": "Basic eA=="},
        {"HTTP_HOST": "localhost"},
        {"HTTP_HOST": "elsewhere.example"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"wsgi.url_scheme": "https"},
        {"REQUEST_METHOD": "HEAD"},
        {"REQUEST_METHOD": "POST"},
        {"QUERY_STRING": "cb=1"},
        {"PATH_INFO": "/tongzhi/"},
    ],
)
def test_a_question_that_differs_is_djangos(server, more):
    server.ask(), server.ask()
    environ = {"PATH_INFO": "/tongzhi/n1/", "QUERY_STRING": ""} | more
    server.ask(f"{environ.pop('PATH_INFO')}?{environ.pop('QUERY_STRING')}", **environ)
    assert server.reached == 3


def test_two_users_and_a_reader_each_get_their_own_page(server, city):
    """One page, one process, three people by turns: nobody ever gets the bytes of another (THREATS 1)."""

    def cookie(user):
        client = Client()
        client.force_login(user, backend=STAFF)
        return f"sessionid={client.cookies['sessionid'].value}"

    people = [{}, {"HTTP_COOKIE": cookie(city.office)}, {"HTTP_COOKIE": cookie(city.auditor)}]
    rounds = [[server.ask(**each) for each in people] for _ in range(4)]
    kept = [[headers.get("X-Cache") for _, headers, _ in row] for row in rounds]
    accounts = [re.search(rb'data-account="(\d*)"', body)[1] for row in rounds for _, _, body in row]
    assert kept == [["miss", None, None], *[["hit", None, None]] * 3]
    assert accounts == [b"", b"%d" % city.office.pk, b"%d" % city.auditor.pk] * 4
    assert {row[0][2] for row in rounds} == {rounds[0][0][2]}


def test_a_reader_who_has_the_page_is_told_so_again_and_again(server):
    server.ask()
    tag = server.ask()[1]["ETag"]
    answers = [server.ask(HTTP_IF_NONE_MATCH=tag) for _ in range(3)]
    assert ([(status, body) for status, _, body in answers], server.reached) == (
        [("304 Not Modified", b"")] * 3,
        3,
    )


def test_a_question_of_any_length_is_answered_and_a_long_one_not_kept(server):
    long = "ads=" + "x" * 2_000
    server.ask()
    assert [server.ask(HTTP_COOKIE=long)[1]["X-Cache"] for _ in range(3)] == ["hit"] * 3
    assert server.reached == 4


def test_when_it_is_full_it_starts_anew(server, monkeypatch):
    monkeypatch.setattr(front, "MOST_BYTES", 100_000)
    server.ask()
    for number in range(40):
        server.ask(HTTP_COOKIE=f"ads={number}")
    assert server.front.size < 200_000
    assert server.ask(HTTP_COOKIE="ads=39")[1]["X-Cache"] == "hit"
