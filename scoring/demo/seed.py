"""Seed the example standard, proposals, media reports and honours; walk last year to its end and past it, open this one."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import yaml
from django.utils import timezone

from portal.models import User
from scoring.demo.corrections import object_in_time, supplement
from scoring.models import FrozenSheet, Outlet, Standard, Year
from scoring.models.assessments import WHOLE
from scoring.operations import (
    Figure,
    add_honour,
    add_outlet,
    add_proposal,
    adopt_standard,
    assess,
    confirm_year,
    create_year,
    notify_year,
    open_year,
    publicise_year,
    recheck_area,
    report_media,
    start_review,
    store_standard,
    submit_area,
    verify_report,
)
from sessions.demo.rolls import at
from sessions.demo.seed import SESSIONS
from stations.demo.seed import everyone, stories
from stations.models import Area, Mandate, ProfilePage, Term

FOLDER = Path(__file__).parent


def seed(moment: datetime, say: Callable[[str], None]) -> None:
    """Fill the demonstration's scoring; `moment` is now."""
    random = Random(611)  # noqa: S311 -- a demonstration, no secret
    office, reviewer = (User.objects.get(username=name) for name in ("office", "reviewer"))
    today = timezone.localdate(moment)
    mandates = list(everyone())
    say("示例积分标准、建议、专题报道与荣誉")
    text = (FOLDER / "example-6x11.yaml").read_text(encoding="utf-8")
    draft = store_standard(text=text, actor=office, is_example=True)
    first_day = date(today.year - 1, 1, 1)
    standard = adopt_standard(standard=draft, effective_from=first_day, actor=office, moment=moment)
    for year in (today.year - 1, today.year):
        _proposals(random, year, mandates, today, office)
    _media(mandates, moment, office)
    _honours(mandates, today, office)
    say(f"{today.year - 1} 年度：审核、公示、确认、通报")
    _close_last_year(today.year - 1, standard, office, reviewer)
    say(f"{today.year} 年度：履职与自评")
    running = open_year(year=_create(today.year, standard, office), actor=office, moment=moment)
    _assessments(running, mandates, reviewer, moment)


def _texts(name: str) -> Any:
    return yaml.safe_load((FOLDER / "texts" / f"{name}.yaml").read_text(encoding="utf-8"))


def _create(label: int, standard: Standard, office: User) -> Year:
    return create_year(label=label, term=Term.objects.get(), standard=standard, actor=office)


def _diligent(mandates: list[Mandate]) -> list[Mandate]:
    """People of the stories first: they move proposals most."""
    return mandates[: len(stories())]


def _proposals(random: Random, year: int, mandates: list[Mandate], today: date, office: User) -> None:
    """Every title has a lead and some co-movers; people of the stories lead two each year."""
    leads = _leads(random, mandates)
    for number, row in enumerate(_texts("proposals")):
        day = date(year, 1, 14) if number % 3 else date(year, 2 + number % 8, 11)
        if day > today:
            continue
        lead = next(leads)
        seconders = random.sample([m for m in mandates if m != lead], 8)
        movers = {lead: "lead"} | dict.fromkeys(seconders, "co") if number % 5 else {lead: "sole"}
        add_proposal(
            title=row["title"], ref=f"示例 {year}-{number + 1:03d}", submitted_on=day, movers=movers,
            fine=bool(row.get("fine")), key=bool(row.get("key")), actor=office,
        )  # fmt: skip


def _leads(random: Random, mandates: list[Mandate]) -> Iterator[Mandate]:
    people = _diligent(mandates)
    yield from people
    yield from people
    while True:
        yield random.choice(mandates[len(people) :])


def _media(mandates: list[Mandate], moment: datetime, office: User) -> None:
    texts = _texts("media_reports")
    outlets: dict[str, Outlet] = {
        row["key"]: add_outlet(name=row["name"], level=row["level"], medium=row["medium"], actor=office)
        for row in texts["outlets"]
    }
    today = timezone.localdate(moment)
    for count, row in enumerate(texts["reports"]):
        day = today - timedelta(days=_days_ago(row, count))
        report = report_media(
            title=row["title"],
            outlet=outlets[row["outlet"]],
            published_on=day,
            mandates=[mandates[number - 1] for number in row["people"]],
            url=row["url"],
            story=row["story"],
            form="专题报道",
            actor=office,
        )
        if count % 8 != 7 or day.year < today.year:  # some still wait for the office, none of last year
            verify_report(report=report, actor=office, moment=moment)


def _days_ago(row: dict[str, Any], number: int) -> int:
    return (SESSIONS - int(row["month"])) * 30 + number % 5 + 3


def _honours(mandates: list[Mandate], today: date, office: User) -> None:
    for number, row in enumerate(_texts("honours")):
        add_honour(
            mandate=mandates[row["person"] - 1], title=row["title"], level=row["level"],
            awarded_on=date(today.year - 1, 12, 1 + number), ref=f"示例证书 {number + 1:02d}", actor=office,
        )  # fmt: skip


def _assessments(year: Year, mandates: list[Mandate], reviewer: User, moment: datetime) -> None:
    """Who has an account has assessed the own year; the county has said its part about the first few."""
    for row, mandate in zip(_texts("assessments"), mandates, strict=False):
        own = mandate.representative.user
        if own:
            figure = Figure(WHOLE, Decimal(row["own"]), note=row["said"])
            assess(year=year, mandate=mandate, assessor="self", figures=[figure], actor=own, moment=moment)
        figure = Figure(WHOLE, Decimal(row["county"]), note=row["answer"])
        assess(year=year, mandate=mandate, assessor="area", figures=[figure], actor=reviewer, moment=moment)


def _close_last_year(label: int, standard: Standard, office: User, reviewer: User) -> None:
    """Walk the year through every step with the dates such steps have, by two different people."""
    year = _create(label, standard, office)
    open_year(year=year, actor=office, moment=at(date(label, 1, 5), "09:00"))
    townships = list(Area.objects.filter(level=Area.Level.TOWNSHIP))
    start_review(year=year, areas=townships, actor=office, moment=at(date(label, 12, 31), "17:30"))
    for number, review in enumerate(year.reviews.order_by("area__code")):
        submit_area(review=review, actor=reviewer, moment=at(date(label + 1, 1, 4 + number % 5), "10:00"))
        recheck_area(review=review, actor=office, moment=at(date(label + 1, 1, 9), "15:00"))
    publicised = date(label + 1, 1, 12)
    publicise_year(year=year, actor=office, moment=at(publicised, "09:00"))
    object_in_time(year, office, publicised)
    confirm_year(
        year=year,
        meeting=f"主任会议（演示）{label + 1} 年第 2 次",
        number=f"示例〔{label + 1}〕2 号",
        decided_on=date(label + 1, 1, 22),
        actor=office,
        moment=at(date(label + 1, 1, 22), "16:00"),
    )
    notify_year(year=year, actor=office, moment=at(date(label + 1, 1, 23), "09:00"))
    supplement(year, office, date(label + 1, 2, 13))
    best = standard_first_band(year)
    for page in ProfilePage.objects.filter(representative__mandates__sheets__in=best):
        page.excellent_year = label
        page.save_revision().publish()


def standard_first_band(year: Year) -> Any:
    """Return the frozen sheets of the year's highest band."""
    top = FrozenSheet.objects.filter(year=year).order_by("-total").first()
    return FrozenSheet.objects.filter(year=year, band=top.band if top else "")
