"""Reckoning a running year remembers everybody's total, all of them or none, and says who moved."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from scoring.models import Year, YearTotal
from scoring.operations import YearRefused, create_year, reckon_year
from scoring.sheets import live_sheet
from scoring.tasks import reckon_running
from tests.conftest import START
from tests.scoring.year_city import END, confirm, held, open_year, somebody, walk

LATER = END + timedelta(hours=1)


@pytest.fixture
def year(city):
    return open_year(city)


@pytest.fixture
def people(city):
    return [city.representative(name, login=False) for name in ("王样本", "田示范", "毛假名")]


def reckon(year, moment=END):
    found = reckon_year(year=year, actor=None, moment=moment)
    return found.people, found.moved, found.gone


def rows():
    return {total.mandate_id: (total.total, total.band) for total in YearTotal.objects.all()}


def sheets(year, people):
    return {m.pk: ((live := live_sheet(year, m)).sheet.total, live.sheet.band.name) for m in people}


def test_the_totals_are_those_of_the_sheets(city, year, people):
    held(city, *people[:2])
    assert reckon(year) == (3, 3, 0)
    assert rows() == sheets(year, people)


def test_reckoning_again_writes_nothing(city, year, people):
    held(city, *people)
    reckon(year)
    assert reckon(year, LATER) == (3, 0, 0)
    assert set(YearTotal.objects.values_list("moved_at", flat=True)) == {END}


def test_who_moved_keeps_the_figure_of_before(city, year, people):
    reckon(year)
    held(city, people[0])
    assert reckon(year, LATER) == (3, 1, 0)
    moved = YearTotal.objects.get(moved_at=LATER)
    assert (moved.mandate_id, moved.before, moved.total > moved.before) == (
        people[0].pk,
        Decimal("15.00"),
        True,
    )


def test_who_left_the_list_has_no_total_any_more(city, year, people):
    reckon(year)
    people[0].ends_on = year.starts_on - timedelta(days=1)
    people[0].starts_on = year.starts_on - timedelta(days=9)
    people[0].save()
    assert reckon(year, LATER) == (2, 0, 1)
    assert sorted(rows()) == sorted(mandate.pk for mandate in people[1:])


def test_an_interrupted_reckoning_leaves_the_old_totals_and_the_next_one_comes_to_the_same(
    city, year, people
):
    reckon(year)
    before = rows()
    held(city, *people)

    with connection.execute_wrapper(stop_at("UPDATE", "scoring_year")), pytest.raises(KeyboardInterrupt):
        reckon(year, LATER)
    assert rows() == before
    assert reckon(year, LATER) == (3, 3, 0)
    assert rows() == sheets(year, people)


def stop_at(word, table):
    """Break off when the statement comes that would end the reckoning: all totals are written by then."""

    def wrapper(execute, sql, params, many, context):
        if sql.startswith(word) and table in sql:
            raise KeyboardInterrupt
        return execute(sql, params, many, context)

    return wrapper


def test_a_confirmed_year_is_not_reckoned(city, year, people):
    walk(year, city, "publicise")
    confirm(year, city)
    with pytest.raises(YearRefused, match="已经确认"):
        reckon(year)


def test_the_command_says_what_it_found(city, year, people, capsys):
    call_command("reckon", "2026")
    assert capsys.readouterr().out.startswith("2026 年度：核算 3 人，3 人有变动，0 人不再列入；用时")
    call_command("reckon")
    assert "0 人有变动" in capsys.readouterr().out


def test_the_night_remembers_the_totals_of_running_years_and_of_no_other(city, year, people, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}  # the next night waits there
    create_year(label=2027, term=city.term, standard=year.standard, actor=city.office)
    reckoned = []
    for moment in (START, END):
        with time_machine.travel(moment, tick=False):
            reckon_running.func()
        reckoned.append(list(Year.objects.order_by("label").values_list("label", "reckoned_at")))
        if moment == START:
            confirm(walk(year, city, "publicise"), city)
    assert reckoned == [[(2026, START), (2027, None)]] * 2
    assert YearTotal.objects.count() == 3


def test_the_command_refuses_where_no_year_is_running(city, year, people):
    confirm(walk(year, city, "publicise"), city)
    with pytest.raises(CommandError, match="没有正在进行的年度") as refused:
        call_command("reckon")
    assert refused.value.returncode == 2


def test_the_command_refuses_a_year_that_is_not_there(city, year):
    with pytest.raises(CommandError, match="没有 1999 年度") as refused:
        call_command("reckon", "1999")
    assert refused.value.returncode == 2


def test_only_their_own_branches_totals_are_seen(city, year, people):
    reckon(year)
    assert YearTotal.objects.seen_by(city.reviewer).count() == 3
    other = somebody(city, "other-reviewer", "reviewer", city.other_township)
    assert YearTotal.objects.seen_by(other).count() == 0
