"""Rotating codes: what they are made of, how long they hold, how hard they are to guess."""

import base64
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sessions.checkin.codes import (
    Verdict,
    code_at,
    digits_at,
    judge_digits,
    judge_token,
    step_of,
    token_at,
)
from sessions.models.activities import new_door, new_key
from tests.conftest import START

KEY = "ab" * 32


def test_a_code_holds_in_its_step_and_the_next_and_is_then_expired_for_an_hour():
    begin = START.replace(second=0)
    token = code_at(KEY, begin).token
    verdicts = [
        judge_token(KEY, token, begin + timedelta(seconds=s)) for s in (0, 29, 30, 59, 60, 3600, 3660)
    ]
    assert [v.value for v in verdicts] == [
        "valid",
        "valid",
        "valid",
        "valid",
        "expired",
        "expired",
        "invalid",
    ]


def test_digits_hold_as_long_as_the_token_beside_them():
    begin = START.replace(second=0)
    digits = code_at(KEY, begin).digits
    verdicts = [judge_digits(KEY, digits, begin + timedelta(seconds=s)) for s in (0, 59, 60, 329, 330)]
    assert [v.value for v in verdicts] == ["valid", "valid", "expired", "expired", "invalid"]


def test_a_code_of_the_future_is_not_accepted():
    step = step_of(START)
    assert judge_token(KEY, token_at(KEY, step + 1), START) is Verdict.INVALID


def test_the_countdown_is_what_is_left_of_the_step_in_milliseconds():
    begin = START.replace(second=0, microsecond=0)
    left = [code_at(KEY, begin + timedelta(milliseconds=ms)).remaining_ms for ms in (0, 1, 29_999, 30_000)]
    assert left == [30_000, 29_999, 1, 30_000]


def test_the_qr_carries_a_hundred_and_twenty_eight_bits():
    assert len(base64.urlsafe_b64decode(token_at(KEY, 1) + "==")) * 8 == 128


def test_a_thousand_steps_give_a_thousand_tokens_and_six_digits_each():
    assert len({token_at(KEY, step) for step in range(1000)}) == 1000
    assert {len(digits_at(KEY, step)) for step in range(1000)} == {6}


def test_keys_and_doors_do_not_repeat():
    assert len({new_key() for _ in range(1000)}) == len({new_door() for _ in range(1000)}) == 1000


@given(st.text(max_size=40), st.integers(10_000, 3_000_000_000))
def test_no_typed_text_is_taken_for_a_code_or_breaks_the_judge(text, seconds):
    moment = START.fromtimestamp(seconds, START.tzinfo)
    right = {token_at(KEY, step_of(moment) - back) for back in range(121)}
    assert (judge_token(KEY, text, moment) is Verdict.INVALID) is (text not in right)
