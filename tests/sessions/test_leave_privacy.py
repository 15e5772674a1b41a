"""Who reads what of leave, and who decides, by every address; the queries of its lists (THREATS 12, 14, 35)."""

import pytest
import time_machine
from django.urls import reverse

from sessions.models import LeaveRequest
from stations import operations as stations_operations
from tests.sessions.leave_world import BEFORE, DETAIL, client_of, filed, form_of, page_of, text

FRAME = 2  # queries of every signed-in page: session and account


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(BEFORE, tick=False):
        yield


@pytest.fixture
def one(city):
    mandate = city.representative(electing_unit="第一选区")
    activity = city.activity(title="走进联络站")
    city.enrol(activity, mandate)
    return activity, mandate


def readers(city, mandate, fellow):
    other = stations_operations.open_account(username="other", display_name="邻镇代工委", actor=None)
    stations_operations.grant(user=other, area=city.other_township, role="office", actor=None)
    names = ("office", "recorder", "reviewer", "auditor", "other_recorder")
    people = {name: getattr(city, name) for name in names}
    return people | {"other_office": other, "the person": mandate, "fellow": fellow}


@pytest.mark.parametrize(("kind", "recorder_reads"), [("sharing", True), ("congress", False)])
def test_category_and_detail_are_read_by_those_who_may(city, kind, recorder_reads):
    mandate, fellow = city.representative(), city.representative("田示范")
    activity = city.activity(kind=kind)
    city.enrol(activity, mandate, fellow)
    request = filed(activity, mandate)
    seen = {}
    for name, who in readers(city, mandate, fellow).items():
        client = client_of(who)
        pages = [client.get(page_of(request)), client.get(reverse("leave")), client.get(form_of(activity))]
        shown = " ".join(text(page) for page in pages if page.status_code == 200)
        seen[name] = (pages[0].status_code, "病假 " in shown, DETAIL in shown)
    assert seen == {
        "office": (200, True, True),
        "recorder": (200, True, recorder_reads),
        "reviewer": (200, True, False),
        "auditor": (200, True, False),
        "other_recorder": (404, False, False),
        "other_office": (404, False, False),
        "the person": (404, True, True),
        "fellow": (404, True, False),  # the word stands among the choices of their own form
    }


def test_nobody_but_the_approver_decides_by_any_address(one, city):
    activity, mandate = one
    request = filed(activity, mandate)
    fellow = city.representative("田示范")
    data = {"requests": str(request.pk), "decision": "approve", "reason": "同意"}
    told = {}
    for name, who in readers(city, mandate, fellow).items():
        if name not in {"office", "recorder"}:
            client = client_of(who)
            sent = [client.post(page_of(request), data), client.post(reverse("leave_decide"), data)]
            told[name] = [answer.status_code for answer in sent]
    assert LeaveRequest.objects.get().state == "pending"
    assert told == {
        "reviewer": [403, 409],
        "auditor": [403, 409],
        "other_recorder": [404, 400],
        "other_office": [404, 400],
        "the person": [404, 404],
        "fellow": [404, 404],
    }


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_takes_the_same_queries_at_any_length(one, city, django_assert_num_queries, count):
    activity, mandate = one
    people = [mandate, *(city.representative(f"示例{n}") for n in range(count - 1))]
    for number, each in enumerate(people):
        kept = activity if number == 0 else city.activity(title=f"第{number}场")
        city.enrol(kept, each)
        filed(kept, each)
    client = client_of(city.recorder)
    client.get(reverse("leave"))
    with django_assert_num_queries(FRAME + 4):
        client.get(reverse("leave"))


def test_a_request_takes_five_queries_of_its_own(one, city, django_assert_num_queries):
    request = filed(*one)
    client = client_of(city.recorder)
    client.get(page_of(request))
    with django_assert_num_queries(FRAME + 5):
        client.get(page_of(request))


def test_pages_of_leave_are_never_stored_and_never_indexed(one, city):
    activity, mandate = one
    request = filed(activity, mandate)
    pages = [client_of(city.recorder).get(reverse("leave")), client_of(city.recorder).get(page_of(request))]
    pages.append(client_of(mandate).get(form_of(activity)))
    assert ["no-store" in page["Cache-Control"] for page in pages] == [True] * 3
    assert ["noindex" in page.content.decode() for page in pages] == [True] * 3
