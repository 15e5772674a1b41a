"""Pages that were just given, given again before Django makes a request of the question.

The middleware (`portal.pagecache`) alone decides what may be given to whom. What it gave from its store is kept here, in
the process, under the question as it was asked: method, host, address, query, cookies and all else that the middleware
reads. The same question has the same answer until the generation moves or the answer's time ends.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from portal import generation
from portal.pagecache import GIVEN

# All that the middleware's decision and its answer depend on; what is not there is None.
ASKED = (
    "REQUEST_METHOD",
    "wsgi.url_scheme",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_HOST",
    "HTTP_X_FORWARDED_HOST",
    "SERVER_NAME",
    "SERVER_PORT",
    "SCRIPT_NAME",
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_COOKIE",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_RANGE",
    "HTTP_AUTHORIZATION",
    "HTTP_HX_REQUEST",
)
MOST_BYTES = 32_000_000  # of bodies and questions in a process; then it starts anew
LONGEST_QUESTION = 1_000  # characters: made-up cookies and addresses are not worth a place

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Question = tuple[str | None, ...]


class Answer(NamedTuple):
    """One answer as the server takes it."""

    generation: int
    until: float  # seconds of the clock (`time.time`)
    status: str
    headers: list[tuple[str, str]]
    body: bytes


class Front:
    """A WSGI application before the portal's own."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.kept: dict[Question, Answer] = {}
        self.size = 0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        question = tuple([environ.get(name) for name in ASKED])
        answer = self.kept.get(question)
        if answer and answer.generation == generation.current() and time.time() < answer.until:
            start_response(answer.status, answer.headers)
            return [answer.body]
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            started[:] = status, list(headers)
            return start_response(status, headers, *failure)

        response = self.application(environ, start)
        if GIVEN not in environ:
            return response
        try:
            body = b"".join(response)
        finally:
            response.close()  # type: ignore[attr-defined]  # Django's answers end their request by it
        (number, until), (status, headers) = environ[GIVEN], started
        self._keep(question, Answer(number, until, status, headers, body))
        return [body]

    def _keep(self, question: Question, answer: Answer) -> None:
        length = sum(len(part or "") for part in question)
        if length > LONGEST_QUESTION:
            return
        if self.size > MOST_BYTES:
            self.kept.clear()
            self.size = 0
        self.kept[question] = answer
        self.size += length + len(answer.body)
