"""What readers are written: each new item once, in one letter a round, what is public and followed at that moment."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from wagtail.models import PageViewRestriction

from portal.follow.operations import ask_to_follow, claim_items, plan_letters, settle_sent
from portal.models import CongressSettings, Delivery, NoticePage, Subscription
from sessions.models import SessionSpeaker, SharingSessionPage
from sessions.operations import cancel_activity
from tests.conftest import START
from tests.portal.following import (
    DAY,
    HOUR,
    MINUTE,
    READER,
    REFUSED,
    SECTION,
    following,
    links,
    notice,
    publish,
    run,
    station,
    story,
)
from tests.sessions.faces import courseware


@pytest.fixture
def refused(settings):
    settings.EMAIL_BACKEND = "tests.portal.following.Refusing"
    REFUSED.clear()
    REFUSED.add(READER)
    yield REFUSED
    REFUSED.clear()


ROUND_QUERIES = 43


def states():
    return sorted(Delivery.objects.of_items().values_list("state", flat=True))


def test_an_item_reaches_who_follows_its_section_its_person_or_its_place_once(city, site):
    mandate, other = city.representative("丁示例"), city.representative("田示范")
    for each in (mandate, other):
        story(site, each, START - 2 * DAY)
    place = station(city, site)
    followed = {
        "section@example.org": ["section:fenxianghui"],
        "speaker@example.org": [f"representative:{mandate.representative_id}"],
        "place@example.org": [f"station:{place.pk}"],
        "all@example.org": [
            "section:fenxianghui", f"representative:{mandate.representative_id}", f"station:{place.pk}",
        ],
        "other@example.org": [f"representative:{other.representative_id}", SECTION],
    }  # fmt: skip
    for address, topics in followed.items():
        following(*topics, address=address)
    activity = city.activity(station=place, starts_at=START + DAY)
    page = SharingSessionPage(title="守着窑火", slug="fen-1", activity=activity)
    page.speakers = [
        SessionSpeaker(representative=mandate.representative),
        SessionSpeaker(guest_name="周虚构"),
    ]
    publish(site["fenxianghui"], page)
    assert run(START, START + MINUTE, START + DAY) == [4, 0, 0]
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(set(followed) - {"other@example.org"})
    whole = next(letter for letter in mail.outbox if letter.to == ["all@example.org"])
    assert "您订阅的“分享会”、“石桥镇代表联络站”、“丁示例代表”有新内容" in whole.body
    assert "分享会 · 2026 年 6 月 19 日（周五） 14:30—16:30" in whole.body


def test_stories_courseware_and_notices_tell_their_section_and_their_person(city, site):
    mandate = city.representative("丁示例")
    made = courseware(site, title="示例课件", author=mandate.representative, live=False)
    topics = ("section:daibiao", "section:kejian", SECTION)
    for topic in topics:
        following(topic, address=f"{topic.partition(':')[2]}@example.org")
    with time_machine.travel(START, tick=False):
        made.save_revision().publish()
    page = story(site, mandate)
    notice(site)
    assert run(START) == [3]
    assert {letter.to[0]: letter.subject.partition(" - ")[0] for letter in mail.outbox} == {
        "daibiao@example.org": "烟字留在墙上", "kejian@example.org": "示例课件", "tongzhi@example.org": "示例通知",
    }  # fmt: skip
    assert page.topics() == ["section:daibiao", f"representative:{mandate.representative_id}"]
    assert made.topics() == ["section:kejian", f"representative:{mandate.representative_id}"]


def test_several_items_come_in_one_letter(site):
    following(SECTION)
    for number in range(3):
        notice(site, f"通知{number}", START + number * MINUTE)
    assert run(START + 5 * MINUTE, START + 6 * MINUTE) == [1, 0]
    letter = mail.outbox[0]
    assert letter.subject == "有 3 条新内容：通知0 - 代表履职分享平台"
    assert re.findall(r"^\d\. (.*)$", letter.body, re.MULTILINE) == ["通知0", "通知1", "通知2"]


def test_a_letter_holds_title_day_address_leave_link_and_whose_it_is(site, settings):
    settings.PUBLIC_URL = "https://portal.example"
    CongressSettings.objects.create(
        site=site["home"].get_site(), host_name="示范县人大常委会", phone="0000-1112222"
    )
    following(SECTION)
    notice(site)
    run(START)
    letter = mail.outbox[0]
    for words in (
        "1. 示例通知\n   通知公告 · 2026 年 6 月 18 日（周四）\n   https://portal.example/tongzhi/notice-0/\n",
        f"再按“退订”：\nhttps://portal.example{links(letter)['leave']}\n",
        "主办：示范县人大常委会\n联系电话：0000-1112222\n",
    ):
        assert words in letter.body
    assert set(re.findall(r"https?://([^/\s]+)", letter.body)) == {"portal.example"}
    assert letter.extra_headers == {
        "List-Unsubscribe": f"<https://portal.example{links(letter)['leave']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }


@pytest.mark.parametrize(
    "title", ["换行\nBcc: x@example.org", "回车\r\nBcc: x@example.org", "断|行", "长" * 200, "<b>粗</b>"]
)
def test_no_title_begins_a_new_header_or_breaks_a_letter(site, title):
    following(SECTION)
    page = notice(site)
    NoticePage.objects.filter(pk=page.pk).update(title=title)
    assert run(START) == [1]
    letter = mail.outbox[0]
    assert set(letter.message().keys()) == {
        "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date", "Message-ID",
        "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted",
    }  # fmt: skip
    assert f"1. {' '.join(title.replace('|', '').split())}\n" in letter.body


def test_what_was_published_before_the_confirmation_or_a_week_ago_is_no_news(site):
    notice(site, "早先的", START - DAY - MINUTE)
    following(SECTION, moment=START - DAY)
    notice(site, "新的", START)
    assert run(START + 7 * DAY) == [0]
    assert run(START + 7 * DAY - MINUTE) == [1]
    assert "早先的" not in mail.outbox[0].body


def test_an_unconfirmed_address_and_one_who_left_are_told_nothing(client, site):
    following(SECTION, address="left@example.org")
    notice(site, "第一条")
    run(START)
    client.post(links(mail.outbox[0])["leave"])
    mail.outbox.clear()
    client.post("/dingyue/youjian/", {"address": READER, "topic": SECTION})
    run(START)
    mail.outbox.clear()
    notice(site, "第二条", START + MINUTE)
    assert run(START + MINUTE) == [0]


def test_a_page_published_again_is_no_new_item(site):
    following(SECTION)
    page = notice(site)
    assert run(START) == [1]
    for moment in (START + HOUR, START + 2 * HOUR):
        with time_machine.travel(moment, tick=False):
            page.title = f"改过的 {moment:%H}"
            page.save_revision().publish()
            page.unpublish()
            page = NoticePage.objects.get(pk=page.pk)
            page.save_revision().publish()
        assert run(moment + MINUTE) == [0]


def test_who_left_and_came_back_gets_no_item_twice(client, site):
    following(SECTION)
    notice(site)
    run(START)
    client.post(links(mail.outbox[0])["leave"])
    mail.outbox.clear()
    following(SECTION, moment=START + HOUR)
    assert run(START + 2 * HOUR) == [0]


def test_what_was_taken_back_or_closed_is_not_told(city, site):
    following(SECTION, "section:fenxianghui")
    draft = notice(site, "撤下的")
    draft.unpublish()
    closed = notice(site, "限制的")
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    activity = city.activity(starts_at=START + DAY)
    publish(site["fenxianghui"], SharingSessionPage(title="取消的", slug="off", activity=activity))
    cancel_activity(activity=activity, reason="场地检修", actor=city.office)
    scheduled = NoticePage(title="定时的", slug="later", date=START.date(), live=False)
    site["tongzhi"].add_child(instance=scheduled)
    assert (run(START + MINUTE), states()) == ([0], [])


@pytest.mark.parametrize("what", ["unpublished", "restricted", "section restricted", "deleted", "left"])
def test_what_changes_between_planning_and_sending_counts(site, what):
    following(SECTION)
    gone, kept = notice(site, "变动的"), notice(site, "照旧的", START + MINUTE)
    assert plan_letters(moment=START + MINUTE) == 2
    if what == "unpublished":
        gone.unpublish()
    elif what == "deleted":
        gone.delete()
    elif what == "restricted":
        PageViewRestriction.objects.create(page=gone, restriction_type=PageViewRestriction.LOGIN)
    elif what == "section restricted":
        PageViewRestriction.objects.create(page=site["tongzhi"], restriction_type="groups")
    else:
        Subscription.objects.update(state="left", left_at=START)
    nothing = what in {"section restricted", "left"}
    assert run(START + 2 * MINUTE) == [0 if nothing else 1]
    assert [("变动的" in letter.body, "照旧的" in letter.body) for letter in mail.outbox] == (
        [] if nothing else [(False, True)]
    )
    assert states() == {
        "deleted": ["sent"],
        "left": ["skipped"] * 2,
        "section restricted": ["skipped"] * 2,
    }.get(what, ["sent", "skipped"])
    assert kept.live


def test_a_letter_not_taken_over_is_tried_five_times_with_growing_waits_then_given_up(site, refused, caplog):
    following_after(refused)
    notice(site)
    waits = [timedelta(0), 5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE]
    moment, tried = START, []
    for wait in waits:
        moment += wait
        run(moment - MINUTE if wait else moment)
        run(moment, moment + timedelta(seconds=1))
        tried.append(Delivery.objects.of_items().get().attempts)
    row = Delivery.objects.of_items().get()
    assert (tried, row.state, row.last_error) == ([1, 2, 3, 4, 5], "failed", "ConnectionRefusedError")
    assert READER not in caplog.text + row.last_error
    refused.clear()
    assert run(moment + DAY) == [0]


def following_after(refused):
    """Let READER follow while the server still takes letters."""
    names = set(refused)
    refused.clear()
    following(SECTION)
    refused |= names


def test_one_address_that_is_refused_keeps_no_other_waiting(site, refused):
    following_after(refused)
    for number in range(25):
        following(SECTION, address=f"r{number}@example.org")
    notice(site)
    assert run(START, START + MINUTE) == [25, 0]
    refused.clear()
    assert run(START + 5 * MINUTE) == [1]
    assert states() == ["sent"] * 26


def test_a_worker_that_dies_after_taking_a_batch_leaves_it_to_the_next(site):
    following(SECTION)
    notice(site)
    plan_letters(moment=START)
    batch = claim_items(moment=START)
    assert (len(batch), run(START + 9 * MINUTE), run(START + 10 * MINUTE)) == (1, [0], [1])
    assert settle_sent(rows=batch, moment=START + 11 * MINUTE) == 0
    assert run(START + HOUR) == [0]


def test_what_ends_every_worker_is_given_up_at_last(site):
    following(SECTION)
    notice(site)
    plan_letters(moment=START)
    for number in range(5):
        assert len(claim_items(moment=START + number * 10 * MINUTE)) == 1
    assert run(START + 50 * MINUTE) == [0]
    assert list(Delivery.objects.given_up().values_list("last_error", flat=True)) == ["发送时中断"]


def test_a_round_is_bounded_and_a_flood_of_requests_keeps_no_item_waiting(site):
    following(SECTION)
    for number in range(70):
        ask_to_follow(
            address=f"f{number}@example.org", topic=SECTION, client=f"10.0.{number}.1", moment=START
        )
    notice(site)
    assert run(START) == [61]
    assert mail.outbox[-1].to == [READER]
    assert run(START + MINUTE, START + 2 * MINUTE) == [10, 0]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_round_asks_the_same_number_of_queries_for_one_item_and_for_three(
    city, site, rows, django_assert_num_queries
):
    following(SECTION, "section:fenxianghui")
    for number in range(rows):
        notice(site, f"通知{number}")
        activity = city.activity(starts_at=START + DAY)
        speaker = city.representative(f"示例{number}").representative
        page = SharingSessionPage(title=f"场{number}", slug=f"s{number}", activity=activity)
        page.speakers = [SessionSpeaker(representative=speaker)]
        publish(site["fenxianghui"], page)
    run(START - DAY)
    with django_assert_num_queries(ROUND_QUERIES):
        run(START)
    assert (len(mail.outbox), states()) == (1, ["sent"] * rows * 2)


def test_the_command_does_one_round_and_says_what_it_came_to(site, capsys):
    following(SECTION)
    notice(site)
    call_command("follow", f"--moment={START.isoformat()}")
    assert capsys.readouterr().out == "新排 1 条，发出 1 封，没有发出 0 封，不用再发 0 条。\n"


def test_a_worker_that_dies_after_handing_over_lets_the_letter_go_out_once_more_and_no_more(site):
    following(SECTION)
    notice(site)
    plan_letters(moment=START)
    claim_items(moment=START)  # the first worker hands its letter over and is gone before it marks the row
    assert run(START + 10 * MINUTE, START + HOUR, START + DAY) == [1, 0, 0]
