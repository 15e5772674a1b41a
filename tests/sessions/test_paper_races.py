"""Paper under many hands, and a process killed in the middle of an import (rule 25; THREATS 18, 22, 24).

Each was seen to fail without its guard, on PostgreSQL: without the lock on the activity's row (`locked`) the one
preview and the one scan ended in IntegrityError, without the lock on the year's row two certificates took one number,
and without the transaction around apply_import the killed process left the rows that it had written by then.
"""

import os
import signal
from collections import Counter

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import connection, connections

from portal.uploads import take
from sessions.models import Attendance, AttendanceEvent, Certificate, RollImport, RollSheet
from sessions.operations import (
    apply_import,
    close_roll,
    issue_certificates,
    keep_sheet,
    prepare_import,
    record_roll,
)
from sessions.operations.roll import Entry
from sessions.paper.codes import row_code
from sessions.paper.plan import plan_of
from sessions.paper.reading import Line
from tests.conftest import START
from tests.sessions.races import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def people(city):
    return [city.representative(f"示例{n}", login=False) for n in range(12)]


@pytest.fixture
def activity(city, people):
    activity = city.activity()
    city.enrol(activity, *people)
    return activity


@pytest.fixture
def pending(city, activity, people):
    """A preview of twelve first entries, each with a reason of its own, and what was seen with it."""
    lines = [
        Line(n, code=row_code(activity.pk, m.representative_id), status="present", reason="纸面")
        for n, m in enumerate(people, start=2)
    ]
    made = prepare_import(
        activity=activity, file_name="x.xlsx", sha256="0" * 64, lines=lines, actor=city.recorder, moment=START
    )
    return made, plan_of(activity, lines, city.recorder).seen


def test_one_preview_applied_by_eight_hands_is_written_once(city, pending):
    made, seen = pending

    def apply():
        return apply_import(pending=made, seen=seen, actor=city.recorder, moment=START)

    answers = at_once([apply] * 8)
    assert Counter(answer is None for answer in answers) == {False: 1, True: 7}
    assert (Attendance.objects.count(), AttendanceEvent.objects.count()) == (12, 12)


def test_two_rolls_certified_at_once_take_numbers_without_a_gap_or_a_double(city, people):
    activities = [city.activity(title=f"第{n}场") for n in range(4)]
    for activity in activities:
        city.enrol(activity, *people)
        entries = [Entry(m.representative, "present") for m in people]
        record_roll(activity=activity, entries=entries, actor=city.recorder, moment=START)
        close_roll(activity=activity, actor=city.recorder, moment=START)

    def issue(activity):
        return lambda: issue_certificates(activity=activity, actor=city.recorder, moment=START)

    answers = at_once([issue(activity) for activity in activities * 2])
    assert sum(answers) == 48
    numbers = sorted(int(number[5:10]) for number in Certificate.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 49))


def test_one_scan_sent_by_eight_hands_is_kept_once(city, activity, tmp_path, monkeypatch):
    monkeypatch.setattr(RollSheet._meta.get_field("file"), "storage", FileSystemStorage(location=tmp_path))

    def keep():
        upload = take(ContentFile(b"%PDF-1.7 x", name="x.pdf"), allowed={"pdf"}, at_most=100)
        return keep_sheet(activity=activity, upload=upload, actor=city.recorder, moment=START).pk

    assert len(set(at_once([keep] * 8))) == 1
    assert (RollSheet.objects.count(), len(list(tmp_path.rglob("*.pdf")))) == (1, 1)


def test_rule_25_a_process_killed_in_the_middle_of_an_import_leaves_nothing_behind(city, pending):
    made, seen = pending

    def apply():
        return apply_import(pending=made, seen=seen, actor=city.recorder, moment=START)

    for writes in (1, 4, 24, 25):
        assert killed_at(writes, apply)
        assert (Attendance.objects.count(), AttendanceEvent.objects.count()) == (0, 0)
        assert RollImport.objects.get().applied_at is None
    assert apply() is not None
    assert Attendance.objects.count() == 12


def killed_at(writes, call):
    """Run `call` in a process of its own that is killed at that write; return whether it was."""
    connection.close()  # the child opens one of its own
    child = os.fork()
    if child == 0:
        connections["default"] = connection.copy()
        left = iter(range(writes - 1, -1, -1))

        def die(execute, sql, params, many, context):
            if sql.startswith(("INSERT", "UPDATE")) and next(left, 0) == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql, params, many, context)

        with connections["default"].execute_wrapper(die):
            call()
        os._exit(0)  # not reached: an import of twelve lines takes more writes than any test here asks for
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) == signal.SIGKILL
