"""参加证明: for who came, numbered, verified by anybody with its address, revoked and restored by the roll (rule 25)."""

import logging
import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from portal.logs import MaskSecrets
from sessions.models import Activity, Attendance, Certificate
from sessions.operations import close_roll, issue_certificates, lock_rolls, record_status
from sessions.paper.certificates import Sheet
from tests.conftest import START
from tests.sessions.paper_city import FRAME, roll_of, text


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def roll(city):
    """A closed roll: 甲 came, 乙 came late, 丙 did not."""
    roll = roll_of(city)
    for mandate, status in zip(roll.people, ("present", "late"), strict=False):
        set_status(roll, city, mandate, status)
    close_roll(activity=roll.activity, actor=city.recorder, moment=START)
    return roll


def set_status(roll, city, mandate, status):
    record_status(
        activity=roll.activity, representative=mandate.representative, status=status,
        actor=city.recorder, moment=START, reason="更正",
    )  # fmt: skip


def issue(roll, city):
    return issue_certificates(activity=roll.activity, actor=city.recorder, moment=START)


def of(roll, number):
    return Certificate.objects.get(attendance__representative=roll.people[number].representative)


def verify(certificate):
    return Client().get(reverse("certificate", args=(certificate.token,)))


def signed_in(mandate):
    client = Client()
    client.force_login(mandate.representative.user)
    return client


def mine(roll, number):
    row = roll.people[number].representative.attendances.get()
    return reverse("my_certificate", args=(row.pk,))


def test_rule_25_everybody_who_came_gets_one_number_and_nobody_a_second(roll, city):
    answers = [roll.client.post(roll.to("roll_certificates")).status_code for _ in range(2)]
    numbers = list(
        Certificate.objects.order_by("number").values_list("number", "attendance__representative__name")
    )
    assert answers == [302, 302]
    assert [(number[:10], name) for number, name in numbers] == [
        ("2026-00001", "示例乙"),
        ("2026-00002", "示例甲"),
    ]
    [entry] = ModelLogEntry.objects.filter(action="sharing.issue_certificates")
    assert (entry.user, entry.data) == (city.recorder, {"issued": 2})


def test_rule_25_a_certificate_shows_revoked_after_a_correction_and_valid_again_after_another(roll, city):
    issue(roll, city)
    certificate = of(roll, 0)
    seen = []
    for status in ("absent", "left_early", "leave", "present"):
        set_status(roll, city, roll.people[0], status)
        page = text(verify(certificate))
        seen.append(("已撤销" in page, "有效 与名册一致" in page))
    assert seen == [(True, False), (False, True), (True, False), (False, True)]


def test_rule_25_the_page_of_verification_says_what_stands_on_paper_and_nothing_else(roll, city):
    issue(roll, city)
    certificate = of(roll, 1)
    answer = verify(certificate)
    main = answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0].split(">", 1)[1]
    facts = re.findall(r"<d[td][^>]*>([^<]+)</d[td]>", main)
    assert facts == [
        "编号", certificate.number, "姓名", "示例乙", "活动", "示例分享会",
        "日期", "2026 年 6 月 18 日（周四）", "时长", "2 小时",
    ]  # fmt: skip
    assert [word in main for word in ("选区", "迟到", "14:30", "记录员", "主讲")] == [False] * 5
    assert '<meta name="robots" content="noindex">' in answer.content.decode()


def test_the_page_of_verification_is_never_stored(roll, city):
    issue(roll, city)
    answers = [verify(of(roll, 0)) for _ in range(2)]
    assert [(answer.headers.get("X-Cache"), "no-store" in answer["Cache-Control"]) for answer in answers] == [
        (None, True)
    ] * 2


def test_an_unknown_address_is_not_found_in_a_sentence_and_no_number_leads_anywhere(roll, city):
    issue(roll, city)
    certificate = of(roll, 0)
    tried = [
        "x",
        certificate.number,
        str(certificate.pk),
        certificate.token[:-1],
        certificate.token.swapcase(),
    ]
    answers = [Client().get(f"/zs/{each}/") for each in tried]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert {"没有找到这张证明" in text(answer) for answer in answers} == {True}


def test_a_token_holds_more_than_a_hundred_and_twenty_eight_bits(roll, city):
    issue(roll, city)
    tokens = set(Certificate.objects.values_list("token", flat=True))
    assert (len(tokens), {len(token) for token in tokens}) == (2, {24})  # 24 characters of 6 bits


def test_a_representative_fetches_their_own_and_prints_it(roll, city):
    client = signed_in(roll.people[0])
    assert "领取参加证明" in text(client.get(reverse("me_attendance")))
    assert client.get(mine(roll, 0)).status_code == 404  # looking gives out nothing
    assert [client.post(mine(roll, 0)).status_code for _ in range(2)] == [302, 302]
    certificate = Certificate.objects.get()
    page = client.get(mine(roll, 0))
    for words in (
        certificate.number,
        "示例甲",
        "第甲选区",
        "“示例分享会”",
        "时长 2 小时。",
        "特此证明",
    ):
        assert words in text(page)
    assert f"http://testserver/zs/{certificate.token}/" in text(page)
    assert certificate.issued_by == roll.people[0].representative.user


def test_who_did_not_come_gets_none(roll, city):
    client = signed_in(roll.people[2])
    answer = client.post(mine(roll, 2), follow=True)
    assert ("没有到场记录，不能出具" in text(answer), Certificate.objects.count()) == (True, 0)
    assert "领取参加证明" not in text(client.get(reverse("me_attendance")))


def test_before_the_roll_is_closed_there_is_none(city):
    roll = roll_of(city)
    set_status(roll, city, roll.people[0], "present")
    answer = roll.client.post(roll.to("roll_certificates"))
    assert (answer.status_code, "收册以后才能出具" in text(answer)) == (409, True)
    client = signed_in(roll.people[0])
    assert "收册以后才能出具" in text(client.post(mine(roll, 0), follow=True))
    assert Certificate.objects.count() == 0


def test_nobody_fetches_or_sees_the_certificate_of_another(roll, city):
    issue(roll, city)
    clients = [signed_in(roll.people[1]), Client()]
    clients[1].force_login(city.other_recorder)
    answers = [(c.get(mine(roll, 0)).status_code, c.post(mine(roll, 0)).status_code) for c in clients]
    assert answers == [(404, 404)] * 2
    staff = [roll.to("roll_certificates"), roll.to("roll_certificates_print")]
    for user in (city.other_recorder, city.reviewer, city.auditor, roll.people[1].representative.user):
        client = Client()
        client.force_login(user)
        assert [client.get(a).status_code for a in staff] + [client.post(staff[0]).status_code] == [404] * 3


def test_a_speaker_and_a_visitor_are_called_what_they_were(city):
    roll = roll_of(city)
    city.enrol(roll.activity, roll.people[0], basis="invited", role="speaker")
    guest = city.representative("来访者")
    for mandate, status in ((roll.people[0], "present"), (guest, "visitor"), (roll.people[1], "present")):
        set_status(roll, city, mandate, status)
    close_roll(activity=roll.activity, actor=city.recorder, moment=START)
    issue(roll, city)
    page = text(roll.client.get(roll.to("roll_certificates_print")))
    assert [page.count(words) for words in ("14:30—16:30担任主讲", "14:30—16:30列席", "14:30—16:30参加")] == [
        1,
        1,
        1,
    ]


@pytest.mark.parametrize(("meeting", "said"), [(7, "2 个半天"), (None, "")])
def test_only_a_sitting_of_a_meeting_names_what_it_counts(meeting, said):
    row = Attendance(activity=Activity(meeting_id=meeting), units=Decimal("2.00"))
    assert Sheet(Certificate(attendance=row)).units == said


def test_a_revoked_certificate_is_not_printed(roll, city):
    issue(roll, city)
    set_status(roll, city, roll.people[0], "absent")
    page = text(roll.client.get(roll.to("roll_certificates_print")))
    own = text(signed_in(roll.people[0]).get(mine(roll, 0)))
    assert (of(roll, 0).number in page, of(roll, 1).number in page) == (False, True)
    assert ("已撤销" in own, "名册已更正为缺席" in own, "特此证明" in own) == (True, True, False)
    assert "名册现为缺席" in text(roll.client.get(roll.to("roll_certificates")))


def test_one_certificate_is_printed_alone_and_an_unknown_number_is_not_found(roll, city):
    issue(roll, city)
    address = roll.to("roll_certificates_print")
    page = roll.client.get(address, {"number": of(roll, 0).number}).content.decode()
    assert page.count('class="cert"') == 1
    assert roll.client.get(address, {"number": "2026-99999-X"}).status_code == 404


def test_a_locked_year_still_gives_out_certificates(roll, city):
    lock_rolls(activities=type(roll.activity).objects.all())
    assert issue(roll, city) == 2


def test_numbers_begin_anew_with_the_local_year(roll, city):
    later = roll_of(city, "丁")
    set_status(later, city, later.people[0], "present")
    close_roll(activity=later.activity, actor=city.recorder, moment=START)
    issue(roll, city)
    new_year = START.replace(month=12, day=31, hour=23, minute=59) + timedelta(minutes=2)
    issue_certificates(activity=later.activity, actor=city.recorder, moment=new_year)
    assert sorted(number[:10] for number in Certificate.objects.values_list("number", flat=True)) == [
        "2026-00001", "2026-00002", "2027-00001",
    ]  # fmt: skip


@pytest.mark.parametrize("write", ["DELETE FROM {}", "UPDATE {} SET number = 'x'"])
def test_the_database_refuses_to_change_a_certificate(roll, city, write):
    issue(roll, city)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(write.format("sharing_certificate"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_of_certificates_take_the_same_queries_at_any_length(
    city, count, django_assert_num_queries
):
    roll = roll_of(city, *map(str, range(count)))
    for mandate in roll.people:
        set_status(roll, city, mandate, "present")
    close_roll(activity=roll.activity, actor=city.recorder, moment=START)
    issue(roll, city)
    for name, queries in (("roll_certificates", 4), ("roll_certificates_print", 3)):
        roll.client.get(roll.to(name))
        with django_assert_num_queries(FRAME + queries):
            roll.client.get(roll.to(name))


def test_the_address_of_a_certificate_is_masked_in_the_log(roll, city):
    issue(roll, city)
    line = logging.LogRecord("x", logging.WARNING, "x", 1, "Not Found: /zs/%s/", (of(roll, 0).token,), None)
    MaskSecrets().filter(line)
    assert line.getMessage() == "Not Found: /zs/…/"
