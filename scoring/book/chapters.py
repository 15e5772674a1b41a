"""The chapters about the year itself: numbers, sessions, courseware, stations, reports, the chronicle."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count, Q

from portal.visibility import open_to_all
from scoring.book.nodes import (
    Bar,
    Bars,
    Block,
    Bullets,
    Chapter,
    Figure,
    FigureRow,
    Heading,
    Paragraph,
    Table,
    Timeline,
    TimelineEntry,
)
from scoring.book.pictures import PictureFolder
from scoring.book.prose import prose
from scoring.book.records import Records, local_day
from scoring.models import Year
from sessions.models import Activity
from stations.models import IndustryPointPage, Station, StationPage

Kind = Activity.Kind
# What everybody knows of each other is written down; the many visits of a group or a station are in the numbers.
CHRONICLE = frozenset(Kind) - {Kind.GROUP_ACTIVITY, Kind.RECEPTION, Kind.VISIT, Kind.OTHER}


def written(day: date) -> str:
    """Return 3 月 8 日."""
    return f"{day.month} 月 {day.day} 日"


def overview(records: Records) -> tuple[Chapter, ...]:
    """Return 年度综述: the figures of the year, month by month, by kind of activity."""
    year = records.year
    numbers = (
        (records.people, "人", "参加年度考评的代表"),
        (len(records.activities), "场", "已收册的活动"),
        (len(records.sessions), "场", "代表分享会"),
        (records.attendances, "人次", "参加活动"),
        (len(records.courseware), "份", "公开课件"),
        (len(records.ideas), "条", "金点子"),
        (len(records.reports), "篇", "已核实的媒体报道"),
    )
    figures = tuple(Figure(value=str(n), unit=unit, label=label) for n, unit, label in numbers)
    months = tuple(
        tuple(
            map(
                str,
                (f"{m.month} 月", m.activities, m.sessions, m.attendances, m.courseware, m.ideas, m.reports),
            )
        )
        for m in records.months()
    )
    blocks: list[Block] = [
        FigureRow(figures, as_of=f"统计期间 {year.starts_on:%Y-%m-%d} 至 {year.ends_on:%Y-%m-%d}"),
        Heading("逐月情况"),
        Table(
            (
                "月份",
                "活动（场）",
                "分享会（场）",
                "参加（人次）",
                "课件（份）",
                "金点子（条）",
                "报道（篇）",
            ),
            months,
            widths=(2, 3, 3, 3, 3, 3, 3),
        ),
    ]
    if records.activities:
        bars = tuple(Bar(kind, count) for kind, count in records.kinds())
        blocks += [Heading("各类活动"), Bars("各类活动场次", bars, unit=" 场")]
    return (Chapter("数字里的一年", tuple(blocks)),)


def sessions(records: Records, pictures: PictureFolder) -> tuple[Chapter, ...]:
    """Return 分享会与金点子: the list of the sessions, what came of each, then ideas of no session told here."""
    if not records.sessions:
        return tuple(_other_ideas(records.ideas))
    rows = tuple(
        (
            str(page.number or "—"),
            f"{local_day(page.activity):%m-%d}",
            _flat(page.title),
            str(page.get_format_display()),
            str(page.came),
        )
        for page in records.sessions
    )
    table = Table(("期数", "日期", "题目", "形式", "参加（人次）"), rows, widths=(2, 2, 8, 2, 3))
    by_session: dict[int | None, list[Any]] = {}
    for idea in records.ideas:
        by_session.setdefault(idea.activity_id, []).append(idea)
    told = [_session(page, by_session.pop(page.activity_id, []), pictures) for page in records.sessions]
    rest = [idea for ideas in by_session.values() for idea in ideas]
    rest.sort(key=lambda idea: (idea.year, idea.number))
    chapters = (chapter for chapter in told if chapter.blocks)
    return (Chapter("分享会一览", (table,)), *chapters, *_other_ideas(rest))


def _idea_table(ideas: list[Any]) -> Table:
    rows = tuple(
        (idea.title, idea.text, idea.signature or "—", str(idea.get_handling_display())) for idea in ideas
    )
    return Table(("题目", "内容", "提出人", "办理"), rows, widths=(3, 7, 2, 2))


def _other_ideas(ideas: list[Any]) -> Iterator[Chapter]:
    if ideas:
        yield Chapter("会外征集的金点子", (_idea_table(ideas),))


def _session(page: Any, ideas: list[Any], pictures: PictureFolder) -> Chapter:
    activity = page.activity
    blocks = prose(page.outcome, pictures)
    points = tuple(point.value for point in page.takeaways if point.value.strip())
    if points:
        blocks += [Heading("带走的要点"), Bullets(points)]
    if ideas:
        blocks += [Heading("金点子"), _idea_table(ideas)]
    where = f"，{activity.place}" if activity.place else ""
    return Chapter(
        page.title, tuple(blocks), byline=f"{written(local_day(activity))}{where}", dek=page.summary
    )


def courseware(records: Records) -> tuple[Chapter, ...]:
    """Return 优秀课件: what was selected, with its author and session."""
    blocks: list[Block] = []
    for page in records.courseware:
        if page.selected:
            source = f"分享会“{_flat(page.session.title)}”" if page.session else ""
            author = page.author.name if page.author else page.guest_author
            facts = "，".join(filter(None, (author, source, page.length)))
            blocks += [Heading(_flat(page.title)), *(Paragraph(t) for t in (facts, page.summary) if t)]
    return (Chapter("优秀课件选介", tuple(blocks)),) if blocks else ()


def stations(year: Year) -> tuple[Chapter, ...]:
    """Return 联络站巡礼: every station with address, hours and its reception days of the year (3 queries)."""
    held = Q(
        reception_days__starts_at__date__gte=year.starts_on, reception_days__starts_at__date__lte=year.ends_on
    )
    rows = Station.objects.select_related("area").annotate(days=Count("reception_days", filter=held))
    places = list(rows.order_by("area__code", "name"))
    told: dict[int, str] = {}
    for model in (StationPage, IndustryPointPage):
        told |= dict(open_to_all(model.objects.all()).values_list("station", "summary"))
    parts = ((Station.Kind.LIAISON, "代表联络站"), (Station.Kind.INDUSTRY, "产业联络点"))
    made = (_stations(title, [p for p in places if p.kind == kind], told) for kind, title in parts)
    return tuple(chapter for chapter in made if chapter.blocks)


def _stations(title: str, places: list[Any], told: dict[int, str]) -> Chapter:
    if not places:
        return Chapter(title)
    counted = any(place.days for place in places)  # a column of noughts would tell nothing
    header = ("名称", "地址", "开放时间", "接待日（次）")
    cells = ((p.name, p.address or "—", p.hours or "—", str(p.days)) for p in places)
    columns = 4 if counted else 3
    rows = tuple(row[:columns] for row in cells)
    blocks: list[Block] = [Table(header[:columns], rows, widths=(4, 5, 5, 2)[:columns])]
    for place in places:
        if told.get(place.pk):
            blocks += [Heading(place.name), Paragraph(told[place.pk])]
    return Chapter(title, tuple(blocks))


def media(records: Records) -> tuple[Chapter, ...]:
    """Return 媒体报道选登: reports the office has verified."""
    rows = tuple(
        (
            f"{report.published_on:%m-%d}",
            report.title,
            report.outlet.name,
            "、".join(subject.mandate.representative.name for subject in report.subjects.all()) or "—",
        )
        for report in records.reports
    )
    if not rows:
        return ()
    return (
        Chapter("媒体报道目录", (Table(("日期", "标题", "媒体", "报道对象"), rows, widths=(2, 8, 4, 4)),)),
    )


def chronicle(records: Records) -> tuple[Chapter, ...]:
    """Return 大事记: month by month, one line for each activity that concerned everybody."""
    told = [a for a in records.activities if a.kind in CHRONICLE and not a.declared]
    blocks: list[Block] = []
    for (year, month), group in groupby(told, key=lambda a: (local_day(a).year, local_day(a).month)):
        blocks += [Heading(f"{year} 年 {month} 月"), Timeline(tuple(_entries(group)))]
    decided = records.year.decided_on
    if decided:
        text = f"{records.year.decision_meeting}确认 {records.year.label} 年度代表履职积分结果。"
        blocks += [Heading("结果确认"), Timeline((TimelineEntry(f"{decided:%Y-%m-%d}", text),))]
    return (Chapter("大事记", tuple(blocks)),) if blocks else ()


def _entries(activities: Iterator[Any]) -> Iterator[TimelineEntry]:
    """One entry a day and title: what was held at several places on one day is told once."""
    seen: set[tuple[date, str]] = set()
    for activity in activities:
        key = (local_day(activity), activity.title)
        if key not in seen:
            seen.add(key)
            yield TimelineEntry(written(key[0]), f"{activity.get_kind_display()}：{_flat(activity.title)}")


def _flat(title: str) -> str:
    return title.replace("|", "")
