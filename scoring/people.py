"""People named in words: 王样本、李样本（清源镇） becomes the mandates that were in force on a day."""

import re
from datetime import date

from django.db.models import QuerySet

from stations.models import Mandate

BETWEEN = re.compile(r"[、，,；;\s]+")
NAMED = re.compile(r"^(?P<name>[^（(]+?)(?:[（(](?P<area>[^）)]*)[）)])?$")


class Unknown(ValueError):
    """A name that cannot be told; the message says why and what to write instead."""


def mandates_named(text: str, day: date, among: QuerySet[Mandate]) -> list[Mandate]:
    """Return the mandates of the people named in `text` that were in force on `day`, in their order (1 query).

    Between names stand 、 commas or spaces; of two people of one name the area tells them apart, in brackets.
    Raises Unknown for a name that nobody or more than one has.
    """
    parts = [NAMED.match(part) for part in BETWEEN.split(text.strip()) if part]
    wanted = [(match["name"].strip(), (match["area"] or "").strip()) for match in parts if match]
    if len(wanted) < len(parts):
        raise Unknown("姓名之间请用顿号隔开，区域写在括号里。")
    rows = among.filter(representative__name__in=[name for name, _ in wanted])
    found = [
        mandate
        for mandate in rows.select_related("representative", "area").order_by("pk")
        if mandate.starts_on <= day <= (mandate.ends_on or date.max)
    ]
    return list(dict.fromkeys(_one(name, area, day, found) for name, area in wanted))


def named(mandates: list[Mandate]) -> str:
    """Return the words by which mandates_named() finds these mandates again."""
    return "、".join(f"{mandate.representative.name}（{mandate.area.name}）" for mandate in mandates)


def _one(name: str, area: str, day: date, found: list[Mandate]) -> Mandate:
    fitting = [
        mandate
        for mandate in found
        if mandate.representative.name == name and area in {"", mandate.area.name}
    ]
    if not fitting:
        said = f"{name}（{area}）" if area else name
        raise Unknown(f"{day:%Y-%m-%d} 在任的代表里没有找到“{said}”，请核对姓名和日期。")
    if len(fitting) > 1:
        areas = "、".join(f"{name}（{mandate.area.name}）" for mandate in fitting)
        raise Unknown(f"有 {len(fitting)} 位代表叫“{name}”，请写明区域：{areas}。")
    return fitting[0]
