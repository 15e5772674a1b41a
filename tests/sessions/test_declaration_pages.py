"""履职申报 on a phone: two steps, nothing typed is lost, nobody else's anything (THREATS 8, 9, 10, 12, 13, 18)."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from sessions.declarations.own import choices_of
from sessions.models import Declaration, DeclarationFile
from sessions.operations import attach_evidence, return_declaration
from sessions.operations.declarations import LARGEST
from tests.conftest import START
from tests.sessions.declared import DAY, LATER, deed, photo, written

TOLD = {
    "what": "visit", "deed_kind": "visit", "title": "走访三户示例家庭", "happened_on": str(DAY),
    "part": "morning", "place": "示例村", "text": "逐户问了冬季取暖。",
}  # fmt: skip


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def mandate(city):
    return city.representative()


def client_of(someone):
    client = Client()
    client.force_login((getattr(someone, "representative", None) and someone.representative.user) or someone)
    return client


@pytest.fixture
def client(mandate):
    return client_of(mandate)


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def send(client, address="me_declaration_new", *pk, **told):
    return client.post(reverse(address, args=pk), {"nonce": "n" * 32, **TOLD, **told})


def test_it_is_for_representatives_who_are_signed_in(city):
    assert Client().get(reverse("me_declarations"))["Location"].startswith("/accounts/login/")
    assert client_of(city.recorder).get(reverse("me_declarations")).status_code == 404


def test_first_one_chooses_then_one_writes(city, client, mandate):
    activity = city.activity(title="漏记的分享会")
    city.enrol(activity, mandate)
    first = client.get(reverse("me_declaration_new"))
    deed_form = client.get(reverse("me_declaration_new"), {"what": "visit"})
    own_form = client.get(reverse("me_declaration_new"), {"activity": activity.pk})
    assert ("漏记的分享会" in text(first), 'href="?what=visit"' in first.content.decode()) == (True, True)
    assert ("happened_on" in deed_form.context["form"].fields, list(own_form.context["form"].fields)) == (
        True, ["text"],
    )  # fmt: skip
    assert Declaration.objects.count() == 0


@pytest.mark.parametrize("asked", [{"what": "congress"}, {"what": "\x00"}, {"what": ""}, {}])
def test_what_cannot_be_declared_leads_back_to_the_choice(client, asked):
    assert "您做了什么？" in text(client.get(reverse("me_declaration_new"), asked))
    assert (client.post(reverse("me_declaration_new"), asked).status_code, Declaration.objects.count()) == (
        200,
        0,
    )


@pytest.mark.parametrize("number", ["0", "abc", "٣", "9" * 30])
def test_an_activity_that_is_none_is_not_found(client, number):
    assert client.get(reverse("me_declaration_new"), {"activity": number}).status_code == 404


def test_the_activity_of_others_is_not_found(city, client):
    activity = city.activity()
    assert send(client, activity=activity.pk).status_code == 404


def test_all_told_is_handed_in_at_once_with_its_photographs(client, mandate):
    answer = send(client, files=[photo("一.jpg"), photo("二.jpg", size=(70, 40))])
    made = Declaration.objects.get()
    assert (answer["Location"], made.state, made.files.count()) == (
        reverse("me_declaration", args=[made.pk]), "submitted", 2,
    )  # fmt: skip
    assert "待审核" in text(client.get(answer["Location"]))


def test_a_second_click_is_the_same_declaration(client):
    answers = [send(client, files=[photo()]) for _ in range(3)]
    assert (len({a["Location"] for a in answers}), Declaration.objects.count(), DeclarationFile.objects.count()) == (
        1, 1, 1,
    )  # fmt: skip
    assert Declaration.objects.get().version == 1


def test_a_wrong_field_keeps_the_words_and_the_files_that_were_taken(client):
    answer = send(client, happened_on="", title="", files=[photo("一.jpg")])
    page, made = answer.content.decode(), Declaration.objects.get()
    assert (answer.status_code, made.state, made.files.get().name) == (400, "draft", "一.jpg")
    assert ("逐户问了冬季取暖。" in page, "示例村" in page, "一.jpg" in page) == (True, True, True)
    assert f'action="{reverse("me_declaration", args=[made.pk])}"' in page
    again = send(client, "me_declaration", made.pk)
    assert (again.status_code, Declaration.objects.get().state) == (302, "submitted")


def test_one_broken_file_stops_the_handing_in_and_leaves_the_good_one(client):
    bad = photo("坏.jpg")
    bad.file.truncate(200)
    bad.size = 200
    answer = send(client, files=[photo("好.jpg"), bad])
    made = Declaration.objects.get()
    assert (answer.status_code, made.state, [f.name for f in made.files.all()]) == (400, "draft", ["好.jpg"])
    assert "“坏.jpg”打不开，可能没有传完整。请重新拍照或另存一份再传。" in text(answer)


def test_of_many_files_in_one_form_six_are_looked_at_and_the_rest_is_told(client):
    answer = send(client, files=[photo(f"{n}.jpg", size=(40 + n, 40)) for n in range(8)])
    told = "一次最多选 6 份材料，多出的 2 份没有收下。" in text(answer)
    assert (answer.status_code, told, DeclarationFile.objects.count()) == (400, True, 6)


def test_a_script_in_a_picture_and_a_file_too_large_are_told_in_words(client):
    svg = photo("画.svg")
    svg.file = io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>")
    svg.size = len(svg.file.getvalue())
    large = SimpleUploadedFile("大.jpg", b"\xff\xd8\xff" + bytes(LARGEST))
    page = text(send(client, files=[svg, large]))
    assert ("“画.svg”的内容不是可以上传的种类" in page, "“大.jpg”有 10 MB，超过 10 MB。" in page, Declaration.objects.get().state) == (
        True, True, "draft",
    )  # fmt: skip


def test_saving_keeps_what_is_there_and_asks_for_nothing(client):
    answer = send(client, step="save", title="", happened_on="", part="", files=[photo()])
    made = Declaration.objects.get()
    assert (answer.status_code, made.state, made.text, made.files.count()) == (302, "draft", TOLD["text"], 1)
    gone = send(client, "me_declaration", made.pk, step=f"remove-{made.files.get().pk}")
    assert (gone.status_code, made.files.count()) == (302, 0)


def test_a_date_that_cannot_be_read_is_told_also_when_saving(client):
    answer = send(client, step="save", title="", happened_on="六月十八")
    errors, made = answer.context["form"].errors, Declaration.objects.get()
    assert (answer.status_code, list(errors), made.text) == (400, ["happened_on"], TOLD["text"])
    assert 'value="六月十八"' in answer.content.decode()


def test_another_state_in_the_form_is_not_taken(client, city):
    send(client, state="confirmed", decided_by=city.recorder.pk, attendance=1, version=9, units=99)
    made = Declaration.objects.get()
    assert (made.state, made.decided_by, made.attendance, made.version, made.units) == (
        "submitted",
        None,
        None,
        1,
        1,
    )


def test_why_it_came_back_stands_in_the_list_and_above_the_form(city, client, mandate):
    made = deed(mandate)
    return_declaration(declaration=made, reason="请补一张合影", actor=city.recorder, moment=LATER)
    pages = [client.get(reverse(name, args=a)) for name, a in (
        ("me_declarations", []), ("me_declaration", [made.pk]),
    )]  # fmt: skip
    assert ["请补一张合影" in text(page) for page in pages] == [True, True]
    assert "1 件被退回" in text(client.get(reverse("me")))
    assert send(client, "me_declaration", made.pk, files=[photo()]).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.version) == ("submitted", 2)


def test_taking_back_takes_a_post_and_is_ones_own(city, client, mandate):
    made = deed(mandate)
    address = reverse("me_declaration_withdraw", args=[made.pk])
    other = client_of(city.representative("田示范"))
    assert (client.get(address).status_code, other.post(address).status_code) == (405, 404)
    client.post(address)
    made.refresh_from_db()
    assert made.state == "withdrawn"


def test_nobody_sees_changes_or_is_told_of_the_declaration_of_another(city, mandate):
    made, other = deed(mandate), client_of(city.representative("田示范"))
    address = reverse("me_declaration", args=[made.pk])
    assert (other.get(address).status_code, other.post(address, TOLD).status_code) == (404, 404)
    assert "走访三户示例家庭" not in text(other.get(reverse("me_declarations")))


# --- evidence -----------------------------------------------------------------------------------------------


@pytest.fixture
def evidence(mandate):
    return deed(mandate, files=1).files.get()


@pytest.mark.parametrize("name", ["evidence", "evidence_small"])
def test_evidence_is_given_to_its_owner_and_the_staff_of_the_area_alone(city, client, evidence, name):
    address = reverse(name, args=[evidence.pk])
    asked = {
        "nobody": Client(), "owner": client, "fellow": client_of(city.representative("田示范")),
        **{who: client_of(getattr(city, who)) for who in ("recorder", "reviewer", "auditor", "office", "other_recorder")},
    }  # fmt: skip
    answers = {who: each.get(address) for who, each in asked.items()}
    for answer in answers.values():
        b"".join(answer) if answer.streaming else None
    assert {who: answer.status_code for who, answer in answers.items()} == {
        "nobody": 302, "owner": 200, "fellow": 404, "recorder": 200, "reviewer": 200, "auditor": 200, "office": 200,
        "other_recorder": 404,
    }  # fmt: skip


def test_the_evidence_of_a_draft_is_the_owners_alone(city, client, mandate):
    made = written(mandate)
    file = attach_evidence(declaration=made, file=photo(), actor=mandate.representative.user)
    address = reverse("evidence", args=[file.pk])
    own = client.get(address)
    b"".join(own)
    assert (own.status_code, client_of(city.recorder).get(address).status_code) == (200, 404)


def test_what_is_given_out_says_nothing_of_the_place_and_cannot_run(client, evidence):
    answer = client.get(reverse("evidence", args=[evidence.pk]))
    with Image.open(io.BytesIO(b"".join(answer))) as picture:
        assert dict(picture.getexif()) == {}
    assert [answer[h] for h in ("Cache-Control", "X-Content-Type-Options", "Content-Security-Policy")] == [
        "private, no-store, max-age=0, no-cache, must-revalidate", "nosniff", "default-src 'none'; sandbox",
    ]  # fmt: skip
    assert answer["Content-Disposition"].startswith("attachment;")


def test_evidence_whose_file_is_lost_is_not_found(client, evidence):
    evidence.file.storage.delete(evidence.file.name)
    assert client.get(reverse("evidence", args=[evidence.pk])).status_code == 404


# --- queries ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_ones_own_list_takes_four_queries_of_its_own(city, client, mandate, count):
    for n in range(count):
        deed(mandate, files=2, day=DAY - timedelta(days=n))
    client.get(reverse("me_declarations"))
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("me_declarations"))
    assert len([q for q in captured if "sharing_" in q["sql"] or "stations_rep" in q["sql"]]) == 4


@pytest.mark.parametrize("count", [1, 3])
def test_the_choice_of_activities_takes_one_query(city, mandate, django_assert_num_queries, count):
    for n in range(count):
        city.enrol(city.activity(title=f"漏记{n}", starts_at=START - timedelta(days=n)), mandate)
    with django_assert_num_queries(1):
        assert len(choices_of(mandate.representative, LATER)) == count
