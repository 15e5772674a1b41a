"""What the tests of paper share: a roll of three with its recorder, spreadsheets as people fill them, sending a file."""

import io
import re
from dataclasses import dataclass
from typing import Any

import openpyxl
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.uploads import take
from sessions import operations
from sessions.models import Attendance, RollImport
from sessions.paper.codes import row_code
from sessions.paper.reading import Line
from tests.conftest import START

FRAME = 2  # queries of every signed-in page: session and account
HEAD = ("编号", "姓名", "选举单位", "状态", "原因")


@dataclass
class Roll:
    """An open activity, the mandates on its list, and its recorder signed in."""

    activity: Any
    people: list[Any]
    client: Client

    def code(self, number):
        return row_code(self.activity.pk, self.people[number].representative_id)

    def to(self, name, *more):
        return reverse(name, args=(self.activity.pk, *more))

    def send(self, content, name="名册.xlsx", client=None):
        file = SimpleUploadedFile(name, content)
        return (client or self.client).post(self.to("roll_import"), {"file": file})

    def preview(self, content, name="名册.xlsx"):
        """Send a file and return (address of the preview, the page)."""
        answer = self.send(content, name)
        assert answer.status_code == 302, text(answer)
        return answer.url, self.client.get(answer.url)

    def apply(self, content, name="名册.xlsx", **more):
        """Send a file, look at the preview and apply it."""
        address, page = self.preview(content, name)
        return self.client.post(address, {"seen": seen_on(page), **more})

    def export(self):
        return self.client.post(self.to("roll_export"))


def roll_of(city, *names):
    people = [city.representative(f"示例{n}", electing_unit=f"第{n}选区") for n in names or "甲乙丙"]
    activity = city.activity()
    city.enrol(activity, *people)
    client = Client()
    client.force_login(city.recorder)
    return Roll(activity, people, client)


def book(*rows, head=HEAD):
    """Return an XLSX with these rows below a header, as openpyxl writes it."""
    made = openpyxl.Workbook()
    for row in (head, *rows):
        made.active.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def csv_of(*rows, head=HEAD, encoding="utf-8"):
    return "\r\n".join(",".join(row) for row in (head, *rows)).encode(encoding)


def cells(content, sheet=0):
    """Return the rows of an XLSX as lists of cells."""
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[sheet].iter_rows()]


def seen_on(page):
    return re.search(r'name="seen" value="([0-9a-f]*)"', page.content.decode()).group(1)


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def statuses():
    return dict(Attendance.objects.values_list("representative__name", "status"))


def told(page):
    """Return what the preview says of lines in trouble: {line: kind and what to do}."""
    rows = re.findall(r'data-label="行">第 (\d+) 行</th>(.*?)</tr>', page.content.decode(), re.DOTALL)
    return {int(number): " ".join(re.sub(r"<[^>]+>", " ", rest).split()[1:]) for number, rest in rows}


def figures(page):
    """Return (new, changed, unchanged, in trouble) of a preview."""
    found = re.search(r"新登记 (\d+) 更改 (\d+) 不变 (\d+) 要处理 (\d+)", text(page))
    return tuple(map(int, found.groups()))


def imports():
    return RollImport.objects.count()


def paper_of(city, activity, mandate):
    """Return one of everything of paper: a sheet and a preview of `activity`, a closed roll with its certificate."""
    upload = take(ContentFile(b"%PDF-1.7 example", name="x.pdf"), allowed={"pdf"}, at_most=100)
    sheet = operations.keep_sheet(activity=activity, upload=upload, actor=city.office, moment=START)
    lines = [Line(2, name=mandate.representative.name, unit="示例选区", status="present")]
    pending = operations.prepare_import(
        activity=activity, file_name="x.xlsx", sha256="0" * 64, lines=lines, actor=city.office, moment=START
    )
    held = city.activity(title="已收册的分享会")
    city.enrol(held, mandate)
    entry = operations.Entry(mandate.representative, "present")
    operations.record_roll(activity=held, entries=[entry], actor=city.office, moment=START)
    operations.close_roll(activity=held, actor=city.office, moment=START)
    operations.issue_certificates(activity=held, actor=city.office, moment=START)
    row = held.attendances.get()
    return {
        "sheet": sheet,
        "pending": pending,
        "held": held,
        "attendance": row,
        "certificate": row.certificate,
    }
