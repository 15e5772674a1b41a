"""A process killed while it reckons everybody's totals leaves the old ones or the new ones (THREATS 25).

Seen to fail without the transaction around reckon_year: the killed process then left the rows of the lots it had written.
"""

import os
import signal
from random import Random

import pytest
from django.db import connection, connections, transaction

from scoring.models import Year, YearTotal
from scoring.operations import reckon_year, reckoning
from scoring.sheets import live_sheets, mandates_of
from tests.scoring.year_city import END, held, open_year

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
WRITES = ("INSERT", "UPDATE", "DELETE", "COPY", "CREATE TEMPORARY", "DROP TABLE")
FEW = 3  # rows that are written at once, so that there are many writes to be killed at


@pytest.fixture
def people(city):
    return [city.representative(f"虚构{number}", login=False) for number in range(10)]


@pytest.fixture
def year(city, people, monkeypatch):
    """A year that was reckoned once, and of whose people most have moved since."""
    monkeypatch.setattr(reckoning, "AT_ONCE", FEW)
    year = open_year(city)
    reckon_year(year=year, actor=None, moment=END)
    held(city, *people[:7])
    held(city, *people[:3], title="第二场")
    return year


def remembered():
    rows = YearTotal.objects.order_by("mandate").values_list("mandate", "total", "band", "before", "moved_at")
    return list(rows), Year.objects.get().reckoned_at


def recount(year):
    return {live.mandate.pk: live.sheet.total for live in live_sheets(year, mandates_of(year))}


def killed_at(write, call):
    """Run `call` in a process of its own that is killed at that write; return whether it was."""
    connection.close()  # the child opens one of its own
    child = os.fork()
    if child == 0:
        connections["default"] = connection.copy()
        left = iter(range(write - 1, -1, -1))

        def die(execute, sql, params, many, context):
            if sql.lstrip().startswith(WRITES) and next(left, 0) == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql, params, many, context)

        with connections["default"].execute_wrapper(die):
            call()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) == signal.SIGKILL if os.WIFSIGNALED(status) else False


def writes_of(call):
    """Return how many writes `call` makes, by letting it make them and taking all back."""
    count = 0

    def counted(execute, sql, params, many, context):
        nonlocal count
        count += sql.lstrip().startswith(WRITES)
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(counted):
        call()
        transaction.set_rollback(True)
    return count


def test_a_reckoning_killed_at_any_write_leaves_the_old_totals_and_the_next_equals_a_recount(year):
    def reckon():
        return reckon_year(year=year, actor=None, moment=END)

    before, writes = remembered(), writes_of(reckon)
    assert remembered() == before
    assert writes >= 5  # three lots of totals, the year, the line of the log
    drawn = {1, writes, *Random(25).sample(range(2, writes), 2)}
    assert {write: killed_at(write, reckon) for write in sorted(drawn)} == dict.fromkeys(sorted(drawn), True)
    assert remembered() == before
    assert reckon().people == 10
    assert {mandate: total for mandate, total, *_ in remembered()[0]} == recount(year)
    assert not killed_at(writes + 1, reckon)  # not killed: it comes to its end, and to the same
    assert {mandate: total for mandate, total, *_ in remembered()[0]} == recount(year)
