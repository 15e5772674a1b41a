"""Pages that somebody began and did not finish, and names that break layouts: each has its designed state and nothing is cut off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.models import NoticePage
from portal.models.tags import slug_of
from sessions.models import SessionSpeaker
from stations import operations
from stations.models import IndustryPointPage, ProfilePage, StationPage
from tests.furnished import announce
from tests.journeys.displays import in_each_display
from tests.sessions.faces import courseware, face

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

LONG = "从第一稿到第十一稿一份建议的修改全过程" * 11  # more than 200 characters without a place to break
MIXED = "WTO规则Ⅳ·ﷺ Straße naïve 😀ＡＢＣ一二三" + "Pneumonoultramicroscopic" * 6
RARE = "𠮷𡈽𪚥䶮㼆"
ONE = "丁"
# The first element that sticks out of the window, and how far the page or any element does.
WIDER = """() => {
  const out = [...document.querySelectorAll("main *")]
    .filter(each => !each.closest("svg, .sr, .map-past, .scroll"))
    .map(each => [Math.ceil(each.getBoundingClientRect().right) - innerWidth, each])
    .filter(([far]) => far > 0);
  const page = document.documentElement.scrollWidth - innerWidth;
  return out.length ? [out[0][0], out[0][1].outerHTML.slice(0, 90)] : [page, ""];
}"""


@pytest.fixture
def now():
    return timezone.localtime()


@pytest.fixture
def bare(city, site, now):
    """Return {what: address} of pages on which as much as possible is missing."""
    person = city.representative("田示范", login=False, group=None)
    story = ProfilePage(
        title="无照片的事迹", slug="bare", representative=person.representative, date=now.date()
    )
    session = face(
        city, site, title="什么都没写的一场", starts_at=now + timedelta(days=3), place="", theme=""
    )
    held = face(city, site, title="过去的一场", starts_at=now - timedelta(days=3), place="", theme="")
    pages = {
        "story": site["daibiao"].add_child(instance=story),
        "session": session,
        "held": held,
        "station": open_place(city, site, "石桥镇代表联络站", StationPage),
        "point": open_place(city, site, "三粉联络点", IndustryPointPage, industry="三粉"),
        "notice": site["tongzhi"].add_child(
            instance=NoticePage(title="空通知", slug="empty", date=now.date())
        ),
        "courseware": courseware(site),
    }
    pages["courseware"].files.all().delete()
    return {what: page.url for what, page in pages.items()} | lists()


@pytest.fixture
def unwieldy(city, site, now):
    """Return {what: address} of pages with names that are too long, too short, rare or of several scripts."""
    people = [
        city.representative(name, login=False, occupation=MIXED[:80])
        for name in (ONE, RARE, MIXED.replace("ﷺ", "")[:40], LONG[:40])
    ]
    for number, (title, mandate) in enumerate(zip((ONE, RARE, MIXED[:200], LONG[:200]), people, strict=True)):
        story = ProfilePage(
            title=title,
            slug=f"u{number}",
            representative=mandate.representative,
            date=now.date(),
            summary=LONG[:200],
        )
        story.tags.add(ONE, RARE, MIXED[:60], LONG[:100])
        site["daibiao"].add_child(instance=story)
        page = face(
            city,
            site,
            title=title[:120],
            starts_at=now + timedelta(days=number),
            theme=LONG[:30],
            place=MIXED[:80],
        )
        page.speakers = [
            SessionSpeaker(representative=mandate.representative, topic=LONG[:80], abstract=MIXED[:200]),
            SessionSpeaker(guest_name=LONG[:40], guest_title=MIXED[:80]),
        ]
        page.tags.add(LONG[:100])
        page.save()
        station = open_place(
            city, site, title[:60], StationPage, address=LONG[:120], hours=MIXED[:120], access=LONG
        )
        operations.add_to_roster(
            station=station.station, mandates=people, starts_on=now.date(), duty=LONG[:60], actor=city.office
        )
        operations.plan_reception(
            station=station.station, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2),
            mandates=people, topic=LONG[:80], actor=city.office,
        )  # fmt: skip
    point = open_place(city, site, LONG[3:60], IndustryPointPage, industry=LONG[:30])
    handout = courseware(site, title=LONG[:200], author=people[1].representative, theme=LONG[:30])
    notice = NoticePage(title=LONG[:200], slug="long", date=now.date(), summary=MIXED[:200], source=LONG[:60])
    site["tongzhi"].add_child(instance=notice)
    last = ProfilePage.objects.order_by("pk").last()
    pages = {"story": last, "session": page, "station": station, "point": point, "courseware": handout}
    found = {what: each.url for what, each in pages.items()} | {"notice": notice.url} | lists()
    return found | {"search": "/sousuo/?q=" + "一" * 50, "tag": f"/biaoqian/{slug_of(LONG[:100])}/"}


def open_place(city, site, name, model, **facts):
    station = operations.add_station(
        kind="industry" if model is IndustryPointPage else "liaison",
        name=name,
        area=city.township,
        **{key: value[:200] for key, value in facts.items()},
        actor=city.office,
    )
    page = model(title=name, slug=f"z{station.pk}", station=station)
    return site["lianluozhan"].add_child(instance=page)


def lists():
    return {address: address for address in (
        "/", "/daibiao/", "/daibiao/minglu/", "/fenxianghui/", "/fenxianghui/?view=list", "/lianluozhan/", "/kejian/",
        "/tongzhi/", "/biaoqian/",
    )}  # fmt: skip


def faults(lay_out_page, addresses):
    """Return {(what, width): status and how much too wide} of pages that are not as they should be, in 大字版 too."""
    found = {}
    page = lay_out_page()
    for what, address in addresses.items():
        status = page.goto(address).status
        for width, texts in ((390, ("xlarge", "")), (1440, ("large",))):
            page.set_viewport_size({"width": width, "height": 844})
            measured = page.evaluate(in_each_display(WIDER), [{"text": text} for text in texts])
            for text, wider in zip(texts, measured, strict=True):
                if (status, wider[0] > 0) != (200, False):
                    found[what, width, text] = (status, *wider)
    return found


def test_pages_with_nothing_filled_in_stand_in_every_text_size(bare, lay_out_page):
    assert faults(lay_out_page, bare) == {}


def test_long_short_rare_and_mixed_names_break_no_layout(unwieldy, lay_out_page):
    assert faults(lay_out_page, unwieldy) == {}


def test_each_missing_part_is_said_or_left_out(client, bare):
    said = {what: client.get(address).content.decode() for what, address in bare.items()}
    assert "还没有新的接待日，确定后会在这里公布。" in said["station"]
    assert "驻站代表名单正在整理。" in said["station"]
    assert "下一次接待日确定后会在这里公布。" in said["point"]
    assert "这期课件还没有上传" in said["held"]
    left_out = ("主讲人", "议程", "这一期讲什么", "会后小结", "带走的要点")
    assert [word for word in left_out if f"<h2>{word}" in said["session"] + said["held"]] == []
    assert [word for word in ("来源：", "责任编辑：") if word in said["notice"]] == []
    assert [word for word in ("履职纪事", "代表小组</dt>") if word in said["story"]] == []
    assert "None" not in "".join(said.values())


def test_a_deleted_page_is_not_found_and_named_nowhere(client, site, city, now, commits):
    activity = announce(city, site, city.representative("丁示例"), now + timedelta(days=1))
    page = activity.page
    client.get("/fenxianghui/")
    with commits():
        page.delete()
    answer = client.get(page.url)
    assert (answer.status_code, "这一页没有找到" in answer.content.decode()) == (404, True)
    for address in lists():
        assert page.title not in client.get(address).content.decode()
