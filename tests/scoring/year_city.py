"""A year of the small invented congress that tests walk from step to step."""

from datetime import date, timedelta
from pathlib import Path

from scoring import operations
from scoring.models import AreaReview
from sessions.operations import close_roll, record_status
from stations import operations as stations_operations
from tests.conftest import PASSWORD, START
from tests.scoring.adopted import adopted

EXAMPLE = Path(__file__).resolve().parents[1] / "data" / "standards" / "example-6x11.yaml"
END = START + timedelta(days=200)  # 2027-01-04
DECIDED = date(2027, 2, 1)
STEPS = ("review", "submit", "recheck", "publicise", "confirm", "notify")


def open_year(city):
    """Store the example standard, create and open 2026."""
    standard = adopted(city)
    year = operations.create_year(label=2026, term=city.term, standard=standard, actor=city.office)
    return operations.open_year(year=year, actor=city.office, moment=START)


def walk(year, city, until, areas=None):
    """Take the steps of the year up to and with `until`, each by who may; return the year fresh."""
    reviews = AreaReview.objects.filter(year=year)
    for step in STEPS[: STEPS.index(until) + 1]:
        common = {"year": year, "actor": city.office, "moment": END}
        if step == "review":
            operations.start_review(**common, areas=areas or [city.township])
        elif step in {"submit", "recheck"}:
            actor = city.reviewer if step == "submit" else city.office
            for review in reviews:
                getattr(operations, f"{step}_area")(review=review, actor=actor, moment=END)
        elif step == "confirm":
            confirm(year, city)
        else:
            getattr(operations, f"{step}_year")(**common)
    year.refresh_from_db()
    return year


def confirm(year, city, **more):
    words = {"meeting": "主任会议", "number": "示例 1 号", "decided_on": DECIDED}
    return operations.confirm_year(year=year, actor=city.office, moment=END, **{**words, **more})


def held(city, *mandates, area=None, status="present", title="示例分享会"):
    """Hold one sharing session at which everybody was `status` and close its roll."""
    activity = city.activity(area=area, title=title)
    city.enrol(activity, *mandates)
    for mandate in mandates:
        record_status(
            activity=activity,
            representative=mandate.representative,
            status=status,
            actor=city.office,
            moment=START,
        )
    close_roll(activity=activity, actor=city.office, moment=START + timedelta(hours=2))
    activity.refresh_from_db()
    return activity


def somebody(city, username, role="", area=None):
    """Open an account, with a role in an area when one is named."""
    user = stations_operations.open_account(
        username=username, display_name=username, password=PASSWORD, actor=None
    )
    if role:
        stations_operations.grant(user=user, area=area, role=role, actor=None)
    return user
