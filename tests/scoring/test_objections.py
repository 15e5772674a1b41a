"""Objections while a year is publicised: who may send and see one, who answers, and what waits for the answer."""

import re
import threading
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connections, transaction
from django.urls import reverse

from scoring import operations
from scoring.models import Objection, YearEvent
from scoring.operations import ObjectionRefused, YearRefused
from scoring.sheet.years import answers_for
from sessions.operations import RollRefused, record_status
from stations.operations import grant
from tests.scoring.year_city import END, confirm, held, open_year, somebody, walk
from tests.sessions.declared import photo

LATER = END + timedelta(days=8)  # 2027-01-12, the day after the last of publicity
WORDS = "六月的分享会我到场了，名册上没有。"


@pytest.fixture
def mandate(city):
    return city.representative("王样本")


@pytest.fixture
def other(city):
    return city.representative("田示范")


@pytest.fixture
def year(city, mandate, time_machine):
    time_machine.move_to(END, tick=False)
    return walk(open_year(city), city, "publicise")


def objected(year, mandate, text=WORDS, moment=END, **more):
    actor = mandate.representative.user
    return operations.file_objection(
        year=year, mandate=mandate, text=text, actor=actor, moment=moment, **more
    )


def answered(objection, actor, accepted=True, answer="已补记"):
    return operations.answer_objection(
        objection=objection, accepted=accepted, answer=answer, actor=actor, moment=END
    )


def get(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(name, args=args), query)


def post(client, user, name, *args, **data):
    client.force_login(user)
    return client.post(reverse(name, args=args), data)


def test_an_objection_is_sent_answered_and_read_by_its_person(client, city, site, year, mandate):
    user = mandate.representative.user
    assert reverse("objections", args=[2026]) in get(client, user, "scorecard_year", 2026).text
    (_, ((item, _), *_)) = get(client, user, "objections", 2026).context["form"].fields["item"].choices[1]
    sent = post(client, user, "objections", 2026, text=WORDS, item=item, file=photo())
    assert (sent.status_code, sent.url) == (302, "/me/score/2026/objections/")
    one = Objection.objects.get()
    assert (one.text, one.item, one.outcome, one.mandate, one.filed_by) == (
        WORDS,
        item,
        "open",
        mandate,
        user,
    )
    page = get(client, city.office, "review_objection", 2026, one.pk)
    assert (WORDS in page.text, reverse("objection_file", args=[one.pk]) in page.text) == (True, True)
    said = {"outcome": "declined", "answer": "名册上是请假。"}
    assert post(client, city.office, "review_objection", 2026, one.pk, **said).status_code == 302
    assert "名册上是请假。" in get(client, user, "objections", 2026).text


def test_the_same_words_twice_are_one_objection(year, mandate):
    assert objected(year, mandate).pk == objected(year, mandate).pk
    assert objected(year, mandate, "另一处也不对").pk != Objection.objects.earliest("pk").pk


@pytest.mark.parametrize(
    ("text", "moment", "words"),
    [
        ("  ", END, "请写明对哪里有异议"),
        ("长" * 501, END, "请写明对哪里有异议"),
        (WORDS, LATER, "公示到 2027-01-11 为止，已经期满"),
    ],
)
def test_words_and_the_days_of_publicity_are_asked_for(year, mandate, text, moment, words):
    with pytest.raises(ObjectionRefused, match=words):
        objected(year, mandate, text, moment)
    assert Objection.objects.count() == 0


@pytest.mark.parametrize("until", ["recheck", "confirm"])
def test_before_and_after_publicity_nothing_is_taken_and_the_page_says_so(client, city, site, mandate, until):
    year = walk(open_year(city), city, until)
    with pytest.raises(ObjectionRefused, match="公示期间才能提出异议"):
        objected(year, mandate)
    answer = post(client, mandate.representative.user, "objections", 2026, text=WORDS)
    assert (answer.status_code, WORDS in answer.text) == (409, True)


def test_ten_wait_at_most(client, year, mandate):
    for number in range(10):
        objected(year, mandate, f"第 {number} 处")
    assert post(client, mandate.representative.user, "objections", 2026, text=WORDS).status_code == 429
    assert Objection.objects.count() == 10


def test_a_file_of_another_kind_is_refused_and_the_words_stay(client, site, year, mandate):
    file = SimpleUploadedFile("x.pdf", b"<script>")
    answer = post(client, mandate.representative.user, "objections", 2026, text=WORDS, file=file)
    assert (answer.status_code, WORDS in answer.text, Objection.objects.count()) == (400, True, 0)
    assert "不是可以上传的种类" in answer.text


def status_of_file(client, user, one):
    answer = get(client, user, "objection_file", one.pk)
    if answer.streaming:
        b"".join(answer)  # reading to the end closes the file
    return answer.status_code


def test_an_objection_is_for_its_person_and_the_readers_of_their_score(client, city, site, mandate, request):
    fellow = city.representative("田示范").representative.user
    request.getfixturevalue("year")
    client.force_login(mandate.representative.user)
    client.post(reverse("objections", args=[2026]), {"text": WORDS, "file": photo()})
    one = Objection.objects.get()
    stranger = somebody(city, "stranger", "office", city.other_township)
    seen = {
        who: [
            get(client, user, "review_objection", 2026, one.pk).status_code,
            status_of_file(client, user, one),
            WORDS in get(client, user, "objections", 2026).text,
        ]
        for who, user in {
            "own": mandate.representative.user, "fellow": fellow, "stranger": stranger, "recorder": city.recorder,
            "reviewer": city.reviewer, "auditor": city.auditor, "office": city.office,
        }.items()
    }  # fmt: skip
    assert seen == {
        "own": [404, 200, True],
        "fellow": [404, 404, False],
        "stranger": [404, 404, False],
        "recorder": [404, 404, False],
        "reviewer": [200, 200, False],
        "auditor": [200, 200, False],
        "office": [200, 200, False],
    }
    assert list(get(client, stranger, "review_objections", 2026).context["page"]) == []


@pytest.mark.parametrize("who", ["reviewer", "auditor", "small"])
def test_only_the_office_that_leads_the_year_answers(client, city, year, mandate, who):
    one = objected(year, mandate)
    city.representative("田示范", area=city.other_township)
    user = somebody(city, "small", "office", city.township) if who == "small" else getattr(city, who)
    with pytest.raises(ObjectionRefused, match="您没有答复异议的权限"):
        answered(one, user)
    said = {"outcome": "accepted", "answer": "好"}
    assert post(client, user, "review_objection", 2026, one.pk, **said).status_code == 404
    assert Objection.objects.get().outcome == "open"


def test_nobody_answers_their_own_objection(client, city, year, mandate):
    one, user = objected(year, mandate), mandate.representative.user
    grant(user=user, area=city.county, role="office", actor=None)
    with pytest.raises(ObjectionRefused, match="请由另一位同事答复"):
        answered(one, user)
    said = {"outcome": "accepted", "answer": "好"}
    assert post(client, user, "review_objection", 2026, one.pk, **said).status_code == 409
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.update(outcome="accepted", answer="好", answered_by=user, answered_at=END)


def test_an_answer_is_given_once_and_says_something(city, year, mandate):
    one = objected(year, mandate)
    for accepted, words in ((True, "怎样处理"), (False, "不采纳的理由")):
        with pytest.raises(ObjectionRefused, match=words):
            answered(one, city.office, accepted, " ")
    answered(one, city.office)
    with pytest.raises(ObjectionRefused, match="已由代工委答复“采纳”（1 月 4 日 14:30），答复不能再改"):
        answered(one, city.office, accepted=False)


def test_the_year_is_not_confirmed_while_an_objection_waits(client, city, year, mandate, time_machine):
    one = objected(year, mandate)
    with pytest.raises(YearRefused, match="还有 1 条异议没有答复"):
        confirm(year, city)
    time_machine.move_to(LATER, tick=False)
    blockers = get(client, city.office, "review_year", 2026).context["blockers"]
    assert blockers == ["还有 1 条异议没有答复，请先逐条答复。"]
    answered(one, city.office, accepted=False)
    assert confirm(year, city).state == "confirmed"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_objection_at_the_same_time_holds_up_the_confirmation_or_is_refused(request):
    """Seen to fail on PostgreSQL without the lock on the year: an objection stood in a confirmed year."""
    city = request.getfixturevalue("city")
    mandates = [city.representative(f"王样{number}") for number in "一二三四"]
    year = walk(open_year(city), city, "publicise")
    begin = threading.Barrier(len(mandates) + 1)

    def at_once(write, *args):
        begin.wait()
        try:
            write(*args)
        except (ObjectionRefused, YearRefused):
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=at_once, args=(objected, year, mandate)) for mandate in mandates]
    threads.append(threading.Thread(target=at_once, args=(confirm, year, city)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    year.refresh_from_db()
    assert (year.state, Objection.objects.exists()) in {("confirmed", False), ("publicised", True)}


def test_a_correction_goes_the_whole_way_from_withdrawal_to_a_new_publicity(
    client, city, mandate, time_machine
):
    time_machine.move_to(END, tick=False)
    activity = held(city, mandate, status="absent")
    year = walk(open_year(city), city, "publicise")
    one = objected(year, mandate)
    with pytest.raises(RollRefused):
        corrected(activity, mandate, city.recorder)
    reason = {"reason": "补记到场", "objection": one.pk}
    assert post(client, city.office, "review_withdraw", 2026, **reason).status_code == 302
    event = YearEvent.objects.get(action="withdraw")
    assert (event.old_state, event.new_state, event.reason) == (
        "publicised",
        "reviewing",
        f"第 {one.pk} 号异议：补记到场",
    )
    told = get(client, city.reviewer, "review_year", 2026).text
    assert f'公示已于 1 月 4 日撤回（代工委）</b><span class="sm">第 {one.pk} 号异议：补记到场' in told
    row = f"reopen-{city.township.pk}"
    assert post(client, city.office, "review_areas", 2026, row=row, reason="补记到场").status_code == 302
    corrected(activity, mandate, city.recorder)
    review = year.reviews.get()
    operations.submit_area(review=review, actor=city.reviewer, moment=END)
    operations.recheck_area(review=review, actor=city.office, moment=END)
    answered(one, city.office)
    year.refresh_from_db()
    assert (year.state, year.publicised_until) == ("reviewing", None)
    year = operations.publicise_year(year=year, actor=city.office, moment=LATER)
    assert year.publicised_until == date(2027, 1, 19)


def corrected(activity, mandate, actor):
    return record_status(
        activity=activity,
        representative=mandate.representative,
        status="present",
        actor=actor,
        moment=END,
        reason="核对签到表",
    )


def test_a_publicity_is_withdrawn_by_its_office_and_with_a_reason(client, city, year, mandate):
    with pytest.raises(YearRefused, match="请写明撤回公示的原因"):
        operations.withdraw_publicity(year=year, reason=" ", actor=city.office, moment=END)
    with pytest.raises(YearRefused, match="您没有“撤回公示”的权限"):
        operations.withdraw_publicity(year=year, reason="更正", actor=city.reviewer, moment=END)
    assert post(client, city.office, "review_withdraw", 2026, reason="").status_code == 400
    assert post(client, city.reviewer, "review_withdraw", 2026, reason="更正").status_code == 404
    assert post(client, city.office, "review_step", 2026, step="withdraw").status_code == 404
    year.refresh_from_db()
    assert year.state == "publicised"


@pytest.mark.parametrize(
    ("who", "address", "count"),
    [("reviewer", "/review/2026/objections/", 9), ("own", "/me/score/2026/objections/", 6)],
)
def test_a_list_takes_as_many_queries_for_three_objections_as_for_one(
    client, city, site, year, mandate, who, address, count, django_assert_num_queries
):
    objected(year, mandate)
    client.force_login(mandate.representative.user if who == "own" else city.reviewer)
    client.get(address)
    with django_assert_num_queries(count):
        client.get(address)
    objected(year, mandate, "第二处")
    objected(year, mandate, "第三处")
    with django_assert_num_queries(count):
        assert client.get(address).text.count(">待答复<") == 3


def test_the_first_page_of_a_representative_tells_of_the_publicity(client, site, year, mandate):
    assert "2026 年度成绩正在公示" in get(client, mandate.representative.user, "me").text


def told(client, user, name, *args):
    """Return what the page says is new: the numbers of the objections in the note."""
    text = get(client, user, name, *args).text
    return [int(number) for number in re.findall(r'<span class="as-block">第 (\d+) 号：', text)]


def test_an_answer_stands_as_new_on_the_home_and_the_sheet_for_thirty_days(
    client, city, site, other, year, mandate, time_machine
):
    user, stranger = mandate.representative.user, other.representative.user
    first, second, third = (objected(year, mandate, words) for words in ("一", "二", "三"))
    assert told(client, user, "me") == []
    answered(first, city.office)
    answered(second, city.office, accepted=False, answer="名册上是请假。")
    both = [first.pk, second.pk]
    assert [told(client, user, *name) for name in (["me"], ["scorecard"], ["scorecard_year", 2026])] == [
        both
    ] * 3
    text = get(client, user, "me").text
    assert ("2026 年度的异议有答复了" in text, "名册上是请假。" in text, third.text in text) == (
        True,
        False,
        False,
    )
    assert get(client, user, "objections", 2026).text.count("新答复") == 2
    assert (told(client, stranger, "me"), told(client, city.office, "staff_sheet", mandate.pk, 2026)) == (
        [],
        [],
    )
    time_machine.move_to(END + timedelta(days=30), tick=False)
    assert (told(client, user, "me"), told(client, user, "scorecard_year", 2026)) == ([], [])
    assert ("新答复" in get(client, user, "objections", 2026).text) is False


def test_new_answers_take_as_many_queries_for_three_as_for_one(
    year, mandate, city, django_assert_num_queries
):
    person = mandate.representative
    for count, words in ((1, "一"), (2, "二"), (3, "三")):
        answered(objected(year, mandate, words), city.office)
        with django_assert_num_queries(1):
            rows = answers_for(person, [year], END)
            assert [one.year.label for one in rows] == [2026] * count
