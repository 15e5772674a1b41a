"""The same sheet for reviewer, office and auditor; its queries; looking writes nothing."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from scoring import operations
from scoring.models import Year
from sessions.models import Attendance, CoursewarePage, SharingSessionPage
from stations.models import Mandate
from stations.operations import end_mandate
from tests.conftest import START
from tests.scoring.sheet_city import NOW, ahead, count_of, held, hrefs, opened, report, see


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def year(city, site):
    return opened(city, 2026)


@pytest.fixture
def mandate(city):
    return city.representative("王样本")


def staff_codes(client, city, mandate, users):
    codes = []
    for user in users:
        client.force_login(user)
        codes.append(client.get(reverse("staff_sheet", args=[mandate.pk, 2026])).status_code)
    return codes


def test_reviewer_office_and_auditor_of_the_area_see_a_sheet_and_nobody_else(client, city, year, mandate):
    users = (city.reviewer, city.office, city.auditor, city.recorder, mandate.representative.user)
    assert staff_codes(client, city, mandate, users) == [200, 200, 200, 404, 404]


def test_a_sheet_of_another_area_answers_404_to_the_reviewer(client, city, year):
    far = city.representative("赵示例", area=city.other_township, group=None)
    assert staff_codes(client, city, far, (city.reviewer, city.office)) == [404, 200]


def test_a_stranger_is_asked_to_sign_in_before_a_sheet(client, city, year, mandate):
    address = reverse("staff_sheet", args=[mandate.pk, 2026])
    assert client.get(address)["Location"] == f"/accounts/login/?next={address}"


def test_a_mandate_outside_the_year_has_no_sheet(client, city, year, mandate):
    gone = city.representative("李示例")
    end_mandate(mandate=gone, day=date(2025, 12, 31), actor=city.office)
    assert staff_codes(client, city, gone, (city.office,)) == [404]


def test_who_keeps_the_roll_is_led_into_its_history_and_the_reviewer_is_not(client, city, year, mandate):
    activity = held(city, mandate)
    history = reverse("roll_history", args=[activity.pk, mandate.representative_id])
    counts = []
    for user in (city.office, city.reviewer):
        client.force_login(user)
        page = client.get(reverse("staff_sheet", args=[mandate.pk, 2026]))
        counts.append(hrefs(page).count(history))
    assert counts == [1, 0]


def test_the_staffs_look_offers_no_signing_up(client, city, year, mandate):
    ahead(city)
    client.force_login(city.office)
    page = client.get(reverse("staff_sheet", args=[mandate.pk, 2026]))
    assert (count_of(page, "今年还能做什么"), count_of(page, "王样本的履职成绩单")) == (0, 1)


# How much it costs


def enter_all(city, site, mandate, count):
    for number in range(count):
        activity = held(city, mandate, at=START + timedelta(days=number))
        site["fenxianghui"].add_child(
            instance=SharingSessionPage(title=f"{number}", slug=f"s{number}", activity=activity)
        )
        site["kejian"].add_child(
            instance=CoursewarePage(
                title=f"{number}",
                slug=f"k{number}",
                author=mandate.representative,
                date=date(2026, 5, 1),
            )
        )
        report(city, mandate, f"https://news.example/{number}")
        operations.add_proposal(
            title="甲",
            ref=f"{number}",
            submitted_on=date(2026, 1, 9),
            movers={mandate: "sole"},
            actor=city.office,
        )
        operations.add_honour(
            mandate=mandate, title="优秀", level="county", awarded_on=date(2026, 1, 9), actor=city.office
        )
        ahead(city, number + 2, title=f"前面{number}")


OWN, STAFF = 28, 21  # two of them are the session and the account


@pytest.mark.parametrize("count", [1, 3])
def test_the_whole_page_takes_the_same_queries(
    client, city, site, year, mandate, django_assert_num_queries, count
):
    enter_all(city, site, mandate, count)
    see(client, mandate)
    with django_assert_num_queries(OWN):
        client.get(reverse("scorecard"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_staffs_look_takes_the_same_queries(
    client, city, site, year, mandate, django_assert_num_queries, count
):
    enter_all(city, site, mandate, count)
    client.force_login(city.reviewer)
    client.get(reverse("staff_sheet", args=[mandate.pk, 2026]))
    with django_assert_num_queries(STAFF):
        client.get(reverse("staff_sheet", args=[mandate.pk, 2026]))


def test_looking_writes_nothing(client, city, site, year, mandate):
    enter_all(city, site, mandate, 1)
    before = [model.objects.count() for model in (Attendance, Year, Mandate)]
    see(client, mandate)
    assert [model.objects.count() for model in (Attendance, Year, Mandate)] == before
