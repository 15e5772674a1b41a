"""From a confirmed year to the content tree of its book: who is in, who is not, in which order."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.images import ImageFile
from PIL import Image
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction

from portal.models import CongressSettings
from scoring.book.collect import BookRefused, collect
from scoring.book.nodes import Bullets, Paragraph, Picture, Quote, Story, Table, TimelineEntry
from scoring.book.prose import rich_text
from scoring.models import FrozenSheet, Standard, Year
from scoring.year.confirmed import YearNotConfirmed, confirmed_year
from sessions.models import CoursewarePage, SharingSessionPage
from sessions.operations import close_roll, record_status
from stations.models import ProfilePage
from tests.conftest import START
from tests.sessions.voiced import idea

STANDARD = """\
format: 1
code: book
title: 测试标准
subject: representative
period: {length: year}
base: 0
total: {min: 0, max: null}
bands:
  - {name: 优秀, min: 90}
  - {name: 称职, min: 70}
  - {name: 不称职}
categories:
  - code: all
    name: 参加活动
    kind: regular
    max: 100
    items:
      - code: sharing
        name: 参加分享会
        unit: 次
        sources: [{from: attendance, where: {kind: sharing}}]
        rule: {kind: count, points: 50, max: 100}
"""


@pytest.fixture
def year(city):
    """A confirmed year; sheets are laid in by `freeze`."""
    standard = Standard.objects.create(
        code="book", version=1, title="测试标准", text=STANDARD, digest="d" * 64
    )
    return Year.objects.create(
        label=2026,
        term=city.term,
        standard=standard,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        state=Year.State.CONFIRMED,
        decision_meeting="主任会议",
        decision_number="示例 1 号",
        decided_on=date(2027, 1, 22),
        digest="0123456789abcdef" * 4,
    )


def freeze(year, mandate, band, total):
    FrozenSheet.objects.create(year=year, mandate=mandate, band=band, total=total, content={})


def tell(site, mandate, title="守着窑火", *, live=True, **more):
    page = ProfilePage(
        title=title,
        slug=f"s{mandate.pk}",
        representative=mandate.representative,
        date=date(2026, 6, 1),
        live=live,
        **more,
    )
    return site["daibiao"].add_child(instance=page)


def excellent(city, site, year, name, **more):
    mandate = city.representative(name, compile_consent=True)
    freeze(year, mandate, "优秀", "95.00")
    tell(site, mandate, **more)
    return mandate


def stories(book):
    return [item for part in book.parts for item in part.chapters if isinstance(item, Story)]


def everything(value):
    """All texts of a tree of frozen nodes."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for each in value for text in everything(each)]
    if hasattr(value, "__slots__"):
        return [text for name in value.__slots__ for text in everything(getattr(value, name))]
    return []


def test_only_the_best_band_with_consent_and_a_published_story_is_compiled(city, site, year, tmp_path):
    excellent(city, site, year, "丁示例")
    silent = city.representative("王样本")
    freeze(year, silent, "优秀", "99.00")
    tell(site, silent)
    lower = city.representative("田示范", compile_consent=True)
    freeze(year, lower, "称职", "89.99")
    tell(site, lower)
    unpublished = city.representative("谢示教", compile_consent=True)
    freeze(year, unpublished, "优秀", "91.00")
    tell(site, unpublished, live=False)
    untold = city.representative("李拟名", compile_consent=True)
    freeze(year, untold, "优秀", "92.00")
    hidden = city.representative("白例文", compile_consent=True)
    freeze(year, hidden, "优秀", "93.00")
    page = tell(site, hidden)
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert [story.person.name for story in stories(collect(year, tmp_path))] == ["丁示例"]


def test_stories_stand_in_the_order_of_strokes(city, site, year, tmp_path):
    for name in ("谢示教", "王样本", "丁示例", "田示范"):
        excellent(city, site, year, name)
    names = [story.person.name for story in stories(collect(year, tmp_path))]
    assert names == ["丁示例", "王样本", "田示范", "谢示教"]


def test_no_score_and_no_band_but_the_best_is_printed(city, site, year, tmp_path):
    excellent(city, site, year, "丁示例")
    freeze(year, city.representative("王样本"), "称职", "77.31")
    freeze(year, city.representative("毛假名"), "不称职", "33.37")
    book = collect(year, tmp_path)
    texts = [t for part in book.parts for t in everything(part)] + everything(book.preface)
    assert [t for t in texts if "称职" in t or "77.31" in t or "33.37" in t or "95" in t] == []
    assert stories(book)[0].band_note == "优秀代表"


def test_the_roll_names_everybody_and_tells_nothing_else(city, site, year, tmp_path):
    excellent(city, site, year, "丁一")
    freeze(year, city.representative("毛假名"), "不称职", "33.37")
    roll = collect(year, tmp_path).appendices[1]
    assert roll.blocks == (Paragraph("共 2 人，按姓名笔画为序。"), Paragraph("丁\u3000一\u3000\u3000毛假名"))


def test_a_story_keeps_its_paragraphs_quotes_and_timeline(city, site, year, tmp_path):
    body = [
        ("paragraph", "<p>头一段，<b>粗</b>字。</p><ul><li>一</li><li>二</li></ul>"),
        ("quote", {"text": "窑火要守。", "who": "丁示例"}),
    ]
    timeline = [("entry", {"date": date(2026, 3, 8), "text": "走访"})]
    excellent(city, site, year, "丁示例", body=body, timeline=timeline, summary="提要", byline="本站")
    story = stories(collect(year, tmp_path))[0]
    assert story.blocks == (
        Paragraph("头一段，粗字。"),
        Bullets(("一", "二")),
        Quote("窑火要守。", "丁示例"),
    )
    assert story.timeline == (TimelineEntry("2026 年 3 月 8 日", "走访"),)
    assert (story.dek, story.byline, story.person.group) == ("提要", "本站", "石桥镇代表小组")


def picture(width, height, orientation=1):
    data = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", (width, height), "teal").save(data, "JPEG", exif=exif)
    data.seek(0)
    return get_image_model().objects.create(title="图", file=ImageFile(data, name="t.jpg"))


def test_pictures_are_copied_with_the_size_they_are_shown_in(city, site, year, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    folder = tmp_path / "copies"
    folder.mkdir()
    turned = picture(60, 40, orientation=6)
    body = [("picture", {"image": turned, "caption": "图注", "alt": "替代"})]
    excellent(city, site, year, "丁示例", body=body, portrait=picture(11, 13), cover=turned)
    story = stories(collect(year, folder))[0]
    path = folder / f"image-{turned.pk}.jpg"
    assert story.blocks == (Picture(path, "图注", 40, 60, "替代"),)
    assert (path.exists(), story.person.portrait.exists()) == (True, True)


def test_a_missing_original_leaves_a_path_where_nothing_lies(city, site, year, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    gone = picture(60, 40)
    gone.file.storage.delete(gone.file.name)
    excellent(city, site, year, "丁示例", cover=gone)
    block = stories(collect(year, tmp_path))[0].blocks[0]
    assert (block.path.exists(), block.width_px, block.height_px) == (False, 60, 40)


def test_a_session_with_its_ideas_is_told_and_counted(city, site, year, tmp_path):
    mandate = excellent(city, site, year, "丁示例")
    activity = city.activity(title="窑火分享会", place="石桥镇")
    city.enrol(activity, mandate)
    record_status(
        activity=activity,
        representative=mandate.representative,
        status="present",
        actor=city.recorder,
        moment=START,
    )
    close_roll(activity=activity, actor=city.recorder, moment=START + timedelta(hours=2))
    page = SharingSessionPage(
        title="窑火分享会",
        slug="yaohuo",
        activity=activity,
        number=3,
        outcome=[("paragraph", "<p>谈成一件事。</p>")],
    )
    site["fenxianghui"].add_child(instance=page)
    joint = city.representative("王样本")
    idea(city, mandate, joint, title="夜间接待", text="晚上也开门", activity=activity, handling="adopted")
    idea(city, joint, title="等候的", text="还没有公开", activity=activity, released=False)
    idea(city, joint, title="会外的", text="平时想到的", handling="studying")
    part = next(p for p in collect(year, tmp_path).parts if p.title == "分享会与金点子")
    table, told, others = part.chapters
    assert table.blocks == (
        Table(
            ("期数", "日期", "题目", "形式", "参加（人次）"),
            (("3", "06-18", "窑火分享会", "专题式", "1"),),
            (2, 2, 8, 2, 3),
        ),
    )
    assert (told.byline, told.blocks[0]) == ("6 月 18 日，石桥镇", Paragraph("谈成一件事。"))
    assert told.blocks[2].rows == (("夜间接待", "晚上也开门", "丁示例、王样本", "已采纳"),)
    assert (others.title, others.blocks[0].rows) == (
        "会外征集的金点子",
        (("会外的", "平时想到的", "王样本", "研究中"),),
    )


def test_parts_without_content_are_left_out(city, site, year, tmp_path):
    excellent(city, site, year, "丁示例")
    assert [p.title for p in collect(year, tmp_path).parts] == ["年度综述", "优秀代表", "大事记"]


def test_only_selected_courseware_of_the_year_is_told(city, site, year, tmp_path):
    mandate = excellent(city, site, year, "丁示例")
    for slug, day, selected in (
        ("a", date(2026, 12, 31), True),
        ("b", date(2026, 5, 1), False),
        ("c", date(2027, 1, 1), True),
    ):
        page = CoursewarePage(
            title=slug, slug=slug, author=mandate.representative, date=day, selected=selected
        )
        site["kejian"].add_child(instance=page)
    part = next(p for p in collect(year, tmp_path).parts if p.title == "优秀课件")
    assert [b.text for b in part.chapters[0].blocks] == ["a", "丁示例"]


def test_the_words_around_come_from_the_site_and_the_year(city, site, year, tmp_path):
    excellent(city, site, year, "丁示例")
    identity = CongressSettings.for_site(site["home"].get_site())
    identity.host_name, identity.statement = "示例市人大常委会", "把经验讲出来"
    identity.save()
    book = collect(year, tmp_path)
    assert (book.title, book.subtitle, book.publisher, book.date, book.issued, book.notice) == (
        "2026 年度|优秀代表事迹汇编",
        "把经验讲出来",
        "示例市人大常委会",
        "2027 年 1 月",
        date(2027, 1, 22),
        "",
    )
    assert [line.value for line in book.colophon if line.label == "确认摘要"] == [
        " ".join(["0123456789abcdef"] * 4)
    ]


def test_the_same_records_give_the_same_tree(city, site, year, tmp_path):
    for name in ("谢示教", "王样本"):
        excellent(city, site, year, name)
    assert collect(year, tmp_path) == collect(year, tmp_path)


def test_the_number_of_queries_does_not_grow_with_the_stories(
    city, site, year, tmp_path, django_assert_num_queries
):
    excellent(city, site, year, "丁示例")
    collect(year, tmp_path)  # content types and the site are remembered from here on
    with django_assert_num_queries(16):
        collect(year, tmp_path)
    for name in ("谢示教", "王样本"):
        excellent(city, site, year, name)
    with django_assert_num_queries(16):
        collect(year, tmp_path)


def test_a_year_without_a_story_is_refused(city, site, year, tmp_path):
    with pytest.raises(BookRefused, match="还没有可选的事迹"):
        collect(year, tmp_path)


def test_a_year_that_is_not_confirmed_is_refused(city, site, year, tmp_path):
    Year.objects.update(state=Year.State.PUBLICISED)
    with pytest.raises(YearNotConfirmed, match="2026 年度现在是“公示”"):
        collect(year, tmp_path)
    with pytest.raises(YearNotConfirmed, match="还没有一个年度"):
        confirmed_year()


def test_the_latest_confirmed_year_is_taken_unless_told_otherwise(year):
    assert confirmed_year() == year
    with pytest.raises(YearNotConfirmed, match="没有 2019 年度"):
        confirmed_year(2019)


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("", []),
        ("<p>一<br/>二</p>", [Paragraph("一"), Paragraph("二")]),
        ("<p>a &lt; b</p>", [Paragraph("a < b")]),
        ("没有标签的话", [Paragraph("没有标签的话")]),
        ("<ol><li><p>甲</p></li></ol>", [Bullets(("甲",), ordered=True)]),
        ("<p>#panic() $x$ *y*</p>", [Paragraph("#panic() $x$ *y*")]),
    ],
)
def test_rich_text_becomes_plain_blocks(source, blocks):
    assert rich_text(source) == blocks
