"""Entries that contradict each other, a claim, or a decision: a person settles it (PRODUCT.md, rules 16 and 18)."""

import pytest

from sessions.checkin.merging import SELF_MADE
from sessions.models import Attendance, AttendanceEvent, RollConflict
from sessions.operations import (
    RollRefused,
    close_roll,
    confirm_claims,
    record_leaving,
    record_status,
    settle_conflict,
)
from tests.conftest import START
from tests.sessions.devices import HOUR, LATER, MINUTE, claim, entry, outcomes, rows, sides, upload


@pytest.fixture
def two(city):
    """An open activity with two obliged representatives."""
    people = [city.representative("示例甲"), city.representative("示例乙")]
    activity = city.activity()
    city.enrol(activity, *people)
    return activity, people


@pytest.mark.parametrize("other", ["leave", "absent"])
@pytest.mark.parametrize("turned", [False, True])
def test_rule_18_contradicting_entries_open_one_conflict_that_blocks_the_close(two, city, other, turned):
    activity, (person, _) = two
    batches = [entry(person), entry(person, other, START + MINUTE)]
    for each in reversed(batches) if turned else batches:
        answer = upload(city, activity, each)
    assert (outcomes(answer), sides()) == (["disputed"], [("示例甲", "present", other, "open")])
    with pytest.raises(RollRefused, match="登记不一致"):
        close_roll(activity=activity, actor=city.recorder, moment=LATER)


def test_rule_18_an_entry_against_a_self_check_in_is_a_conflict_and_the_claim_stays_unconfirmed(two, city):
    activity, (person, _) = two
    claim(activity, person)
    answers = upload(city, activity, entry(person, "leave", START + MINUTE))
    assert (outcomes(answers), sides()) == (["disputed"], [("示例甲", "present", "leave", "open")])
    confirm_claims(activity=activity, actor=city.recorder, moment=LATER)
    assert rows("status", "method", "confirmed_at") == [("present", "self_qr", None)]


def test_rule_16_an_entry_confirms_the_claim_and_the_claim_keeps_its_time_and_method(two, city):
    activity, (person, _) = two
    claim(activity, person)
    answers = upload(city, activity, entry(person, when=START + 5 * MINUTE))
    assert outcomes(answers) == ["confirmed"]
    assert rows("method", "arrived_at", "confirmed_by__username") == [("self_qr", START, "recorder")]


def test_rule_16_who_confirmed_a_claim_on_the_roll_page_stays_the_one_who_did(two, city):
    activity, (person, _) = two
    claim(activity, person)
    confirm_claims(activity=activity, actor=city.office, moment=START + MINUTE)
    assert outcomes(upload(city, activity, entry(person, when=START + MINUTE))) == ["already"]
    assert rows("method", "confirmed_by__username") == [("self_qr", "office")]


def test_rule_18_a_person_settles_it_with_a_reason_and_everything_stays_in_the_history(two, city):
    activity, (person, _) = two
    upload(city, activity, entry(person), entry(person, "leave", START + MINUTE))
    conflict = RollConflict.objects.get()
    common = {"conflict": conflict, "status": "leave", "actor": city.office, "moment": LATER + MINUTE}
    with pytest.raises(RollRefused, match="原因"):
        settle_conflict(**common, reason=" ")
    settle_conflict(**common, reason="当场核实")
    settle_conflict(**common, reason="再点一次")
    assert rows("status", "arrived_at", "confirmed_by__username") == [("leave", None, "office")]
    assert list(RollConflict.objects.values_list("state", "settled_by__username", "reason")) == [
        ("settled", "office", "当场核实")
    ]
    kinds = AttendanceEvent.objects.order_by("received_at", "happened_at").values_list("kind", "reason")
    assert list(kinds) == [("created", ""), ("disputed", ""), ("settled", "当场核实")]
    close_roll(activity=activity, actor=city.recorder, moment=LATER + HOUR)


def test_rule_18_two_people_who_settle_it_differently_are_told_of_each_other(two, city):
    activity, (person, _) = two
    upload(city, activity, entry(person), entry(person, "leave", START + MINUTE))
    common = {"conflict": RollConflict.objects.get(), "actor": city.office, "moment": LATER, "reason": "核实"}
    settle_conflict(**common, status="leave")
    with pytest.raises(RollRefused, match="刚由代工委核定为“请假”"):
        settle_conflict(**common, status="present")


def test_rule_18_what_arrives_after_a_decision_is_kept_and_only_a_contradiction_asks_again(two, city):
    activity, people = two
    for person in people:
        record = {"activity": activity, "representative": person.representative, "actor": city.office}
        record_status(**record, status="leave", moment=START)
        record_status(**record, status="late", moment=START + 11 * MINUTE, reason="当场核实")
    answers = upload(city, activity, entry(people[0], when=START), entry(people[1], "leave"))
    assert outcomes(answers) == ["already", "disputed"]
    decided = ("late", START + 11 * MINUTE, "office")
    assert rows("status", "arrived_at", "confirmed_by__username") == [decided] * 2
    assert sides() == [("示例乙", "late", "leave", "open")]


def test_while_entries_contradict_each_other_the_row_is_changed_in_no_other_way(two, city):
    activity, (person, _) = two
    upload(city, activity, entry(person), entry(person, "leave", START + MINUTE))
    with pytest.raises(RollRefused, match="请先在名册上方核定"):
        record_status(
            activity=activity,
            representative=person.representative,
            status="absent",
            actor=city.recorder,
            moment=LATER,
            reason="更正",
        )


def test_rule_6_who_was_seen_leaving_early_stays_that_when_an_earlier_entry_arrives(two, city):
    activity, (person, _) = two
    upload(city, activity, entry(person, when=START + 5 * MINUTE), moment=START + 6 * MINUTE)
    record_leaving(
        activity=activity,
        representatives=[person.representative],
        actor=city.recorder,
        moment=START + 30 * MINUTE,
    )
    upload(city, activity, entry(person, when=START + 2 * MINUTE), device="two")
    assert rows("status", "arrived_at") == [("left_early", START + 2 * MINUTE)]


def test_every_way_of_checking_oneself_in_is_a_claim():
    own = {method for method in Attendance.Method if method.startswith("self_")}
    assert set(SELF_MADE) == own
