"""The demonstration's pages of stations and points: who comes there, what they brought, and what became of it."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from portal.dates import cn_month_day
from portal.installation.operations import add_section
from portal.models import HomePage
from stations.models import IndustryPointPage, Station, StationPage
from stations.sections import PLACES


def place_pages(stations: list[Station], rows: Mapping[str, dict[str, Any]], today: date) -> None:
    """Publish the page of each station and point from its row of the texts, by its name."""
    home = HomePage.objects.get()
    section = add_section(home, PLACES, summary="26 个代表联络站和 4 个产业联络点。")
    for station in stations:
        row = rows[station.name]
        model = StationPage if station.kind == Station.Kind.LIAISON else IndustryPointPage
        first, stop, rest = row["intro"].partition(
            "。"
        )  # the first sentence leads, the text goes on from there
        body: list[tuple[str, Any]] = [("paragraph", f"<p>{rest}</p>"), *_matters(row, today)]
        section.add_child(
            instance=model(
                title=station.name,
                slug=f"zhan-{station.pk}",
                station=station,
                summary=first + stop,
                body=body,
            )
        )


def _matters(row: dict[str, Any], today: date) -> Iterator[tuple[str, Any]]:
    """办得怎样: what people brought to a place within a year, what they said of the answers, what was settled when."""
    heard, answered, content, partly, against = row["year"].values()
    yield "heading", "群众反映的事，办得怎样"
    said = f"，不满意{against}件，接着办" if against else "，没有不满意的"
    figures = (
        f"近一年登记{heard}件，已有回音{answered}件，正在办理{heard - answered}件。"
        f"回访了{content + partly + against}件：满意{content}件，基本满意{partly}件{said}。"
    )
    yield "paragraph", f"<p>{figures}数字出自本站登记表，截至 {cn_month_day(today)}。</p>"
    for matter in row["matters"]:
        day = cn_month_day(today - timedelta(days=matter["days_ago"]))
        yield "paragraph", f"<p><b>{matter['title']}</b>（{day} 办结）　{matter['text']}</p>"
