"""A standard tried on a year says who would move, and writes nothing."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoring import operations
from scoring.comparison import compare
from scoring.models import FrozenSheet
from scoring.sheets import mandates_of
from tests.scoring.adopted import EXAMPLE
from tests.scoring.year_city import confirm, held, open_year, somebody, walk

DEARER = EXAMPLE.split("cases:")[0]
for dear, cheap in (("min: 90", "min: 17"), ("min: 70", "min: 16.5"), ("min: 60", "min: 16")):
    DEARER = DEARER.replace(dear, cheap, 1)


@pytest.fixture
def year(city):
    return open_year(city)


@pytest.fixture
def people(city):
    return [city.representative(name, login=False) for name in ("王样本", "田示范", "毛假名")]


@pytest.fixture
def draft(city):
    return operations.store_standard(text=DEARER, actor=city.office)


def moves(found):
    return [
        (move.mandate, move.before, move.after, move.band_before, move.band_after) for move in found.moves
    ]


def test_who_would_be_graded_otherwise_is_told_with_both_totals(city, year, people, draft):
    held(city, people[1])
    found = compare(draft, year, mandates_of(year))
    total = Decimal("17.00")
    assert moves(found) == [(people[1].pk, total, total, "不称职", "优秀")]
    assert (found.people, found.frozen, found.bands_after) == (
        3,
        False,
        ("优秀", "称职", "基本称职", "不称职"),
    )
    assert [(line.band, line.counts, line.people) for line in found.lines] == [
        ("优秀", (0, 0, 0, 0), 0),
        ("称职", (0, 0, 0, 0), 0),
        ("基本称职", (0, 0, 0, 0), 0),
        ("不称职", (1, 0, 0, 2), 3),
    ]


def test_of_a_confirmed_year_before_is_what_was_frozen(city, year, people, draft):
    held(city, people[1])
    walk(year, city, "publicise")
    confirm(year, city)
    year.refresh_from_db()
    found = compare(draft, year, mandates_of(year))
    assert (found.frozen, [move.mandate for move in found.crossing]) == (True, [people[1].pk])


def test_the_same_standard_moves_nobody(city, year, people):
    held(city, *people)
    assert compare(year.standard, year, mandates_of(year)).moves == ()


def page_of(client, user, draft, year, **more):
    client.force_login(user)
    return client.get(reverse("standard:try", args=[draft.pk, year.label]), more)


def test_the_page_shows_bands_and_people_and_writes_nothing(client, city, year, people, draft):
    held(city, people[1])
    page = page_of(client, city.office, draft, year)
    assert (page.status_code, page.text.count("田示范"), page.text.count("王样本")) == (200, 1, 0)
    assert page.text.count("17.00（不称职）</td><td>17.00（优秀）") == 1
    assert FrozenSheet.objects.count() == 0
    assert page_of(client, city.office, draft, year, show="all", p="no such page").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_for_one_and_three(client, city, year, people, draft, count):
    held(city, *people[:count])
    page_of(client, city.office, draft, year)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("standard:try", args=[draft.pk, year.label]))
    assert (len(page.context["rows"]), len(queries)) == (count, 26)


def test_the_office_of_one_branch_tries_it_on_its_own_people_alone(client, city, year, people, draft):
    held(city, *people)
    other = somebody(city, "other-office", "office", city.other_township)
    other.user_permissions.add(Permission.objects.get(codename="access_admin"))
    page = page_of(client, other, draft, year)
    assert (page.status_code, page.text.count("田示范"), page.context["found"].people) == (200, 0, 0)


def test_a_year_in_preparation_or_unknown_is_not_there(client, city, year, draft):
    for label in (2027, 1999):
        if label == 2027:
            operations.create_year(label=label, term=city.term, standard=year.standard, actor=city.office)
        client.force_login(city.office)
        assert client.get(reverse("standard:try", args=[draft.pk, label])).status_code == 404
