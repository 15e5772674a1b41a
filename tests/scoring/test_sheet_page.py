"""成绩单 on its page: whose it is, every point's source, what is ahead, and who else may look."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse

from scoring import operations
from scoring.models import Year
from scoring.sheet.outlook import chances_of
from scoring.sheet.progress import stages_of
from scoring.sheet.shown import cut_sentence
from scoring.sheets import live_sheet
from sessions.checkin.codes import code_at
from sessions.models import Attendance, CoursewarePage, SharingSessionPage
from sessions.operations import check_in, close_roll, record_status, sign_up
from stations.models import Mandate, Term
from stations.operations import end_mandate, grant
from tests.conftest import SHANGHAI, START

EXAMPLE = Path(__file__).resolve().parents[1] / "data" / "standards" / "example-6x11.yaml"
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
END = datetime(2026, 12, 31, 17, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def year(city, site):
    return opened(city, 2026)


@pytest.fixture
def mandate(city):
    return city.representative("王样本")


def opened(city, label, term=None):
    standard = operations.store_standard(text=EXAMPLE.read_text(), actor=city.office, is_example=True)
    made = operations.create_year(label=label, term=term or city.term, standard=standard, actor=city.office)
    operations.open_year(year=made, actor=city.office, moment=START)
    return Year.objects.select_related("standard").get(pk=made.pk)


def held(city, *mandates, status="present", role="attendee", at=START, close=True, **more):
    activity = city.activity(starts_at=at, **more)
    city.enrol(activity, *mandates, role=role)
    for each in mandates:
        record_status(
            activity=activity,
            representative=each.representative,
            status=status,
            actor=city.recorder,
            moment=at,
        )
    if close:
        close_roll(activity=activity, actor=city.recorder, moment=at + timedelta(hours=2))
    return activity


def report(city, mandate, url, level="national", verify=True, **more):
    outlet = operations.add_outlet(name=f"示例{url[-1]}", level=level, medium="tv", actor=city.office)
    made = operations.report_media(
        title=f"报道{url[-1]}",
        outlet=outlet,
        published_on=date(2026, 5, 1),
        mandates=[mandate],
        url=url,
        actor=city.office,
        **more,
    )
    if verify:
        operations.verify_report(report=made, actor=city.office, moment=START)
    return made


def walk(city, year, until="notify"):
    """Take the year its way up to and including the step `until`."""
    steps = ["review", "submit", "recheck", "publicise", "confirm", "notify"]
    for step in steps[: steps.index(until) + 1]:
        if step == "review":
            operations.start_review(year=year, areas=[city.township], actor=city.office, moment=END)
        elif step == "submit":
            operations.submit_area(review=year.reviews.get(), actor=city.reviewer, moment=END)
        elif step == "recheck":
            operations.recheck_area(review=year.reviews.get(), actor=city.office, moment=END)
        elif step == "publicise":
            operations.publicise_year(year=year, actor=city.office, moment=END)
        elif step == "confirm":
            operations.confirm_year(
                year=year,
                meeting="主任会议",
                number="示例 1 号",
                decided_on=date(2027, 2, 1),
                actor=city.office,
                moment=END,
            )
        else:
            operations.notify_year(year=year, actor=city.office, moment=END)
    return Year.objects.get(pk=year.pk)


def text_of(page):
    """The words of a page's main part, without tags, each run of blanks one blank."""
    main = re.search(r"<main.*?</main>", page.content.decode(), re.DOTALL)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def hrefs(page):
    main = re.search(r"<main.*?</main>", page.content.decode(), re.DOTALL)[0]
    return [unescape(address) for address in re.findall(r'href="([^"]+)"', main)]


def see(client, mandate, address="scorecard", *args):
    client.force_login(mandate.representative.user)
    return client.get(reverse(address, args=args))


def count_of(page, words):
    return text_of(page).count(words)


# Whose it is


def test_who_is_not_signed_in_is_asked_to(client, site):
    page = client.get(reverse("scorecard"))
    assert (page.status_code, page["Location"]) == (302, "/accounts/login/?next=/me/score/")


def test_staff_without_a_mandate_have_no_sheet(client, city, year):
    client.force_login(city.office)
    assert client.get(reverse("scorecard")).status_code == 404


def test_a_person_before_any_year_reads_that_nothing_is_recorded(client, city, site, mandate):
    page = see(client, mandate)
    assert (page.status_code, count_of(page, "本年度还没有积分记录")) == (200, 1)


def test_a_year_in_preparation_is_not_shown(client, city, site, mandate):
    standard = operations.store_standard(text=EXAMPLE.read_text(), actor=city.office)
    operations.create_year(label=2026, term=city.term, standard=standard, actor=city.office)
    assert [see(client, mandate).status_code, see(client, mandate, "scorecard_year", 2026).status_code] == [
        200,
        404,
    ]


def test_a_year_without_a_record_shows_the_start_and_says_so(client, city, year, mandate):
    page = see(client, mandate)
    assert (count_of(page, "本年度还没有积分记录 "), page.context["sheet"].total) == (1, Decimal("15.00"))


def test_another_persons_mandate_answers_404(client, city, year, mandate):
    other = city.representative("李示例")
    client.force_login(mandate.representative.user)
    codes = [
        client.get(reverse("scorecard"), {"mandate": each}).status_code
        for each in (mandate.pk, other.pk, "x")
    ]
    assert codes == [200, 404, 404]


def test_a_year_before_ones_mandate_answers_404(client, city, site, mandate):
    old = Term.objects.create(number=8, name="第八届", starts_on=date(2017, 1, 1), ends_on=date(2021, 12, 31))
    opened(city, 2021, old)
    assert see(client, mandate, "scorecard_year", 2021).status_code == 404


def test_a_person_with_two_mandates_in_a_year_chooses(client, city, year, mandate):
    end_mandate(mandate=mandate, day=date(2026, 6, 30), actor=city.office)
    second = Mandate.objects.create(
        representative=mandate.representative, term=city.term, area=city.township, starts_on=date(2026, 7, 1)
    )
    held(city, mandate)
    page = see(client, mandate)
    first = client.get(reverse("scorecard"), {"mandate": mandate.pk})
    assert [(p.context["mandate"], p.context["sheet"].total) for p in (page, first)] == [
        (second, Decimal("15.00")),
        (mandate, Decimal("17.00")),
    ]


def test_the_choice_of_a_year_leads_to_its_address(client, city, year, mandate):
    client.force_login(mandate.representative.user)
    answers = [client.get(reverse("scorecard"), {"year": asked}) for asked in ("2026", "2031", "甲")]
    assert [(a.status_code, a.get("Location")) for a in answers] == [
        (302, "/me/score/2026/"),
        (404, None),
        (200, None),
    ]


def test_nobody_stores_the_page(client, city, year, mandate):
    assert "no-store" in see(client, mandate)["Cache-Control"]


# What it says


def test_the_plate_names_total_band_and_the_way_to_the_next(client, city, year, mandate):
    held(city, mandate)
    words = text_of(see(client, mandate))
    assert [
        words.count(each)
        for each in ("当前得分（未最终确认）", "17 分", "再得 43 分，就是基本称职", "短板有 6 处：")
    ] == [1, 1, 1, 1]


def test_a_clamp_is_said_with_what_stood_before_it(client, city, year, mandate):
    for number in range(3):
        report(city, mandate, f"https://news.example/{number}", level="provincial")
    assert count_of(see(client, mandate), "封顶后计 6 分，共 9 分") == 1


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("ceiling", "封顶后计 6 分，共 9.5 分"),
        ("floor", "保底计 6 分，按记录为 9.5 分"),
        ("zeroed", "本项清零，原为 9.5 分"),
        ("short_of_target", "没有达到目标，计 6 分"),
        ("voided", "总分清零，原为 9.5 分"),
    ],
)
def test_every_cut_is_a_sentence(kind, words):
    assert cut_sentence({"kind": kind, "limit": "6", "by": "-3.5"}) == words


def test_a_fact_that_does_not_count_says_why(client, city, year, mandate):
    report(city, mandate, "https://news.example/1", level="county", story="断头路")
    report(city, mandate, "https://news.example/2", story="断头路")
    words = text_of(see(client, mandate))
    assert words.count("2026-05-01 · 县级 · 同一事项只计一次") == 1


def test_coming_to_the_congress_takes_nothing_away_and_says_so(client, city, year, mandate):
    held(city, mandate, kind="congress", title="第一次全体会议")
    assert count_of(see(client, mandate), "2026-06-18 · 出席 · 不扣分") == 1


def test_what_waits_for_the_staff_is_named_with_the_reason(client, city, year, mandate):
    claimed = city.activity(title="只签了到")
    city.enrol(claimed, mandate)
    token = code_at(claimed.check_in_key, START).token
    check_in(activity=claimed, representative=mandate.representative, nonce="n", moment=START, token=token)
    held(city, mandate, close=False, title="还没有收册", at=START + timedelta(days=1))
    report(city, mandate, "https://news.example/1", verify=False)
    waiting = see(client, mandate).context["waiting"]
    assert [(each.label, each.reason) for each in waiting] == [
        ("还没有收册", "名册收册后计分"),
        ("只签了到", "待工作人员确认"),
        ("报道1", "专题报道，核实后计分"),
    ]


def test_last_years_result_stands_beside(client, city, site, mandate):
    walk(city, opened(city, 2025))
    opened(city, 2026)
    assert count_of(see(client, mandate), "上年度 15 分，不称职") == 1


def test_a_confirmed_year_is_final_and_offers_nothing_more(client, city, year, mandate):
    held(city, mandate)
    city.activity(starts_at=END + timedelta(hours=1))
    walk(city, year)
    page = see(client, mandate)
    words = text_of(page)
    assert [
        words.count(each)
        for each in (
            "未最终确认",
            "今年还能做什么",
            "2026 年度得分",
            "已由主任会议确认（示例 1 号，2027-02-01）",
        )
    ] == [0, 0, 1, 1]


def test_the_page_of_a_confirmed_year_shows_what_was_frozen(client, city, year, mandate):
    walk(city, year)
    report(city, mandate, "https://news.example/1")
    page = see(client, mandate)
    assert (page.context["final"], page.context["sheet"].total) == (True, Decimal("15.00"))


# Every line leads to its record


def test_a_session_with_a_page_leads_there_and_another_to_ones_own_list(client, city, site, year, mandate):
    session, other = held(city, mandate), held(city, mandate, at=START + timedelta(days=1))
    page = site["fenxianghui"].add_child(
        instance=SharingSessionPage(title="第九期", slug="s9", activity=session)
    )
    row = Attendance.objects.get(activity=other)
    links = hrefs(see(client, mandate))
    assert [links.count(page.url), links.count(f"/me/attendance/?year=2026&page=1#a{row.pk}")] == [1, 1]


def test_a_row_on_the_second_page_of_ones_list_is_linked_there(client, city, year, mandate):
    rows = [
        held(city, mandate, at=START + timedelta(days=day), kind="reception").attendances.get()
        for day in range(13)
    ]
    links = hrefs(see(client, mandate))
    assert [
        links.count(f"/me/attendance/?year=2026&page={n}#a{rows[i].pk}") for n, i in ((2, 0), (1, 12))
    ] == [
        1,
        1,
    ]
    second = client.get("/me/attendance/?year=2026&page=2")
    assert [row.pk for row in second.context["rows"]] == [rows[0].pk]


def test_courseware_reports_proposals_and_honours_lead_to_their_records(client, city, site, year, mandate):
    page = site["kejian"].add_child(
        instance=CoursewarePage(
            title="怎样写建议", slug="kj", author=mandate.representative, date=date(2026, 5, 1)
        )
    )
    report(city, mandate, "https://news.example/1")
    proposal = operations.add_proposal(
        title="甲", ref="1", submitted_on=date(2026, 1, 9), movers={mandate: "sole"}, actor=city.office
    )
    honour = operations.add_honour(
        mandate=mandate, title="优秀", level="county", awarded_on=date(2026, 1, 9), actor=city.office
    )
    links = hrefs(see(client, mandate))
    wanted = [
        page.url,
        "https://news.example/1",
        f"/me/score/record/proposal/{proposal.movers.get().pk}/",
        f"/me/score/record/honour/{honour.pk}/",
    ]
    assert [links.count(each) for each in wanted] == [1, 1, 1, 1]


def test_a_courseware_that_was_taken_down_is_not_linked(client, city, site, year, mandate):
    page = site["kejian"].add_child(
        instance=CoursewarePage(
            title="怎样写建议", slug="kj", author=mandate.representative, date=date(2026, 5, 1)
        )
    )
    walk(city, year)
    page.unpublish()
    shown = see(client, mandate)
    assert (count_of(shown, "怎样写建议"), hrefs(shown).count(page.url)) == (1, 0)


def test_a_record_is_shown_to_its_people_and_readers_of_their_scores_alone(client, city, year, mandate):
    other, far = (
        city.representative("李示例"),
        city.representative("赵示例", area=city.other_township, group=None),
    )
    proposal = operations.add_proposal(
        title="打通示例路",
        ref="示 1",
        submitted_on=date(2026, 1, 9),
        movers={mandate: "sole"},
        actor=city.office,
    )
    row = proposal.movers.get()
    address = reverse("sheet_record", args=["proposal", row.pk])
    codes = []
    for user in (
        mandate.representative.user,
        city.reviewer,
        city.office,
        city.auditor,
        other.representative.user,
        far.representative.user,
        city.recorder,
    ):
        client.force_login(user)
        codes.append(client.get(address).status_code)
    assert codes == [200, 200, 200, 200, 404, 404, 404]


def test_records_say_what_counts(client, city, year, mandate):
    before = {city.representative("赵示例"): "lead", city.representative("钱示例"): "co"}
    operations.add_proposal(
        title="更早的一件", ref="示 0", submitted_on=date(2026, 1, 8), movers=before, actor=city.office
    )  # so that no row of a mover has the number of its proposal
    proposal = operations.add_proposal(
        title="打通示例路",
        ref="示 1",
        submitted_on=date(2026, 1, 9),
        movers={mandate: "lead", city.representative("李示例"): "co"},
        fine=True,
        actor=city.office,
    )
    honour = operations.add_honour(
        mandate=mandate,
        title="优秀代表",
        level="county",
        awarded_on=date(2026, 1, 9),
        ref="证 1",
        actor=city.office,
    )
    made = report(city, mandate, "https://news.example/1")
    rows = [
        see(client, mandate, "sheet_record", kind, pk).context["record"].rows
        for kind, pk in (
            ("proposal", proposal.movers.get(mandate=mandate).pk),
            ("honour", honour.pk),
            ("media_report", made.pk),
        )
    ]
    assert rows == [
        (("编号", "示 1"), ("提出人", "王样本（领衔）、李示例（附议）"), ("办理", "已立案、优秀建议")),
        (("获得者", "王样本"), ("级别", "县级"), ("证书编号", "证 1")),
        (("媒体", "示例1（国家级）"), ("报道对象", "王样本"), ("体裁", "")),
    ]


@pytest.mark.parametrize("kind", ["attendance", "media_report", "honour", "proposal"])
def test_a_record_that_is_not_there_answers_404(client, city, year, mandate, kind):
    assert see(client, mandate, "sheet_record", kind, 999).status_code == 404


# What is ahead


def ahead(city, days=3, **more):
    return city.activity(starts_at=NOW + timedelta(days=days), **more)


def chances(year, mandate):
    return [
        (c.coming.activity.title, c.gain, c.items, c.enrolled)
        for c in chances_of(year, live_sheet(year, mandate), NOW)
    ]


def test_what_would_earn_is_named_the_most_first(city, year, mandate):
    ahead(city, title="分享会")
    ahead(city, 9, kind="training", title="培训班")
    listed = ahead(city, 5, kind="reception", title="接待日")
    city.enrol(listed, mandate)
    assert chances(year, mandate) == [
        ("培训班", Decimal("4.00"), ("参加培训班、代表大课堂",), False),
        ("分享会", Decimal("2.00"), ("参加代表分享会、研讨",), False),
        ("接待日", Decimal("2.00"), ("进站接待选民",), True),
    ]


def test_who_speaks_would_earn_as_a_speaker(city, year, mandate):
    activity = ahead(city, title="分享会")
    city.enrol(activity, mandate, role="speaker")
    assert chances(year, mandate) == [
        ("分享会", Decimal("4.00"), ("在分享会主讲、参加巡讲、提供课件",), True)
    ]


def test_what_a_ceiling_leaves_without_effect_is_not_offered(city, year, mandate):
    for day in range(4):
        held(city, mandate, at=START + timedelta(days=day))
    ahead(city)
    assert chances(year, mandate) == []


def test_half_of_it_is_offered_where_the_ceiling_leaves_half(city, year, mandate):
    for day in range(3):
        held(city, mandate, at=START + timedelta(days=day))
    held(city, mandate, status="late", at=START + timedelta(days=5))
    ahead(city)
    assert [gain for _, gain, _, _ in chances(year, mandate)] == [Decimal("1.00")]


@pytest.mark.parametrize("kind", ["congress", "duty_report", "group_activity"])
def test_what_one_is_called_to_is_not_offered_to_who_is_not_listed(city, year, mandate, kind):
    ahead(city, kind=kind)
    assert chances(year, mandate) == []


def test_next_years_activities_are_not_offered(city, year, mandate):
    ahead(city, 60)
    assert chances(year, mandate) == []


def test_nothing_is_offered_after_ones_mandate_ends(city, year, mandate):
    end_mandate(mandate=mandate, day=date(2026, 11, 21), actor=city.office)
    mandate.refresh_from_db()
    ahead(city)
    assert chances(year, mandate) == []


def test_nothing_is_offered_once_the_review_has_begun(city, year, mandate):
    city.activity(starts_at=END + timedelta(hours=1))
    assert len(chances(year, mandate)) == 1
    reviewing = walk(city, year, until="review")
    assert chances(reviewing, mandate) == []


def test_a_seat_waited_for_is_told_as_such(client, city, year, mandate):
    activity = ahead(city, capacity=0)
    sign_up(activity=activity, representative=mandate.representative, moment=NOW)
    words = text_of(see(client, mandate))
    assert (words.count(" 候补 "), words.count("报名：")) == (1, 0)


def test_signing_up_from_the_sheet_comes_back_to_it(client, city, year, mandate):
    activity = ahead(city)
    page = see(client, mandate)
    address = reverse("me_sign_up", args=[activity.pk])
    forms = re.findall(rf'action="{address}".*?name="next" value="([^"]+)"', page.content.decode(), re.DOTALL)
    answer = client.post(address, {"next": forms[0]})
    assert (forms, answer["Location"]) == (["/me/score/"], "/me/score/")


# Where the year stands


@pytest.mark.parametrize(
    ("until", "current"),
    [
        (None, "履职记录与自评"),
        ("review", "县级人大常委会审核"),
        ("submit", "市级代表工委复核"),
        ("recheck", "公示"),
        ("publicise", "公示"),
        ("confirm", "向全体代表通报"),
        ("notify", None),
    ],
)
def test_the_stage_the_year_is_in_is_marked(city, year, mandate, until, current):
    moved = walk(city, year, until) if until else year
    marked = [stage.label for stage in stages_of(moved, mandate) if stage.phase == "cur"]
    assert marked == ([current] if current else [])


def test_a_returned_area_reads_why(city, year, mandate):
    walk(city, year, "submit")
    operations.return_area(review=year.reviews.get(), reason="请核对名册", actor=city.office, moment=END)
    current = next(stage for stage in stages_of(Year.objects.get(), mandate) if stage.phase == "cur")
    assert (current.label, current.note, current.day) == ("县级人大常委会审核", "已退回：请核对名册", None)


def test_the_part_of_another_area_is_not_mistaken_for_ones_own(city, year, mandate):
    areas = [city.township, city.other_township]
    operations.start_review(year=year, areas=areas, actor=city.office, moment=END)
    grant(user=city.reviewer, area=city.other_township, role="reviewer", actor=city.office)
    review = year.reviews.get(area=city.other_township)
    operations.submit_area(review=review, actor=city.reviewer, moment=END)
    stages = stages_of(Year.objects.get(), mandate)
    assert [stage.label for stage in stages if stage.phase == "cur"] == ["县级人大常委会审核"]


# The staff's look


def staff_codes(client, city, mandate, users):
    codes = []
    for user in users:
        client.force_login(user)
        codes.append(client.get(reverse("staff_sheet", args=[mandate.pk, 2026])).status_code)
    return codes


def test_reviewer_office_and_auditor_of_the_area_see_a_sheet_and_nobody_else(client, city, year, mandate):
    users = (city.reviewer, city.office, city.auditor, city.recorder, mandate.representative.user)
    assert staff_codes(client, city, mandate, users) == [200, 200, 200, 404, 404]


def test_a_sheet_of_another_area_answers_404_to_the_reviewer(client, city, year):
    far = city.representative("赵示例", area=city.other_township, group=None)
    assert staff_codes(client, city, far, (city.reviewer, city.office)) == [404, 200]


def test_a_stranger_is_asked_to_sign_in_before_a_sheet(client, city, year, mandate):
    address = reverse("staff_sheet", args=[mandate.pk, 2026])
    assert client.get(address)["Location"] == f"/accounts/login/?next={address}"


def test_a_mandate_outside_the_year_has_no_sheet(client, city, year, mandate):
    gone = city.representative("李示例")
    end_mandate(mandate=gone, day=date(2025, 12, 31), actor=city.office)
    assert staff_codes(client, city, gone, (city.office,)) == [404]


def test_who_keeps_the_roll_is_led_into_its_history_and_the_reviewer_is_not(client, city, year, mandate):
    activity = held(city, mandate)
    history = reverse("roll_history", args=[activity.pk, mandate.representative_id])
    counts = []
    for user in (city.office, city.reviewer):
        client.force_login(user)
        page = client.get(reverse("staff_sheet", args=[mandate.pk, 2026]))
        counts.append(hrefs(page).count(history))
    assert counts == [1, 0]


def test_the_staffs_look_offers_no_signing_up(client, city, year, mandate):
    ahead(city)
    client.force_login(city.office)
    page = client.get(reverse("staff_sheet", args=[mandate.pk, 2026]))
    assert (count_of(page, "今年还能做什么"), count_of(page, "王样本的履职成绩单")) == (0, 1)


# How much it costs


def enter_all(city, site, mandate, count):
    for number in range(count):
        activity = held(city, mandate, at=START + timedelta(days=number))
        site["fenxianghui"].add_child(
            instance=SharingSessionPage(title=f"{number}", slug=f"s{number}", activity=activity)
        )
        site["kejian"].add_child(
            instance=CoursewarePage(
                title=f"{number}",
                slug=f"k{number}",
                author=mandate.representative,
                date=date(2026, 5, 1),
            )
        )
        report(city, mandate, f"https://news.example/{number}")
        operations.add_proposal(
            title="甲",
            ref=f"{number}",
            submitted_on=date(2026, 1, 9),
            movers={mandate: "sole"},
            actor=city.office,
        )
        operations.add_honour(
            mandate=mandate, title="优秀", level="county", awarded_on=date(2026, 1, 9), actor=city.office
        )
        ahead(city, number + 2, title=f"前面{number}")


OWN, STAFF = 26, 24  # three of them are the session, the account and the footer


@pytest.mark.parametrize("count", [1, 3])
def test_the_whole_page_takes_the_same_queries(
    client, city, site, year, mandate, django_assert_num_queries, count
):
    enter_all(city, site, mandate, count)
    see(client, mandate)
    with django_assert_num_queries(OWN):
        client.get(reverse("scorecard"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_staffs_look_takes_the_same_queries(
    client, city, site, year, mandate, django_assert_num_queries, count
):
    enter_all(city, site, mandate, count)
    client.force_login(city.reviewer)
    client.get(reverse("staff_sheet", args=[mandate.pk, 2026]))
    with django_assert_num_queries(STAFF):
        client.get(reverse("staff_sheet", args=[mandate.pk, 2026]))


def test_looking_writes_nothing(client, city, site, year, mandate):
    enter_all(city, site, mandate, 1)
    before = [model.objects.count() for model in (Attendance, Year, Mandate)]
    see(client, mandate)
    assert [model.objects.count() for model in (Attendance, Year, Mandate)] == before
