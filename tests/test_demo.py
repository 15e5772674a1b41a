"""The demonstration city: what is promised stands, every page opens and says that it is invented, twice is refused."""

import os
import socket
import subprocess
import sys
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module

import pytest
from django.core.management import CommandError
from wagtail.models import Page

from portal.demo.seed import NOTICE
from portal.serve import FLOORS, ROOT, is_ready
from scoring.models import FrozenSheet, MediaReport, Objection, Supplement, Year
from scoring.year.seal import first_fault, stored_digest
from sessions.models import (
    Activity,
    Attendance,
    CoursewareFile,
    Idea,
    IdeaEvent,
    SharingSessionPage,
    Tour,
)
from stations.models import Mandate, ProfilePage, Station
from tests.conftest import SHANGHAI

NOW = datetime(2026, 11, 20, 14, 20, tzinfo=SHANGHAI)


@pytest.fixture
def demo(db, settings):
    """The city as it is seeded at NOW; what `make demo` leaves to the worker waits for one here, too."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    for floor in FLOORS:
        import_module(f"{floor}.demo").seed(NOW, lambda _: None)


@pytest.mark.long
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # Wagtail leaves a rendition's file open
def test_the_seeded_city_keeps_every_promise(demo, client, settings):
    """One test, as seeding takes longest: runners that share the work would each seed a city of their own."""
    has_what_is_promised()
    last_year_is_closed_over_all_four_bands_and_sealed()
    the_same_moment_gives_the_same_points()
    an_objection_was_answered_and_a_supplement_followed()
    this_year_is_open_and_one_session_is_checking_in()
    ideas_are_handled_in_every_way_all_through_the_year()
    a_page_of_every_kind_opens_and_says_that_it_is_invented(client, settings)
    a_site_that_is_not_empty_is_refused()


def has_what_is_promised():
    counts = {
        "people": Mandate.objects.count(),
        "stations": Station.objects.filter(kind="liaison").count(),
        "points": Station.objects.filter(kind="industry").count(),
        "sessions": SharingSessionPage.objects.live().count(),
        "courseware": CoursewareFile.objects.count(),
        "tours": Tour.objects.count(),
        "stories": ProfilePage.objects.live().count(),
        "reports": MediaReport.objects.count(),
    }
    assert counts == {
        "people": 300, "stations": 26, "points": 4, "sessions": 13, "courseware": 7, "tours": 2, "stories": 18, "reports": 24,
    }  # fmt: skip


def last_year_is_closed_over_all_four_bands_and_sealed():
    year = Year.objects.get(label=2025)
    bands = set(FrozenSheet.objects.filter(year=year).values_list("band", flat=True))
    assert (year.state, bands, year.digest) == (
        "notified", {"优秀", "称职", "基本称职", "不称职"}, stored_digest(year),
    )  # fmt: skip


def the_same_moment_gives_the_same_points():
    """Seeded and deterministic: the sum of last year's points is known beforehand."""
    totals = FrozenSheet.objects.values_list("total", flat=True)
    assert (len(totals), sum(totals)) == (300, Decimal("21193.50"))


def an_objection_was_answered_and_a_supplement_followed():
    """Both about one sheet, which therefore holds another figure than was confirmed; nothing sealed moved."""
    objection, supplement = Objection.objects.get(), Supplement.objects.get()
    line = supplement.lines.get()
    assert (objection.outcome, objection.mandate, supplement.number) == ("declined", line.sheet.mandate, 1)
    assert (line.old_total, line.old_band, line.new_total, line.new_band) == (
        Decimal(59), "不称职", Decimal(61), "基本称职",
    )  # fmt: skip
    texts = (objection.text, line.adjustments[0]["reason"])
    assert ["11 月 21 日" in text for text in texts] == [True, True]
    assert first_fault(Year.objects.get(label=2025)) == ""


def this_year_is_open_and_one_session_is_checking_in():
    running = Activity.objects.get(page__number=13)
    assert (Year.objects.get(label=2026).state, running.state) == ("open", "open")
    assert running.opens_at <= NOW <= running.late_until
    assert Attendance.objects.filter(activity=running).count() == 15


def ideas_are_handled_in_every_way_all_through_the_year():
    counts = Counter(Idea.objects.public().values_list("handling", flat=True))
    assert counts == {
        "received": 2, "handed_over": 1, "studying": 3, "adopted": 33, "answered": 6, "not_adopted": 3,
    }  # fmt: skip
    steps = IdeaEvent.objects.filter(kind="handled").values_list("happened_on", flat=True)
    assert len({(day.year, day.month) for day in steps}) == 13
    assert (min(steps), max(steps) <= NOW.date()) == (date(2025, 11, 25), True)


def a_page_of_every_kind_opens_and_says_that_it_is_invented(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    kinds = {page.content_type_id: page for page in Page.objects.live().filter(depth__gt=1).order_by("-path")}
    silent = []
    for page in kinds.values():
        answer = client.get(page.specific.get_url_parts()[2])
        if answer.status_code != 200 or NOTICE not in answer.content.decode():
            silent.append((page.title, answer.status_code))
    assert (len(kinds), silent) == (14, [])


def a_site_that_is_not_empty_is_refused():
    from portal.models import HomePage

    HomePage.objects.all().update(title="首页")
    command = import_module("portal.management.commands.demo").Command()
    with pytest.raises(CommandError, match="空站点"):
        command._seed(NOW)


def test_a_taken_port_is_one_clear_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = subprocess.run(
            [sys.executable, "-m", "portal.serve", "--port", str(port)],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
    assert (run.returncode, run.stderr.splitlines()) == (
        1, [f"端口 {port} 已被占用，请换一个，例如：make demo PORT={port + 1} / port {port} is taken, try: make demo PORT={port + 1}"],
    )  # fmt: skip


def test_a_second_start_prepares_again_only_after_a_change(tmp_path):
    (tmp_path / "requirements.txt").write_text("")
    assert not is_ready(tmp_path, tmp_path)
    (tmp_path / ".ready").write_text("")
    assert is_ready(tmp_path, tmp_path)
    later = (tmp_path / ".ready").stat().st_mtime + 10
    os.utime(tmp_path / "requirements.txt", (later, later))
    assert not is_ready(tmp_path, tmp_path)
