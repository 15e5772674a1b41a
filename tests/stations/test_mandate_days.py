"""The first and the last day of a mandate: what moves with them, and which days neither come nor go."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from sessions.operations import lock_period
from stations import operations
from stations.models import Mandate, ReceptionDuty, RosterEntry
from stations.operations import PersonRefused
from tests.conftest import SHANGHAI, START
from tests.opened import opened
from tests.sessions.attending import tick
from tests.stations.staffed import last_line, sign_in

DAY = timedelta(days=1)
SHUT = "石桥镇的 2025 年度已经上报，2025-12-31 和以前的任期不能再改"


def set_days(city, mandate, starts_on, ends_on):
    return operations.change_mandate_days(
        mandate=mandate, starts_on=starts_on, ends_on=ends_on, actor=city.office
    )


def days(row):
    row.refresh_from_db()
    return row.starts_on, row.ends_on


def hand_up_2025(city):
    lock_period(areas=[city.county], first=date(2025, 1, 1), last=date(2025, 12, 31), actor=city.office)


@pytest.mark.parametrize(
    ("known", "starts_on", "ends_on"),
    [
        (None, date(2022, 1, 1), date(2025, 6, 30)),
        (date(2026, 6, 30), date(2022, 1, 1), date(2025, 6, 30)),
        (date(2025, 6, 30), date(2022, 1, 1), date(2026, 6, 30)),
        (date(2025, 6, 30), date(2022, 1, 1), None),
        (None, date(2025, 7, 1), None),
    ],
)
def test_no_day_of_a_year_that_was_handed_up_comes_or_goes(city, known, starts_on, ends_on):
    mandate = city.representative()
    if known:
        operations.end_mandate(mandate=mandate, day=known, actor=city.office)
    hand_up_2025(city)
    with pytest.raises(PersonRefused, match=SHUT):
        set_days(city, mandate, starts_on, ends_on)
    assert days(mandate) == (date(2022, 1, 1), known)


def test_days_after_the_year_that_was_handed_up_come_and_go(city):
    mandate = city.representative()
    hand_up_2025(city)
    for end in (date(2025, 12, 31), date(2026, 6, 30), None):
        set_days(city, mandate, date(2022, 1, 1), end)
        assert days(mandate)[1] == end


def test_the_days_of_an_attendance_stay_in_the_mandate(city):
    mandate = city.representative()
    activity = city.activity()
    city.enrol(activity, mandate)
    tick(city, activity, mandate, "present")
    said = "丁示例在 2026-06-18 还以代表身份参加了“示例分享会”（出席），这一天应在任期之内。"
    for starts_on, ends_on in ((date(2022, 1, 1), START.date() - DAY), (START.date() + DAY, None)):
        with pytest.raises(PersonRefused) as refused:
            set_days(city, mandate, starts_on, ends_on)
        assert str(refused.value).startswith(said)
    set_days(city, mandate, START.date(), START.date())
    assert days(mandate) == (START.date(), START.date())


def test_places_go_with_the_days(city):
    mandate = city.representative()
    station = operations.add_station(kind="liaison", name="石桥站", area=city.township, actor=city.office)
    operations.add_to_roster(
        station=station, mandates=[mandate], starts_on=date(2022, 1, 1), actor=city.office
    )
    for month in (3, 9):
        at = datetime(2026, month, 1, 9, tzinfo=SHANGHAI)
        operations.plan_reception(
            station=station,
            starts_at=at,
            ends_at=at + timedelta(hours=2),
            mandates=[mandate],
            actor=city.office,
        )
    entry, membership = RosterEntry.objects.get(), mandate.memberships.get()
    moves = [
        (date(2022, 3, 1), None, date(2022, 3, 1)),
        (date(2022, 1, 1), None, date(2022, 1, 1)),
        (date(2022, 1, 1), date(2026, 6, 30), date(2022, 1, 1)),
        (date(2022, 1, 1), date(2026, 8, 31), date(2022, 1, 1)),
    ]
    for starts_on, ends_on, since in moves:
        set_days(city, mandate, starts_on, ends_on)
        assert days(membership) == (since, ends_on)
        assert days(entry) == (date(2022, 3, 1), ends_on)
    assert [duty.reception_day.starts_at.month for duty in ReceptionDuty.objects.all()] == [3]
    assert last_line()[3] == {"ends_on": "2026-08-31"}


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "said"),
    [
        (date(2026, 1, 1), date(2025, 12, 31), "离任日不能早于任期开始日。"),
        (date(2021, 12, 31), None, "任期开始日不在第九届之内，请核对日期。"),
        (date(2022, 1, 1), date(2027, 1, 1), "离任日不能晚于第九届的最后一天 2026-12-31。"),
        (date(2026, 3, 1), None, "2026-02-01 起的暂停履职不在这些日子之内，请先修改或删除那一条。"),
        (date(2022, 1, 1), date(2026, 1, 1), "2026-02-01 起的暂停履职不在这些日子之内，请先修改或删除那一条。"),
    ],
)  # fmt: skip
def test_days_that_cannot_be_are_refused_in_words(city, starts_on, ends_on, said):
    operations.change_term(
        term=city.term,
        name="第九届",
        starts_on=date(2022, 1, 1),
        ends_on=date(2026, 12, 31),
        actor=city.office,
    )
    mandate = city.representative()
    operations.suspend_mandate(
        mandate=mandate,
        starts_on=date(2026, 2, 1),
        ends_on=date(2026, 2, 9),
        reason="示例",
        actor=city.office,
    )
    with pytest.raises(PersonRefused) as refused:
        set_days(city, mandate, starts_on, ends_on)
    assert (str(refused.value), days(mandate)) == (said, (date(2022, 1, 1), None))


def test_two_mandates_of_one_person_are_not_moved_into_each_other(city):
    first = city.representative()
    set_days(city, first, date(2022, 1, 1), date(2026, 5, 31))
    second = operations.add_mandate(
        representative=first.representative,
        term=city.term,
        area=city.other_township,
        starts_on=date(2026, 7, 1),
        actor=city.office,
    )
    with pytest.raises(PersonRefused, match="丁示例另有 2026-07-01 起的任期"):
        set_days(city, first, date(2022, 1, 1), date(2026, 7, 1))
    with pytest.raises(PersonRefused, match="丁示例另有 2022-01-01 至 2026-05-31 的任期"):
        set_days(city, second, date(2026, 5, 31), None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=first.pk).update(ends_on=None)


def test_the_office_puts_the_days_of_a_mandate_right_in_the_admin(client, city):
    mandate = city.representative()
    sign_in(client, city.office)
    address = reverse("mandates:edit", args=[mandate.pk])
    typed = {"area": city.township.pk, "ends_on": ""} | opened(client, address)
    refused = client.post(address, typed | {"starts_on": "0206-01-01"})
    assert refused.context["form"].errors == {
        "starts_on": ["0206 年多半写错了，请填写 1949 到 2046 年之间的日子。"]
    }
    assert client.post(address, typed | {"starts_on": "2022年3月1日"}).status_code == 302
    assert days(mandate) == (date(2022, 3, 1), None)
