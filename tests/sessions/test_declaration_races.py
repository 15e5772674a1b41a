"""Two at once about one declaration, with threads and real transactions, on SQLite and on PostgreSQL (THREATS 14, 18).

Each was seen to fail on PostgreSQL without its guard: without the lock on the declaration's row seven of eight reviewers
were told something else than who was first, and a form handed in twice was refused; with a plain insert in place of
insert-or-ignore a double form ended in IntegrityError; with the roll's row read before the activity is locked the
reviewer was refused instead of merged; without the lock on the area's row four deeds slipped into a year that was being
handed up, confirmed or handed in.
"""

import uuid
from collections import Counter
from time import sleep

import pytest
from django.db import transaction

from sessions.models import Activity, Attendance, AttendanceEvent, Declaration, LockedPeriod
from sessions.operations import (
    DeclarationRefused,
    RollRefused,
    confirm_declaration,
    declare,
    lock_period,
    record_status,
    submit_declaration,
    withdraw_declaration,
)
from tests.conftest import START
from tests.sessions.declared import DAY, LATER, attended, deed, written
from tests.sessions.races import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def confirming(declaration, actor):
    def run():
        try:
            return str(confirm_declaration(declaration=declaration, actor=actor, moment=LATER).state)
        except DeclarationRefused as refused:
            return str(refused)

    return run


def test_of_two_reviewers_at_once_one_confirms_and_the_other_is_told(city):
    declaration = deed(city.representative())
    answers = at_once([confirming(declaration, each) for each in (city.recorder, city.office) * 4])
    assert Counter(a[:5] for a in answers) == {"confi": 1, "这件申报刚": 7}
    assert (Activity.objects.count(), Attendance.objects.count()) == (1, 1)


def test_the_recorders_tick_and_the_confirmation_meet_in_one_row(city):
    for n in range(3):
        mandate, activity = city.representative(f"示例{n}"), city.activity(title=f"示例会{n}")
        city.enrol(activity, mandate)
        declaration = attended(mandate, activity)

        def tick(activity=activity, person=mandate.representative):
            try:
                record_status(
                    activity=activity,
                    representative=person,
                    status="late",
                    actor=city.office,
                    moment=START,
                    expected="",
                )
            except RollRefused:
                return "told"
            return "ticked"

        ticked, confirmed = at_once([tick, confirming(declaration, city.recorder)])
        row = Attendance.objects.get(activity=activity)
        assert (ticked, confirmed, row.status) in {
            ("ticked", "merged", "late"),
            ("told", "confirmed", "present"),
        }
        assert AttendanceEvent.objects.filter(activity=activity, kind="created").count() == 1


def test_a_form_sent_eight_times_at_once_is_one_declaration_handed_in_once(city):
    mandate, nonce = city.representative(), uuid.uuid4().hex

    def start():
        person = mandate.representative
        return declare(
            representative=person, nonce=nonce, actor=person.user, moment=LATER, deed_kind="visit"
        ).pk

    assert len(set(at_once([start] * 8))) == 1
    whole = written(mandate)

    def hand_in():
        return submit_declaration(declaration=whole, actor=mandate.representative.user, moment=LATER).version

    assert (at_once([hand_in] * 8), Declaration.objects.count()) == ([1] * 8, 2)


def test_taking_back_and_confirming_at_once_end_in_one_of_both(city):
    mandate = city.representative()
    declaration = deed(mandate)

    def back():
        try:
            withdraw_declaration(declaration=declaration, actor=mandate.representative.user, moment=LATER)
        except DeclarationRefused:
            return "told"
        return "withdrawn"

    taken, confirmed = at_once([back, confirming(declaration, city.recorder)])
    declaration.refresh_from_db()
    assert (taken, confirmed[:5], declaration.state, Attendance.objects.count()) in {
        ("withdrawn", "这件申报刚", "withdrawn", 0), ("told", "confi", "confirmed", 1),
    }  # fmt: skip


def test_no_deed_slips_into_a_year_that_is_being_handed_up(city):
    declarations = [deed(city.representative(f"示例{n}")) for n in range(4)]
    seen = []

    def lock():
        first, last = DAY.replace(month=1, day=1), DAY.replace(month=12, day=31)
        lock_period(areas=[city.county], first=first, last=last, actor=city.office)
        seen.append(Attendance.objects.count())

    answers = at_once([lock, *(confirming(each, city.recorder) for each in declarations)])[1:]
    confirmed = answers.count("confirmed")
    assert (LockedPeriod.objects.count(), Attendance.objects.count(), seen) == (1, confirmed, [confirmed])


def test_no_declaration_is_handed_in_behind_the_back_of_an_area_that_is_being_handed_up(city):
    drafts = [written(city.representative(f"示例{n}")) for n in range(4)]
    seen = []

    def lock():
        first, last = DAY.replace(month=1, day=1), DAY.replace(month=12, day=31)
        with transaction.atomic():  # as the year hands up: first the days, then the look at what waits
            lock_period(areas=[city.county], first=first, last=last, actor=city.office)
            seen.append(Declaration.objects.waiting().count())
            sleep(0.05)  # the rest of the handing up, in which nothing may slip in

    def hand_in(draft):
        def run():
            try:
                return submit_declaration(
                    declaration=draft, actor=draft.representative.user, moment=LATER
                ).state
            except DeclarationRefused as refused:
                return str(refused)[:11]

        return run

    answers = at_once([lock, *(hand_in(each) for each in drafts)])[1:]
    assert Counter(answers) == Counter({"submitted": seen[0], "2026 年度已经上报": 4 - seen[0]})
    assert Declaration.objects.waiting().count() == seen[0]
