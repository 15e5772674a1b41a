"""The first steps of checking in."""

from datetime import timedelta

from sessions.checkin.codes import code_at
from sessions.operations import check_in, close_roll
from tests.conftest import START


def test_a_scan_in_time_makes_one_present_row_and_the_close_the_absent_ones(city):
    came, stayed_away = city.representative("丁示例"), city.representative("王样本")
    activity = city.activity()
    city.enrol(activity, came, stayed_away)
    code = code_at(activity.check_in_key, START)
    answer = check_in(
        activity=activity, representative=came.representative, nonce="a", moment=START, token=code.token
    )
    again = check_in(
        activity=activity, representative=came.representative, nonce="b", moment=START, digits=code.digits
    )
    assert (answer.outcome, answer.attendance.status, again.outcome) == ("created", "present", "already")
    closed = close_roll(activity=activity, actor=city.recorder, moment=START + timedelta(hours=2))
    assert closed.attendances.counts() == {"present": 1, "absent": 1}
