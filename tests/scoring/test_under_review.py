"""Rule 21 for people: what an area handed up is not changed by who comes, goes, or is suspended; rolls hold it up."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connections, transaction
from django.urls import reverse

from scoring import operations
from scoring.operations import YearRefused
from sessions.models import Activity, Attendance
from sessions.operations import ActivityRefused, RollRefused, record_status, reschedule_activity
from stations import operations as stations_operations
from stations.models import Suspension
from stations.operations import PersonRefused
from tests.conftest import START
from tests.scoring.year_city import END, held, open_year, walk

HOUR = timedelta(hours=1)
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


def one_after_the_other(first, second):
    """Run `first` and, while its transaction is open, `second`; return (what was done early, what was done).

    Each is a name and what to call, which returns a word or None.
    """
    written, go_on, done = threading.Event(), threading.Event(), []

    def run(name, call):
        done.extend(each for each in (call(), name) if each)

    def before():
        with transaction.atomic():
            word = first[1]()
            written.set()
            go_on.wait(10)
            done.extend(each for each in (word, first[0]) if each)
        connections.close_all()

    def after():
        written.wait(10)
        run(*second)
        connections.close_all()

    threads = [threading.Thread(target=each) for each in (before, after)]
    for thread in threads:
        thread.start()
    threads[1].join(0.2)
    early = list(done)
    go_on.set()
    for thread in threads:
        thread.join()
    return early, done


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

    def correct():
        try:
            record_status(
                activity=activity, representative=mandate.representative, status="late", actor=city.office,
                moment=END, reason="核对签到表",
            )  # fmt: skip
        except RollRefused:
            return "refused"

    steps = [("correct", correct), ("submit", lambda: submitted(review, city))]
    steps.sort(key=lambda step: step[0] != first)
    refused = ["refused"] if first == "submit" else []
    seen = one_after_the_other(*steps)
    assert (seen, Attendance.objects.get().status) == (
        ([], [first, *refused, steps[1][0]]), status,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("first", ["plan", "move", "submit", "submit before move"])
def test_of_an_activity_put_into_the_year_and_a_submission_the_second_waits(request, first):
    """Seen to fail on PostgreSQL when planning and moving did not hold the area: both went through, unseen by each other."""
    city = request.getfixturevalue("city")
    city.representative("王样本")
    later = city.activity(starts_at=START.replace(year=2027)) if "move" in first else None
    review = walk(open_year(city), city, "review").reviews.get()

    def put():
        try:
            if later:
                reschedule_activity(
                    activity=later, starts_at=START, ends_at=START + HOUR, actor=city.office, quietly=True
                )
            else:
                city.activity()
        except ActivityRefused:
            return "refused"

    steps = [("put", put), ("submit", lambda: submitted(review, city))]
    if first.startswith("submit"):
        steps.reverse()
    early, done = one_after_the_other(*steps)
    review.refresh_from_db()
    in_the_year = Activity.objects.held_between(review.year.starts_on, review.year.ends_on).count()
    expected = (["submit", "refused", "put"], "submitted", 0)
    if steps[0][0] == "put":
        expected = (["put", "refused", "submit"], "pending", 1)
    assert (early, (done, review.state, in_the_year)) == ([], expected)


def submitted(review, city):
    try:
        operations.submit_area(review=review, actor=city.reviewer, moment=END)
    except YearRefused:
        return "refused"
