"""A reviewer follows any point of any sheet to its record in at most two clicks: crawled from the staff's sheet."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from scoring import operations
from scoring.operations import Figure, assess
from sessions.operations import close_roll, confirm_declaration, record_status
from tests.conftest import START
from tests.replay import built_upon
from tests.scoring.adopted import EXAMPLE, adopted
from tests.scoring.sheet_city import END, held, report, walk
from tests.scoring.year_city import somebody
from tests.sessions.declared import deed
from tests.sessions.faces import courseware, face

ASSESSED = EXAMPLE.replace(
    "categories:\n",
    """categories:
  - code: said
    name: 组织评定
    kind: regular
    max: 20
    items:
      - {code: organ, name: 组织评价, sources: [{from: assessment, where: {assessor: [area]}}], rule: {kind: assessed, min: 0, max: 20}}
""",
    1,
)
DAY = START.date()


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(START + timedelta(days=9), tick=False):
        yield


@pytest.fixture
def mandate(city, site):
    """Somebody with a record of every sort that a standard may ask for."""
    return built_upon([city, *site.values()], "a record of every sort", lambda: _mandate(city, site))


def _mandate(city, site):
    mandate = city.representative("王样本")
    standard = adopted(city, ASSESSED)
    year = operations.create_year(label=2026, term=city.term, standard=standard, actor=city.office)
    year = operations.open_year(year=year, actor=city.office, moment=START)
    held(city, mandate, title="没有页面的接待", kind="reception")
    session = face(city, site, title="有页面的分享会", starts_at=START).activity
    held_page(city, session, mandate)
    made = deed(mandate, kind="research", title="走访困难家庭", day=DAY, moment=START, files=1)
    confirm_declaration(declaration=made, actor=city.recorder, moment=START)
    courseware(site, author=mandate.representative, title="怎样写建议", day=DAY)
    taken_down = courseware(
        site, author=mandate.representative, title="撤下的课件", day=DAY, content=b"other"
    )
    operations.add_proposal(
        title="打通示例路",
        ref="示 1",
        submitted_on=DAY,
        movers={mandate: "sole"},
        fine=True,
        actor=city.office,
    )
    report(city, mandate, "https://news.example/1")
    operations.add_honour(
        mandate=mandate, title="先进个人", level="county", awarded_on=DAY, ref="证 1", actor=city.office
    )
    assess(
        year=year, mandate=mandate, assessor="area", figures=[Figure("organ", Decimal(18))],
        actor=city.reviewer, moment=START,
    )  # fmt: skip
    mandate.year, mandate.taken_down = year, taken_down
    return mandate


def held_page(city, activity, mandate):
    city.enrol(activity, mandate)
    record_status(
        activity=activity,
        representative=mandate.representative,
        status="present",
        actor=city.recorder,
        moment=START,
    )
    close_roll(activity=activity, actor=city.recorder, moment=START)


SORTS = {"attendance", "courseware", "proposal", "honour", "media_report", "assessment"}
ANCHOR = re.compile(r'<a href="([^"]+)"[^>]*>([^<]+)</a>')


def lines_of(page):
    """Yield (points or None, label, address) of every line of the sheet, as the page shows them."""
    for facts in re.findall(r'<ul class="facts">(.*?)</ul>', page.text, re.DOTALL):
        for line in re.findall(r"<li>(.*?)</li>", facts, re.DOTALL):
            anchor = ANCHOR.search(line)
            points = re.search(r'class="tnum[^"]*">([^<]*)<', line)
            yield points and points[1], line, anchor and (unescape(anchor[1]), unescape(anchor[2]))


def names_it(client, address, label, person):
    """Whether the page one click away names the record and its person."""
    page = client.get(address, follow=True)
    if page.status_code != 200:
        return False
    main = re.search(r"<main.*?</main>", page.text, re.DOTALL)[0]
    return label in main and person in main


@pytest.mark.parametrize("who", ["reviewer", "office", "auditor"])
def test_every_line_of_the_staffs_sheet_leads_to_its_record(client, city, mandate, who):
    client.force_login(getattr(city, who))
    page = client.get(reverse("staff_sheet", args=[mandate.pk, 2026]))
    lines = list(lines_of(page))
    sorts = {source_kind(line) for line in sources(page)}
    assert sorts == SORTS
    assert [line for _, line, anchor in lines if anchor is None] == []
    lost = [
        anchor
        for _, _, anchor in lines
        if not names_it(client, anchor[0], anchor[1].partition("（")[0], "王样本")
    ]
    assert (lost, len(lines)) == ([], len(sources(page)))


def sources(page):
    """Return the sources of the lines that the sheet on the page holds."""
    sheet = page.context["sheet"]
    categories = (*sheet.regular, *sheet.others)
    return [line for category in categories for item in category.items for line in item.lines]


def source_kind(line):
    href = line.link.href
    if "/history/" in href or "/record/attendance/" in href:
        return "attendance"
    found = re.search(r"/record/(\w+)/", href)
    return found[1] if found else "courseware"


def test_what_was_declared_leads_on_to_the_declaration_with_its_evidence(client, city, mandate):
    client.force_login(city.reviewer)
    page = client.get(reverse("staff_sheet", args=[mandate.pk, 2026]))
    (there,) = [anchor[0] for _, _, anchor in lines_of(page) if anchor and anchor[1] == "走访困难家庭"]
    record = client.get(there)
    (door,) = record.context["record"].doors
    assert client.get(door.href).text.count("走访困难家庭") > 0
    assert dict(record.context["record"].rows)["登记方式"] == "代表申报"


def test_a_courseware_that_was_taken_down_keeps_its_record_for_a_frozen_sheet(client, city, mandate):
    walk(city, mandate.year)
    mandate.taken_down.unpublish()
    client.force_login(city.reviewer)
    page = client.get(reverse("staff_sheet", args=[mandate.pk, 2026]))
    (there,) = [anchor[0] for _, _, anchor in lines_of(page) if anchor and anchor[1] == "撤下的课件"]
    assert dict(client.get(there).context["record"].rows)["状态"] == "已从课件库撤下"


def test_the_line_of_a_roll_says_who_vouches_for_it_and_no_reason_of_leave(client, city, mandate):
    activity = city.activity(title="请假的会议")
    city.enrol(activity, mandate)
    person = mandate.representative
    record_status(
        activity=activity,
        representative=person,
        status="leave",
        reason="住院的缘由",
        actor=city.recorder,
        moment=START,
    )
    close_roll(activity=activity, actor=city.recorder, moment=START)
    row = activity.attendances.get()
    client.force_login(city.reviewer)
    page = client.get(reverse("sheet_record", args=["attendance", row.pk]))
    record = page.context["record"]
    told = dict(record.rows)
    assert (record.title, told["出席情况"], told["收册"]) == (
        "请假的会议", "请假", "记录员，2026-06-18 14:30",
    )  # fmt: skip
    assert page.text.count("住院") == 0


def test_a_line_of_a_roll_is_for_its_person_and_the_readers_of_their_score(client, city, mandate):
    row = held(city, mandate, title="接待", kind="reception", at=END - timedelta(days=9)).attendances.get()
    address = reverse("sheet_record", args=["attendance", row.pk])
    fellow = city.representative("李示例").representative.user
    elsewhere = somebody(city, "elsewhere", "reviewer", city.other_township)
    codes = []
    for user in (mandate.representative.user, city.reviewer, fellow, city.recorder, elsewhere):
        client.force_login(user)
        codes.append(client.get(address).status_code)
    assert codes == [200, 200, 404, 404, 404]


def test_a_claim_that_nobody_confirmed_has_no_record(client, city, mandate):
    row = held(city, mandate, title="没有收册", kind="reception", close=False).attendances.get()
    client.force_login(city.reviewer)
    assert client.get(reverse("sheet_record", args=["attendance", row.pk])).status_code == 404


def test_the_way_back_from_a_record_is_one_that_its_reader_may_go(client, city, mandate):
    row = held(city, mandate, title="接待", kind="reception", at=START + timedelta(days=2)).attendances.get()
    address = reverse("sheet_record", args=["attendance", row.pk])
    ways = []
    for user in (mandate.representative.user, city.reviewer):
        client.force_login(user)
        crumbs = re.search(r'<nav class="crumb".*?</nav>', client.get(address).text, re.DOTALL)[0]
        ways.append([client.get(there).status_code for there in re.findall(r'href="(/\w[^"]*)"', crumbs)])
    assert ways == [[200], [200]]
