"""Short codes that people copy from paper: 31 characters that are not mistaken for one another, the last one checks.

31 is prime, so that with a weight for every place one wrong character and any two exchanged ones are always noticed.
"""

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY"  # without I L O U Z, which a pen makes look like 1 1 0 V 2
MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "Z": "2", "U": "V"})
DASHES = "-‐‑‒–—－ー_ "
LONGEST = 24


class CodeUnknown(ValueError):
    """What was typed is no code of this roll; the message says what to do."""


def row_code(activity: int, person: int) -> str:
    """Return the code of a person's row on an activity's roll: activity, dash, person and check character."""
    front, back = _written(activity), _written(person)
    return f"{front}-{back}{_check(_values(front, back))}"


def person_of(typed: str, activity: int) -> int:
    """Return the number of the person whose row on the roll of `activity` the typed code names.

    Case, width, dashes and the usual misreadings do not matter. Raises CodeUnknown for a code that was copied
    wrongly, and for one of another roll.
    """
    body = unicodedata.normalize("NFKC", typed).upper().translate(MISREAD)
    body = "".join(c for c in body if c not in DASHES)
    front = _written(activity)
    if len(body) < 2 or len(body) > LONGEST or not set(body) <= set(ALPHABET):
        raise CodeUnknown("编号认不出来，请对照名册再抄一次；没有编号的，清空这一格，填姓名和选举单位。")
    back, check = body[len(front) : -1], body[-1]
    if not body.startswith(front) or not back or check != _check(_values(front, back)):
        raise CodeUnknown("编号不是这本名册的，或抄错了一个字。请对照名册再抄一次。")
    return sum(ALPHABET.index(c) * 31**place for place, c in enumerate(reversed(back)))


def certificate_number(year: int, serial: int) -> str:
    """Return the number on a certificate, such as 2026-00017-K; the last character checks the rest."""
    digits = f"{year}{serial:05d}"
    return f"{digits[:4]}-{digits[4:]}-{_check([int(d) for d in digits])}"


def _written(number: int) -> str:
    """Return `number` in the 31 characters."""
    written = ""
    while number or not written:
        number, rest = divmod(number, 31)
        written = ALPHABET[rest] + written
    return written


def _values(front: str, back: str) -> list[int]:
    """Return what the check character goes over; the length of the front tells 1-23 from 12-3."""
    return [len(front), *(ALPHABET.index(c) for c in front + back)]


def _check(values: list[int]) -> str:
    total = sum(weight * value for weight, value in enumerate(values, start=2))
    return ALPHABET[-total % 31]
