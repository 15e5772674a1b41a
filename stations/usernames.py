"""Pure: with which user name and number each person's login would be opened, and why one cannot be."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from stations.models import Representative

HAS_ONE = "已有登录账号"
NUMBER_TAKEN = "手机号已登记在另一个账号上，请先核对手机号，或在本人的“登录账号”里关联那个账号"
NAMELESS = "daibiao"  # where a name has no reading


class Planned(NamedTuple):
    """One person's login as it would be opened; `trouble` says why it cannot be, or is empty."""

    person: Representative
    username: str
    phone: str
    trouble: str = ""


def plan_logins(
    people: Iterable[Representative], accounts: Iterable[tuple[str, str | None]]
) -> list[Planned]:
    """Return the login of each of `people` beside the (user name, number) of all `accounts` there are.

    The user name is the mobile number; else the name in pinyin, with the next free figure behind it when it is taken.
    """
    names, numbers = set[str](), set[str]()
    for username, phone in accounts:
        names.add(username.lower())
        numbers.add(phone or "")
    planned = []
    for person in people:
        trouble = HAS_ONE if person.user_id else ""
        if person.phone and person.phone in numbers | names:
            trouble = trouble or NUMBER_TAKEN
        username = person.phone or _free(person.pinyin, names)
        names.add(username)
        planned.append(Planned(person, username, person.phone, trouble))
    return planned


def _free(pinyin: str, names: set[str]) -> str:
    stem = re.sub(r"[^a-z]", "", pinyin.lower()) or NAMELESS
    username, figure = stem, 1
    while username in names:
        figure += 1
        username = f"{stem}{figure}"
    return username
