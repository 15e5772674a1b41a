"""Rule 21 for people: what an area handed up is not changed by who comes, goes, or is suspended; rolls hold it up."""

import threading
from datetime import date

import pytest
from django.db import connections, transaction
from django.urls import reverse

from scoring import operations
from scoring.operations import YearRefused
from sessions.models import Attendance
from sessions.operations import RollRefused, record_status
from stations import operations as stations_operations
from stations.models import Suspension
from stations.operations import PersonRefused
from tests.scoring.year_city import END, held, open_year, walk

SAID = (
    "石桥镇的 2026 年度已经上报，这些日子的任期、暂停和身份标签现在不能改；"
    "请先请代表工作委员会退回这个区域，或者在年度确认以后再登记。"
)


@pytest.fixture
def mandate(city):
    return city.representative("王样本", login=False)


@pytest.fixture
def year(city, mandate):
    return open_year(city)


def suspend(city, mandate):
    return stations_operations.suspend_mandate(
        mandate=mandate, starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 9), reason="决定 1 号", actor=None
    )


def register(city, mandate):
    return city.representative("田示范", login=False)


def tag(city, mandate):
    person = mandate.representative
    return stations_operations.change_representative(
        mandate=mandate, name=person.name, sex=person.sex, nation=person.nation, occupation="", electing_unit="",
        tags=["standing_member"], actor=None,
    )  # fmt: skip


WRITES = [register, suspend, tag]


@pytest.mark.parametrize("write", WRITES)
def test_what_was_handed_up_is_not_changed_by_who_is_in_office(city, year, mandate, write):
    walk(year, city, "submit")
    with pytest.raises(PersonRefused) as refused:
        write(city, mandate)
    assert str(refused.value) == SAID


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("until", ["review", "confirm"])
def test_before_it_is_handed_up_and_once_the_list_is_frozen_people_are_kept_up(
    city, year, mandate, write, until
):
    walk(year, city, until)
    assert write(city, mandate)


def test_days_of_other_years_and_other_areas_go_on(city, year, mandate):
    walk(year, city, "submit")
    assert stations_operations.end_mandate(mandate=mandate, day=date(2027, 1, 31), actor=None)
    assert city.representative("丁一", area=city.other_township, login=False)


def test_a_suspension_is_not_taken_away_behind_a_review(city, year, mandate):
    suspension = suspend(city, mandate)
    walk(year, city, "submit")
    with pytest.raises(PersonRefused, match="已经上报"):
        stations_operations.remove_suspension(suspension=suspension, actor=None)
    with pytest.raises(PersonRefused, match="已经上报"):
        stations_operations.change_suspension(
            suspension=suspension, starts_on=date(2026, 3, 1), ends_on=None, reason="决定 2 号", actor=None
        )


def test_the_admin_says_in_words_why_a_suspension_stays(client, city, site, year, mandate):
    suspension = suspend(city, mandate)
    walk(year, city, "submit")
    city.office.is_superuser = city.office.is_staff = True
    city.office.save()
    client.force_login(city.office)
    answer = client.post(reverse("suspensions:delete", args=[suspension.pk]), follow=True)
    assert (answer.status_code, SAID in answer.text, Suspension.objects.count()) == (200, True, 1)


def test_an_open_roll_of_the_county_with_its_people_holds_up_an_area(city, year, mandate):
    walk(year, city, "review")
    activity = city.activity(area=city.county, title="全市培训")
    review = year.reviews.get()
    city.enrol(activity, city.representative("丁一", area=city.other_township, login=False))
    assert operations.submit_area(review=review, actor=city.reviewer, moment=END).state == "submitted"
    operations.return_area(review=review, reason="补一场", actor=city.office, moment=END)
    city.enrol(activity, mandate)
    with pytest.raises(YearRefused, match="还有 1 场已结束的活动没有收册（全市培训）"):
        operations.submit_area(review=review, actor=city.reviewer, moment=END)


def test_who_was_registered_where_nobody_reviews_holds_up_the_publicity(city, year, mandate):
    walk(year, city, "recheck")
    city.representative("丁一", area=city.other_township, login=False)
    with pytest.raises(YearRefused, match="还没有区域的有 1 人"):
        operations.publicise_year(year=year, actor=city.office, moment=END)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize(("first", "status"), [("correct", "late"), ("submit", "present")])
def test_of_a_correction_on_a_wider_roll_and_a_submission_the_second_waits(request, first, status):
    """Seen to fail on PostgreSQL when the submission did not take the rolls that name its people.

    Whoever is second waits for the first to commit: a correction before is in what was submitted, one after is refused.
    """
    city = request.getfixturevalue("city")
    mandate = city.representative("王样本")
    activity = held(city, mandate, area=city.county)
    review = walk(open_year(city), city, "review").reviews.get()
    written, go_on, done = threading.Event(), threading.Event(), []

    def correct():
        try:
            record_status(
                activity=activity, representative=mandate.representative, status="late", actor=city.office,
                moment=END, reason="核对签到表",
            )  # fmt: skip
        except RollRefused:
            done.append("refused")

    def submit():
        operations.submit_area(review=review, actor=city.reviewer, moment=END)

    def before():
        with transaction.atomic():
            {"correct": correct, "submit": submit}[first]()
            written.set()
            go_on.wait(10)
            done.append("first")
        connections.close_all()

    def after():
        written.wait(10)
        {"correct": submit, "submit": correct}[first]()
        done.append("second")
        connections.close_all()

    threads = [threading.Thread(target=each) for each in (before, after)]
    for thread in threads:
        thread.start()
    threads[1].join(0.2)
    early = list(done)
    go_on.set()
    for thread in threads:
        thread.join()
    refused = ["refused"] if first == "submit" else []
    assert (early, done, Attendance.objects.get().status) == ([], ["first", *refused, "second"], status)
