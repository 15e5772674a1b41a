"""Writes of terms and groups: what a term can be, who ends with it, names that stand once."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from stations import operations
from stations.models import GroupMembership, Mandate, RosterEntry, Term
from stations.operations import PersonRefused

DAY = date(2026, 6, 18)


def test_a_term_cannot_shrink_away_from_its_mandates(city):
    city.representative()
    with pytest.raises(PersonRefused, match="有 1 个任期不在这些日子之内，例如丁示例（2022-01-01 起）"):
        operations.change_term(
            term=city.term, name="第九届", starts_on=date(2023, 1, 1), ends_on=None, actor=city.office
        )
    assert Term.objects.get().starts_on == date(2022, 1, 1)


@pytest.mark.parametrize(
    ("number", "starts_on", "ends_on", "said"),
    [
        (0, date(2027, 1, 1), None, "届次应为 1 到 99 之间的数，例如 10。"),
        (9999, date(2027, 1, 1), None, "届次应为 1 到 99 之间的数，例如 10。"),
        (9, date(2027, 1, 1), None, "第 9 届已经登记为“第九届”。"),
        (10, date(2027, 1, 1), date(2026, 1, 1), "届的结束日不能早于开始日。"),
        (10, date(2027, 1, 1), date(2066, 1, 1), "一届不会超过 10 年，请核对起止日期。"),
        (10, date(2026, 12, 31), None, "和“第九届”（2022-01-01 至 2026-12-31）的日子重叠，或者先后颠倒"),
        (8, date(2027, 1, 1), None, "和“第九届”（2022-01-01 至 2026-12-31）的日子重叠，或者先后颠倒"),
        (8, date(2017, 1, 1), date(2022, 1, 1), "和“第九届”（2022-01-01 至 2026-12-31）的日子重叠，或者先后颠倒"),
    ],
)  # fmt: skip
def test_a_term_that_cannot_be_is_refused_in_words(city, number, starts_on, ends_on, said):
    operations.change_term(
        term=city.term,
        name="第九届",
        starts_on=date(2022, 1, 1),
        ends_on=date(2026, 12, 31),
        actor=city.office,
    )
    with pytest.raises(PersonRefused) as refused:
        operations.add_term(
            number=number, name="新一届", starts_on=starts_on, ends_on=ends_on, actor=city.office
        )
    assert (str(refused.value)[: len(said)], Term.objects.count()) == (said, 1)


def test_terms_follow_one_another_and_an_open_one_lasts_until_the_next(city):
    for number, first, last in ((10, date(2027, 1, 1), None), (8, date(2017, 1, 1), date(2021, 12, 31))):
        operations.add_term(
            number=number, name=f"第{number}届", starts_on=first, ends_on=last, actor=city.office
        )
    with pytest.raises(PersonRefused, match="和“第10届”（2027-01-01 起）的日子重叠"):
        operations.change_term(
            term=city.term,
            name="第九届",
            starts_on=date(2022, 1, 1),
            ends_on=date(2027, 1, 1),
            actor=city.office,
        )
    assert list(Term.objects.order_by("number").values_list("number", flat=True)) == [8, 9, 10]


@pytest.mark.parametrize("number", [0, 100])
def test_the_database_takes_no_term_without_a_number_of_one(db, number):
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.create(number=number, name="示例", starts_on=date(2027, 1, 1))


def test_a_term_does_not_end_before_the_end_of_its_mandates(city):
    operations.end_mandate(mandate=city.representative(), day=DAY, actor=city.office)
    with pytest.raises(PersonRefused, match="例如丁示例（2022-01-01 至 2026-06-18）"):
        operations.change_term(
            term=city.term,
            name="第九届",
            starts_on=date(2022, 1, 1),
            ends_on=date(2026, 6, 17),
            actor=city.office,
        )


def test_a_group_takes_no_name_that_another_of_its_term_has(city):
    other = operations.add_group(term=city.term, area=city.township, name="二组", actor=city.office)
    for name, said in (("石桥镇代表小组 ", "第九届已经有“石桥镇代表小组”"), (" ", "请填写小组名称。")):
        with pytest.raises(PersonRefused, match=said):
            operations.change_group(group=other, area=city.township, name=name, actor=city.office)
        with pytest.raises(PersonRefused, match=said):
            operations.add_group(term=city.term, area=city.township, name=name, actor=city.office)


def end_of_term(city, day):
    return operations.change_term(
        term=city.term, name="第九届", starts_on=date(2022, 1, 1), ends_on=day, actor=city.office
    )


def last_days():
    """Return the last days of the mandates, of the places in groups and of the rosters, as they were made."""
    rows = (Mandate, GroupMembership, RosterEntry)
    return [list(each.objects.order_by("pk").values_list("ends_on", flat=True)) for each in rows]


def test_who_has_no_last_day_of_their_own_leaves_with_the_term_and_goes_on_with_it(city):
    left, stayed = city.representative("王示例"), city.representative("丁示例")
    station = operations.add_station(kind="liaison", name="石桥站", area=city.township, actor=city.office)
    operations.add_to_roster(
        station=station, mandates=[stayed], starts_on=date(2026, 1, 1), actor=city.office
    )
    early, last, moved = date(2025, 6, 30), date(2026, 12, 31), date(2026, 11, 30)
    operations.end_mandate(mandate=left, day=early, actor=city.office)
    for day in (last, moved, None):
        end_of_term(city, day)
        assert (Term.objects.get().ends_on, last_days()) == (day, [[early, day], [early, day], [day]])


def test_who_is_registered_in_a_term_that_has_an_end_leaves_with_it(city):
    last = date(2026, 12, 31)
    city.term = end_of_term(city, last)
    mandate = city.representative()
    other = operations.add_group(term=city.term, area=city.township, name="二组", actor=city.office)
    operations.move_to_group(mandate=mandate, group=other, day=DAY, actor=city.office)
    assert last_days()[:2] == [[last], [DAY - timedelta(days=1), last]]


def test_after_the_term_everybody_can_be_elected_again_and_its_end_stays(city):
    mandate = city.representative()
    end_of_term(city, date(2026, 12, 31))
    later = operations.add_term(number=10, name="第十届", starts_on=date(2027, 1, 1), actor=city.office)
    operations.add_mandate(
        representative=mandate.representative,
        term=later,
        area=city.township,
        starts_on=later.starts_on,
        actor=city.office,
    )
    with pytest.raises(PersonRefused, match="丁示例的任期不能随本届改：丁示例另有 2027-01-01 起的任期"):
        end_of_term(city, None)
    assert last_days()[0] == [date(2026, 12, 31), None]
