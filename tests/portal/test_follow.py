"""A reader asks, confirms by mail and leaves: what each page says, what it changes, and what it never tells."""

import re

import pytest
import time_machine
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from wagtail.models import ModelLogEntry, PageViewRestriction

from portal.logs import SECRET
from portal.models import ClientHour, Delivery, Follower, MailLink, Subscription
from tests.conftest import START
from tests.portal.following import (
    ASK,
    DAY,
    HOUR,
    MINUTE,
    READER,
    SECTION,
    following,
    links,
    run,
    station,
    story,
)


def ask(client, address=READER, topic=SECTION, moment=START, **headers):
    with time_machine.travel(moment, tick=False):
        return client.post(ASK, {"address": address, "topic": topic}, **headers)


def states():
    return list(Subscription.objects.order_by("pk").values_list("follower__address", "topic", "state"))


def text_of(answer):
    """Return the words of a page without what is new at every visit."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())


def test_a_reader_asks_confirms_and_leaves_without_any_script(client, city, site):
    mandate = city.representative("丁示例")
    page = story(site, mandate)
    topic = f"representative:{mandate.representative_id}"
    address = f"{ASK}?topic={topic}"
    assert f'href="{address}"' in client.get(page.url).content.decode()
    form = client.get(address).content.decode()
    assert (f'value="{topic}"' in form, "订阅“丁示例代表”" in form) == (True, True)
    assert ask(client, topic=topic).status_code == 200
    assert run(START) == [1]
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == ([READER], "请确认订阅：丁示例代表 - 代表履职分享平台")
    with time_machine.travel(START + MINUTE, tick=False):
        button = client.get(links(letter)["confirm"])
        assert ("确认订阅</button>" in button.content.decode(), states()) == (
            True,
            [(READER, topic, "pending")],
        )
        done = client.post(links(letter)["confirm"], follow=True)
        assert ("已订阅“丁示例代表”" in done.content.decode(), states()) == (
            True,
            [(READER, topic, "confirmed")],
        )
        gone = client.post(links(letter)["leave"])
        assert ("d***@example.org 不会再收到订阅邮件" in gone.content.decode(), states()) == (
            True,
            [(READER, topic, "left")],
        )


@pytest.mark.parametrize("state", ["pending", "confirmed", "left"])
def test_a_known_and_an_unknown_address_get_the_same_answer(client, site, state):
    following(SECTION)
    Subscription.objects.update(state=state, left_at=START)
    known, unknown = ask(client), ask(client, "wang@example.org")
    again = [ask(client), ask(client, "wang@example.org")]
    assert {answer.status_code for answer in (known, unknown, *again)} == {200}
    texts = {text_of(answer).replace("wang@example.org", READER) for answer in (known, unknown, *again)}
    assert len(texts) == 1


def test_who_follows_already_is_told_by_letter_not_by_the_page(client, site):
    following(SECTION)
    ask(client)
    assert run(START) == [1]
    assert mail.outbox[0].subject == "您已经订阅：通知公告 - 代表履职分享平台"
    assert states() == [(READER, SECTION, "confirmed")]


def test_looking_at_any_page_changes_no_row(client, site):
    ask(client)
    run(START)
    paths = [f"{ASK}?topic={SECTION}", ASK, *links(mail.outbox[0]).values()]
    tables = (Follower, Subscription, Delivery, MailLink, ClientHour, ModelLogEntry)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    with time_machine.travel(START + MINUTE, tick=False):
        answers = [getattr(client, method)(path).status_code for path in paths for method in ("get", "head")]
    assert answers == [200] * 8
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


def test_confirming_and_leaving_twice_is_once(client, site):
    ask(client)
    run(START)
    there = links(mail.outbox[0])
    with time_machine.travel(START + MINUTE, tick=False):
        first = [client.post(there["confirm"]).status_code for _ in "ab"]
        since = Subscription.objects.get().confirmed_at
        second = [client.post(there["leave"]).status_code for _ in "ab"]
    assert (first, second, since) == ([302, 302], [200, 200], START + MINUTE)
    said = ModelLogEntry.objects.filter(action__startswith="portal.").order_by("pk")
    assert list(said.values_list("action", flat=True)) == ["portal.follow", "portal.leave"]


def test_a_link_to_confirm_of_before_brings_nobody_back(client, site):
    ask(client)
    run(START)
    there = links(mail.outbox[0])
    with time_machine.travel(START + MINUTE, tick=False):
        client.post(there["confirm"])
        client.post(there["leave"])
        answers = [client.get(there["confirm"]).status_code, client.post(there["confirm"]).status_code]
    assert (answers, states()) == ([404, 404], [(READER, SECTION, "left")])


def test_one_click_of_a_mail_program_needs_no_cookie_no_token_and_no_page(client, site):
    following(SECTION)
    ask(client)
    run(START)
    header = mail.outbox[0].extra_headers
    assert header["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = header["List-Unsubscribe"].removeprefix("<http://testserver").removesuffix(">")
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, states()) == (200, [(READER, SECTION, "left")])


def test_confirming_and_asking_take_the_token_of_the_form(client, site):
    ask(client)
    run(START)
    strict = Client(enforce_csrf_checks=True)
    with time_machine.travel(START, tick=False):
        answers = [strict.post(path).status_code for path in (links(mail.outbox[0])["confirm"], ASK)]
    assert (answers, states()) == ([403, 403], [(READER, SECTION, "pending")])


def test_one_of_several_topics_can_be_left_alone(client, city, site):
    topic = f"station:{station(city, site).pk}"
    following(SECTION, topic)
    ask(client)
    run(START)
    leave = links(mail.outbox[0])["leave"]
    page = client.get(leave).content.decode()
    assert (page.count("<form method"), "全部退订" in page) == (3, True)
    rest = client.post(leave, {"topic": topic}).content.decode()
    assert ("“石桥镇代表联络站”" in rest, states()) == (
        True,
        [(READER, SECTION, "confirmed"), (READER, topic, "left")],
    )


@pytest.mark.parametrize(
    ("change", "after"),
    [("none", 3 * DAY), ("one letter", MINUTE), ("shorter", MINUTE), ("longer", MINUTE), ("other", MINUTE)],
)
def test_an_expired_forged_or_garbled_link_confirms_nothing_and_says_what_to_do(client, site, change, after):
    ask(client)
    run(START)
    path = links(mail.outbox[0])["confirm"].rstrip("/")
    wrong = {
        "none": path,
        "one letter": path[:-1] + ("A" if path[-1] != "A" else "B"),
        "shorter": path[:-1],
        "longer": path + "A",
        "other": links(mail.outbox[0])["leave"].rstrip("/").replace("tuiding", "queren"),
    }[change]
    with time_machine.travel(START + after, tick=False):
        answers = [client.get(wrong + "/"), client.post(wrong + "/")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert "请再订阅一次" in answers[0].content.decode()
    assert states() == [(READER, SECTION, "pending")]


@pytest.mark.parametrize("topic", ["\x00", "section:nothing", "长" * 5000, "' OR 1=1 --"])
def test_leaving_what_is_not_followed_changes_nothing(client, site, topic):
    following(SECTION)
    ask(client)
    run(START)
    answer = client.post(links(mail.outbox[0])["leave"], {"topic": topic})
    assert (answer.status_code, states()) == (200, [(READER, SECTION, "confirmed")])


@pytest.mark.parametrize("token", ["%00", "a" * 5000, "中文", "%F0%9F%98%80", "..%2f..", "'--", "%0d%0aX:1"])
def test_no_bytes_of_a_link_make_a_page_fail(client, site, token):
    answers = [
        getattr(client, method)(f"{ASK}{kind}/{token}/").status_code
        for kind in ("queren", "tuiding")
        for method in ("get", "post")
    ]
    assert answers == [404] * 4


def test_a_link_to_leave_never_expires_while_something_is_followed(client, site):
    following(SECTION)
    ask(client)
    run(START)
    with time_machine.travel(START + 4000 * DAY, tick=False):
        run(START + 4000 * DAY)
        assert client.post(links(mail.outbox[0])["leave"]).status_code == 200
    assert states() == [(READER, SECTION, "left")]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ding@Example.ORG", READER),
        ("　ｄｉｎｇ＠ｅｘａｍｐｌｅ．ｏｒｇ ", READER),
        ("ding@example。org", READER),
        ("ding @ example.org", READER),
    ],
)
def test_an_address_is_read_as_chinese_keyboards_write_it(client, site, typed, kept):
    ask(client, typed)
    assert list(Follower.objects.values_list("address", flat=True)) == [kept]


@pytest.mark.parametrize(
    "typed",
    ["", "ding", "ding@", "@example.org", "a@b", "ding@example.org\nBcc: x@example.org,y", "<b>@example.org",
     "a" * 250 + "@example.org", "\x00", "ding@example.org,wang@example.org"],
)  # fmt: skip
def test_what_is_no_address_is_said_in_words_and_stays_in_the_form(client, site, typed):
    answer = ask(client, typed)
    assert (answer.status_code, Follower.objects.count()) == (400, 0)
    assert ("电子邮箱" in answer.content.decode(), f'value="{SECTION}"' in answer.content.decode()) == (
        True,
        True,
    )


@pytest.mark.parametrize(
    "topic",
    ["nothing", "section:nothing", "representative:999999", "representative:01", "station:-1", "station:１", "a:b:c",
     "representative:" + "9" * 40, "station:\x00", ":", "representative:", "<script>"],
)  # fmt: skip
def test_a_topic_nobody_can_follow_is_answered_with_the_sections(client, city, site, topic):
    with time_machine.travel(START, tick=False):
        shown, sent = client.get(ASK, {"topic": topic}), ask(client, topic=topic)
    assert (shown.status_code, sent.status_code, Follower.objects.count()) == (404, 400, 0)
    for answer in (shown, sent):
        for title in ("代表风采", "分享会", "课件库", "通知公告"):
            assert f">{title}</option>" in answer.content.decode()
    assert f'value="{READER}"' in sent.content.decode()


def test_nobody_without_a_public_page_can_be_followed(client, city, site):
    mandate = city.representative("丁示例")
    topic = f"representative:{mandate.representative_id}"
    assert client.get(ASK, {"topic": topic}).status_code == 404
    page = story(site, mandate)
    assert client.get(ASK, {"topic": topic}).status_code == 200
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert client.get(ASK, {"topic": topic}).status_code == 404


def test_one_letter_an_hour_for_a_topic_and_five_a_day_for_an_address(client, city, site):
    assert [ask(client, moment=START + minutes * MINUTE).status_code for minutes in (0, 1, 59)] == [200] * 3
    assert run(START + 59 * MINUTE) == [1]
    ask(client, moment=START + HOUR)
    for topic in ("section:daibiao", "section:fenxianghui", "section:kejian"):
        ask(client, topic=topic, moment=START + HOUR)
    ask(client, topic=f"station:{station(city, site).pk}", moment=START + HOUR)  # the sixth of the day
    assert run(START + HOUR) == [4]
    assert Subscription.objects.count() == 4
    ask(client, moment=START + DAY + HOUR + MINUTE)
    assert run(START + DAY + HOUR + MINUTE) == [1]


def test_twenty_requests_an_hour_from_one_client_then_429_in_words_and_nothing_typed_is_lost(client, site):
    codes = [ask(client, f"reader{n}@example.org").status_code for n in range(20)]
    answer = ask(client, "late@example.org", moment=START + 5 * MINUTE)
    assert (codes, answer.status_code, answer["Retry-After"]) == ([200] * 20, 429, "1500")
    html = answer.content.decode()
    assert ("请到 15:00 以后再试" in html, 'value="late@example.org"' in html) == (True, True)
    assert Follower.objects.filter(address="late@example.org").count() == 0
    others = [
        ask(client, "other@example.org", REMOTE_ADDR="10.9.9.9"),
        ask(client, "late@example.org", moment=START + 30 * MINUTE),
    ]
    assert [answer.status_code for answer in others] == [200, 200]
    assert "127.0.0.1" not in str(list(ClientHour.objects.values()))


def test_forging_the_forwarded_address_does_not_pass_the_limit_of_requests(client, site):
    codes = [
        ask(client, f"reader{n}@example.org", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}").status_code
        for n in range(21)
    ]
    assert codes == [200] * 20 + [429]


def test_a_customer_of_ipv6_is_one_client_whatever_the_last_half(client, site):
    codes = [
        ask(client, f"reader{n}@example.org", REMOTE_ADDR=f"2001:db8:0:1::{n:x}").status_code
        for n in range(21)
    ]
    assert codes == [200] * 20 + [429]


def test_links_lead_to_our_own_host_whatever_the_request_said(client, site, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.PUBLIC_URL = "https://portal.example"
    ask(client, HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example")
    run(START)
    letter = mail.outbox[0]
    hosts = set(re.findall(r"https?://([^/\s>]+)", letter.body + letter.extra_headers["List-Unsubscribe"]))
    assert hosts == {"portal.example"}


def test_the_pages_are_never_stored_and_never_indexed(client, site):
    ask(client)
    run(START)
    for path in (ASK, f"{ASK}?topic={SECTION}", *links(mail.outbox[0]).values(), f"{ASK}queren/x/"):
        with time_machine.travel(START, tick=False):
            answers = [Client().get(path) for _ in "ab"]
        for answer in answers:
            assert ("X-Cache" in answer, "no-store" in answer["Cache-Control"]) == (False, True)
            assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_pages_that_lead_to_the_form_carry_no_token_and_are_stored(client, city, site):
    story(site, city.representative("丁示例"))
    for path in ("/daibiao/", "/fenxianghui/", "/kejian/", "/tongzhi/"):
        first, second = client.get(path), client.get(path)
        assert (second["X-Cache"], "csrfmiddlewaretoken" in second.content.decode()) == ("hit", False)
        assert f'href="{ASK}?topic=section:{path.strip("/")}"' in first.content.decode()


def test_a_token_is_kept_as_a_digest_and_masked_in_logs(client, site):
    ask(client)
    run(START)
    for path in links(mail.outbox[0]).values():
        token = path.rstrip("/").rpartition("/")[2]
        assert (len(token), MailLink.objects.filter(digest__contains=token).count()) == (22, 0)
        assert token not in SECRET.sub(r"\1…", f"GET {path} 404")


def test_what_is_kept_and_how_to_leave_stands_beside_the_form(client, site):
    html = client.get(ASK).content.decode()
    for words in ("只记您的邮箱和订阅的内容", "没有确认的，7 天后删除", "每封信里都有退订网址"):
        assert words in html


def test_unconfirmed_requests_are_forgotten_after_a_week_and_leavers_after_a_month(client, site):
    for name in ("left", "stays"):
        following("section:kejian", address=f"{name}@example.org", moment=START)
    ask(client, "left@example.org", topic="section:daibiao")
    run(START)
    with time_machine.travel(START, tick=False):
        client.post(links(mail.outbox[0])["leave"])
    ask(client, "pending@example.org")

    def kept(moment):
        run(moment)
        return sorted(Follower.objects.values_list("address", flat=True))

    names = ["left@example.org", "pending@example.org", "stays@example.org"]
    assert kept(START + 7 * DAY - MINUTE) == names
    assert kept(START + 7 * DAY) == ["left@example.org", "stays@example.org"]
    assert kept(START + 30 * DAY) == ["stays@example.org"]


def test_reading_the_form_asks_the_same_number_of_queries_whatever_is_public(
    client, city, site, django_assert_num_queries
):
    client.get(ASK)
    with django_assert_num_queries(1):
        client.get(ASK)
    for name in ("丁示例", "田示范", "王样本"):
        story(site, city.representative(name))
    client.get(ASK)
    with django_assert_num_queries(1):
        client.get(ASK)


def test_the_page_of_all_subscriptions_can_offer_each_section_by_mail(site, django_assert_num_queries):
    with django_assert_num_queries(1):
        html = render_to_string("portal/follow/subscribe.html")
    assert re.findall(rf'href="{ASK}\?topic=section:(\w+)">', html) == [
        "daibiao",
        "fenxianghui",
        "kejian",
        "tongzhi",
    ]


def test_without_a_mail_server_nothing_is_offered_and_no_address_is_taken(client, site, settings):
    settings.SENDS_LETTERS = False
    asked = client.post("/dingyue/youjian/", {"address": "reader@example.org", "topic": "section:tongzhi"})
    assert (asked.status_code, Follower.objects.count()) == (404, 0)
    assert "没有开通邮件订阅" in asked.content.decode()
    pages = [client.get(address).content.decode() for address in ("/tongzhi/", "/dingyue/")]
    assert ["/dingyue/youjian/" in page for page in pages] == [False, False]
