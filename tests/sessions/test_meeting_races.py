"""A meeting's list under many hands, and a process killed in the middle of it (rule 25; THREATS 18, 22, 24).

Seen to fail without the guard, on PostgreSQL: without the locks on areas, meeting and preview two hands made one sitting
twice and ended in IntegrityError; without the transaction around apply_meeting the killed process left what it had made.
"""

from collections import Counter

import pytest

from sessions.meetings.plan import plan_of
from sessions.meetings.reading import Line, Table, Who
from sessions.models import Activity, Attendance, AttendanceEvent, Enrolment, MeetingImport
from sessions.operations import apply_meeting, create_meeting, prepare_meeting
from tests.sessions.meeting_city import AFTER, DAYS, FIRST, SECOND
from tests.sessions.races import at_once
from tests.sessions.test_paper_races import killed_at

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def pending(city):
    """A preview of six people and two sittings that only its headings name, and what was seen with it."""
    names = [f"示例{n}" for n in range(6)]
    for name in names:
        city.representative(name, login=False)
    meeting = create_meeting(
        kind="congress", name="第五次会议", term=city.term, area=city.township, starts_on=DAYS[0],
        ends_on=DAYS[1], actor=city.office,
    )  # fmt: skip
    lines = [Line(n, Who(name=name), {"D": "到", "E": "迟到"}) for n, name in enumerate(names, start=2)]
    table = Table({"D": FIRST, "E": SECOND}, tuple(lines))
    made = prepare_meeting(
        meeting=meeting, file_name="x.xlsx", sha256="0" * 64, table=table, actor=city.office, moment=AFTER
    )
    seen = plan_of(meeting, table, city.office, AFTER).seen

    def apply():
        return apply_meeting(pending=made, seen=seen, actor=city.office, moment=AFTER)

    return apply


def counts():
    return tuple(m.objects.count() for m in (Activity, Enrolment, Attendance, AttendanceEvent))


def test_one_list_applied_by_six_hands_makes_each_sitting_and_mark_once(pending):
    answers = at_once([pending] * 6)
    assert Counter(answer is None for answer in answers) == {False: 1, True: 5}
    assert counts() == (2, 12, 12, 12)


def test_a_process_killed_in_the_middle_of_a_meeting_leaves_nothing_and_it_can_be_done_again(pending):
    for writes in (1, 3, 6, 10, 14):
        assert killed_at(writes, pending)
        assert (counts(), MeetingImport.objects.get().applied_at) == ((0, 0, 0, 0), None)
    assert pending() is not None
    assert counts() == (2, 12, 12, 12)
