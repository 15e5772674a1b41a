"""A year with its records, and reading the pages of a sheet: what the tests of the sheet share."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path

from django.urls import reverse

from scoring import operations
from scoring.models import Year
from scoring.year.ahead import still_to_come
from sessions.operations import close_roll, record_status
from tests.conftest import SHANGHAI, START
from tests.scoring.adopted import adopted

EXAMPLE = Path(__file__).resolve().parents[1] / "data" / "standards" / "example-6x11.yaml"
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
END = datetime(2026, 12, 31, 17, 0, tzinfo=SHANGHAI)


def opened(city, label, term=None):
    standard = adopted(city)
    made = operations.create_year(label=label, term=term or city.term, standard=standard, actor=city.office)
    operations.open_year(year=made, actor=city.office, moment=START)
    return Year.objects.select_related("standard").get(pk=made.pk)


def held(city, *mandates, status="present", role="attendee", at=START, close=True, **more):
    activity = city.activity(starts_at=at, **more)
    city.enrol(activity, *mandates, role=role)
    for each in mandates:
        record_status(
            activity=activity,
            representative=each.representative,
            status=status,
            actor=city.recorder,
            moment=at,
        )
    if close:
        close_roll(activity=activity, actor=city.recorder, moment=at + timedelta(hours=2))
    return activity


def report(city, mandate, url, level="national", verify=True, **more):
    outlet = operations.add_outlet(name=f"示例{url[-1]}", level=level, medium="tv", actor=city.office)
    made = operations.report_media(
        title=f"报道{url[-1]}",
        outlet=outlet,
        published_on=date(2026, 5, 1),
        mandates=[mandate],
        url=url,
        actor=city.office,
        **more,
    )
    if verify:
        operations.verify_report(report=made, actor=city.office, moment=START)
    return made


def walk(city, year, until="notify"):
    """Take the year its way up to and including the step `until`."""
    steps = ["review", "submit", "recheck", "publicise", "confirm", "notify"]
    for step in steps[: steps.index(until) + 1]:
        if step == "review":
            seen = len(still_to_come(year, END))
            operations.start_review(
                year=year, areas=[city.township], actor=city.office, moment=END, to_come_seen=seen
            )
        elif step == "submit":
            operations.submit_area(review=year.reviews.get(), actor=city.reviewer, moment=END)
        elif step == "recheck":
            operations.recheck_area(review=year.reviews.get(), actor=city.office, moment=END)
        elif step == "publicise":
            operations.publicise_year(year=year, actor=city.office, moment=END)
        elif step == "confirm":
            operations.confirm_year(
                year=year,
                meeting="主任会议",
                number="示例 1 号",
                decided_on=date(2027, 2, 1),
                actor=city.office,
                moment=END,
            )
        else:
            operations.notify_year(year=year, actor=city.office, moment=END)
    return Year.objects.get(pk=year.pk)


def text_of(page):
    """The words of a page's main part, without tags, each run of blanks one blank."""
    main = re.search(r"<main.*?</main>", page.content.decode(), re.DOTALL)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def hrefs(page):
    main = re.search(r"<main.*?</main>", page.content.decode(), re.DOTALL)[0]
    return [unescape(address) for address in re.findall(r'href="([^"]+)"', main)]


def see(client, mandate, address="scorecard", *args):
    client.force_login(mandate.representative.user)
    return client.get(reverse(address, args=args))


def count_of(page, words):
    return text_of(page).count(words)


def ahead(city, days=3, **more):
    return city.activity(starts_at=NOW + timedelta(days=days), **more)
