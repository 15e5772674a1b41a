"""The recorder's roll: who may, entering, confirming, closing, correcting; the same queries at any length."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from sessions.checkin.codes import code_at
from sessions.models import Activity, Attendance, AttendanceEvent
from sessions.operations import check_in, close_roll, lock_rolls, request_walk_in
from tests.conftest import START

MINUTE = timedelta(minutes=1)
FRAME = 2  # queries of every signed-in page: session and account


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def kept(city, clock):
    """An open activity with three obliged people, and its recorder signed in."""
    people = [city.representative(f"示例{n}", electing_unit=f"第{n}选区") for n in "甲乙丙"]
    activity = city.activity()
    city.enrol(activity, *people)
    client = Client()
    client.force_login(city.recorder)
    return activity, people, client


def arrive(activity, mandate, device="", moment=START):
    token = code_at(activity.check_in_key, moment).token
    check_in(
        activity=activity,
        representative=mandate.representative,
        nonce=f"nonce{mandate.pk:09d}",
        moment=moment,
        token=token,
        device=device,
    )


def to(name, activity, *more):
    return reverse(name, args=(activity.pk, *more))


def enter(client, activity, mandate, status, **more):
    data = {"representative": mandate.representative_id, "status": status} | more
    return client.post(to("roll_record", activity), data)


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def statuses():
    return dict(Attendance.objects.values_list("representative__name", "status"))


def test_another_areas_recorder_finds_nothing_by_any_address(kept, city):
    activity, people, _ = kept
    stranger = Client()
    stranger.force_login(city.other_recorder)
    person = people[0].representative_id
    shown = [to("roll", activity), to("roll_close", activity), to("roll_history", activity, person)]
    sent = [to(n, activity) for n in ("roll_record", "roll_confirm", "roll_close", "roll_key")]
    answers = [stranger.get(a).status_code for a in shown]
    answers += [stranger.post(a, {"representative": person, "status": "present"}).status_code for a in sent]
    assert answers == [404] * 7
    assert AttendanceEvent.objects.count() == 0


@pytest.mark.parametrize("who", ["reviewer", "auditor", "representative"])
def test_who_keeps_no_roll_finds_none(kept, city, who):
    activity, people, _ = kept
    user = people[0].representative.user if who == "representative" else getattr(city, who)
    client = Client()
    client.force_login(user)
    assert [client.get(a).status_code for a in (reverse("rolls"), to("roll", activity))] == [404, 404]


def test_who_is_not_signed_in_is_led_to_the_login(kept):
    activity, _, _ = kept
    assert Client().get(to("roll", activity))["Location"] == f"/accounts/login/?next={to('roll', activity)}"


def test_one_tap_enters_a_status_and_the_sum_follows(kept):
    activity, people, client = kept
    answer = enter(client, activity, people[0], "present", was="")
    enter(client, activity, people[1], "leave", was="")
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{to('roll', activity)}#p{people[0].representative_id}",
    )
    assert "应到 3 = 出席 1 + 请假 1 + 缺席 0 + 未登记 1" in text(client.get(to("roll", activity)))


def test_a_change_without_a_reason_gives_back_what_was_typed(kept):
    activity, people, client = kept
    enter(client, activity, people[0], "present")
    answer = enter(client, activity, people[0], "left_early", was="present")
    assert answer.status_code == 409
    assert "示例甲：这次没有保存" in text(answer)
    assert '<option value="left_early" selected>' in answer.content.decode()
    assert statuses() == {"示例甲": "present"}


def test_two_recorders_do_not_overwrite_each_other(kept):
    activity, people, client = kept
    enter(client, activity, people[0], "leave", was="")
    answer = enter(client, activity, people[0], "absent", was="", reason="没有请假")
    assert answer.status_code == 409
    assert "现在是“请假”" in text(answer)
    assert (statuses(), "没有请假" in answer.content.decode()) == ({"示例甲": "leave"}, True)


def test_confirming_takes_the_claims_that_were_seen_and_no_others(kept, city):
    activity, people, client = kept
    arrive(activity, people[0])
    page = client.get(to("roll", activity)).content.decode()
    seen = re.search(r'name="people" value="([^"]*)"', page).group(1)
    arrive(activity, people[1])
    client.post(to("roll_confirm", activity), {"people": seen})
    assert dict(Attendance.objects.values_list("representative__name", "confirmed_by__username")) == {
        "示例甲": "recorder",
        "示例乙": None,
    }


def test_people_of_one_phone_are_named_and_left_out_of_the_bulk(kept):
    activity, people, client = kept
    arrive(activity, people[0], device="d")
    arrive(activity, people[1], device="d")
    page = client.get(to("roll", activity))
    assert "同一台手机签到了多人，请看一看本人是否在场 示例乙" in text(page)
    first = re.search(r'name="people" value="([^"]*)"', page.content.decode()).group(1)
    assert first == str(people[0].representative_id)


def test_not_seen_is_one_tap(kept):
    activity, people, client = kept
    arrive(activity, people[0])
    enter(client, activity, people[0], "absent", was="present", reason="现场未见到本人")
    assert statuses() == {"示例甲": "absent"}


def test_who_asks_to_be_let_in_is_shown_and_entered_as_a_visitor(kept, city):
    activity, _, client = kept
    guest = city.representative("来访者", area=city.other_township)
    request_walk_in(activity=activity, representative=guest.representative, moment=START, actor=city.recorder)
    assert "来访者 14:30 申请" in text(client.get(to("roll", activity)))
    enter(client, activity, guest, "visitor", was="")
    assert statuses() == {"来访者": "visitor"}
    assert "14:30 申请" not in text(client.get(to("roll", activity)))


def test_a_visitor_is_found_by_name_or_initials_within_the_recorders_area(kept, city):
    activity, _, client = kept
    city.representative("王样本")
    city.representative("王邻镇", area=city.other_township)
    found = [text(client.get(to("roll", activity), {"add": words})) for words in ("王", "wyb", "wang")]
    assert [("王样本" in page, "王邻镇" in page) for page in found] == [(True, False)] * 3


def test_a_person_of_another_area_cannot_be_entered_by_number(kept, city):
    activity, _, client = kept
    foreign = city.representative("王邻镇", area=city.other_township)
    assert enter(client, activity, foreign, "visitor").status_code == 404
    assert Attendance.objects.count() == 0


def test_the_list_is_searched_and_filtered(kept):
    activity, people, client = kept
    enter(client, activity, people[0], "leave")
    pages = [
        client.get(to("roll", activity), query)
        for query in ({"q": "乙"}, {"only": "leave"}, {"only": "none"}, {"q": "\x00"}, {"q": "无此人"})
    ]
    names = [re.findall(r"<b>(示例.)</b>", page.content.decode()) for page in pages]
    assert names == [
        ["示例乙"],
        ["示例甲"],
        ["示例乙", "示例丙"],
        ["示例乙", "示例丙", "示例甲"],
        [],
    ]


def test_closing_names_who_becomes_absent_and_then_does_just_that(kept, city):
    activity, people, client = kept
    arrive(activity, people[0])
    page = client.get(to("roll_close", activity))
    assert "收册后记为缺席 2 人" in text(page)
    client.post(to("roll_close", activity), {"absent": 2, "early": "on"})
    assert statuses() == {"示例甲": "present", "示例乙": "absent", "示例丙": "absent"}
    assert Activity.objects.get().closed_by == city.recorder


def test_closing_waits_when_the_list_has_changed_meanwhile(kept):
    activity, people, client = kept
    client.get(to("roll_close", activity))
    arrive(activity, people[0])
    answer = client.post(to("roll_close", activity), {"absent": 3})
    assert (answer.status_code, Activity.objects.get().state) == (409, "open")
    assert "名单刚有变化" in text(answer)


@pytest.mark.parametrize(
    ("hours", "after", "said"),
    [
        (2, timedelta(0), "活动预定 16:30 结束，还没有到时间 现在收册以后，代表不能再自己签到；后面"),
        (2, timedelta(minutes=119), "活动预定 16:30 结束，还没有到时间 现在收册以后，后面到场的"),
        (
            0.25,
            timedelta(minutes=20),
            "自助签到 15:00 才截止，还没有到时间 现在收册以后，代表不能再自己签到；",
        ),
        (40, timedelta(0), "活动预定 6 月 20 日 06:30 结束"),
    ],
)
def test_closing_before_the_activity_is_over_has_to_be_meant(kept, clock, hours, after, said):
    activity, _, client = kept
    Activity.objects.update(ends_at=START + timedelta(hours=hours))
    clock.move_to(START + after)
    address, seen = to("roll_close", activity), {"absent": 3}
    assert said in text(client.get(address))
    hasty = client.post(address, seen)
    assert (hasty.status_code, "请勾选“看过了，现在就收册”" in text(hasty)) == (400, True)
    stale = client.post(address, {"absent": 2, "early": "on"})
    assert (stale.status_code, 'name="early" required checked' in stale.content.decode()) == (409, True)
    assert Activity.objects.get().state == "open"
    assert client.post(address, seen | {"early": "on"}).status_code == 302
    assert (Activity.objects.get().state, len(statuses())) == ("closed", 3)


def test_closing_after_the_end_asks_nothing_more(kept, clock):
    activity, _, client = kept
    clock.move_to(START + timedelta(hours=2))
    assert 'name="early"' not in client.get(to("roll_close", activity)).content.decode()
    assert client.post(to("roll_close", activity), {"absent": 3}).status_code == 302


def test_looking_at_the_closing_page_closes_nothing(kept):
    activity, _, client = kept
    client.get(to("roll_close", activity))
    assert (Activity.objects.get().state, AttendanceEvent.objects.count()) == ("open", 0)


def test_a_closed_roll_is_corrected_with_a_reason_that_stays_in_the_history(kept, city):
    activity, people, client = kept
    close_roll(activity=activity, actor=city.recorder, moment=START)
    assert enter(client, activity, people[0], "leave", was="absent").status_code == 409
    assert enter(client, activity, people[0], "leave", was="absent", reason="补交请假条").status_code == 302
    page = text(client.get(to("roll_history", activity, people[0].representative_id)))
    assert ("缺席 → 请假" in page, "原因：补交请假条" in page) == (True, True)


def test_a_locked_roll_is_only_shown(kept, city):
    activity, people, client = kept
    close_roll(activity=activity, actor=city.recorder, moment=START)
    lock_rolls(activities=Activity.objects.all())
    page = client.get(to("roll", activity))
    assert ("本年度已经上报" in text(page), "更改记录" in text(page)) == (True, False)
    assert enter(client, activity, people[0], "leave", reason="更正").status_code == 409


def test_a_new_key_is_made_by_sending_only(kept):
    activity, _, client = kept
    assert client.get(to("roll_key", activity)).status_code == 405
    client.post(to("roll_key", activity))
    assert Activity.objects.get().check_in_key != activity.check_in_key


def test_two_of_one_name_are_told_apart_by_their_unit(kept, city):
    activity, _, client = kept
    twin = city.representative("示例甲", electing_unit="钧台选区")
    city.enrol(activity, twin)
    page = text(client.get(to("roll", activity), {"q": "示例甲"}))
    assert ("示例甲第甲选区" in page, "示例甲钧台选区" in page) == (True, True)


def test_after_each_entry_the_recorder_is_back_where_they_searched(kept):
    activity, people, client = kept
    answer = enter(client, activity, people[0], "present", q="示例", only="none", page="2")
    assert answer["Location"] == (
        f"{to('roll', activity)}?q=%E7%A4%BA%E4%BE%8B&only=none&page=2#p{people[0].representative_id}"
    )


@pytest.mark.parametrize("count", [1, 3, 60])
def test_the_roll_takes_sixteen_queries_of_its_own_at_any_length(
    city, clock, django_assert_num_queries, count
):
    people = [city.representative(f"示例{n}", login=False) for n in range(count)]
    activity = city.activity()
    city.enrol(activity, *people)
    for mandate in people[:60]:
        arrive(activity, mandate)
    client = Client()
    client.force_login(city.recorder)
    client.get(to("roll", activity))
    with django_assert_num_queries(FRAME + 16):
        client.get(to("roll", activity))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_rolls_takes_three_queries_of_its_own(kept, city, django_assert_num_queries, count):
    _, _, client = kept
    for n in range(count - 1):
        city.activity(title=f"第{n}场")
    client.get(reverse("rolls"))
    with django_assert_num_queries(FRAME + 3):
        client.get(reverse("rolls"))


@pytest.mark.parametrize("count", [1, 3])
def test_a_history_takes_ten_queries_of_its_own(kept, django_assert_num_queries, count):
    activity, people, client = kept
    for n in range(count):
        enter(client, activity, people[0], ("present", "late", "leave")[n], reason="更正")
    address = to("roll_history", activity, people[0].representative_id)
    client.get(address)
    with django_assert_num_queries(FRAME + 10):
        client.get(address)
