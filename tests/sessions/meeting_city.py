"""What the tests of meetings share: a congress of three people, its spreadsheet as a clerk fills it, sending the file."""

import io
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sessions.models import Attendance, MeetingImport
from sessions.operations import apply_meeting, create_meeting
from tests.conftest import SHANGHAI
from tests.sessions.paper_city import text

DAYS = (date(2026, 3, 2), date(2026, 3, 4))
AFTER = datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)
FIRST, SECOND, THIRD = (
    "2026-03-02 上午 预备会议",
    "2026-03-02 下午 第一次全体会议",
    "2026-03-03 上午 第二次全体会议",
)
HEAD = ("姓名", "代表团", "选举单位")
GRANT_HEAD = ("姓名", "代表团", "选举单位", "批准的会次", "理由类别", "批准人", "批准文号", "批准日期")


@dataclass
class Congress:
    """A meeting, the mandates of its area, and the office signed in."""

    meeting: Any
    people: list[Any]
    client: Client
    office: Any

    def to(self, name, *more):
        return reverse(name, args=(self.meeting.pk, *more))

    def send(self, content, client=None):
        file = SimpleUploadedFile("出席表.xlsx", content)
        return (client or self.client).post(self.to("meeting_import"), {"file": file})

    def preview(self, content, client=None):
        """Send a file and return (address of the preview, the page)."""
        answer = self.send(content, client)
        assert answer.status_code == 302, text(answer)
        return answer.url, (client or self.client).get(answer.url)

    def apply(self, content, client=None, **more):
        """Send a file, look at the preview, confirm what it says and apply it."""
        address, page = self.preview(content, client)
        more = {"confirmed": "on", "reason": "据会议签到册核对"} | more
        return (client or self.client).post(address, {"seen": seen_on(page), **more})

    def sitting(self, number=0):
        return self.meeting.sittings.order_by("starts_at")[number]

    def statuses(self, number=0):
        rows = Attendance.objects.filter(activity=self.sitting(number))
        return dict(rows.values_list("representative__name", "status"))


def congress_of(city, *names, kind="congress", client_of=None, **more):
    people = [city.representative(f"示例{n}", electing_unit=f"第{n}选区") for n in names or "甲乙丙"]
    meeting = create_meeting(
        kind=kind, name="第九届第五次会议", term=city.term, area=more.pop("area", city.county),
        starts_on=DAYS[0], ends_on=DAYS[1], actor=city.office, **more,
    )  # fmt: skip
    client = Client()
    client.force_login(client_of or city.office)
    return Congress(meeting, people, client, city.office)


def line(name, *cells, unit=None):
    """Return a person's row: 示例甲 of 石桥镇, and what stands in the cells."""
    return (f"示例{name}", "石桥镇", unit if unit is not None else f"第{name}选区", *cells)


def grant(name, sittings, approver="王主任", document="常办〔2026〕8 号", category="病假", day=""):
    return (f"示例{name}", "石桥镇", f"第{name}选区", sittings, category, approver, document, day)


def book(*rows, sittings=(FIRST, SECOND), grants=(), head=HEAD, grant_head=GRANT_HEAD):
    """Return an XLSX as openpyxl writes it: people and sittings, and the sheet of approvals where there are some."""
    made = openpyxl.Workbook()
    made.active.title = "出席情况"
    for row in ((*head, *sittings), *rows):
        made.active.append(list(row))
    if grants:
        sheet = made.create_sheet("请假批准")
        for row in (grant_head, *grants):
            sheet.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def seen_on(page):
    return re.search(r'name="seen" value="([0-9a-f]*)"', page.content.decode()).group(1)


def figures(page):
    """Return (new, changed, unchanged, approvals, in trouble) of a preview."""
    found = re.search(r"新登记 (\d+) 更改 (\d+) 不变 (\d+) 请假批准 (\d+) 要处理 (\d+)", text(page))
    return tuple(map(int, found.groups()))


def told(page):
    """Return what the preview says of troubles: {place: (name, what to do)}."""
    rows = re.findall(
        r'data-label="位置">([^<]+)</th><td data-label="姓名或标题">([^<]*)</td><td data-label="怎么办">(.*?)</td>',
        page.content.decode(),
    )
    return {place: (name, what) for place, name, what in rows}


def apply_directly(congress, moment=AFTER, actor=None, **more):
    """Apply the latest preview by the operation."""
    from sessions.meetings.plan import plan_of
    from sessions.meetings.reading import table_from

    pending = MeetingImport.objects.latest("made_at")
    actor = actor or congress.office
    seen = plan_of(congress.meeting, table_from(pending.content), actor, moment).seen
    return apply_meeting(pending=pending, seen=seen, actor=actor, moment=moment, confirmed=True, **more)
