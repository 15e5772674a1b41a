"""A roll of three hundred with everything that happens to rolls: the sum holds, and holds (rules 6–12, 20)."""

from collections import Counter

import pytest

from sessions.checkin.rolls import absent_at_close, roll_sum, without_check_out
from sessions.leave.requests import pending_of
from sessions.models import Activity, Attendance, AttendanceEvent, LeaveEvent
from sessions.operations import Entry, change_activity, record_leaving, record_roll
from stations import operations as stations_operations
from tests.conftest import START
from tests.sessions.leave_world import AFTER, BEFORE, HOUR, MINUTE, ask, close, decide, scan, tick

CAME_LATE, LEFT_EARLY = START + 20 * MINUTE, START + 60 * MINUTE


def crowd(city, count, prefix):
    return [city.representative(f"示例{prefix}{n}", login=False) for n in range(count)]


def everything():
    return (
        list(Attendance.objects.order_by("pk").values()),
        list(AttendanceEvent.objects.order_by("pk").values()),
        list(LeaveEvent.objects.order_by("pk").values()),
        Activity.objects.values().get(),
    )


def test_rule_10_a_roll_of_three_hundred_with_everything_reconciles(city):
    people, visitors, invited = crowd(city, 300, ""), crowd(city, 6, "来"), crowd(city, 4, "邀")
    activity = city.activity()
    change_activity(activity=activity, actor=city.office, check_out_required=True)
    activity.refresh_from_db()
    city.enrol(activity, *people)
    city.enrol(activity, *invited, basis="invited")
    rest = iter(people)

    def take(n):
        return [next(rest) for _ in range(n)]

    approved, refused, pending, late = take(20), take(10), take(8), take(6)
    came_after_all, exempt, silent = take(5), take(4), take(30)
    scanned, late_comers, early, late_early, unseen, listed = (
        take(20), take(15), take(12), take(3), take(7), list(rest),
    )  # fmt: skip

    # Before the start: requests by telephone, decisions by the office.
    for each in (*approved, *came_after_all, invited[0]):
        decide(ask(activity, each, actor=city.recorder), city.office)
    for each in refused:
        decide(ask(activity, each, actor=city.recorder), city.office, approve=False, reason="请到会")
    waiting = [ask(activity, each, BEFORE, actor=city.recorder) for each in pending]
    # The day: scans on time and late, a paper list, visitors, the excused who came.
    for each in (*scanned, *early, *unseen):
        scan(activity, each)
    for each in (*late_comers, *late_early):
        scan(activity, each, CAME_LATE)
    for each in came_after_all:
        scan(activity, each, despite_leave=True)
    entries = [Entry(m.representative, "present", START) for m in (*listed, *invited[1:])]
    record_roll(activity=activity, entries=entries, actor=city.recorder, moment=START + HOUR)
    for each in visitors:
        tick(activity, each, "visitor", city.recorder)
    for each in exempt:
        tick(activity, each, "exempt", city.recorder)
    waiting += [ask(activity, each, START + MINUTE, actor=city.recorder) for each in late]

    def leave(moment, mandates):
        return record_leaving(
            activity=activity,
            representatives=[m.representative for m in mandates],
            actor=city.recorder,
            moment=moment,
        )

    assert leave(LEFT_EARLY, [*early, *late_early]) == 15
    assert leave(AFTER, [*scanned, *late_comers, *came_after_all, *listed, *invited[1:], *visitors]) == (
        20 + 15 + 5 + len(listed) + 3 + 6
    )
    assert absent_at_close(activity).count() == len(refused) + len(pending) + len(late) + len(silent)
    assert (pending_of(activity).count(), without_check_out(activity).count()) == (14, len(unseen))
    close(activity, city.recorder, pending_seen=14)

    expected = {
        "present": len(scanned) + len(came_after_all) + len(listed),
        "late": len(late_comers),
        "left_early": len(early) + len(unseen),
        "late_left": len(late_early),
        "leave": len(approved),
        "absent": len(refused) + len(pending) + len(late) + len(silent),
        "exempt": len(exempt),
    }
    figures = roll_sum(activity)
    assert figures.by_status == expected
    assert (figures.obliged, sum(expected.values())) == (300, 300)
    assert (figures.granted, figures.unrecorded, figures.visitors) == (0, 0, 6)

    # Closing again, moving a person and ending a mandate change nothing.
    before = everything()
    close(activity, city.office, AFTER + HOUR)
    stations_operations.end_mandate(mandate=people[0], day=START.date(), actor=city.office)
    assert everything() == before

    # Corrections and late decisions move people between the terms; the sum stays.
    for request in waiting[:3]:
        decide(request, city.office, moment=AFTER, reason="补交证明")
    tick(activity, unseen[0], "present", city.recorder, AFTER, reason="有人证明留到了结束")
    tick(activity, silent[0], "late", city.recorder, AFTER, reason="到场未登记")
    expected |= {
        "present": expected["present"] + 1,
        "late": expected["late"] + 1,
        "left_early": expected["left_early"] - 1,
        "leave": expected["leave"] + 3,
        "absent": expected["absent"] - 4,
    }
    assert (roll_sum(activity).by_status, roll_sum(activity).obliged) == (expected, 300)
    outside = Counter(Attendance.objects.filter(obliged=False).values_list("status", flat=True))
    assert outside == {"visitor": 6, "present": 3, "leave": 1}


@pytest.mark.parametrize("count", [1, 3])
def test_closing_takes_fourteen_queries_at_any_length(city, django_assert_num_queries, count):
    """Of everybody one came, one is missing, and one who came was put on the list afterwards."""
    came, missing, late = (crowd(city, count, what) for what in ("甲", "乙", "丙"))
    activity = city.activity()
    city.enrol(activity, *came, *missing)
    for mandate in (*came, *late):
        tick(activity, mandate, "present", city.recorder)
    city.enrol(activity, *late)
    with django_assert_num_queries(15):
        close(activity, city.recorder)
    assert Attendance.objects.counts() == {"present": 2 * count, "absent": count}


@pytest.mark.parametrize(("status", "queries"), [("present", 7), ("absent", 8)])
def test_a_list_on_which_everybody_came_asks_for_nobodys_leave(
    city, django_assert_num_queries, status, queries
):
    people = crowd(city, 3, "")
    activity = city.activity()
    city.enrol(activity, *people)
    entries = [Entry(mandate.representative, status) for mandate in people]
    with django_assert_num_queries(queries):
        assert record_roll(activity=activity, entries=entries, actor=city.recorder, moment=AFTER) == 3
    assert Attendance.objects.counts() == {status: 3}
