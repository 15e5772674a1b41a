"""A confirmed year as the content tree of its book: which texts, in which order, with which words around them.

Everything is read from the confirmed year and the public site; the same records give the same tree. No score is
printed, and no band but the best one (PRODUCT.md, What may be seen and The book).
"""

from pathlib import Path

from wagtail.models import Site

from portal.models import CongressSettings
from scoring.book import appendices, chapters
from scoring.book.nodes import BoardList, Book, Chapter, Imprint, Paragraph, Part, Story
from scoring.book.pictures import PictureFolder
from scoring.book.records import Records
from scoring.book.stories import stories_of
from scoring.models import Year
from scoring.year.confirmed import confirmed_year

DIGEST_GROUP = 16


class BookRefused(ValueError):
    """There is no book to make of this year yet; the message says why and what to do first."""


def collect(year: Year, folder: Path) -> Book:
    """Return the book of a confirmed year; originals of its pictures are copied into `folder`.

    Raises YearNotConfirmed before the year is, BookRefused while nobody's story may be compiled.
    """
    year = confirmed_year(year.label)
    pictures = PictureFolder(folder)
    stories = stories_of(year, pictures)
    if not stories:
        raise BookRefused("还没有可选的事迹：要有优秀代表本人同意收入汇编，并且事迹已经在“代表风采”发布。")
    identity = _identity()
    records = Records(year)
    publisher = identity.host_name or identity.site_name
    assert year.decided_on  # confirmed
    return Book(
        title=f"{year.label} 年度|优秀代表事迹汇编",
        subtitle=identity.statement,
        year=year.label,
        publisher=publisher,
        date=f"{year.decided_on.year} 年 {year.decided_on.month} 月",
        issued=year.decided_on,
        notice=identity.notice if year.standard.is_example else "",
        board=(BoardList("主办", (publisher,)), BoardList("编辑", (identity.site_name,))),
        preface=_preface(records, stories, publisher, identity.statement_lead),
        parts=tuple(_parts(records, stories, pictures)),
        appendices=(appendices.standard(year), appendices.roll(year)),
        colophon=tuple(_colophon(year, identity, publisher)),
    )


def _identity() -> CongressSettings:
    site = Site.objects.filter(is_default_site=True).first()
    identity: CongressSettings = CongressSettings.for_site(site) if site else CongressSettings()
    return identity


def _preface(records: Records, stories: tuple[Story, ...], publisher: str, lead: str) -> Chapter:
    label = records.year.label
    numbers = (
        f"{label} 年，{records.people} 位代表参加年度履职考评。全年收册的活动 {len(records.activities)} 场，"
        f"其中代表分享会 {len(records.sessions)} 场；代表参加活动 {records.attendances} 人次，"
        f"留下公开课件 {len(records.courseware)} 份、金点子 {len(records.ideas)} 条。"
    )
    contents = (
        f"年度结果经{records.year.decision_meeting}确认（{records.year.decision_number}）。本书收入优秀代表的"
        f"履职事迹 {len(stories)} 篇，均经本人同意，按姓名笔画为序；同时收入全年的分享会与金点子、优秀课件、"
        "联络站点、媒体报道和大事记，供代表履职参考。"
    )
    return Chapter(
        "前言", tuple(Paragraph(text) for text in (lead, numbers, contents) if text.strip()), byline=publisher
    )


def _parts(records: Records, stories: tuple[Story, ...], pictures: PictureFolder) -> list[Part]:
    """Return the parts in printing order; one without content is left out."""
    made = [
        Part("年度综述", "一年的履职，先看数字。", chapters.overview(records)),
        Part("优秀代表", f"{len(stories)} 位代表的履职故事，按姓名笔画为序。", stories),
        Part("分享会与金点子", "讲出来的经验，议出来的办法。", chapters.sessions(records, pictures)),
        Part("优秀课件", "可以带走的方法。", chapters.courseware(records)),
        Part("联络站巡礼", "代表在哪里，群众到哪里找代表。", chapters.stations(records.year)),
        Part("媒体报道选登", "报道已经代表工作机构核实。", chapters.media(records)),
        Part("大事记", "按时间先后，记下全年的活动。", chapters.chronicle(records)),
    ]
    return [part for part in made if part.chapters]


def _spaced(digest: str) -> str:
    return " ".join(digest[at : at + DIGEST_GROUP] for at in range(0, len(digest), DIGEST_GROUP))


def _supplements(year: Year) -> list[tuple[str, str]]:
    """Return the supplements whose figures the book follows, and their seal: numbers and decisions, nobody's name."""
    rows = list(year.supplements.order_by("number"))
    if not rows:
        return []
    told = "；".join(f"第 {each.number} 号（{each.reference}，{each.decided_on:%Y-%m-%d}）" for each in rows)
    return [("补充决定", told), ("补充摘要", _spaced(rows[-1].seal))]


def _colophon(year: Year, identity: CongressSettings, publisher: str) -> list[Imprint]:
    lines = [
        ("书名", f"{year.label} 年度优秀代表事迹汇编"),
        ("编印", publisher),
        ("统计期间", f"{year.starts_on:%Y-%m-%d} 至 {year.ends_on:%Y-%m-%d}"),
        ("结果确认", f"{year.decision_meeting}，{year.decision_number}，{year.decided_on:%Y-%m-%d}"),
        ("积分标准", f"{year.standard.title}，第 {year.standard.version} 版"),
        ("确认摘要", _spaced(year.digest)),
        *_supplements(year),
        ("联系电话", identity.phone),
        ("地址", identity.address),
    ]
    return [Imprint(label, value) for label, value in lines if value]
