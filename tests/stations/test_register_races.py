"""Two clerks import one list in the same instant: everybody is registered once (THREATS 22).

Seen to fail on PostgreSQL without the lock on the term's row: both found nobody and registered everybody.
"""

import pytest

from stations.models import Mandate, Representative
from stations.operations import RegisterRefused, apply_register
from tests.conftest import START
from tests.sessions.races import at_once
from tests.stations.registers import line, planned, waiting

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_one_list_under_four_hands_registers_everybody_once(city):
    lines = [line(2 + n, f"丁示{'甲乙丙'[n]}") for n in range(3)]
    seen, lists = planned(city, *lines).seen, [waiting(city, *lines) for _ in range(4)]

    def hand(pending):
        def apply():
            try:
                return len(apply_register(pending=pending, seen=seen, actor=city.office, moment=START).new)
            except RegisterRefused:
                return "refused"

        return apply

    assert sorted(at_once([hand(pending) for pending in lists]), key=str) == [
        3,
        "refused",
        "refused",
        "refused",
    ]
    assert (Representative.objects.count(), Mandate.objects.count()) == (3, 3)
