"""Seed what came up about one sheet of last year: an objection while it was publicised, a supplement after its confirmation."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from portal.dates import cn_month_day
from portal.models import User
from scoring.models import Year
from scoring.operations import Adjustment, Change, answer_objection, file_objection, record_supplement
from scoring.sheets import rules_of
from sessions.demo.rolls import at
from sessions.models import Activity
from stations.models import Mandate

TEXTS = Path(__file__).parent / "texts" / "corrections.yaml"


def object_in_time(year: Year, office: User, begun: date) -> None:
    """Let the second representative with an account object while the year is publicised, since `begun`; the office declines."""
    mandate, missed = _whom(year)
    if missed is None:
        return
    words = _words("objection", missed, year)
    user = mandate.representative.user
    assert user  # an account of the demonstration
    category, item = next(
        (category.name, item.name)
        for category in rules_of(year.standard).categories
        for item in category.items
        if item.code == words["item"]
    )
    objection = file_objection(
        year=year, mandate=mandate, item=f"{category} · {item}", text=words["text"],
        actor=user, moment=at(begun + timedelta(days=2), "20:10"),
    )  # fmt: skip
    answered = at(begun + timedelta(days=4), "10:20")
    answer_objection(
        objection=objection, accepted=False, answer=words["answer"], actor=office, moment=answered
    )


def supplement(year: Year, office: User, day: date) -> None:
    """Record on `day` what the council of chairpersons decided about the same sheet, once the paper was found."""
    mandate, missed = _whom(year)
    if missed is None:
        return
    words = _words("supplement", missed, year)
    found = Adjustment(words["item"], Decimal(words["points"]), words["reason"], words["record"])
    record_supplement(
        year=year,
        meeting=words["meeting"],
        reference=words["reference"],
        decided_on=day,
        changes=[Change(mandate.pk, (found,))],
        actor=office,
        moment=at(day, "16:30"),
    )


def _whom(year: Year) -> tuple[Mandate, Activity | None]:
    """Return the mandate, and the last reception day of its area whose roll does not name it."""
    mandate = Mandate.objects.select_related("representative__user", "area").get(
        representative__user__username="daibiao2"
    )
    days = Activity.objects.held_between(year.starts_on, year.ends_on)
    days = days.filter(kind=Activity.Kind.RECEPTION, area=mandate.area)
    return mandate, days.exclude(attendances__mandate=mandate).order_by("starts_at").last()


def _words(part: str, activity: Activity, year: Year) -> dict[str, Any]:
    texts: dict[str, str] = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))[part]
    named = {"day": cn_month_day(activity.starts_at), "place": activity.place, "year": year.label + 1}
    return {key: text.format(**named) for key, text in texts.items()}
