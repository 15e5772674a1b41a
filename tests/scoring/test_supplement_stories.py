"""Stories and supplements: who is excellent no more is called so nowhere on the public site, nor by what waits for it."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from scoring.operations import Adjustment
from stations.models import Mandate, ProfilePage
from tests.scoring.test_supplement_list import onto
from tests.scoring.test_supplements import (  # noqa: F401 -- fixtures
    LATER,
    change,
    item,
    people,
    post,
    supplement,
    typed,
    year,
)

# ruff: noqa: F811 -- fixtures are asked for by their names


@pytest.fixture
def story(city, site, year, people, item):
    """A published story of somebody who came to the best band by a supplement, with the year."""
    supplement(year, city, change(people[0], item, "80"))
    person = people[0].representative
    page = ProfilePage(title="守着窑火", slug="shou", representative=person, date=LATER, excellent_year=2026)
    site["daibiao"].add_child(instance=page)
    page.save_revision().publish()
    return page


def down(year, city, people, item):
    return supplement(year, city, change(people[0], item, "-30", reason="证明撤销"))


def test_a_public_story_loses_the_year_at_once(client, city, year, people, item, story, commits):
    address = story.get_url_parts()[2]
    assert "优秀代表" in client.get(address).text
    with commits():
        down(year, city, people, item)
    assert ("优秀代表" in client.get(address).text, "守着窑火" in client.get(address).text) == (False, True)
    page = ProfilePage.objects.get()
    assert (page.live, page.has_unpublished_changes, page.live_revision) == (
        True,
        False,
        page.latest_revision,
    )
    assert page.latest_revision.user == city.office
    assert page.get_latest_revision_as_object().excellent_year is None


def test_a_draft_and_what_waits_to_be_published_lose_it_too(city, year, people, item, story):
    story.title = "守着窑火（改）"
    planned = story.save_revision(approved_go_live_at=LATER)
    draft = story.save_revision()
    assert (planned.content["excellent_year"], draft.content["excellent_year"]) == (2026, 2026)
    down(year, city, people, item)
    page = ProfilePage.objects.get()
    planned.refresh_from_db()
    latest = page.get_latest_revision_as_object()
    assert (page.title, page.excellent_year, page.has_unpublished_changes) == ("守着窑火", None, True)
    assert (latest.title, latest.excellent_year) == ("守着窑火（改）", None)
    assert (planned.content["title"], planned.content["excellent_year"]) == ("守着窑火（改）", None)


def test_a_public_story_whose_draft_dropped_the_year_already_loses_it_at_once(
    client, city, year, people, item, story, commits
):
    story.excellent_year = None
    draft, address = story.save_revision(), story.get_url_parts()[2]
    assert "优秀代表" in client.get(address).text
    with commits():
        down(year, city, people, item)
    assert ("优秀代表" in client.get(address).text, ProfilePage.objects.get().latest_revision) == (
        False,
        draft,
    )


def test_another_year_of_a_story_stays_and_so_does_who_is_excellent_still(city, year, people, item, story):
    supplement(year, city, change(people[0], item, "-1"))
    assert ProfilePage.objects.get().excellent_year == 2026
    ProfilePage.objects.update(excellent_year=2025)
    story.refresh_from_db()
    story.save_revision()
    down(year, city, people, item)
    page = ProfilePage.objects.get()
    assert (page.excellent_year, page.get_latest_revision_as_object().excellent_year) == (2025, 2025)


def test_a_second_mandate_that_is_excellent_keeps_the_year(city, year, people, item, story):
    days = {"starts_on": date(2025, 1, 1), "ends_on": date(2026, 3, 1)}
    person = {"representative": people[0].representative, "term": city.term, "area": city.township}
    before = Mandate.objects.create(**person, **days)
    supplement(year, city, onto(before, Adjustment(item, Decimal(80), "名册漏记")))
    down(year, city, people, item)
    assert ProfilePage.objects.get().excellent_year == 2026
    supplement(year, city, change(before, item, "-80"))
    assert ProfilePage.objects.get().excellent_year is None


def test_the_preview_says_what_will_happen_to_the_story(client, city, year, people, item, story):
    page = post(client, city.office, **typed(("王样本", item, "-30")))
    assert [one.pk for one in page.context["stories"]] == [story.pk]
    assert "事迹不再写“2026 年度优秀代表”" in page.text
    page = post(client, city.office, **typed(("王样本", item, "-1")))
    assert page.context["stories"] == []
    assert reverse("supplements", args=[2026]) in page.text
