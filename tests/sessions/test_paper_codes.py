"""Codes copied from paper: one wrong character and any two exchanged ones are noticed; misreadings are forgiven."""

from itertools import combinations

import pytest

from sessions.paper.codes import ALPHABET, CodeUnknown, certificate_number, person_of, row_code


def known(typed, activity):
    try:
        return person_of(typed, activity)
    except CodeUnknown:
        return None


@pytest.mark.parametrize(("activity", "person"), [(1, 1), (12, 345), (40_000, 999_999), (31, 961)])
def test_a_code_leads_back_to_its_person(activity, person):
    assert person_of(row_code(activity, person), activity) == person


def test_every_single_mistake_and_every_exchange_of_two_is_noticed():
    code = row_code(1234, 56789)
    wrong = [
        code[:place] + other + code[place + 1 :]
        for place, there in enumerate(code)
        for other in ALPHABET
        if there not in ("-", other)
    ]
    for a, b in combinations(range(len(code)), 2):
        swapped = list(code)
        swapped[a], swapped[b] = swapped[b], swapped[a]
        if "-" not in (code[a], code[b]) and code[a] != code[b]:
            wrong.append("".join(swapped))
    assert {known(each, 1234) for each in wrong} == {None}


def test_a_code_of_another_roll_is_refused_also_where_one_number_begins_like_the_other():
    assert [known(row_code(31, person), 1) for person in range(1, 200)] == [None] * 199


def test_width_case_dashes_and_letters_that_look_like_digits_do_not_matter():
    code = row_code(32, 33)  # 11-12 and its check character
    assert code.startswith("11-12")
    typed = code.replace("1", "I", 1).replace("2", "Z").replace("-", " — ").lower()
    full = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in typed)
    assert [person_of(each, 32) for each in (typed, full, code.replace("-", ""))] == [33] * 3


@pytest.mark.parametrize("typed", ["", "-", "A", "甲乙丙", "A" * 200, "1-\x00"])
def test_nonsense_is_refused_in_a_sentence(typed):
    with pytest.raises(CodeUnknown, match="编号"):
        person_of(typed, 1)


def test_the_number_of_a_certificate_ends_in_a_check_character():
    numbers = [certificate_number(2026, serial) for serial in range(1, 400)]
    assert numbers[0].startswith("2026-00001-")
    assert len({number[:10] for number in numbers}) == len(set(numbers)) == 399
