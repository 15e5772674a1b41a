"""Signed sheets are evidence: kept as they came, set aside but never taken away, seen by who keeps the roll (THREATS 9–12)."""

import io

import pytest
import time_machine
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from PIL import Image
from wagtail.models import ModelLogEntry

from sessions.models import RollSheet, RollSheetVoid
from sessions.operations import close_roll, lock_rolls
from tests.conftest import START
from tests.sessions.paper_city import FRAME, roll_of, text

PDF = b"%PDF-1.7 a signed list"


@pytest.fixture
def roll(city):
    with time_machine.travel(START, tick=False):
        yield roll_of(city)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(RollSheet._meta.get_field("file"), "storage", FileSystemStorage(location=tmp_path))
    return tmp_path


def photo():
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (60, 90), "white").save(out, "JPEG", exif=exif)
    return out.getvalue()


def keep(roll, content=PDF, name="第一页.pdf", **more):
    data = {"file": SimpleUploadedFile(name, content), "pages": "2", "note": "上午场"} | more
    return roll.client.post(roll.to("roll_sheets"), data)


def void(roll, sheet, reason="传错了"):
    return roll.client.post(roll.to("roll_sheet_void", sheet.pk), {"reason": reason})


def test_a_scan_is_kept_listed_and_given_out_as_a_file_that_cannot_run(roll, city, folder):
    assert keep(roll).status_code == 302
    sheet = RollSheet.objects.get()
    assert (sheet.kind, sheet.pages, sheet.note, sheet.uploaded_by) == ("pdf", 2, "上午场", city.recorder)
    for page in ("roll", "roll_sheets"):
        assert "第一页.pdf" in text(roll.client.get(roll.to(page)))
    answer = roll.client.get(roll.to("roll_sheet", sheet.pk))
    assert b"".join(answer) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["X-Content-Type-Options"], answer["Content-Security-Policy"], answer["Cache-Control"]) == (
        "nosniff",
        "default-src 'none'; sandbox",
        "private, no-store",
    )
    assert ModelLogEntry.objects.filter(action="sharing.keep_sheet", user=city.recorder).count() == 1


def test_a_photo_is_kept_without_what_the_phone_wrote_into_it(roll, folder):
    keep(roll, photo(), "IMG_1.jpg")
    kept = RollSheet.objects.get()
    assert (kept.kind, b"secret place" in kept.file.read()) == ("jpg", False)
    kept.file.close()
    assert "IMG_1" not in kept.file.name  # the name on the disk is the server's


def test_the_same_file_sent_twice_is_one_sheet(roll, folder):
    keep(roll)
    keep(roll)
    assert (RollSheet.objects.count(), len(list(folder.rglob("*.pdf")))) == (1, 1)


def test_a_sheet_is_set_aside_with_a_reason_once_and_stays_in_sight(roll, city, folder):
    keep(roll)
    sheet = RollSheet.objects.get()
    assert [void(roll, sheet, reason).status_code for reason in ("  ", "传错了", "再作废")] == [400, 302, 302]
    assert RollSheetVoid.objects.get().reason == "传错了"
    page = text(roll.client.get(roll.to("roll_sheets")))
    assert ("已作废" in page, "传错了" in page, "第一页.pdf" in page) == (True, True, True)
    assert b"".join(roll.client.get(roll.to("roll_sheet", sheet.pk))) == PDF


def test_what_was_set_aside_can_be_kept_again(roll, folder):
    keep(roll)
    void(roll, RollSheet.objects.get())
    keep(roll)
    assert sorted(RollSheet.objects.values_list("turn", "void__reason")) == [(0, "传错了"), (1, None)]


@pytest.mark.parametrize("table", ["sharing_rollsheet", "sharing_rollsheetvoid"])
@pytest.mark.parametrize("write", ["DELETE FROM {}", "UPDATE {} SET id = id"])
def test_the_database_refuses_to_change_or_delete_a_sheet(roll, folder, table, write):
    keep(roll)
    void(roll, RollSheet.objects.get())
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(write.format(table))
    assert (RollSheet.objects.count(), RollSheetVoid.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("content", "name", "status", "words"),
    [
        (b"<svg onload=alert(1)>", "x.svg", 400, "不是可以上传的种类"),
        (b"<html>", "x.pdf", 400, "不是可以上传的种类"),
        (b"", "x.pdf", 400, "这份文件是空的"),
        (b"\x89PNG\r\n\x1a\n cut", "x.png", 400, "打不开"),
        (b"%PDF-1.7" + b"0" * (20 * 1024 * 1024), "x.pdf", 413, "超过 20 MB"),
    ],
)
def test_what_is_no_sheet_is_refused_in_words_and_what_was_typed_stays(
    roll, folder, content, name, status, words
):
    answer = keep(roll, content, name)
    assert (answer.status_code, words in text(answer)) == (status, True)
    assert 'value="上午场"' in answer.content.decode()
    assert (RollSheet.objects.count(), list(folder.rglob("*.*"))) == (0, [])


def test_no_number_of_pages_is_a_question_back(roll, folder):
    assert [keep(roll, pages=pages).status_code for pages in ("", "0", "x", "9999")] == [400] * 4
    assert RollSheet.objects.count() == 0


def test_rule_21_a_locked_roll_keeps_its_sheets_and_takes_no_more(roll, city, folder):
    keep(roll)
    sheet = RollSheet.objects.get()
    close_roll(activity=roll.activity, actor=city.recorder, moment=START)
    lock_rolls(activities=type(roll.activity).objects.all())
    assert [keep(roll, photo(), "b.jpg").status_code, void(roll, sheet).status_code] == [409, 409]
    assert b"".join(roll.client.get(roll.to("roll_sheet", sheet.pk))) == PDF
    assert (RollSheet.objects.count(), RollSheetVoid.objects.count()) == (1, 0)


def test_a_file_whose_row_is_not_written_does_not_stay(roll, folder):
    def full(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "sharing_rollsheet"'):
            raise OSError("the disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(full), pytest.raises(OSError, match="disk"):
        keep(roll)
    assert list(folder.rglob("*.pdf")) == []


def test_nobody_else_reaches_a_sheet_by_any_address(roll, city, folder):
    keep(roll)
    sheet = RollSheet.objects.get()
    other = city.activity(title="另一场")
    addresses = [
        roll.to("roll_sheets"),
        roll.to("roll_sheet", sheet.pk),
        roll.to("roll_sheet_void", sheet.pk),
    ]
    users = [city.other_recorder, city.reviewer, city.auditor, roll.people[0].representative.user]
    for user in users:
        client = Client()
        client.force_login(user)
        found = [client.get(a).status_code for a in addresses[:2]]
        found += [client.post(a, {"reason": "x"}).status_code for a in (addresses[0], addresses[2])]
        assert found == [404] * 4
    assert [Client().get(a).status_code for a in addresses[:2]] == [302, 302]
    public = [f"/media/{sheet.file.name}", f"/documents/{sheet.file.name}", f"/{sheet.file.name}"]
    assert [Client().get(a).status_code for a in public] == [404] * 3
    swapped = addresses[1].replace(f"/roll/{roll.activity.pk}/", f"/roll/{other.pk}/")
    assert roll.client.get(swapped).status_code == 404
    assert RollSheetVoid.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_sheets_takes_three_queries_of_its_own(roll, folder, count, django_assert_num_queries):
    for number in range(count):
        keep(roll, PDF + bytes([number + 65]))
    roll.client.get(roll.to("roll_sheets"))
    with django_assert_num_queries(FRAME + 3):
        roll.client.get(roll.to("roll_sheets"))
