"""The book by clicking: asked for once, made once, given out to the office alone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from scoring.models import Edition, Year
from scoring.operations import YearRefused, finish_edition, request_edition, start_edition, stop_edition
from scoring.operations.editions import LEASE
from scoring.tasks import UNFORESEEN, make_edition
from tests.scoring.book.test_collect import excellent, year  # noqa: F401 -- a fixture
from tests.scoring.year_city import END, somebody

State = Edition.State


@pytest.fixture(autouse=True)
def _private(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def told(city, site, year):  # noqa: F811
    """The year with one story."""
    excellent(city, site, year, "丁示例", title="守着窑火", body=[("paragraph", "<p>清早。</p>")])
    return year


def ask(year, city):  # noqa: F811
    return request_edition(year=year, actor=city.office, moment=END)


def test_a_click_makes_the_book_and_the_office_takes_it(client, city, told, commits, tmp_path):
    client.force_login(city.office)
    with commits():
        answer = client.post("/review/2026/book/")
    assert (answer.status_code, answer.url) == (302, "/review/2026/book/")
    edition = Edition.objects.get()
    assert (edition.state, edition.file_name, edition.message) == ("done", f"2026-{edition.pk}.pdf", "")
    file = client.get(f"/review/2026/book/{edition.pk}/")
    (tmp_path / "taken.pdf").write_bytes(b"".join(file.streaming_content))
    reader = PdfReader(tmp_path / "taken.pdf")
    text = "".join("".join(page.extract_text().split()) for page in reader.pages)
    assert ("守着窑火" in text, len(reader.pages)) == (True, edition.pages)
    assert (file["Cache-Control"], file["Content-Type"]) == ("private, no-store", "application/pdf")
    assert file["Content-Disposition"] == "attachment; filename*=utf-8''%E6%B1%87%E7%BC%96-2026.pdf"


def test_nothing_is_made_before_the_request_is_durable(
    client, city, told, django_capture_on_commit_callbacks
):
    client.force_login(city.office)
    with django_capture_on_commit_callbacks() as after_commit:
        client.post("/review/2026/book/")
    before = Edition.objects.get().state
    for each in after_commit:
        each()
    assert (before, Edition.objects.get().state) == ("waiting", "done")


@pytest.mark.parametrize("who", ["reviewer", "auditor", "recorder", "small office"])
def test_the_book_is_for_who_leads_the_year(client, city, told, who):
    edition, _ = ask(told, city)
    Edition.objects.update(state="done", file_name="2026-1.pdf")
    city.representative("王样本", area=city.other_township)
    user = somebody(city, "small", "office", city.township) if " " in who else getattr(city, who)
    client.force_login(user)
    for name, args in (("editions", (2026,)), ("edition_file", (2026, edition.pk))):
        assert client.get(reverse(name, args=args)).status_code == 404
    assert client.post("/review/2026/book/").status_code == 404
    with pytest.raises(YearRefused, match="您没有生成汇编的权限"):
        request_edition(year=told, actor=user, moment=END)


def test_a_book_is_not_given_out_to_the_anonymous(client, city, told):
    edition, _ = ask(told, city)
    Edition.objects.update(state="done", file_name="2026-1.pdf")
    assert client.get(f"/review/2026/book/{edition.pk}/").status_code == 302


@pytest.mark.parametrize("state", ["waiting", "running", "stopped"])
def test_an_edition_that_is_not_done_is_not_given_out(client, city, told, state):
    edition, _ = ask(told, city)
    Edition.objects.update(state=state)
    client.force_login(city.office)
    assert client.get(f"/review/2026/book/{edition.pk}/").status_code == 404


def test_a_file_that_is_gone_is_not_found(client, city, told):
    edition, _ = ask(told, city)
    Edition.objects.update(state="done", file_name="../../portal.sqlite3")
    client.force_login(city.office)
    assert client.get(f"/review/2026/book/{edition.pk}/").status_code == 404


def test_a_second_click_gets_the_making_that_runs(city, told):
    first, new = ask(told, city)
    again, new_again = ask(told, city)
    assert (first, new, new_again, Edition.objects.count()) == (again, True, False, 1)


def test_a_making_that_did_not_come_back_may_be_asked_for_again(client, city, told):
    lost, _ = request_edition(year=told, actor=city.office, moment=timezone.now() - LEASE)
    start_edition(edition=lost)
    client.force_login(city.office)
    page = client.get("/review/2026/book/")
    assert (page.context["busy"], "没有按时完成，可以再生成一次" in page.content.decode()) == (False, True)
    fresh, new = request_edition(year=told, actor=city.office, moment=timezone.now())
    assert (new, fresh == lost) == (True, False)


def test_two_workers_make_one_book(city, told, tmp_path):
    edition, _ = ask(told, city)
    assert (start_edition(edition=edition), start_edition(edition=edition)) == (True, False)
    make_edition.call(edition.pk)  # the second worker: the edition is taken
    assert (Edition.objects.get().state, (tmp_path / "book").exists()) == ("running", False)


def test_what_is_over_stays_as_it_ended(city, told):
    edition, _ = ask(told, city)
    start_edition(edition=edition)
    stop_edition(edition=edition, message="缺图片", moment=END)
    finish_edition(edition=edition, file_name="late.pdf", pages=3, moment=END + timedelta(hours=1))
    assert list(Edition.objects.values_list("state", "message", "file_name")) == [("stopped", "缺图片", "")]


def test_a_year_without_stories_stops_with_the_reason(city, site, year):  # noqa: F811
    edition, _ = ask(year, city)
    make_edition.call(edition.pk)
    edition.refresh_from_db()
    assert (edition.state, edition.message.split("：")[0]) == ("stopped", "还没有可选的事迹")


def test_the_unforeseen_stops_with_a_calm_sentence(city, told, tmp_path):
    edition, _ = ask(told, city)
    (tmp_path / "book").write_text("a file where the folder should be")
    make_edition.call(edition.pk)
    edition.refresh_from_db()
    assert (edition.state, edition.message) == ("stopped", UNFORESEEN)


def test_a_year_that_is_not_confirmed_is_refused(client, city, told):
    Year.objects.update(state=Year.State.PUBLICISED)
    with pytest.raises(YearRefused, match="经过主任会议确认以后才能生成汇编"):
        ask(told, city)
    client.force_login(city.office)
    assert "确认以后才能汇编" in client.get("/review/2026/book/").content.decode()


def test_the_page_renews_itself_only_while_something_runs(client, city, told):
    client.force_login(city.office)
    assert 'http-equiv="refresh"' not in client.get("/review/2026/book/").content.decode()
    request_edition(year=told, actor=city.office, moment=timezone.now())
    assert 'http-equiv="refresh"' in client.get("/review/2026/book/").content.decode()


def test_the_page_takes_as_many_queries_for_three_rows_as_for_one(
    client, city, site, told, django_assert_num_queries
):
    client.force_login(city.office)
    Edition.objects.create(year=told, requested_by=city.office, requested_at=END, state=State.STOPPED)
    client.get("/review/2026/book/")
    with django_assert_num_queries(8):
        client.get("/review/2026/book/")
    for name in ("谢示教", "王样本"):
        excellent(city, site, told, name)
        Edition.objects.create(year=told, requested_by=city.reviewer, requested_at=END, state=State.STOPPED)
    with django_assert_num_queries(8):
        page = client.get("/review/2026/book/")
    assert (len(page.context["editions"]), len(page.context["stories"])) == (3, 3)
