"""The admin of those who plan: within their areas, every save an operation, publishing announces."""

from datetime import date, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import GroupPagePermission

from sessions.models import Activity, Enrolment, SessionSpeaker, SharingSessionPage, Tour
from sessions.operations import close_roll
from stations.models import AreaGrant, DeputyGroup, Station
from stations.operations import add_to_roster, end_mandate, grant, open_account
from tests.conftest import PASSWORD, START
from tests.opened import opened
from tests.sessions.faces import face

BEFORE = START - timedelta(days=9)


@pytest.fixture(autouse=True)
def _before():
    with time_machine.travel(BEFORE, tick=False):
        yield


@pytest.fixture
def staff(city):
    """Let the admin's door open for the people of the city; what they see there is told by their grants."""
    group = Group.objects.create(name="工作人员")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    people = {
        "recorder": city.recorder,
        "other": city.other_recorder,
        "reviewer": city.reviewer,
        "auditor": city.auditor,
        "editor": open_account(username="editor", display_name="编辑", password=PASSWORD, actor=None),
        "stranger": open_account(username="stranger", display_name="无授权", password=PASSWORD, actor=None),
    }
    grant(user=people["editor"], area=city.township, role=AreaGrant.Role.EDITOR, actor=None)
    for person in people.values():
        person.groups.add(group)
    return people | {"office": city.office}


def facts(city, **more):
    """Return what the form of an activity posts."""
    return {
        "kind": "sharing",
        "title": "新的一场",
        "theme": "联系群众",
        "area": city.township.pk,
        "station": "",
        "place": "示范街道",
        "starts_at": "2026-06-18 14:30",
        "ends_at": "2026-06-18 16:30",
        "units": "1",
        "capacity": "",
        "tour": "",
        "stop_number": "",
    } | more


MINUTES = {"early_minutes": "30", "grace_minutes": "10", "late_minutes": "30", "check_out_minutes": "15"}


def test_the_list_shows_to_each_what_lies_in_their_areas(client, city, staff):
    city.activity(title="石桥的一场")
    city.activity(title="清源的一场", area=city.other_township)
    seen = {}
    for name, user in staff.items():
        client.force_login(user)
        answer = client.get("/admin/activity/")
        titles = ["石桥的一场", "清源的一场"]
        seen[name] = (
            [t for t in titles if t in answer.content.decode()] if answer.status_code == 200 else None
        )
    assert seen == {
        "recorder": ["石桥的一场"],
        "other": ["清源的一场"],
        "reviewer": ["石桥的一场"],
        "auditor": ["石桥的一场", "清源的一场"],
        "editor": ["石桥的一场"],
        "stranger": None,
        "office": ["石桥的一场", "清源的一场"],
    }


STEPS = ("edit", "history", "open", "cancel", "enrol")


def test_an_activity_of_another_area_does_not_exist(client, city, staff):
    activity = city.activity(state="draft")
    addresses = [reverse(f"activity:{step}", args=[activity.pk]) for step in STEPS]
    chosen = reverse("activity_chooser:chosen", args=[activity.pk])
    client.force_login(staff["other"])
    assert [client.get(a).status_code for a in (*addresses, chosen)] == [404] * 6
    assert [client.post(a, {"reason": "x"}).status_code for a in addresses] == [404] * 5
    client.force_login(staff["recorder"])
    assert [client.get(a).status_code for a in (*addresses, chosen)] == [200] * 6
    activity.refresh_from_db()
    assert activity.state == "draft"


def test_who_only_reads_can_neither_change_nor_plan(client, city, site, staff):
    activity = city.activity(state="draft")
    for name in ("reviewer", "auditor", "stranger"):
        client.force_login(staff[name])
        for step in ("edit", "open", "cancel", "enrol"):
            answer = client.post(
                reverse(f"activity:{step}", args=[activity.pk]), facts(city) | {"reason": "x"}
            )
            assert answer.status_code in {302, 404}
        client.post("/admin/activity/new/", facts(city))
        client.post("/admin/new_session/", facts(city) | {"format": "topic"})
    activity.refresh_from_db()
    assert (activity.state, activity.title, Activity.objects.count()) == ("draft", "示例分享会", 1)


def test_who_may_not_publish_a_page_neither_announces_its_activity_nor_alters_what_was_announced(
    client, city, site, staff
):
    drafted = face(city, site, title="草稿", live=False, state="draft").activity
    announced = face(city, site, title="已发布").activity
    plain = city.activity(title="没有页面", state="draft")
    reviewers = Group.objects.create(name="审核")
    reviewers.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in ("change_page", "publish_page"):
        right = Permission.objects.get(codename=codename)
        GroupPagePermission.objects.create(group=reviewers, page=site["fenxianghui"], permission=right)
    publisher = open_account(username="publisher", display_name="审核发布", password=PASSWORD, actor=None)
    grant(user=publisher, area=city.township, role=AreaGrant.Role.EDITOR, actor=None)
    publisher.groups.add(reviewers)
    moved = {"starts_at": "2026-06-20 09:00", "ends_at": "2026-06-20 11:00"}
    steps = [
        (drafted, "open", {}),
        (announced, "move", moved | {"seen": START.isoformat()}),
        (announced, "cancel", {"reason": "停电"}),
        (plain, "open", {}),
    ]

    def answers(user):
        client.force_login(user)
        sent = [(reverse(f"activity:{step}", args=[each.pk]), data) for each, step, data in steps]
        shown = [client.get(address).status_code for address, _ in sent]
        return shown, [client.post(address, data).status_code for address, data in sent]

    client.force_login(staff["editor"])
    told = client.get(reverse("activity:open", args=[drafted.pk])).content.decode()
    form = reverse("activity:edit", args=[announced.pk])
    saved = client.post(form, facts(city, title="改名") | MINUTES | opened(client, form))
    offered = client.get("/admin/activity/").content.decode()
    assert ("请在页面里送审" in told, "这场活动已经发布，改动会立即出现" in saved.content.decode()) == (
        True,
        True,
    )
    assert [
        reverse(f"activity:{step}", args=[each.pk]) in offered
        for each, step in ((drafted, "open"), (announced, "move"), (announced, "edit"), (plain, "open"))
    ] == [False, False, False, True]
    assert answers(staff["editor"]) == ([403, 403, 403, 200], [403, 403, 403, 302])
    assert list(Activity.objects.order_by("pk").values_list("title", "state")) == [
        ("草稿", "draft"), ("已发布", "open"), ("没有页面", "open"),
    ]  # fmt: skip
    assert answers(staff["recorder"]) == ([403, 200, 200, 200], [403, 302, 302, 302])
    assert answers(publisher) == ([200] * 4, [302, 200, 200, 302])
    assert Activity.objects.get(pk=drafted.pk).state == "open"


def test_the_list_offers_what_can_be_done_now(client, city, staff):
    open_one = city.activity(title="已发布的")
    client.force_login(staff["recorder"])
    html = client.get("/admin/activity/").content.decode()
    for address in (
        reverse("roll", args=[open_one.pk]),
        reverse("wall", args=[open_one.door]),
        reverse("activity:cancel", args=[open_one.pk]),
        reverse("activity:people", args=[open_one.pk]),
    ):
        assert f'href="{address}"' in html
    assert reverse("activity:open", args=[open_one.pk]) not in html
    client.force_login(staff["reviewer"])
    assert (
        reverse("activity:cancel", args=[open_one.pk]) not in client.get("/admin/activity/").content.decode()
    )


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_at_any_length(
    client, city, site, staff, number, django_assert_num_queries
):
    for index in range(number):
        face(city, site, title=f"场{index}")
    client.force_login(staff["recorder"])
    client.get("/admin/activity/")  # what the menu keeps for the process is read before the count
    with django_assert_num_queries(12):
        client.get("/admin/activity/")


def test_a_new_activity_is_a_logged_draft(client, city, staff):
    client.force_login(staff["recorder"])
    answer = client.post("/admin/activity/new/", facts(city))
    assert (answer.status_code, answer.url) == (302, "/admin/activity/")
    activity = Activity.objects.get()
    assert (activity.state, activity.title, activity.starts_at, activity.place) == (
        "draft",
        "新的一场",
        START,
        "示范街道",
    )
    assert _actions(activity) == ["sharing.create_activity"]


def _actions(subject):
    from wagtail.log_actions import registry

    return [entry.action for entry in registry.get_logs_for_instance(subject).order_by("timestamp")]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ends_at": "2026-06-18 14:30"}, "结束时间要晚于开始时间。"),
        ({"title": ""}, "必需字段"),
        ({"capacity": "-1"}, "不能小于 0，请重新填写。"),
    ],
)
def test_a_form_that_makes_no_sense_says_where_and_keeps_what_was_typed(client, city, staff, wrong, words):
    client.force_login(staff["recorder"])
    html = client.post("/admin/activity/new/", facts(city) | wrong).content.decode()
    assert words in html
    assert "示范街道" in html
    assert Activity.objects.count() == 0


def test_another_areas_place_is_no_choice(client, city, staff):
    station = Station.objects.create(kind="liaison", name="清源站", area=city.other_township)
    client.force_login(staff["recorder"])
    for other in ({"area": city.other_township.pk}, {"area": city.county.pk}, {"station": station.pk}):
        assert client.post("/admin/activity/new/", facts(city) | other).status_code == 200
    assert Activity.objects.count() == 0


def test_a_place_left_empty_takes_the_name_of_the_station(client, city, staff):
    station = Station.objects.create(kind="liaison", name="石桥站", area=city.township)
    client.force_login(staff["recorder"])
    client.post("/admin/activity/new/", facts(city, station=station.pk, place=""))
    assert Activity.objects.get().place == "石桥站"


def test_a_change_is_logged_and_a_closed_roll_is_changed_no_more(client, city, staff):
    activity = city.activity()
    address = reverse("activity:edit", args=[activity.pk])
    client.force_login(staff["recorder"])
    posted = facts(city) | MINUTES
    demanded = {"title": "改过的", "check_out_required": "on", "check_out_minutes": "20"}
    assert client.post(address, posted | demanded | opened(client, address)).status_code == 302
    close_roll(activity=activity, actor=city.recorder, moment=START + timedelta(hours=2))
    again = posted | {"title": "再改"} | opened(client, address)
    html = client.post(address, again).content.decode()
    assert "这场活动已收册，不能再改。" in html
    activity.refresh_from_db()
    assert (activity.title, activity.check_out_required, activity.check_out_minutes) == ("改过的", True, 20)
    assert _actions(activity)[2:] == ["sharing.change_activity", "sharing.close_roll"]


def test_publishing_and_calling_off_ask_first_and_act_on_the_button_only(client, city, staff):
    activity = city.activity(state="draft")
    steps = {name: reverse(f"activity:{name}", args=[activity.pk]) for name in ("open", "cancel")}
    client.force_login(staff["recorder"])
    states = []
    for address, data in (("open", {}), ("cancel", {"reason": " "}), ("cancel", {"reason": "天气原因"})):
        client.get(steps[address])
        client.post(steps[address], data)
        activity.refresh_from_db()
        states.append(activity.state)
    assert states == ["open", "open", "cancelled"]
    assert "已取消" in client.post(steps["open"]).content.decode()


def test_a_tag_is_offered_by_the_words_people_use(client, city, staff):
    city.representative(tags=["standing_member", "own_word"])
    client.force_login(staff["recorder"])
    page = client.get(reverse("activity:enrol", args=[city.activity().pk]))
    offered = page.context["form"].fields["tag"].choices
    assert offered == [("", "不限"), ("own_word", "own_word"), ("standing_member", "常委会组成人员")]


def test_the_list_offers_each_only_what_opens(client, city, staff):
    activity = city.activity()
    addresses = {reverse("roll", args=[activity.pk]), reverse("wall", args=[activity.door])}
    offered = {}
    for name in ("recorder", "editor", "reviewer", "auditor", "office"):
        client.force_login(staff[name])
        page = BeautifulSoup(client.get("/admin/activity/").content, "html.parser")
        links = {link["href"] for link in page.select("table.listing a[href]")}
        opened = {link for link in links if client.get(link).status_code == 200}
        offered[name] = (len(links & addresses), sorted(links - opened))
    assert offered == {
        "recorder": (2, []),
        "editor": (0, []),
        "reviewer": (0, []),
        "auditor": (0, []),
        "office": (2, []),
    }


def test_people_are_listed_by_group_station_area_and_tag_each_once(client, city, staff):
    activity = city.activity()
    other_group = DeputyGroup.objects.create(term=city.term, area=city.township, name="二组")
    station = Station.objects.create(kind="liaison", name="石桥站", area=city.township)
    one = city.representative("丁示例")
    two = city.representative("王样本", group=other_group, tags=["standing_member"])
    three = city.representative("李拟名", group=other_group)
    left = city.representative("周虚构")
    add_to_roster(station=station, mandates=[one], starts_on=date(2026, 1, 1), actor=city.office)
    end_mandate(mandate=left, day=date(2026, 6, 1), actor=city.office)
    city.representative("田示范", area=city.other_township, group=None)
    client.force_login(staff["recorder"])
    address = reverse("activity:enrol", args=[activity.pk])
    how = {"basis": "obliged", "role": "attendee"}
    listed = []
    for choice in (
        {},
        {"tag": "standing_member"},
        {"groups": [city.group.pk], "stations": [station.pk]},
        {"area": city.township.pk, "tag": "standing_member"},
        {"area": city.township.pk},
        {"area": city.other_township.pk},
    ):
        client.post(address, how | choice)
        listed.append(sorted(Enrolment.objects.values_list("mandate_id", flat=True)))
    assert listed == [
        [],
        [],
        [one.pk],
        [one.pk, two.pk],
        [one.pk, two.pk, three.pk],
        [one.pk, two.pk, three.pk],
    ]
    html = client.get(address).content.decode()
    assert "现在的名单：3 人" in html


def test_one_form_makes_activity_list_and_draft_page_and_leads_to_the_editor(client, city, site, staff):
    member = city.representative()
    client.force_login(staff["office"])
    answer = client.post(
        "/admin/new_session/",
        facts(city) | {"number": "14", "format": "interactive", "groups": [city.group.pk]},
    )
    page = SharingSessionPage.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert (page.live, page.number, page.format, page.get_parent().pk) == (
        False,
        14,
        "interactive",
        site["fenxianghui"].pk,
    )
    assert page.get_latest_revision_as_object().title == "新的一场"
    assert page.activity.state == "draft"
    listed = page.activity.enrolments.values_list("mandate_id", "basis", "role")
    assert list(listed) == [(member.pk, "obliged", "attendee")]
    assert client.get(answer.url).status_code == 200


def test_a_number_that_is_taken_makes_nothing(client, city, site, staff):
    face(city, site, page={"number": 14})
    client.force_login(staff["office"])
    html = client.post(
        "/admin/new_session/", facts(city) | {"number": "14", "format": "topic"}
    ).content.decode()
    assert "第 14 期已经有了，请换一个期数。" in html
    assert (Activity.objects.count(), SharingSessionPage.objects.count()) == (1, 1)


def test_planning_without_the_right_to_write_pages_makes_no_session(client, city, site, staff):
    client.force_login(staff["recorder"])
    assert client.get("/admin/new_session/").status_code == 302
    group = Group.objects.create(name="编辑")
    add = Permission.objects.get(codename="add_page")
    GroupPagePermission.objects.create(group=group, page=site["fenxianghui"], permission=add)
    staff["editor"].groups.add(group)
    client.force_login(staff["editor"])
    assert client.get("/admin/new_session/").status_code == 200


def test_publishing_the_page_opens_the_activity_and_lists_its_speakers(city, site):
    page = face(city, site, state="draft", live=False)
    speaker, gone = city.representative("王样本"), city.representative("周虚构")
    end_mandate(mandate=gone, day=date(2026, 6, 1), actor=city.office)
    page.speakers = [
        SessionSpeaker(representative=speaker.representative),
        SessionSpeaker(representative=gone.representative),
        SessionSpeaker(guest_name="李拟名"),
    ]
    for _ in range(2):  # publishing again changes nothing
        page.save_revision(user=city.office).publish()
    page.activity.refresh_from_db()
    assert page.activity.state == "open"
    listed = page.activity.enrolments.values_list("mandate_id", "basis", "role")
    assert list(listed) == [(speaker.pk, "invited", "speaker")]
    assert _actions(page.activity) == ["sharing.create_activity", "sharing.open_activity", "sharing.enrol"]


def test_a_scheduled_page_opens_its_activity_when_its_time_has_come(city, site):
    from django.core.management import call_command

    page = face(city, site, state="draft", live=False)
    page.go_live_at = BEFORE + timedelta(days=1)
    page.save_revision(user=city.office).publish()
    states = []
    for days in (0, 2):
        with time_machine.travel(BEFORE + timedelta(days=days), tick=False):
            call_command("publish_scheduled")
        page.activity.refresh_from_db()
        states.append(page.activity.state)
    assert states == ["draft", "open"]


def test_publishing_a_page_again_wakes_no_closed_roll(city, site):
    page = face(city, site)
    close_roll(activity=page.activity, actor=city.recorder, moment=START + timedelta(hours=2))
    page.speakers = [SessionSpeaker(representative=city.representative().representative)]
    page.save_revision(user=city.office).publish()
    page.activity.refresh_from_db()
    assert (page.activity.state, page.activity.enrolments.count()) == ("closed", 0)


def test_the_chooser_offers_activities_of_own_areas_by_name(client, city, staff):
    mine, theirs = city.activity(title="石桥研讨"), city.activity(title="清源研讨", area=city.other_township)
    city.activity(title="石桥视察")
    client.force_login(staff["recorder"])
    address = reverse("activity_chooser:choose_results")
    answers = [client.get(address, query).content.decode() for query in ({}, {"q": "研讨"})]
    named = [[t for t in ("石桥研讨", "石桥视察", "清源研讨") if t in html] for html in answers]
    assert named == [["石桥研讨", "石桥视察"], ["石桥研讨"]]
    assert (mine.area, theirs.area) == (city.township, city.other_township)


def test_a_tour_is_kept_and_never_deleted_by_staff(client, city, staff):
    client.force_login(staff["recorder"])
    client.post("/admin/tour/new/", {"title": "巡讲一", "summary": ""})
    tour = Tour.objects.get()
    assert client.post(f"/admin/tour/delete/{tour.pk}/").status_code == 404
    client.force_login(staff["stranger"])
    assert client.get("/admin/tour/").status_code == 302


def test_markup_in_a_title_is_text_in_the_admin_too(client, city, site, staff):
    page = face(city, site, title="<script>alert(1)</script>")
    client.force_login(staff["office"])
    for address in (
        "/admin/activity/",
        reverse("activity:enrol", args=[page.activity_id]),
        reverse("activity:cancel", args=[page.activity_id]),
        reverse("activity:edit", args=[page.activity_id]),
    ):
        assert "<script>alert(1)" not in client.get(address).content.decode()
