"""Who decides on leave: rule 9 of attendance, by its operations (PRODUCT.md; THREATS 14, 22)."""

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from sessions.leave.policy import APPROVERS
from sessions.models import Activity, Attendance, LeaveEvent, LeaveRequest
from sessions.operations import (
    Entry,
    LeaveDecided,
    NotYours,
    PendingLeave,
    RollRefused,
    record_roll,
)
from tests.sessions.leave_world import AFTER, BEFORE, HOUR, ask, close, decide, history, tick


@pytest.fixture
def one(city):
    """An open activity with one obliged representative."""
    mandate = city.representative()
    activity = city.activity()
    city.enrol(activity, mandate)
    return activity, mandate


def decides(request, user):
    """Whether the user is let decide; nothing is kept of it."""
    try:
        with transaction.atomic():
            decide(request, user)
            transaction.set_rollback(True)
    except NotYours:
        return False
    return True


def test_rule_9_every_kind_of_activity_has_its_approver():
    assert sorted(APPROVERS) == sorted(Activity.Kind.values)


def test_rule_9_the_approver_depends_on_the_kind(city):
    mandate, told = city.representative(), {}
    for kind in Activity.Kind.values:
        activity = city.activity(kind=kind)
        city.enrol(activity, mandate)
        request = ask(activity, mandate)
        told[kind] = [
            name
            for name in ("other_recorder", "reviewer", "auditor", "recorder", "office")
            if decides(request, getattr(city, name))
        ]
    by_office = {"congress", "standing_committee", "enforcement_check", "appraisal", "hearing"}
    assert told == {
        kind: ["office"] if kind in by_office else ["recorder", "office"] for kind in Activity.Kind.values
    }


def test_rule_9_nobody_decides_on_their_own_leave(one, city):
    """The recorder is a representative too, and asks; a colleague decides."""
    activity, _ = one
    mandate = city.representative("王示例", login=False)
    mandate.representative.user = city.recorder
    mandate.representative.save()
    city.enrol(activity, mandate)
    request = ask(activity, mandate, actor=city.recorder)
    with pytest.raises(NotYours, match="本人"):
        decide(request, city.recorder)
    assert decide(request, city.office).decided_by == city.office


def test_rule_9_who_is_meant_does_not_decide_what_a_colleague_filed(one, city):
    activity, _ = one
    mandate = city.representative("王示例", login=False)
    mandate.representative.user = city.recorder
    mandate.representative.save()
    city.enrol(activity, mandate)
    with pytest.raises(NotYours):
        decide(ask(activity, mandate, actor=city.office), city.recorder)


def test_rule_9_who_filed_for_somebody_cannot_decide(one, city):
    activity, mandate = one
    request = ask(activity, mandate, actor=city.recorder)
    with pytest.raises(NotYours, match="代为提出"):
        decide(request, city.recorder)
    assert decide(request, city.office).state == "approved"


def test_rule_9_the_database_itself_refuses_the_filer_as_decider(one):
    activity, mandate = one
    request = ask(activity, mandate)
    changes = {"state": "approved", "decided_by": request.filed_by, "decided_at": BEFORE}
    with pytest.raises(IntegrityError), transaction.atomic():
        LeaveRequest.objects.filter(pk=request.pk).update(**changes)


def test_rule_9_nobody_ticks_their_own_leave_on_the_roll(one, city):
    activity, _ = one
    mandate = city.representative("王示例", login=False)
    mandate.representative.user = city.recorder
    mandate.representative.save()
    city.enrol(activity, mandate)
    for status in ("leave", "exempt"):
        with pytest.raises(RollRefused, match="自己"):
            tick(activity, mandate, status, city.recorder)
    assert tick(activity, mandate, "leave", city.office).status == "leave"


def test_rule_9_a_paper_list_excuses_neither_its_reader_nor_leaves_out_who_was_excused(one, city):
    activity, mandate = one
    own = city.representative("王示例", login=False)
    own.representative.user = city.recorder
    own.representative.save()
    city.enrol(activity, own)
    decide(ask(activity, mandate), city.recorder)

    def read(*entries):
        return record_roll(
            activity=activity,
            entries=[Entry(m.representative, status) for m, status in entries],
            actor=city.recorder,
            moment=BEFORE,
        )

    with pytest.raises(RollRefused, match="自己"):
        read((own, "leave"), (mandate, "absent"))
    assert read((own, "absent"), (mandate, "absent")) == 2
    assert Attendance.objects.counts() == {"absent": 1, "leave": 1}


def test_rule_9_the_roll_is_no_way_round_the_approver(city):
    mandate, activity = city.representative(), city.activity(kind="congress")
    city.enrol(activity, mandate)
    with pytest.raises(RollRefused, match="代表工作委员会"):
        tick(activity, mandate, "leave", city.recorder)
    decide(ask(activity, mandate), city.office)
    assert tick(activity, mandate, "leave", city.recorder).status == "leave"


def test_rule_9_pending_leave_holds_up_the_close_until_it_was_seen(one, city):
    activity, mandate = one
    request = ask(activity, mandate)
    for seen in (0, 2):
        with pytest.raises(PendingLeave, match="1 条请假还没有批"):
            close(activity, city.recorder, pending_seen=seen)
    assert (Attendance.objects.count(), Activity.objects.get().state) == (0, "open")
    close(activity, city.recorder, pending_seen=1)
    assert history(activity) == [("created", "", "absent", "收册时请假还没有批")]
    decide(request, city.recorder, moment=AFTER + HOUR, reason="收册时漏看")
    assert Attendance.objects.counts() == {"leave": 1}


def test_rule_9_a_second_decider_is_told_who_was_first(one, city):
    activity, mandate = one
    request = ask(activity, mandate)
    decide(request, city.recorder)
    assert decide(request, city.recorder).state == "approved"  # the same click twice is one
    with pytest.raises(LeaveDecided, match="记录员处理：已批准"):
        decide(request, city.office, approve=False, reason="不同意")
    assert LeaveEvent.objects.count() == 2
