"""Rotating codes of an activity (PRODUCT.md, rules 13 and 14): derived, never stored.

A code is an HMAC-SHA256 of (activity key, time step of 30 s). The QR carries 128 bits of it and the activity's
public door; the typed fallback is six digits of the same HMAC. The current and the previous step are accepted.
"""

import base64
import enum
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

STEP = 30  # seconds
REMEMBERED_STEPS = 120  # an hour back: an older code of this activity is "expired", not merely "wrong"
DIGITS = 6


class Verdict(enum.Enum):
    """What a presented code turned out to be."""

    VALID = "valid"
    EXPIRED = "expired"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Code:
    """What the wall shows at one moment: `token` for the QR, `digits` to type, and how long both last."""

    token: str
    digits: str
    remaining_ms: int


def step_of(moment: datetime) -> int:
    """Return the number of the 30-second step that `moment` (aware) lies in."""
    return int(moment.timestamp()) // STEP


def _mac(key: str, step: int) -> bytes:
    return hmac.new(bytes.fromhex(key), step.to_bytes(8, "big"), hashlib.sha256).digest()


def token_at(key: str, step: int) -> str:
    """Return the 128 bits that the QR carries in this step, as 22 URL-safe characters."""
    return base64.urlsafe_b64encode(_mac(key, step)[:16]).decode().rstrip("=")


def digits_at(key: str, step: int) -> str:
    """Return the six digits to type in this step."""
    return f"{int.from_bytes(_mac(key, step)[16:24], 'big') % 10**DIGITS:0{DIGITS}d}"


def code_at(key: str, moment: datetime) -> Code:
    """Return what the wall shows at `moment`; the wall counts down from `remaining_ms`, its own clock is ignored."""
    step = step_of(moment)
    passed = moment.timestamp() - step * STEP
    return Code(token_at(key, step), digits_at(key, step), max(1, round((STEP - passed) * 1000)))


def judge_token(key: str, token: str, moment: datetime) -> Verdict:
    """Say what a scanned token is; an old one of this activity is EXPIRED for an hour, then INVALID."""
    return _judge(token, moment, lambda step: token_at(key, step), REMEMBERED_STEPS)


def judge_digits(key: str, digits: str, moment: datetime) -> Verdict:
    """Say what typed digits are. Old digits are remembered for ten steps only: 6 digits repeat by chance."""
    return _judge(digits, moment, lambda step: digits_at(key, step), 10)


def _judge(presented: str, moment: datetime, at: Callable[[int], str], remembered: int) -> Verdict:
    now = step_of(moment)
    given = presented.encode()
    if any([hmac.compare_digest(given, at(step).encode()) for step in (now, now - 1)]):  # noqa: C419 -- constant time
        return Verdict.VALID
    if any(hmac.compare_digest(given, at(step).encode()) for step in range(now - remembered, now - 1)):
        return Verdict.EXPIRED
    return Verdict.INVALID
