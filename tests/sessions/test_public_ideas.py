"""金点子 in public: the list, one idea and its way; what waits is nowhere; markup is text everywhere."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from sessions.models import Idea
from sessions.operations import decline_ideas, handle_idea, merge_ideas, release_ideas
from tests.conftest import START
from tests.searched import index
from tests.sessions.faces import face
from tests.sessions.voiced import idea, question

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}</textarea><svg onload=alert(1)>",
)


@pytest.fixture(autouse=True)
def clock(db):
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def shown(client, **query):
    return [each.title for each in client.get("/jindianzi/", query).context["items"]]


def test_the_list_is_filtered_by_theme_handling_year_and_words(client, city, site):
    wang = city.representative("王样本")
    idea(city, city.representative(), title="甲", theme="乡村振兴", handling="adopted")
    idea(city, wang, title="乙", theme="联系群众")
    idea(city, wang, title="丙", theme="联系群众", moment=START.replace(year=2025))
    assert shown(client) == ["乙", "甲", "丙"]
    assert shown(client, theme="联系群众") == ["乙", "丙"]
    assert shown(client, state="adopted") == ["甲"]
    assert shown(client, year="2025") == ["丙"]
    assert shown(client, q="王样本", year="2026") == ["乙"]
    assert shown(client, theme="无", state="x", year="9" * 40, page="-7") == ["乙", "甲", "丙"]
    assert shown(client, q="王样本 丙") == ["丙"]
    assert shown(client, q="王样本 甲") == []
    assert shown(client, q="\x00没有的") == []


def test_handing_in_is_offered_to_everybody_but_signed_in_staff(client, city, site):
    offered = []
    for user in (None, city.representative().representative.user, city.office):
        if user:
            client.force_login(user)
        offered.append(f'href="{reverse("new_idea")}"' in client.get("/jindianzi/").content.decode())
    assert offered == [True, True, False]


def test_what_waits_or_was_declined_is_nowhere_in_public(client, city, site):
    page = face(city, site)
    waiting = idea(city, city.representative(), title="等着的点子", activity=page.activity, released=False)
    declined = idea(city, city.representative("王样本"), title="撤下的点子", activity=page.activity)
    decline_ideas(ideas=[declined], reason="缘由不公开", moment=START, actor=city.office)
    question(city, page.activity, text="等着的提问？", released=False)
    assert waiting.number is None
    index()
    addresses = ["/", "/jindianzi/", page.url, "/fenxianghui/", "/calendar/sessions.ics"]
    addresses += ["/sousuo/?q=点子", "/jindianzi/?q=点子"]
    texts = [client.get(address).content.decode() for address in addresses]
    words = ("等着的点子", "撤下的点子", "缘由不公开", "等着的提问？")
    assert [word for word in words for text in texts if word in text] == []
    assert client.get(reverse("idea", args=[2026, declined.number])).status_code == 404
    assert client.get("/jindianzi/2026-99/").status_code == 404
    assert client.get(f"/jindianzi/{'9' * 30}-{'9' * 30}/").status_code == 404


def test_an_idea_shows_its_way_without_the_clerks(client, city, site):
    page = face(city, site, title="窑火分享会")
    made = idea(city, city.representative(), activity=page.activity, handling="handed_over")
    handle_idea(
        idea=made,
        handling="adopted",
        happened_on=START.date(),
        moment=START,
        actor=city.office,
        reply="下月起办。",
    )
    html = client.get(reverse("idea", args=[2026, made.number])).content.decode()
    for words in ("延时接待", "丁示例", "已采纳", "交示例单位办理", "下月起办。", "窑火分享会", page.url):
        assert words in html
    assert "代工委</" not in html


def test_the_address_of_a_merged_idea_leads_to_the_one_that_stands_for_it(client, city, site):
    head, member = idea(city, city.representative()), idea(city, city.representative("王样本"))
    merge_ideas(idea=member, into=head, moment=START, actor=city.office)
    answer = client.get(reverse("idea", args=[2026, member.number]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("idea", args=[2026, head.number]))
    assert shown(client) == [head.title]
    assert "丁示例、王样本" in client.get(answer["Location"]).content.decode()


def test_release_handling_and_merging_drop_the_stored_pages(client, city, site, clock, commits):
    page = face(city, site)
    made = idea(city, city.representative(), activity=page.activity, released=False)

    def found(words):
        clock.shift(1)
        return [words in client.get(address).content.decode() for address in ("/jindianzi/", page.url)]

    assert found("延时接待") == [False, False]
    with commits():
        release_ideas(ideas=[made], moment=START, actor=city.office)
    assert found("延时接待") == [True, True]
    with commits():
        handle_idea(idea=made, handling="studying", happened_on=START.date(), moment=START, actor=city.office)
    assert found("研究中") == [True, True]
    other = idea(city, city.representative("王样本"), activity=page.activity, released=False)
    with commits():
        merge_ideas(idea=other, into=made, moment=START, actor=city.office)
    assert found("丁示例、王样本") == [True, True]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_in_any_field_of_a_question_or_idea_is_text_on_every_page(city, site, payload):
    page, person = face(city, site), city.representative("丁示例")
    city.enrol(page.activity, person, role="speaker")
    made = idea(city, person, title=payload[:40], text=payload, theme=payload[:30], activity=page.activity)
    again = idea(city, activity=page.activity, title=payload[:40], text=payload, released=False)
    handle_idea(
        idea=made, handling="handed_over", organ=payload, reply=payload, happened_on=START.date(), moment=START,
        actor=city.office,
    )  # fmt: skip
    asked = question(city, page.activity, text=payload, answer=payload, guest=payload[:40])
    mine = question(city, page.activity, person, text=payload, released=False)
    public = ["/", "/jindianzi/", page.url, "/fenxianghui/", reverse("idea", args=[2026, made.number])]
    public.append(f"/jindianzi/?q={payload}")
    staff = [reverse("voices"), reverse("voices") + "?show=questions&state=settled"]
    staff += [reverse("voices") + f"?q={payload}", reverse("hall", args=[page.activity_id])]
    staff += [reverse("voice_idea", args=[each.pk]) for each in (made, again)]
    staff.append("/admin/reports/site-history/")
    own = [reverse("me_ideas"), reverse("ask", args=[page.activity_id]), reverse("new_idea")]
    assert (asked.pk, mine.state) == (asked.pk, "waiting")
    for user, addresses in ((None, public), (city.office, staff), (person.representative.user, own)):
        client = Client()
        if user:
            client.force_login(user)
        answers = {address: client.get(address) for address in addresses}
        assert {a: r.status_code for a, r in answers.items()} == dict.fromkeys(addresses, 200)
        bad = ("<script>alert", "<img src=x", "<svg onload")
        found = [a for a, r in answers.items() if any(each in r.content.decode() for each in bad)]
        assert found == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_at_any_length(client, city, site, count, django_assert_num_queries):
    for number in range(count):
        people = [city.representative(f"示例{number}{n}") for n in "甲乙"]
        head, member = (idea(city, mandate, activity=city.activity()) for mandate in people)
        merge_ideas(idea=member, into=head, moment=START, actor=city.office)
    client.get("/tongzhi/")
    with django_assert_num_queries(6):
        assert len(client.get("/jindianzi/").context["items"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_one_idea_takes_the_same_queries_with_more_authors(
    client, city, site, count, django_assert_num_queries
):
    page = face(city, site)
    made = idea(city, *(city.representative(f"示例{n}") for n in range(count)), activity=page.activity)
    client.get("/tongzhi/")
    with django_assert_num_queries(4):
        client.get(reverse("idea", args=[2026, made.number]))
    assert Idea.objects.count() == 1
