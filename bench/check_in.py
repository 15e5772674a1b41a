"""Check-in: the whole HTTP request of people who are signed in, against hello world of the same server
and against bare INSERT … ON CONFLICT on the same database.

First throughput at 1, 8 and 32 connections, each person once; then a rush, 10 people a second at random moments,
every third of whom taps twice. What came of it is counted in the database afterwards.
"""

import os
import random
import uuid
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from bench.client import Answer, drive, get, post
from bench.ground import Ground, postgres_ground, sqlite_ground
from bench.server import Server, serving
from bench.table import Count, Row
from sessions.checkin.codes import code_at

CLIENTS = (1, 8, 32)
MANY = 100  # people of one measurement of throughput; everybody takes part in the rush
A_SECOND = 10  # people of the rush; the aim asks for 300 a minute, twice slower
CSRF = "b" * 32  # an unmasked token: cookie and field agree, as after any page with a form


def measure(quick: bool) -> list[Row | Count]:
    """Return the rows of check-in, on SQLite and, where TEST_DATABASE_URL is set, on PostgreSQL."""
    people = 40 if quick else 300
    rows = _on(sqlite_ground(), people)
    if os.environ.get("TEST_DATABASE_URL"):
        rows += _on(postgres_ground(), people)
    return rows


def _on(place: AbstractContextManager[Ground], people: int) -> list[Row | Count]:
    with place as ground:
        crowd = ground.ask("bench.crowd", "prepare", str(people), str(len(CLIENTS) + 1))
        with serving(ground) as server:
            _look(server, crowd, crowd["activities"][0], people=8)  # wakes the templates up
            rows: list[Row | Count] = []
            for number, clients in enumerate(CLIENTS):
                rows += _throughput(ground, server, crowd, number, clients)
            rows.append(_rush(ground, server, crowd))
        expected = [min(MANY, people)] * len(CLIENTS) + [people]
        pairs = zip(crowd["activities"], expected, strict=True)
        found = ground.ask("bench.crowd", "count", *(f"{one['pk']}:{many}" for one, many in pairs))
    what = f"check-ins {{}} of {sum(expected)}, {ground.engine}"
    return [*rows, *(Count(what.format(word), found[word], 0) for word in ("lost", "doubled"))]


def _throughput(ground: Ground, server: Server, crowd: dict[str, Any], place: int, clients: int) -> list[Row]:
    activity = crowd["activities"][place]
    people = min(MANY, len(crowd["sessions"]))
    token = _look(server, crowd, activity, people)
    hellos = [get(server.port, f"/bench/hello/?cb={number}") for number in range(1500)]
    hello_took, _ = drive(server.port, hellos, clients)
    took, answers = drive(
        server.port, [_tap(server, crowd, activity, token, who) for who in range(people)], clients
    )
    _all_well(answers)
    ours, hello = len(answers) / took, len(hellos) / hello_took
    bare = ground.ask("bench.crowd", "bare", str(clients), "1000")["per_second"]
    what = f"check-in, {clients} client{'s' if clients > 1 else ''}, {ground.engine}"
    return [
        Row(what, f"{ours:,.0f}/s", f"hello {hello:,.0f}/s", ours / hello, 0.25, at_least=True),
        Row(what, f"{ours:,.0f}/s", f"bare INSERT {bare:,.0f}/s", ours / bare, None),
    ]


def _rush(ground: Ground, server: Server, crowd: dict[str, Any]) -> Count:
    """Let everybody come at a moment of their own; a tap's time counts from the moment it was due."""
    chance, people = random.Random(1), len(crowd["sessions"])
    activity = crowd["activities"][-1]
    token = _look(server, crowd, activity)
    moments = sorted(chance.uniform(0.2, people / A_SECOND) for _ in range(people))
    taps, due = [], []
    for who, moment in enumerate(moments):
        tap = _tap(server, crowd, activity, token, who)
        again = 2 if who % 3 == 0 else 1
        taps += [tap] * again
        due += [moment] * again
    _, answers = drive(server.port, taps, 32, due)
    _all_well(answers)
    times = sorted(answer.seconds * 1000 for answer in answers)
    p99 = times[int(len(times) * 0.99)]
    what = f"rush, {people} people in {people / A_SECOND:.0f} s, p99, {ground.engine}"
    return Count(what, round(p99), 300, " ms")


def _look(server: Server, crowd: dict[str, Any], activity: dict[str, Any], people: int = 0) -> str:
    """Let everybody open the scanned code, as a phone does before the tap; return the code's token.

    The server remembers the scan for five minutes, so the taps hold when the wall shows a later code.
    """
    token = code_at(activity["key"], datetime.now(UTC)).token
    path = f"/c/{activity['door']}/{token}/"
    sessions = crowd["sessions"][: people or None]
    looks = [get(server.port, path, _cookies(crowd, who)) for who in range(len(sessions))]
    _, answers = drive(server.port, looks, 8)
    _all_well(answers)
    return token


def _tap(server: Server, crowd: dict[str, Any], activity: dict[str, Any], token: str, who: int) -> bytes:
    fields = {"csrfmiddlewaretoken": CSRF, "nonce": uuid.uuid4().hex}
    return post(server.port, f"/c/{activity['door']}/{token}/", _cookies(crowd, who), fields)


def _cookies(crowd: dict[str, Any], who: int) -> str:
    return f"sessionid={crowd['sessions'][who]}; csrftoken={CSRF}; device=bench-{who}"


def _all_well(answers: list[Answer]) -> None:
    odd = sorted({answer.status for answer in answers if answer.status != 200})
    if odd:
        raise SystemExit(f"check-in was answered with {odd}")
