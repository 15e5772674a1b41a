"""What readers type and what they must get, on both databases alike: a small library of every kind, every query in it.

The answers are whole: what stands here is all that is found, so that this is a test of precision as well.
"""

from datetime import date, timedelta

import pytest
import time_machine

from portal.models import NoticePage
from sessions.courseware.examining import Found
from sessions.operations import keep_findings, shelve_courseware
from stations.models import ProfilePage, StationPage
from stations.operations import add_station
from tests.conftest import START
from tests.searched import found, index
from tests.sessions.faces import courseware, face
from tests.sessions.voiced import idea

NOTICES = (
    ("关于开展代表进站接待的通知", "每月十五日，各联络站安排代表接待选民，登记群众反映的问题。"),
    ("第九届代表培训班开班", "培训班邀请省人大专家讲解《代表法》修改，共120名代表参加。"),
    ("石桥镇敬老院食堂改造完成", "食堂增加了软食窗口，老人说饭菜热乎了。"),
    ("5G网络进山村", "清源镇三个山村开通５Ｇ网络，宽带费用下降三成。"),
    ("关于2026年履职积分公示的说明", "公示期为五个工作日，如有异议请书面提出。"),
    ("㐂庆丰收节展演", "𠮷庄村的锣鼓队登台。"),
)
FILE = "陶窑煤改气后烟尘下降八成，烧成率由六成提高到九成二。\n第三节 釉料配比与还原焰"

# What is typed: the titles that are found, whatever their order.
EXPECTED = {
    "接待": ["关于开展代表进站接待的通知", "石桥镇代表联络站", "听民声的下午"],
    "代表接待": ["关于开展代表进站接待的通知"],
    "接待 选民": ["关于开展代表进站接待的通知"],
    "联络站": ["关于开展代表进站接待的通知", "石桥镇代表联络站", "联络站点"],
    "站": ["关于开展代表进站接待的通知", "石桥镇代表联络站", "听民声的下午", "联络站点"],
    "敬老院": ["石桥镇敬老院食堂改造完成"],
    "老院": ["石桥镇敬老院食堂改造完成"],
    "敬老院食堂": ["石桥镇敬老院食堂改造完成"],
    "食堂 敬老院": ["石桥镇敬老院食堂改造完成"],
    "软食窗口": ["石桥镇敬老院食堂改造完成"],
    "培训班": ["第九届代表培训班开班"],
    "代表法": ["第九届代表培训班开班"],
    "《代表法》": ["第九届代表培训班开班"],
    "第九届": ["第九届代表培训班开班"],
    "120名": ["第九届代表培训班开班"],
    "１２０名": ["第九届代表培训班开班"],
    "5G": ["5G网络进山村"],
    "５ｇ网络": ["5G网络进山村"],
    "网络 5G": ["5G网络进山村"],
    "履职积分": ["关于2026年履职积分公示的说明"],
    "２０２６": ["关于2026年履职积分公示的说明"],
    "2026年": ["关于2026年履职积分公示的说明"],
    "㐂": ["㐂庆丰收节展演"],
    "𠮷": ["㐂庆丰收节展演"],
    "𠮷庄村": ["㐂庆丰收节展演"],
    "丁示例": ["丁示例", "烟字留在墙上", "守着窑火的人", "延时接访"],
    "丁 示例": ["丁示例", "烟字留在墙上", "守着窑火的人", "延时接访"],
    "示例": ["丁示例", "烟字留在墙上", "守着窑火的人", "延时接访"],
    "dingshili": ["丁示例"],
    "ding shi": ["丁示例"],
    "Dīng Shìlì": ["丁示例"],
    "dsl": ["丁示例"],
    "DSL": ["丁示例"],
    "shanfan": ["单范"],
    "danfan": [],
    "sf": ["单范"],
    "shan": ["单范"],
    "粉条": ["丁示例", "烟字留在墙上"],
    "粉条合作社": ["丁示例", "烟字留在墙上"],
    "石桥镇 代表": ["石桥镇代表联络站"],
    "石桥": ["石桥镇敬老院食堂改造完成", "石桥镇代表联络站", "听民声的下午"],
    "窑": ["烟字留在墙上", "守着窑火的人", "陶窑改造手册"],
    "窑火": ["烟字留在墙上", "守着窑火的人"],
    "煤改气": ["陶窑改造手册"],
    "烧成率": ["陶窑改造手册"],
    "还原焰": ["陶窑改造手册"],
    "釉料配比 烟尘": ["陶窑改造手册"],
    "乡村振兴": ["听民声的下午", "陶窑改造手册"],
    "周虚构": ["听民声的下午"],
    "怎样接话": ["听民声的下午"],
    "延时": ["延时接访"],
    "下班也能来": ["延时接访"],
    "示范路": ["石桥镇代表联络站"],
    "名录": ["代表名录"],
}  # fmt: skip


@pytest.fixture
def library(city, site):
    with time_machine.travel(START, tick=False):
        ding = city.representative("丁示例", occupation="粉条合作社理事长")
        city.representative("单范", occupation="教师")
        for number, (title, text) in enumerate(NOTICES):
            page = NoticePage(
                title=title, slug=f"n{number}", date=date(2026, 6, 1), body=[("paragraph", f"<p>{text}</p>")]
            )
            site["tongzhi"].add_child(instance=page)
        story = ProfilePage(
            title="烟字留在墙上", slug="ding", representative=ding.representative, date=date(2026, 1, 1),
            body=[("heading", "窑火"), ("paragraph", "<p>床单上落着煤灰。</p>")],
        )  # fmt: skip
        site["daibiao"].add_child(instance=story)
        station = add_station(
            kind="liaison",
            name="石桥镇代表联络站",
            area=city.township,
            address="示范路 18 号",
            actor=city.office,
        )
        body = [("paragraph", "<p>周三下午接待。</p>")]
        site["lianluozhan"].add_child(
            instance=StationPage(title="石桥镇代表联络站", slug="sq", station=station, body=body)
        )
        session = face(
            city, site, title="听民声的下午", theme="乡村振兴", place="石桥镇文化站",
            page={"intro": [("paragraph", "<p>讲接待里的事。</p>")]},
        )  # fmt: skip
        session.speakers = [session.speakers.model(guest_name="周虚构", topic="怎样接话")]
        session.save()
        shared(site, ding.representative)
        idea(city, ding, title="延时接访", text="下班也能来。", moment=START - timedelta(days=1))
        courseware(site, title="守着窑火的人", author=ding.representative, access="representatives")
        index()
        yield


def shared(site, author):
    """Publish courseware whose file has words."""
    page = courseware(site, title="陶窑改造手册", theme="乡村振兴")
    shelve_courseware(page=page, actor=None)
    document = page.files.get().document
    keep_findings(document=document, file_name=document.file.name, found=Found(2, [], FILE), moment=START)


def test_every_query_finds_all_of_what_holds_it_and_nothing_else(client, library):
    given = {query: sorted(found(client, query)) for query in EXPECTED}
    assert given == {query: sorted(titles) for query, titles in EXPECTED.items()}


def test_what_is_typed_first_is_suggested_by_titles_and_people(client, library):
    def suggested(typed):
        return [row.hit.title for row in client.get("/sousuo/tishi/", {"q": typed}).context["rows"]]

    assert sorted(suggested("石桥")) == ["石桥镇代表联络站", "石桥镇敬老院食堂改造完成"]
    assert (suggested("ding"), suggested("ds"), suggested("食堂改")) == (
        ["丁示例"],
        ["丁示例"],
        ["石桥镇敬老院食堂改造完成"],
    )
    assert (suggested("软食窗口"), suggested("煤改气"), suggested(" "), suggested("")) == ([], [], [], [])
    assert len(suggested("的")) <= 8
