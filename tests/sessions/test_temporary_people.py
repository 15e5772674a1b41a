"""Unknown people at the door (PRODUCT.md, rule 12): written down, found to be a person once, or dropped."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from sessions import operations
from sessions.models import Attendance, AttendanceEvent, TemporaryEntry
from sessions.operations import RollRefused
from tests.conftest import START

MINUTE = timedelta(minutes=1)


@pytest.fixture
def activity(city):
    return city.activity()


def written(city, activity, name="丁示例", moment=START, nonce="nonce-00000001", **more):
    return operations.add_temporary(
        activity=activity, name=name, unit="示例村", nonce=nonce, actor=city.recorder, moment=moment, **more
    )


def merged(city, entry, mandate, moment=START + 20 * MINUTE):
    return operations.merge_temporary(
        entry=entry, representative=mandate.representative, actor=city.recorder, moment=moment
    )


def reasons():
    return list(AttendanceEvent.objects.order_by("received_at", "pk").values_list("kind", "reason"))


def test_rule_12_an_unknown_person_becomes_a_temporary_entry_and_no_row(city, activity):
    entry = written(city, activity, name=" 丁  示例 ")
    assert (str(entry), entry.arrived_at, Attendance.objects.count()) == ("丁 示例（示例村）", START, 0)
    assert reasons() == [("created", "临时登记：丁 示例（示例村）")]


def test_rule_12_the_entry_merges_into_a_visitor_once_with_its_time_and_history(city, activity):
    person = city.representative("丁示例")
    entry = written(city, activity)
    row = merged(city, entry, person)
    assert (row.status, row.arrived_at, row.obliged, row.confirmed_by) == (
        "visitor", START, False, city.recorder,
    )  # fmt: skip
    assert reasons() == [
        ("created", "临时登记：丁示例（示例村）"),
        ("created", "由临时登记并入：丁示例（示例村）"),
    ]
    with pytest.raises(RollRefused, match="已经由记录员处理过"):
        merged(city, entry, city.representative("田示范"))
    assert Attendance.objects.count() == 1


@pytest.mark.parametrize(("minutes", "status"), [(0, "present"), (10, "present"), (11, "late"), (90, "late")])
def test_rule_12_who_was_on_the_list_is_judged_by_the_time_they_came(city, activity, minutes, status):
    person = city.representative("丁示例")
    city.enrol(activity, person)
    moment = START + minutes * MINUTE
    row = merged(city, written(city, activity, moment=moment), person, START + 100 * MINUTE)
    assert (row.status, row.arrived_at, row.obliged) == (status, moment, True)


def test_rule_12_a_row_of_who_came_stays_and_gets_a_line(city, activity):
    person = city.representative("丁示例")
    city.enrol(activity, person)
    first = operations.record_status(
        activity=activity,
        representative=person.representative,
        status="present",
        actor=city.recorder,
        moment=START - MINUTE,
    )
    row = merged(city, written(city, activity), person)
    assert (row.pk, row.arrived_at, Attendance.objects.count()) == (first.pk, START - MINUTE, 1)
    assert reasons()[-1] == ("already", "由临时登记并入：丁示例（示例村）")


def test_rule_12_after_the_close_an_absence_turns_into_presence_and_the_sum_holds(city, activity):
    person = city.representative("丁示例")
    city.enrol(activity, person)
    entry = written(city, activity)
    operations.close_roll(activity=activity, actor=city.recorder, moment=START + 60 * MINUTE)
    row = merged(city, entry, person, START + 70 * MINUTE)
    assert (row.status, row.method, row.arrived_at, activity.attendances.counts()) == (
        "present", "correction", START, {"present": 1},
    )  # fmt: skip
    with pytest.raises(RollRefused, match="已经收册"):
        written(city, activity, nonce="nonce-00000002")


def test_rule_21_a_locked_roll_takes_no_entry_and_no_merge(city, activity):
    entry = written(city, activity)
    operations.close_roll(activity=activity, actor=city.recorder, moment=START + 60 * MINUTE)
    operations.lock_rolls(activities=type(activity).objects.all())
    for step in (
        lambda: written(city, activity, nonce="nonce-00000002"),
        lambda: merged(city, entry, city.representative("丁示例")),
        lambda: operations.drop_temporary(entry=entry, reason="重复", actor=city.recorder, moment=START),
    ):
        with pytest.raises(RollRefused, match="已经上报"):
            step()


def test_rule_3_the_same_form_twice_is_one_entry(city, activity):
    entries = {written(city, activity).pk, written(city, activity).pk}
    assert (len(entries), TemporaryEntry.objects.count(), AttendanceEvent.objects.count()) == (1, 1, 1)


def test_a_dropped_entry_needs_a_reason_and_keeps_its_lines(city, activity):
    entry = written(city, activity)
    with pytest.raises(RollRefused, match="请写明作废的原因"):
        operations.drop_temporary(entry=entry, reason=" ", actor=city.recorder, moment=START)
    operations.drop_temporary(entry=entry, reason="重复登记", actor=city.recorder, moment=START + MINUTE)
    assert reasons()[-1] == ("changed", "临时登记作废：丁示例（示例村）。重复登记")


def test_the_database_settles_an_entry_one_way_only(city, activity):
    entry = written(city, activity)
    for wrong in ({"settled_at": START}, {"dropped_because": "x"}, {"settled_by": city.recorder}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TemporaryEntry.objects.filter(pk=entry.pk).update(**wrong)


# --- the pages ----------------------------------------------------------------------------------------------


@pytest.fixture
def client(city):
    client = Client()
    client.force_login(city.recorder)
    with time_machine.travel(START, tick=False):
        yield client


def to(name, activity, *more):
    return reverse(name, args=(activity.pk, *more))


def test_the_recorder_writes_down_finds_and_merges_by_clicking(city, activity, client):
    person = city.representative("丁示例", electing_unit="第一选区")
    client.post(
        to("temporary_add", activity), {"name": "丁示例", "unit": "示例村", "nonce": "nonce-00000001"}
    )
    entry = TemporaryEntry.objects.get()
    roll = client.get(to("roll", activity)).content.decode()
    page = client.get(to("temporary_merge", activity, entry.pk)).content.decode()
    assert (roll.count("临时登记，待核实身份"), page.count("就是这位")) == (1, 1)
    answer = client.post(
        to("temporary_merge", activity, entry.pk), {"representative": person.representative_id}
    )
    assert (answer.status_code, Attendance.objects.get().status) == (302, "visitor")
    again = client.get(to("temporary_merge", activity, entry.pk)).content.decode()
    assert (again.count("已经处理"), again.count("就是这位")) == (1, 0)


def test_without_a_name_nothing_is_written_and_the_unit_comes_back(activity, client):
    answer = client.post(to("temporary_add", activity), {"name": " ", "unit": "示例村合作社"})
    text = answer.content.decode()
    assert (answer.status_code, text.count("请填写来人的姓名"), text.count('value="示例村合作社"')) == (
        400,
        1,
        1,
    )
    assert TemporaryEntry.objects.count() == 0


@pytest.mark.parametrize("number", ["", "0", "abc", "99999999999999999999", "-1"])
def test_merging_into_nobody_is_told(city, activity, client, number):
    entry = written(city, activity)
    answer = client.post(to("temporary_merge", activity, entry.pk), {"representative": number})
    assert (answer.status_code, answer.content.decode().count("请在下面选出本人")) == (400, 1)


def test_a_person_of_another_area_is_neither_offered_nor_taken(city, activity, client):
    stranger = city.representative("丁示例", area=city.other_township)
    entry = written(city, activity)
    page = client.get(to("temporary_merge", activity, entry.pk)).content.decode()
    answer = client.post(
        to("temporary_merge", activity, entry.pk), {"representative": stranger.representative_id}
    )
    assert (page.count("就是这位"), answer.status_code, Attendance.objects.count()) == (0, 400, 0)


@pytest.mark.parametrize("who", ["other_recorder", "reviewer", "auditor"])
def test_nobody_else_finds_the_addresses(city, activity, who):
    entry = written(city, activity)
    other = Client()
    other.force_login(getattr(city, who))
    answers = [
        other.get(to("temporary_merge", activity, entry.pk)).status_code,
        other.post(to("temporary_merge", activity, entry.pk), {"representative": "1"}).status_code,
        other.post(to("temporary_drop", activity, entry.pk), {"reason": "x"}).status_code,
        other.post(to("temporary_add", activity), {"name": "x"}).status_code,
    ]
    assert answers == [404] * 4


def test_an_entry_of_another_roll_is_not_found(city, activity, client):
    entry = written(city, city.activity(title="另一场"))
    assert client.get(to("temporary_merge", activity, entry.pk)).status_code == 404


def test_the_close_page_names_who_is_not_found_yet(city, activity, client):
    written(city, activity, name="孙示范")
    text = client.get(to("roll_close", activity)).content.decode()
    assert (text.count("1 位临时登记的来人还没有核实身份"), text.count("孙示范")) == (1, 1)
