"""People named in words: 王样本、李样本（清源镇） becomes the mandates that were in force on a day."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import QuerySet

from stations.models import Mandate

BETWEEN = re.compile(r"[、，,；;\s]+")
NAMED = re.compile(r"^(?P<name>[^（(]+?)(?:[（(](?P<area>[^）)]*)[）)])?$")
AT_ONCE = 500  # names in one query


class Unknown(ValueError):
    """A name that cannot be told; the message says why and what to write instead."""


class Directory:
    """The mandates of the people named in some texts, read at once; each text is then told by a day of its own."""

    def __init__(self, texts: Iterable[str], among: QuerySet[Mandate]) -> None:
        names = sorted({match["name"].strip() for text in texts for match in _parts(text) if match})
        self._found: dict[str, list[Mandate]] = {}
        for start in range(0, len(names), AT_ONCE):
            rows = among.filter(representative__name__in=names[start : start + AT_ONCE])
            for mandate in rows.select_related("representative", "area").order_by("pk"):
                self._found.setdefault(mandate.representative.name, []).append(mandate)

    def named(self, text: str, day: date) -> list[Mandate]:
        """Return the mandates of the people named in `text` that were in force on `day`, in their order. No query.

        Between names stand 、 commas or spaces; of two people of one name the area tells them apart, in brackets.
        Raises Unknown for a name that nobody or more than one has.
        """
        parts = list(_parts(text))
        wanted = [(match["name"].strip(), (match["area"] or "").strip()) for match in parts if match]
        if len(wanted) < len(parts):
            raise Unknown("姓名之间请用顿号隔开，区域写在括号里。")
        return list(dict.fromkeys(self._one(name, area, day) for name, area in wanted))

    def _one(self, name: str, area: str, day: date) -> Mandate:
        fitting = [
            mandate
            for mandate in self._found.get(name, ())
            if area in {"", mandate.area.name} and mandate.starts_on <= day <= (mandate.ends_on or date.max)
        ]
        if not fitting:
            said = f"{name}（{area}）" if area else name
            raise Unknown(f"{day:%Y-%m-%d} 在任的代表里没有找到“{said}”，请核对姓名和日期。")
        if len(fitting) > 1:
            areas = "、".join(f"{name}（{mandate.area.name}）" for mandate in fitting)
            raise Unknown(f"有 {len(fitting)} 位代表叫“{name}”，请写明区域：{areas}。")
        return fitting[0]


def mandates_named(text: str, day: date, among: QuerySet[Mandate]) -> list[Mandate]:
    """Return the mandates of the people named in one text, as `Directory.named` does (1 query)."""
    return Directory([text], among).named(text, day)


def named(mandates: list[Mandate]) -> str:
    """Return the words by which mandates_named() finds these mandates again."""
    return "、".join(f"{mandate.representative.name}（{mandate.area.name}）" for mandate in mandates)


def _parts(text: str) -> Iterator[re.Match[str] | None]:
    return (NAMED.match(part) for part in BETWEEN.split(text.strip()) if part)
