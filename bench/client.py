"""The client of the measurements: bare keep-alive connections, so that the server is what works."""

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

PATIENCE = 30  # seconds a request may take


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    headers: str
    body: bytes
    seconds: float


class Line:
    """One keep-alive connection to the server under measurement."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, request: bytes) -> Answer:
        """Send one request and read its whole answer; OSError when the connection ends in between."""
        begun = time.perf_counter()
        self._socket.sendall(request)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._read()
        head, _, body = data.partition(b"\r\n\r\n")
        headers = head.decode("latin-1").lower()
        parts = [body]
        missing = _length(headers) - len(body)
        while missing > 0:
            parts.append(self._read())
            missing -= len(parts[-1])
        return Answer(int(head[9:12]), headers, b"".join(parts), time.perf_counter() - begun)

    def _read(self) -> bytes:
        data = self._socket.recv(65_536)
        if not data:
            raise ConnectionResetError("the server closed the connection")
        return data


def _length(headers: str) -> int:
    for line in headers.split("\r\n"):
        name, _, value = line.partition(":")
        if name == "content-length":
            return int(value)
    raise ValueError(f"an answer without a length: {headers!r}")


def get(port: int, path: str, cookies: str = "") -> bytes:
    """Return a GET as browsers send it."""
    return _head("GET", port, path, cookies) + b"\r\n"


def post(port: int, path: str, cookies: str, fields: dict[str, str]) -> bytes:
    """Return a POST of a form."""
    body = urlencode(fields).encode()
    more = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    return _head("POST", port, path, cookies) + more.encode() + body


def _head(method: str, port: int, path: str, cookies: str) -> bytes:
    cookie = f"Cookie: {cookies}\r\n" if cookies else ""
    return (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\n"
        f"Accept-Encoding: gzip\r\nAccept-Language: zh-CN\r\n{cookie}"
    ).encode()


def drive(
    port: int, requests: Sequence[bytes], clients: int, due: Sequence[float] = ()
) -> tuple[float, list[Answer]]:
    """Send every request once through `clients` connections; return the seconds it took and the answers in order.

    With `due` each request waits for its moment (seconds after the start), and its time counts from there.
    """
    answers: list[Answer | None] = [None] * len(requests)
    places, lock, start = iter(range(len(requests))), threading.Lock(), threading.Barrier(clients + 1)
    epoch = 0.0

    def work() -> None:
        with Line(port) as line:
            start.wait()
            while True:
                with lock:
                    place = next(places, None)
                if place is None:
                    return
                answers[place] = _ask_when_due(line, requests[place], epoch + due[place] if due else 0.0)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(clients)]
    for thread in threads:
        thread.start()
    epoch = time.perf_counter()
    start.wait()
    for thread in threads:
        thread.join(timeout=120)
    took = time.perf_counter() - epoch
    done = [answer for answer in answers if answer is not None]
    if len(done) < len(requests):
        raise SystemExit(f"{len(requests) - len(done)} of {len(requests)} requests were not answered")
    return took, done


def _ask_when_due(line: Line, request: bytes, moment: float) -> Answer:
    if not moment:
        return line.ask(request)
    time.sleep(max(0.0, moment - time.perf_counter()))
    answer = line.ask(request)
    return Answer(answer.status, answer.headers, answer.body, time.perf_counter() - moment)
