"""Copies, series and tours: what comes along, what is drawn anew, and routes without gaps."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.core.cache import caches
from django.urls import reverse
from wagtail.models import GroupPagePermission

from sessions.models import Activity, ListSource, Series, SessionSpeaker, SharingSessionPage, Tour
from sessions.operations import (
    ActivityRefused,
    add_stop,
    cancel_activity,
    change_activity,
    change_series,
    clone_activity,
    clone_session,
    create_series,
    create_sessions_of,
    enrol_from,
    order_stops,
    sign_up,
)
from sessions.recurrence import same_day, same_weekday
from stations.models import AreaGrant, DeputyGroup
from stations.operations import end_mandate, grant, move_to_group
from tests.conftest import START
from tests.sessions.faces import face

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEFORE = START - 9 * DAY


@pytest.fixture(autouse=True)
def _before():
    with time_machine.travel(BEFORE, tick=False):
        yield


@pytest.fixture
def writer(client, city, site):
    """The recorder of the township, who may also write pages of sessions."""
    group = Group.objects.create(name="编辑")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    add = Permission.objects.get(codename="add_page")
    GroupPagePermission.objects.create(group=group, page=site["fenxianghui"], permission=add)
    city.recorder.groups.add(group)
    client.force_login(city.recorder)
    return client


@pytest.fixture
def pattern(city, site):
    """A session with everything that can be copied, and everything that must not."""
    page = face(
        city, site, title="守着窑火", place="石桥镇", capacity=30, mode="hybrid", theme="联系群众",
        online_url="https://meeting.example/1", page={
            "number": 3, "summary": "提要", "format": "interactive",
            "agenda": [("row", {"time": time(14, 30), "title": "开场", "who": ""})],
            "intro": [("paragraph", "<p>内容</p>")],
            "takeaways": [("point", "要点")],
        },
    )  # fmt: skip
    page.speakers = [SessionSpeaker(guest_name="李拟名", topic="改窑")]
    page.save()
    return page


def test_a_copy_brings_the_words_and_the_list_and_nothing_of_the_day(city, pattern):
    member = city.representative("丁示例")
    single, volunteer = city.representative("王样本", group=None), city.representative("李拟名", group=None)
    source = pattern.activity
    enrol_from(activity=source, sources=[ListSource(basis="obliged", group=city.group)], actor=city.office)
    city.enrol(source, single, basis="invited")
    sign_up(activity=source, representative=volunteer.representative, moment=BEFORE)
    new = START + 30 * DAY + HOUR
    copy = clone_session(page=pattern, starts_at=new, ends_at=new + HOUR, actor=city.recorder, number=4)
    activity = copy.activity
    assert (copy.live, copy.number, copy.title, copy.summary, copy.format) == (
        False, 4, "守着窑火", "提要", "interactive",
    )  # fmt: skip
    assert [(row.value["time"], row.value["title"]) for row in copy.agenda] == [(time(15, 30), "开场")]
    assert [str(block.value) for block in copy.intro] == ["<p>内容</p>"]
    assert [(s.guest_name, s.topic) for s in copy.speakers.all()] == [("李拟名", "改窑")]
    assert len(copy.takeaways) == 0
    assert (activity.state, activity.place, activity.capacity, activity.mode, activity.online_url) == (
        "draft", "石桥镇", 30, "hybrid", "",
    )  # fmt: skip
    assert activity.door != source.door
    assert activity.check_in_key != source.check_in_key
    assert sorted(activity.enrolments.values_list("mandate_id", "basis", "state")) == sorted(
        [(member.pk, "obliged", "listed"), (single.pk, "invited", "listed")]
    )


def test_a_copy_keeps_how_people_come_in_and_leave(city):
    activity = city.activity()
    asked = {"early_minutes": 45, "grace_minutes": 5, "late_minutes": 20}
    asked |= {"check_out_required": True, "check_out_minutes": 30}
    change_activity(activity=activity, actor=city.office, **asked)
    activity.refresh_from_db()
    new = START + 30 * DAY
    copy = clone_activity(activity=activity, starts_at=new, ends_at=new + HOUR, actor=city.recorder)
    copy.refresh_from_db()
    assert {name: getattr(copy, name) for name in asked} == asked


def test_the_list_of_a_copy_is_drawn_anew_for_its_day(city):
    other = DeputyGroup.objects.create(term=city.term, area=city.township, name="二组")
    stays, moves, comes = (city.representative(n) for n in ("丁示例", "王样本", "李拟名"))
    leaves = city.representative("周虚构", group=None)
    new = START + 30 * DAY
    move_to_group(mandate=comes, group=other, day=date(2026, 1, 1), actor=city.office)
    move_to_group(mandate=moves, group=other, day=START.date() + DAY, actor=city.office)
    move_to_group(mandate=comes, group=city.group, day=START.date() + DAY, actor=city.office)
    activity = city.activity()
    enrol_from(activity=activity, sources=[ListSource(basis="obliged", group=city.group)], actor=city.office)
    city.enrol(activity, leaves)
    end_mandate(mandate=leaves, day=START.date() + DAY, actor=city.office)
    copy = clone_activity(activity=activity, starts_at=new, ends_at=new + HOUR, actor=city.recorder)
    again = clone_activity(activity=copy, starts_at=new + DAY, ends_at=new + DAY + HOUR, actor=city.recorder)
    people = [
        sorted(each.enrolments.values_list("mandate_id", flat=True)) for each in (activity, copy, again)
    ]
    assert people == [[stays.pk, moves.pk, leaves.pk], [stays.pk, comes.pk], [stays.pk, comes.pk]]


def test_a_series_is_made_at_once_all_or_none_and_only_once(city, site, pattern):
    series = create_series(title="一年十二讲", actor=city.recorder)
    starts = [START + n * 30 * DAY for n in range(3)]
    make = {
        "series": series,
        "pattern": pattern,
        "starts": starts,
        "actor": city.recorder,
        "first_number": 10,
    }
    pages = create_sessions_of(**make)
    assert [(p.number, p.activity.starts_at, p.activity.series) for p in pages] == [
        (10 + n, start, series) for n, start in enumerate(starts)
    ]
    with pytest.raises(ActivityRefused, match="2026-06-18 已有一期"):  # the form sent twice
        create_sessions_of(**make)
    with pytest.raises(ActivityRefused, match="第 10 期已经有了"):  # the third is refused, so none is made
        create_sessions_of(**make | {"starts": [s + DAY for s in starts], "first_number": 8})
    with pytest.raises(ActivityRefused, match="写了两次"):
        create_sessions_of(**make | {"starts": [START + 5 * DAY, START + 5 * DAY + HOUR]})
    with pytest.raises(ActivityRefused, match="1 到 36 期"):
        create_sessions_of(**make | {"starts": []})
    assert Activity.objects.filter(series=series).count() == 3


def test_two_series_of_one_title_are_refused(city):
    first, second = (create_series(title=title, actor=city.office) for title in ("甲", "乙"))
    with pytest.raises(ActivityRefused, match="同名"):
        create_series(title=" 甲 ", actor=city.office)
    with pytest.raises(ActivityRefused, match="同名"):
        change_series(series=second, title="甲", theme="", summary="", actor=city.office)
    assert (
        change_series(series=first, title="甲", theme="主题", summary="", actor=city.office).theme == "主题"
    )


@pytest.mark.parametrize(
    ("first", "rule", "days", "remarked"),
    [
        (date(2026, 1, 31), same_day, ["01-31", "02-28", "03-31", "04-30"], 2),
        (date(2026, 11, 18), same_day, ["11-18", "12-18", "01-18", "02-18"], 0),
        (date(2026, 1, 15), same_weekday, ["01-15", "02-19", "03-19", "04-16"], 0),
        (date(2026, 1, 29), same_weekday, ["01-29", "02-26", "03-26", "04-30"], 2),
    ],
)
def test_months_are_counted_and_what_is_missing_is_remarked(first, rule, days, remarked):
    proposed = rule(first, 4)
    assert [f"{each.day:%m-%d}" for each in proposed] == days
    assert sum(bool(each.remark) for each in proposed) == remarked


def test_the_dates_are_shown_changed_shown_again_and_then_made(writer, city, pattern):
    series = create_series(title="一年十二讲", actor=city.recorder)
    address = reverse("series:plan", args=[series.pk])
    posted = {"pattern": pattern.pk, "first": "2026-07-31 14:30", "count": "3", "rule": "day"}
    shown = writer.post(address, posted)
    html = shown.content.decode()
    assert ("2026 年 8 月 31 日（周一） 14:30" in html, "这个月没有 31 日" in html) == (True, True)
    form = shown.context["form"].data
    changed = form["dates"].replace("2026-09-30 14:30", "2026年9月28日 9:00（周一）".replace("（周一）", ""))
    again = writer.post(address, posted | {"dates": changed, "seen": form["seen"]})
    assert Activity.objects.filter(series=series).count() == 0
    form = again.context["form"].data
    saved = writer.post(address, posted | {"dates": form["dates"], "seen": form["seen"]})
    assert saved.url == reverse("series:sessions", args=[series.pk])
    starts = [
        f"{a.starts_at.astimezone(START.tzinfo):%m-%d %H:%M}" for a in series.sessions.order_by("starts_at")
    ]
    assert starts == ["07-31 14:30", "08-31 14:30", "09-28 09:00"]
    assert "守着窑火" in writer.get(saved.url).content.decode()
    wrong = writer.post(address, posted | {"dates": "2026-13-01 14:30\n明天"})
    assert "第 1 行没有读懂" in wrong.content.decode()
    assert "明天" in wrong.content.decode()


def test_who_may_not_write_pages_makes_no_series(client, city, site, writer, pattern):
    series = create_series(title="一年十二讲", actor=city.recorder)
    group = Group.objects.create(name="进后台")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for person in (city.other_recorder, city.reviewer):
        person.groups.add(group)
        client.force_login(person)
        assert client.get(reverse("series:plan", args=[series.pk])).status_code in {302, 403}


def test_copying_in_the_admin_leads_to_the_draft(writer, city, pattern):
    address = reverse("activity:copy", args=[pattern.activity_id])
    times = {"starts_at": "2026-07-16 14:30", "ends_at": "2026-07-16 16:30"}
    assert "重新编" in writer.get(address).content.decode()
    assert "第 3 期已经有了" in writer.post(address, times | {"number": "3"}).content.decode()
    answer = writer.post(address, times | {"number": "4"})
    copy = SharingSessionPage.objects.get(number=4)
    assert answer.url == reverse("wagtailadmin_pages:edit", args=[copy.pk])
    plain = city.activity(title="没有页面的")
    writer.post(reverse("activity:copy", args=[plain.pk]), times)
    assert Activity.objects.filter(title="没有页面的", state="draft").count() == 1


# --- tours --------------------------------------------------------------------------------------------------


@pytest.fixture
def tour(city):
    tour = Tour.objects.create(title="示例巡讲", summary="三站")
    for n in range(3):
        add_stop(
            tour=tour,
            title=f"第{'甲乙丙'[n]}站",
            area=city.township,
            starts_at=START + n * DAY,
            ends_at=START + n * DAY + HOUR,
            actor=city.office,
        )
    return tour


def titles(tour):
    return list(tour.stops.order_by("stop_number").values_list("stop_number", "title"))


def test_stops_are_numbered_in_order_and_change_places_without_a_gap(city, tour):
    first, second, third = tour.stops.order_by("stop_number")
    order_stops(tour=tour, order=[third.pk, first.pk, second.pk], actor=city.office)
    assert titles(tour) == [(1, "第丙站"), (2, "第甲站"), (3, "第乙站")]
    with pytest.raises(ActivityRefused, match="刚有变动"):
        order_stops(tour=tour, order=[third.pk, first.pk], actor=city.office)
    Activity.objects.filter(pk=first.pk).update(tour=None, stop_number=None)
    order_stops(tour=tour, order=[third.pk, second.pk], actor=city.office)
    assert titles(tour) == [(1, "第丙站"), (2, "第乙站")]


def test_the_route_is_worked_on_stop_by_stop_by_who_plans_both(writer, client, city, tour):
    address = reverse("tour:stops", args=[tour.pk])
    keys = [stop.pk for stop in tour.stops.order_by("stop_number")]
    assert writer.post(address, {"move": f"down-{keys[0]}"}).status_code == 302
    assert [title for _, title in titles(tour)] == ["第乙站", "第甲站", "第丙站"]
    for nonsense in ("up-0", f"up-{keys[1]}", "x", f"aside-{keys[0]}"):
        assert "刚有变动" in writer.post(address, {"move": nonsense}).content.decode()
    Activity.objects.filter(pk=keys[2]).update(area=city.other_township)
    html = writer.post(address, {"move": f"up-{keys[2]}"}).content.decode()
    assert "不都在您负责的区域里" in html
    answer = writer.post(
        reverse("tour:add_stop", args=[tour.pk]),
        {
            "title": "第丁站", "area": city.township.pk, "starts_at": "2026-07-16 14:30",
            "ends_at": "2026-07-16 16:30", "units": "1",
        },
    )  # fmt: skip
    assert answer.url == address
    assert titles(tour)[-1] == (4, "第丁站")
    assert tour.stops.get(stop_number=4).kind == "tour"


def test_the_public_sees_the_route_in_order_with_called_off_stops_and_no_draft(client, city, site, tour):
    assert client.get(reverse("tour_route", args=[tour.pk])).status_code == 404
    caches["pages"].clear()
    first, second, third = tour.stops.order_by("stop_number")
    Activity.objects.filter(pk__in=[first.pk, second.pk]).update(state="open")
    cancel_activity(activity=second, reason="内部原因", actor=city.office)
    html = client.get(reverse("tour_route", args=[tour.pk])).content.decode()
    words = ("第甲站", "未开始", "第乙站", "已取消")
    assert sorted(words, key=html.index) == list(words)
    assert ("第丙站" in html, "内部原因" in html) == (False, False)
    assert "示例巡讲" in client.get(reverse("tours")).content.decode()
    assert third.state == "draft"


@pytest.mark.parametrize("number", [1, 3])
def test_a_route_and_a_page_of_it_take_the_same_queries_at_any_length(
    client, city, site, number, django_assert_num_queries
):
    tour, series = Tour.objects.create(title="示例巡讲"), Series.objects.create(title="示例系列")
    pages = [
        face(
            city, site, title=f"第{n}站", kind="tour", tour=tour, stop_number=n + 1, series=series,
            starts_at=START + n * DAY,
        )
        for n in range(number)
    ]  # fmt: skip
    client.get("/tongzhi/")
    with django_assert_num_queries(3):
        client.get(reverse("tour_route", args=[tour.pk]))
    with django_assert_num_queries(10):
        html = client.get(pages[0].url).content.decode()
    assert ("同系列其他场次" in html) is (number > 1)


def test_a_page_shows_its_other_sessions_and_no_draft_of_the_series(client, city, site):
    series = create_series(title="示例系列", actor=city.office)
    face(city, site, title="第一讲", series=series)
    face(city, site, title="第二讲", series=series, starts_at=START + DAY)
    face(city, site, title="第三讲", series=series, state="draft")
    html = client.get(
        "/fenxianghui/" + SharingSessionPage.objects.get(title="第一讲").slug + "/"
    ).content.decode()
    assert ("第二讲" in html, "第三讲" in html) == (True, False)


def test_a_grant_for_another_township_shows_no_session_of_this_one(client, city, site, writer):
    series = create_series(title="示例系列", actor=city.office)
    face(city, site, title="第一讲", series=series)
    grant(user=city.reviewer, area=city.other_township, role=AreaGrant.Role.EDITOR, actor=None)
    city.reviewer.groups.add(Group.objects.get(name="编辑"))
    AreaGrant.objects.filter(user=city.reviewer, area=city.township).delete()
    client.force_login(city.reviewer)
    assert "第一讲" not in client.get(reverse("series:sessions", args=[series.pk])).content.decode()
