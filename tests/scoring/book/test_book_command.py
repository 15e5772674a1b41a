"""`manage.py book`: a PDF with the stories in it, or a clear sentence and an exit code."""

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from scoring.models import Year
from tests.scoring.book.test_collect import excellent, freeze, year  # noqa: F401 -- a fixture


def test_the_pdf_holds_the_stories_of_the_year(city, site, year, tmp_path, capsys):  # noqa: F811
    excellent(
        city, site, year, "丁示例", title="守着窑火", body=[("paragraph", "<p>清早六点，门就开了。</p>")]
    )
    call_command("book", "2026", out=tmp_path)
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "汇编-2026.pdf").pages)
    flat = "".join(text.split())
    assert ("守着窑火" in flat, "清早六点，门就开了。" in flat) == (True, True)
    assert "（1 篇事迹，" in capsys.readouterr().out


def test_what_the_editor_should_settle_is_printed(city, site, year, tmp_path, capsys):  # noqa: F811
    excellent(city, site, year, "丁示例", title="守着窑火")
    call_command("book", "2026", out=tmp_path)
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("提示：")]
    assert told == ["提示：《守着窑火》（丁示例）还没有正文。"]


def test_the_same_year_gives_the_same_bytes(city, site, year, tmp_path):  # noqa: F811
    excellent(city, site, year, "丁示例")
    for folder in ("a", "b"):
        call_command("book", out=tmp_path / folder)
    first, second = ((tmp_path / folder / "汇编-2026.pdf").read_bytes() for folder in ("a", "b"))
    assert first == second


@pytest.mark.parametrize(
    ("state", "label", "words"),
    [
        (Year.State.OPEN, "2026", "还没有经过主任会议确认"),
        (Year.State.CONFIRMED, "2019", "没有 2019 年度。已建立的年度：2026。"),
        (Year.State.CONFIRMED, "2026", "还没有可选的事迹"),
    ],
)
def test_no_book_is_made_of_such_a_year(city, site, year, tmp_path, state, label, words):  # noqa: F811
    freeze(year, city.representative("丁示例", compile_consent=True), "优秀", "95.00")
    Year.objects.update(state=state)
    with pytest.raises(CommandError, match=words) as caught:
        call_command("book", label, out=tmp_path / "out")
    assert (caught.value.returncode, (tmp_path / "out").exists()) == (2, False)


def test_a_folder_that_cannot_be_written_is_told(city, site, year, tmp_path):  # noqa: F811
    excellent(city, site, year, "丁示例")
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError) as caught:
        call_command("book", out=tmp_path / "file" / "deeper")
    assert caught.value.returncode == 1
