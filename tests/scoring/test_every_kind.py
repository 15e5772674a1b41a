"""Every kind of activity of the standards' closed list can be recorded on some screen, and what is recorded earns."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from scoring.facts import gather
from scoring.standard_file import ACTIVITY_KINDS, load
from sessions.models import DEED_KINDS, Activity, Declaration, Meeting
from stations.models import Mandate
from tests.conftest import START
from tests.sessions.meeting_city import AFTER, Congress, book, line

HEAD = """
format: 1
code: every-kind
title: 每一类活动
subject: representative
period: {length: year}
base: 0
bands: [{name: 合格, min: 0}, {name: 不合格}]
categories:
  - code: all
    name: 全部
    kind: regular
    items:
"""
ITEM = "      - {{code: {0}, name: {0}, sources: [{{from: attendance, where: {{kind: {0}, status: present}}}}], rule: {{kind: count, points: 1}}}}\n"
RULES = load(HEAD + "".join(ITEM.format(kind) for kind in ACTIVITY_KINDS)).standard
MEETINGS = [kind.value for kind in Meeting.Kind]
START_TEXT, END_TEXT = "2026-06-18 14:30", "2026-06-18 16:30"


@pytest.fixture
def office(city):
    client = Client()
    client.force_login(city.office)
    return client


def earned(mandate):
    """Return {item: quantity} of what is recorded of the person in 2026."""
    mandates = Mandate.objects.filter(pk=mandate.pk)
    facts = gather(RULES, mandates, date(2026, 1, 1), date(2026, 12, 31)).get(mandate.pk, [])
    return {fact.item: fact.n for fact in facts}


def done(answer):
    """Check that a form was taken."""
    assert answer.status_code == 302
    return answer


def test_the_models_know_the_kinds_of_the_standards_and_no_other():
    assert sorted(Activity.Kind.values) == sorted(ACTIVITY_KINDS)


@pytest.mark.parametrize("kind", ACTIVITY_KINDS)
def test_an_activity_of_every_kind_is_planned_recorded_closed_and_earns(city, office, kind):
    """By the office's screens alone: the form of an activity, publishing, the list, the roll, the close."""
    mandate = city.representative()
    form = {
        "kind": kind, "title": "示例活动", "area": city.township.pk, "starts_at": START_TEXT,
        "ends_at": END_TEXT, "units": "1", "mode": "onsite",
    }  # fmt: skip
    with time_machine.travel(START + timedelta(minutes=5), tick=False):
        done(office.post(reverse("activity:add"), form))
        activity = Activity.objects.get()
        done(office.post(reverse("activity:open", args=[activity.pk])))
        names, list_ = (
            {"text": "丁示例", "basis": "obliged", "role": "attendee"},
            reverse("activity:names", args=[activity.pk]),
        )
        looked_at = office.post(list_, names).context["form"].data["seen"]
        done(office.post(list_, names | {"seen": looked_at}))
        mark = {"representative": mandate.representative_id, "status": "present", "was": ""}
        done(office.post(reverse("roll_record", args=[activity.pk]), mark))
        seen = {"absent": "0", "pending": "0", "unseen": "0", "early": "on"}
        done(office.post(reverse("roll_close", args=[activity.pk]), seen))
    assert earned(mandate) == {kind: 1}


@pytest.mark.parametrize("kind", MEETINGS)
def test_a_sitting_of_a_meeting_earns_like_any_other_activity_of_its_kind(city, office, kind):
    mandate = city.representative("示例甲", electing_unit="第甲选区")
    form = {
        "kind": kind, "name": "第五次会议", "term": city.term.pk, "area": city.township.pk,
        "starts_on": "2026-03-02", "ends_on": "2026-03-02", "units": "1",
    }  # fmt: skip
    with time_machine.travel(AFTER, tick=False):
        done(office.post(reverse("meeting_new"), form))
        congress = Congress(Meeting.objects.get(), [mandate], office, city.office)
        done(congress.apply(book(line("甲", "到"), sittings=("2026-03-02 上午 全体会议",))))
    assert earned(mandate) == {kind: 1}


@pytest.mark.parametrize("kind", [kind.value for kind in DEED_KINDS])
def test_a_deed_of_ones_own_is_declared_confirmed_and_earns(city, kind):
    mandate = city.representative()
    form = {
        "what": kind, "deed_kind": kind, "title": "示例工作", "happened_on": "2026-06-17", "part": "morning",
        "place": "示例村", "text": "看了三户，记下两件事。", "nonce": "n" * 32,
    }  # fmt: skip
    person, recorder = Client(), Client()
    with time_machine.travel(START, tick=False):
        person.force_login(mandate.representative.user)
        recorder.force_login(city.recorder)
        done(person.post(reverse("me_declaration_new"), form))
        declaration = Declaration.objects.get()
        seen = {"seen": declaration.version}
        done(recorder.post(reverse("declaration_confirm", args=[declaration.pk]), seen))
    assert earned(mandate) == {kind: 1}
