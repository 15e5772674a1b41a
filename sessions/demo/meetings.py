"""The congress of a year of the demonstration: one meeting of several days, its first sitting entered from a list."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from portal.models import User
from sessions.meetings.people import code_of
from sessions.meetings.plan import plan_of
from sessions.meetings.reading import GrantLine, Line, Table, Who
from sessions.models import Meeting
from sessions.operations import apply_meeting, create_meeting, prepare_meeting
from stations.models import Area, Mandate, Term

NUMERALS = "一二三四五"
LATE, ON_LEAVE = (40,), (60, 61)  # places in the list of people; those with an account come


def congress_meeting(year: int, first: date, last: date, city: Area, office: User) -> Meeting:
    """Create the meeting from the day before the first sitting on, when the preliminary one is held."""
    term = Term.objects.get()
    number = NUMERALS[(year - term.starts_on.year) % len(NUMERALS)]
    return create_meeting(
        kind="congress",
        name=f"{term.name}第{number}次会议",
        term=term,
        area=city,
        starts_on=first - timedelta(days=1),
        ends_on=last,
        place="市会议中心",
        actor=office,
    )


def preliminary(meeting: Meeting, mandates: list[Mandate], office: User) -> None:
    """Enter the preliminary sitting as a clerk does: a table of marks with approved leave, previewed and applied."""
    day = meeting.starts_on
    words = dict.fromkeys(LATE, "迟到") | dict.fromkeys(ON_LEAVE, "请假")
    people = [Who(code=code_of(meeting, mandate.representative_id)) for mandate in mandates]
    table = Table(
        columns={"E": f"{day:%Y-%m-%d} 下午 预备会议"},
        lines=tuple(Line(place + 4, who, {"E": words.get(place, "到")}) for place, who in enumerate(people)),
        grants=tuple(
            GrantLine(place + 2, people[place], "全部", "公务", "王示例主任", f"示常办 {place} 号")
            for place in ON_LEAVE
        ),
    )
    moment = timezone.make_aware(datetime.combine(day, time(18)))
    pending = prepare_meeting(
        meeting=meeting,
        file_name="预备会议出席表.xlsx",
        sha256="0" * 64,
        table=table,
        actor=office,
        moment=moment,
    )
    seen = plan_of(meeting, table, office, moment).seen
    apply_meeting(pending=pending, seen=seen, actor=office, moment=moment)
