"""The people of the check-in measurement, in a process of its own: `prepare` them, `count` what came of it.

`bare` is the other side that knows the same database: single INSERT … ON CONFLICT statements. Prepare makes activities that are open now, people on their lists, and a login session for each person.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 -- models need the settings first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from portal.models import User  # noqa: E402
from sessions.models import Activity, Attendance, AttendanceEvent, Enrolment  # noqa: E402
from stations.models import Mandate, Representative, Term  # noqa: E402
from stations.operations import add_area  # noqa: E402


def prepare(people: int, activities: int) -> dict[str, Any]:
    """Make the world; return the activities (pk, door, key) and one session key a person."""
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        area = add_area(code="999999", name="示例县", level="county", parent=None)
        term = Term.objects.create(number=99, name="测量届", starts_on=date(2020, 1, 1))
        mandates = _mandates(people, term, area)
        now = timezone.now()
        held = [
            Activity.objects.create(
                kind="sharing",
                title=f"示例分享会 {number}",
                area=area,
                starts_at=now,
                ends_at=now + timedelta(hours=2),
                state="open",
            )
            for number in range(activities)
        ]
        Enrolment.objects.bulk_create(
            Enrolment(
                activity=activity, representative=mandate.representative, mandate=mandate, basis="obliged"
            )
            for activity in held
            for mandate in mandates
        )
        return {
            "activities": [{"pk": a.pk, "door": a.door, "key": a.check_in_key} for a in held],
            "sessions": [_signed_in(mandate.representative.user) for mandate in mandates],
        }


def _mandates(people: int, term: Term, area: Any) -> list[Mandate]:
    users = User.objects.bulk_create(
        User(username=f"bench{number}", display_name=f"示例{number}", password="!")
        for number in range(people)
    )
    persons = Representative.objects.bulk_create(
        Representative(name=user.display_name, stroke_key=f"{user.pk:09}", sex="女", user=user)
        for user in users
    )
    return Mandate.objects.bulk_create(
        Mandate(representative=person, term=term, area=area, starts_on=term.starts_on) for person in persons
    )


def _signed_in(user: User) -> str:
    """Return the key of a session such as a login leaves behind; hashing passwords is not what is measured."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def count(expected: dict[int, int]) -> dict[str, int]:
    """Return how many check-ins were lost and how many doubled; `expected` says how many each activity had."""
    lost = doubled = 0
    for activity, people in expected.items():
        there = set(Attendance.objects.filter(activity=activity).values_list("representative", flat=True))
        created = AttendanceEvent.objects.filter(activity=activity, kind="created").count()
        rows = Attendance.objects.filter(activity=activity).count()
        lost += people - len(there)
        doubled += rows - len(there) + max(0, created - len(there))
    return {"lost": lost, "doubled": doubled}


def bare(clients: int, people: int) -> dict[str, float]:
    """Return how many bare INSERT … ON CONFLICT a second `clients` threads write, each statement its own commit.

    The table has the columns of a roll that matter and its unique index; every person is tried twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bench_bare (activity integer, representative integer, status varchar(10), "
            "arrived_at varchar(32), UNIQUE (activity, representative))"
        )
        cursor.execute("DELETE FROM bench_bare")
    statement = "INSERT INTO bench_bare VALUES (1, %s, 'present', %s) ON CONFLICT DO NOTHING"

    def write(mine: range) -> None:
        with connection.cursor() as cursor:
            for person in mine:
                cursor.execute(statement, [person // 2, str(timezone.now())])
        connection.close()

    tries = 2 * people
    shares = [range(place, tries, clients) for place in range(clients)]
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(write, shares))
    took = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM bench_bare")
        if cursor.fetchone() != (people,):
            raise SystemExit("bare INSERT lost or doubled a row")
    return {"per_second": tries / took}


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        print(json.dumps(prepare(int(sys.argv[2]), int(sys.argv[3]))))
    elif sys.argv[1] == "bare":
        print(json.dumps(bare(int(sys.argv[2]), int(sys.argv[3]))))
    else:
        pairs = (word.split(":") for word in sys.argv[2:])
        print(json.dumps(count({int(activity): int(many) for activity, many in pairs})))
