"""The recorder's Friday: the queue within their areas, one by one or many at once, and what they must look at first."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sessions.declarations.queue import counts_of, queue_of, signs_of
from sessions.models import Activity, Attendance, Declaration
from sessions.operations import close_roll, confirm_declaration, return_declaration
from sessions.permissions import listed_for, planned_by
from stations.operations import grant
from tests.conftest import START
from tests.sessions.declared import DAY, LATER, attended, deed, draft


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def mandate(city):
    return city.representative()


@pytest.fixture
def recorder(city):
    return client_of(city.recorder)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def decide(client, declaration, step="confirm", **found):
    return client.post(reverse(f"declaration_{step}", args=[declaration.pk]), {"seen": 1, **found})


def test_it_is_for_the_staff_of_the_area(city, mandate):
    declaration = deed(mandate)
    asked = {
        "nobody": Client(), "fellow": client_of(mandate.representative.user),
        **{who: client_of(getattr(city, who)) for who in ("other_recorder", "recorder", "reviewer", "auditor", "office")},
    }  # fmt: skip
    one = reverse("declaration", args=[declaration.pk])
    seen = {
        who: (c.get(reverse("declarations")).status_code, c.get(one).status_code) for who, c in asked.items()
    }
    assert seen == {
        "nobody": (302, 302), "fellow": (404, 404), "other_recorder": (200, 404), "recorder": (200, 200),
        "reviewer": (200, 200), "auditor": (200, 200), "office": (200, 200),
    }  # fmt: skip


def test_nothing_of_elsewhere_and_no_draft_stands_in_the_queue(city, mandate):
    deed(mandate, title="本镇的")
    draft(mandate)
    deed(city.representative("田示范", area=city.other_township), title="邻镇的")
    rows = {who: [d.title for d in queue_of(getattr(city, who), state="submitted")] for who in
            ("recorder", "other_recorder", "auditor")}  # fmt: skip
    assert rows == {"recorder": ["本镇的"], "other_recorder": ["邻镇的"], "auditor": ["本镇的", "邻镇的"]}


def test_who_only_reads_is_shown_no_button_and_may_press_none(city, mandate):
    declaration = deed(mandate)
    for who in ("reviewer", "auditor"):
        client = client_of(getattr(city, who))
        pages = [
            client.get(reverse("declarations")),
            client.get(reverse("declaration", args=[declaration.pk])),
        ]
        assert ["/confirm/" in p.content.decode().split("<main")[1] and "通过选中的" in text(p) for p in pages] == [
            False, False,
        ]  # fmt: skip
        answers = [decide(client, declaration), decide(client, declaration, "return", reason="退")]
        answers.append(client.post(reverse("declarations_confirm"), {"chosen": f"{declaration.pk}.1"}))
        assert [a.status_code for a in answers] == [404, 404, 404]


def test_states_are_counted_on_their_chips(city, mandate):
    confirm_declaration(declaration=deed(mandate), actor=city.recorder, moment=LATER)
    return_declaration(declaration=deed(mandate), reason="请补照片", actor=city.recorder, moment=LATER)
    deed(mandate)
    assert [(c.label, c.number) for c in counts_of(city.recorder)] == [
        ("待审", 1), ("已通过", 1), ("已并入", 0), ("已退回", 1), ("已撤回", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, 2), ({"q": "ding"}, 1), ({"q": "田"}, 1), ({"kind": "reception"}, 1), ({"kind": "nonsense"}, 2),
        ({"state": "confirmed"}, 0), ({"state": "draft"}, 2), ({"q": "没有"}, 0), ({"page": "x"}, 2),
    ],
)  # fmt: skip
def test_the_queue_is_searched_and_filtered(city, mandate, recorder, asked, found):
    deed(mandate)
    deed(city.representative("田示范"), kind="reception")
    assert len(recorder.get(reverse("declarations"), asked).context["rows"]) == found


def test_what_asks_for_a_look_is_named_beside_its_row(city, mandate):
    other = city.representative("田示范")
    absent = city.activity(title="缺席的会")
    city.enrol(absent, mandate)
    made = {"缺席": attended(mandate, absent)}
    close_roll(activity=absent, actor=city.recorder, moment=START + timedelta(hours=3))
    confirm_declaration(declaration=deed(mandate, day=DAY), actor=city.recorder, moment=LATER)
    made["同类"] = deed(mandate, day=DAY, files=1)
    made["旁人"] = deed(other, day=DAY, files=1)
    made["清楚"] = deed(other, day=DAY - timedelta(days=5), files=1)
    signs = signs_of(queue_of(city.recorder, state="submitted"))
    assert {name: signs[d.pk] for name, d in made.items()} == {
        "缺席": ["名册上是缺席", "没有材料"], "同类": ["本人当天已有同类记录"], "旁人": ["当天另有同类工作"],
        "清楚": [],
    }  # fmt: skip


def test_one_is_confirmed_and_the_next_is_shown(mandate, recorder):
    first, second = deed(mandate), deed(mandate, kind="reception")
    answer = decide(recorder, first)
    last = decide(recorder, second)
    assert (answer["Location"], last["Location"]) == (
        reverse("declaration", args=[second.pk]), reverse("declarations"),
    )  # fmt: skip
    assert "都审完了" in text(recorder.get(reverse("declarations")))


def test_the_later_of_two_reviewers_is_answered_409_with_what_was_typed(city, mandate, recorder):
    declaration = deed(mandate)
    decide(client_of(city.office), declaration)
    answer = decide(recorder, declaration, "return", reason="请补一张合影")
    assert (answer.status_code, "刚由代工委办理过，现在是“已通过”" in text(answer)) == (409, True)


def test_a_duplicate_is_refused_in_words_and_attached_on_the_second_try(mandate, recorder):
    first, second = deed(mandate), deed(mandate)
    decide(recorder, first)
    activity = Activity.objects.get()
    answer = decide(recorder, second, note="电话核实")
    assert (answer.status_code, "并入：走访三户示例家庭" in text(answer), "电话核实" in text(answer)) == (
        409, True, True,
    )  # fmt: skip
    decide(recorder, second, into=activity.pk)
    second.refresh_from_db()
    assert (second.state, Attendance.objects.count()) == ("merged", 1)


def test_an_activity_of_elsewhere_to_attach_to_is_not_found(city, mandate, recorder):
    held = city.activity(kind="visit", area=city.other_township)
    assert decide(recorder, deed(mandate), into=held.pk).status_code == 404


@pytest.mark.parametrize(
    "found", [{"units": "99"}, {"units": "x"}, {"note": "长" * 151}, {"seen": ""}, {"status": "absent"}]
)
def test_what_makes_no_sense_is_answered_400_and_nothing_is_decided(mandate, recorder, found):
    declaration = deed(mandate)
    assert decide(recorder, declaration, **found).status_code == 400
    declaration.refresh_from_db()
    assert declaration.state == "submitted"


def test_sending_back_asks_for_a_reason(mandate, recorder):
    declaration = deed(mandate)
    without = decide(recorder, declaration, "return", reason=" ")
    told = decide(recorder, declaration, "return", reason="请补一张合影")
    assert (without.status_code, told.status_code) == (409, 302)
    assert Declaration.objects.get().decision_reason == "请补一张合影"


def test_many_at_once_leave_the_doubtful_one_and_say_why(city, mandate, recorder):
    rows = [deed(mandate), deed(mandate), deed(city.representative("田示范"), kind="reception")]
    chosen = [f"{row.pk}.1" for row in rows]
    answer = recorder.post(reverse("declarations_confirm"), {"chosen": chosen, "kind": "visit"}, follow=True)
    page = text(answer)
    assert answer.redirect_chain[0][0] == "/declarations/?kind=visit"
    assert ("已通过 2 件。" in page, "丁示例：本人这一天已有同类记录" in page) == (True, True)
    assert Declaration.objects.waiting().count() == 1


@pytest.mark.parametrize("chosen", [[], ["x"], ["1"], ["1.x"], ["٣.1"], [f"{n}.1" for n in range(101)]])
def test_without_a_choice_nothing_is_confirmed(mandate, recorder, chosen):
    deed(mandate)
    answer = recorder.post(reverse("declarations_confirm"), {"chosen": chosen})
    assert (answer.status_code, Declaration.objects.waiting().count()) == (400, 1)


def test_ones_own_is_neither_ticked_nor_taken_from_the_ticked(city, mandate):
    user = mandate.representative.user
    grant(user=user, area=city.township, role="recorder", actor=city.office)
    declaration, client = deed(mandate), client_of(user)
    page = client.get(reverse("declarations")).content.decode()
    client.post(reverse("declarations_confirm"), {"chosen": f"{declaration.pk}.1"})
    alone = decide(client, declaration)
    declaration.refresh_from_db()
    assert (f'value="{declaration.pk}.1"' in page, alone.status_code, declaration.state) == (
        False,
        409,
        "submitted",
    )


def test_an_activity_made_of_a_deed_stands_in_no_list_of_rolls_and_has_no_door(city, mandate, recorder):
    decide(recorder, deed(mandate))
    activity = Activity.objects.get()
    assert (activity.title in text(recorder.get(reverse("rolls"), {"state": "all"}))) is False
    assert [find(city.office).count() for find in (planned_by, listed_for)] == [0, 0]
    assert Client().get(reverse("check_in", args=[activity.door])).status_code == 404
    assert recorder.get(reverse("roll", args=[activity.pk])).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_and_the_page_of_one_take_the_same_queries_at_any_length(city, mandate, recorder, count):
    for n in range(count):
        declaration = deed(mandate, files=2, day=DAY - timedelta(days=n))
        decide(recorder, deed(mandate, kind="reception", day=DAY - timedelta(days=n)))
        deed(city.representative(f"示例{n}"))
    for name, args in (("declarations", []), ("declaration", [declaration.pk])):
        recorder.get(reverse(name, args=args))
        with CaptureQueriesContext(connection) as captured:
            recorder.get(reverse(name, args=args))
        assert (
            len([q for q in captured if "sharing_" in q["sql"]])
            == {"declarations": 6, "declaration": 5}[name]
        )
