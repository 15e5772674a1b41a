"""A year is created: from the list, in the term in office then, and what the office is led to before the first one."""

import pytest
from django.urls import reverse

from scoring.models import Year
from stations.models import DeputyGroup, Term
from tests.conftest import START
from tests.scoring.adopted import adopted
from tests.scoring.year_city import open_year


@pytest.fixture
def year(city):
    return open_year(city)


def post(client, user, **data):
    client.force_login(user)
    return client.post(reverse("review"), data)


def test_a_year_is_created_from_the_list(client, city, year):
    answer = post(client, city.office, label=2027, standard=year.standard.pk)
    assert (answer.status_code, answer.url) == (302, "/review/2027/")
    assert post(client, city.office, label=2027, standard=year.standard.pk).status_code == 400
    assert list(Year.objects.order_by("label").values_list("label", "state")) == [
        (2026, "open"),
        (2027, "draft"),
    ]


@pytest.mark.parametrize(
    ("label", "ends_on", "chosen"),
    [
        (2027, None, "第九届"),  # the tenth has not begun
        (2032, "2032-03-31", "第十届"),  # in office on the last day
        (2031, "2031-03-31", "第九届"),  # nobody is on the last day: who was last
    ],
)
def test_a_new_year_belongs_to_the_term_in_office_then(client, city, year, label, ends_on, chosen):
    Term.objects.filter(pk=city.term.pk).update(ends_on=ends_on)
    Term.objects.create(number=10, name="第十届", starts_on="2032-04-01")
    post(client, city.office, label=label, standard=year.standard.pk)
    assert Year.objects.get(label=label).term.name == chosen


@pytest.mark.parametrize("label", [2021, 2028])
def test_a_year_in_which_no_term_is_in_office_is_refused_in_words(client, city, year, label):
    Term.objects.filter(pk=city.term.pk).update(ends_on="2027-12-31")
    answer = post(client, city.office, label=label, standard=year.standard.pk)
    assert (answer.status_code, answer.context["form"].non_field_errors(), Year.objects.count()) == (
        400,
        [f"{label} 年没有在任的届次，请先在“人员与站点 → 届”里登记。"],
        1,
    )


def shown(client, user):
    client.force_login(user)
    return client.get(reverse("review"))


def ways(html):
    """Return which ways out the empty page shows: to the terms, to the standards, to the import of people, the form."""
    links = ("terms/new", "standard", "representatives/import")
    return [*(f'href="/admin/{link}/"' in html for link in links), "<h2>建立年度</h2>" in html]


def test_before_the_first_year_the_office_is_led_to_what_is_missing(client, city, site):
    seen = []
    DeputyGroup.objects.all().delete()
    Term.objects.all().delete()
    for prepared in (
        lambda: None,
        lambda: Term.objects.create(number=9, name="第九届", starts_on=START.date()),
    ):
        prepared()
        seen.append(ways(shown(client, city.office).content.decode()))
    adopted(city)
    seen += [ways(shown(client, user).content.decode()) for user in (city.office, city.reviewer)]
    city.term = Term.objects.get()
    city.representative(group=None, login=False)
    seen.append(ways(shown(client, city.office).content.decode()))
    assert seen == [
        [True, True, False, False],
        [False, True, False, False],
        [False, False, True, True],
        [False, False, False, False],
        [False, False, False, True],
    ]
