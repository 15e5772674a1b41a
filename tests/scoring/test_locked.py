"""Facts of a year that was handed up stay as they are."""

from datetime import date

import pytest
from django.db import transaction

from scoring.operations import FactsLocked, refuse_locked_facts
from sessions.operations import lock_period

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)

pytestmark = pytest.mark.django_db


def ask(city, *days):
    with transaction.atomic():
        refuse_locked_facts([city.representative(login=False)], days)


def test_a_locked_day_is_refused_with_its_year_and_the_way_out(city):
    lock_period(areas=[city.township], first=FIRST, last=LAST, actor=None)
    with pytest.raises(FactsLocked) as refused:
        ask(city, date(2026, 1, 1), date(2025, 12, 31))
    assert str(refused.value) == (
        f"{city.township.name}的 2025 年度已经上报，2025 年 12 月 31 日的记录不能再增加或修改；确需补记请向代表工作委员会提出补充决定。"
    )


def test_the_lock_of_an_area_above_counts_too(city):
    lock_period(areas=[city.county], first=FIRST, last=LAST, actor=None)
    with pytest.raises(FactsLocked):
        ask(city, FIRST)


def test_days_outside_and_other_areas_stay_open(city):
    lock_period(areas=[city.other_township], first=FIRST, last=LAST, actor=None)
    ask(city, FIRST)
    lock_period(areas=[city.township], first=FIRST, last=LAST, actor=None)
    ask(city, date(2024, 12, 31), date(2026, 1, 1))
