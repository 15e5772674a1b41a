"""The second sheet: which approved leave it enters for whom and which sittings, and what is wrong with a line of it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from portal.models import User
from portal.spreadsheets.reading import squeezed
from sessions.meetings.changes import Grant, SittingPlan
from sessions.meetings.headings import DAY, HeadingUnclear, heading_of
from sessions.meetings.people import Directory, Unfit
from sessions.meetings.reading import GrantLine
from sessions.models import LeaveRequest
from stations.models import Representative
from stations.names import clean_name

Category = LeaveRequest.Category
CATEGORIES: dict[str, str] = {str(each.label): each.value for each in Category} | {
    "因病": Category.SICK,
    "因公": Category.OFFICIAL,
    "": Category.OTHER,
}
EVERY = "全部"
LONGEST_APPROVER, LONGEST_DOCUMENT = 40, 60
OWN = "自己的请假不能自己登记，请由代表工作委员会的另一位同志导入。"


def granted_by(
    line: GrantLine, sittings: Sequence[SittingPlan], directory: Directory, user: User
) -> tuple[Representative, list[SittingPlan] | None, Grant]:
    """Return whose leave a line approves, for which sittings (None: whichever they were missing from), and the approval.

    The mandate of the Grant is filled in per sitting. Raises Unfit with what to do.
    """
    if line.problem:
        raise Unfit(line.problem)
    person = directory.find(line.who)
    if person.user_id == user.pk:
        raise Unfit(OWN)
    _approver(line, person)
    category = CATEGORIES.get(squeezed(line.category))
    if category is None:
        raise Unfit(
            f"理由类别“{line.category[:20]}”认不出来，请改成：{'、'.join(map(str, Category.labels))}。"
        )
    grant = Grant(
        line=line.number,
        mandate=directory.by_person[person.pk][0],
        category=category,
        approver=line.approver,
        document=line.document,
        day=_day(line.day),
    )
    if squeezed(line.sittings) == EVERY:
        return person, None, grant
    return person, list(_named(line.sittings, sittings, directory.meeting.days)), grant


def _approver(line: GrantLine, person: Representative) -> None:
    if not line.approver:
        raise Unfit("请写明批准人。没有人批准的，请删去这一行，格子里写“缺席”。")
    if len(line.approver) > LONGEST_APPROVER or len(line.document) > LONGEST_DOCUMENT:
        raise Unfit(f"批准人不超过 {LONGEST_APPROVER} 字，批准文号不超过 {LONGEST_DOCUMENT} 字。")
    if clean_name(line.approver) == clean_name(person.name):
        raise Unfit("批准人不能是请假的代表本人。是同名的另一位同志的，请在姓名后写上职务。")


def _day(text: str) -> date | None:
    plain = unicodedata.normalize("NFKC", text).split("T")[0].replace(" ", "")
    if not plain:
        return None
    try:
        day: date | None = forms.DateField().clean(plain)
    except ValidationError:
        raise Unfit(f"批准日期“{text[:20]}”读不懂，请写成 2026-03-01。") from None
    return day


def _named(text: str, sittings: Sequence[SittingPlan], days: tuple[date, date]) -> Iterator[SittingPlan]:
    """Yield the sittings that `text` names, each by day and part or by its whole heading."""
    plain = unicodedata.normalize("NFKC", text)
    starts = [found.start() for found in re.finditer(DAY, plain)]
    if not starts:
        raise Unfit("请写明批准的是哪几次，如“2026-03-02 上午”，几次之间用顿号隔开；全部会次写“全部”。")
    for start, end in zip(starts, [*starts[1:], len(plain)], strict=True):
        part = plain[start:end].strip(" 、,;。")
        try:
            meant = heading_of(part, days)
        except HeadingUnclear as unclear:
            raise Unfit(str(unclear)) from unclear
        fitting = [
            each
            for each in sittings
            if (each.heading.day, each.heading.part) == (meant.day, meant.part)
            and squeezed(meant.title) in {"", squeezed(each.title)}
        ]
        if len(fitting) != 1:
            raise Unfit(f"“{part[:40]}”不在“出席情况”的会次里，请照那里的标题写。")
        yield fitting[0]
