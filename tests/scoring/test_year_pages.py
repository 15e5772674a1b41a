"""The review console: who sees which rows, what a click does, conflicts, result lists, constant query counts."""

from datetime import timedelta

import pytest
from django.urls import reverse

from scoring import operations
from scoring.models import AreaReview, FrozenSheet, Year
from stations.models import ProfilePage
from tests.conftest import START
from tests.scoring.year_city import END, held, open_year, somebody, walk

DAY = timedelta(days=1)
SHEET = {"categories": [], "short": [], "total": "95", "band": "优秀"}


@pytest.fixture
def year(city):
    return open_year(city)


def get(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(name, args=args), query)


def post(client, user, name, *args, **data):
    client.force_login(user)
    return client.post(reverse(name, args=args), data)


def state_of(area):
    return AreaReview.objects.get(area=area).state


PAGES = ("review", "review_year", "review_area", "review_results", "editions")


def addresses(city):
    return {
        "review": (),
        "review_year": (2026,),
        "review_area": (2026, city.township.pk),
        "review_results": (2026,),
        "editions": (2026,),
    }


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("office", PAGES),
        ("auditor", ("review", "review_year", "review_area")),
        ("reviewer", ("review", "review_year", "review_area")),
        ("recorder", ()),
        ("representative", ()),
    ],
)
def test_each_role_sees_its_pages_and_404_elsewhere(client, city, site, year, who, seen):
    mandate = city.representative("王样本")
    walk(year, city, "notify")
    user = mandate.representative.user if who == "representative" else getattr(city, who)
    answers = {name: get(client, user, name, *args).status_code for name, args in addresses(city).items()}
    assert answers == {name: 200 if name in seen else 404 for name in PAGES}


def test_the_anonymous_are_asked_to_sign_in(client, city, year):
    for name, args in addresses(city).items():
        answer = client.get(reverse(name, args=args))
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize("who", ["recorder", "auditor", "reviewer", "representative"])
def test_no_click_of_others_moves_the_year(client, city, year, who):
    mandate = city.representative("王样本")
    walk(year, city, "submit")
    user = mandate.representative.user if who == "representative" else getattr(city, who)
    before = (Year.objects.get().state, state_of(city.township))
    post(client, user, "review_step", 2026, step="publicise", sure="on")
    post(client, user, "review_areas", 2026, action="recheck", areas=[city.township.pk])
    post(client, user, "review_areas", 2026, row=f"return-{city.township.pk}")
    post(client, user, "editions", 2026)
    post(client, user, "review", label=2031, standard=year.standard.pk)
    assert (Year.objects.get().state, state_of(city.township)) == before


def test_a_reviewer_sees_only_the_own_rows(client, city, year):
    city.representative("王样本")
    city.representative("田示范", area=city.other_township)
    walk(year, city, "review", areas=[city.township, city.other_township])
    rows = get(client, city.reviewer, "review_year", 2026).context["rows"]
    assert [(row.area.name, row.people, row.actions) for row in rows] == [("石桥镇", 1, {"submit"})]
    assert get(client, city.reviewer, "review_area", 2026, city.other_township.pk).status_code == 404
    everybody = get(client, city.office, "review_year", 2026).context["rows"]
    assert [(row.area.name, row.actions) for row in everybody] == [("石桥镇", set()), ("清源镇", set())]


def test_the_areas_show_the_bands_of_their_people(client, city, year):
    held(city, *(city.representative(name) for name in ("王样本", "田示范")))
    for standing in ("review", "notify"):
        if standing == "notify":
            walk_on(year, city)
        else:
            walk(year, city, standing)
        row = get(client, city.office, "review_year", 2026).context["rows"][0]
        assert [(b.name, b.rank, b.people) for b in row.bands] == [("不称职", 4, 2)]


def walk_on(year, city):
    review = year.reviews.get()
    operations.submit_area(review=review, actor=city.reviewer, moment=END)
    operations.recheck_area(review=review, actor=city.office, moment=END)
    Year.objects.update(state="publicised")
    from tests.scoring.year_city import confirm

    operations.notify_year(year=confirm(year, city), actor=city.office, moment=END)


def test_ticked_areas_go_up_in_one_post(client, city, year):
    areas = [city.township, city.other_township]
    for area in areas:
        city.representative("王样本", area=area)
    walk(year, city, "review", areas=areas)
    boss = somebody(city, "boss", "reviewer", city.county)
    answer = post(client, boss, "review_areas", 2026, action="submit", areas=[a.pk for a in areas])
    assert (answer.status_code, answer.url) == (302, "/review/2026/")
    assert [state_of(area) for area in areas] == ["submitted", "submitted"]
    post(client, city.office, "review_areas", 2026, action="recheck", areas=[a.pk for a in areas])
    assert [state_of(area) for area in areas] == ["rechecked", "rechecked"]


def test_what_is_refused_is_named_and_the_rest_is_done(client, city, year):
    areas = [city.township, city.other_township]
    for area in areas:
        city.representative("王样本", area=area)
    walk(year, city, "review", areas=areas)
    boss = somebody(city, "boss", "reviewer", city.county)
    post(client, boss, "review_areas", 2026, row=f"submit-{city.township.pk}")
    answer = post(client, boss, "review_areas", 2026, action="submit", areas=[a.pk for a in areas])
    assert answer.status_code == 409
    (refusal,) = answer.context["refused"]
    assert refusal.startswith("石桥镇：石桥镇刚被boss更新为“已报送”")
    assert [state_of(area) for area in areas] == ["submitted", "submitted"]


def test_a_row_is_returned_with_its_own_reason(client, city, year):
    city.representative("王样本")
    walk(year, city, "submit")
    pk = city.township.pk
    answer = post(client, city.office, "review_areas", 2026, row=f"return-{pk}", reason="缺 1 项证明")
    assert (answer.status_code, AreaReview.objects.get().note) == (302, "缺 1 项证明")
    assert "退回原因：缺 1 项证明" in get(client, city.reviewer, "review_year", 2026).content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"action": "submit"}, "还没有选中区域，请先勾选。"),
        ({"action": "submit", "areas": ["x"]}, "选择一个有效的选项"),
        ({"action": "fly", "areas": ["1"]}, "选择一个有效的选项"),
        ({"row": "return-"}, "选择一个有效的选项"),
    ],
)
def test_nonsense_is_answered_in_words(client, city, year, data, words):
    walk(year, city, "review")
    answer = post(client, city.reviewer, "review_areas", 2026, **data)
    assert (answer.status_code, words in answer.context["refused"][0]) == (400, True)


def test_the_office_walks_a_year_by_clicking(client, city, year, time_machine):
    mandate = city.representative("王样本")
    held(city, mandate)
    time_machine.move_to(END)
    steps = iter(("review", "publicise", "confirm", "notify"))
    post(client, city.office, "review_step", 2026, step=next(steps), sure="on")
    post(client, city.reviewer, "review_areas", 2026, row=f"submit-{city.township.pk}")
    post(client, city.office, "review_areas", 2026, row=f"recheck-{city.township.pk}")
    post(client, city.office, "review_step", 2026, step=next(steps), sure="on")
    time_machine.move_to(END.replace(day=20))
    decision = {"meeting": "主任会议", "number": "1 号", "decided_on": "2027-01-19"}
    post(client, city.office, "review_step", 2026, step=next(steps), **decision)
    post(client, city.office, "review_step", 2026, step=next(steps))
    year.refresh_from_db()
    assert (year.state, year.decision_number, FrozenSheet.objects.count()) == ("notified", "1 号", 1)


def test_a_step_that_is_hard_to_take_back_asks_for_a_tick(client, city, year, time_machine):
    city.representative("王样本")
    time_machine.move_to(END)
    for step in ("review", "publicise"):
        before = Year.objects.get().state
        page = post(client, city.office, "review_step", 2026, step=step)
        (words,) = page.context["refused"]
        assert (page.status_code, "勾选确认以后再办理" in words, Year.objects.get().state) == (
            400,
            True,
            before,
        )
        if step == "review":
            walk(year, city, "recheck")
    page = get(client, city.office, "review_year", 2026)
    assert "1 位代表。今天公示，代表可以提出异议到 2027 年 1 月 11 日（周一）为止" in page.text


def test_a_review_over_activities_to_come_is_begun_by_who_was_told_of_them(client, city, year, time_machine):
    city.representative("王样本")
    time_machine.move_to(START - DAY)
    city.activity(title="后天的分享会", starts_at=START + DAY)
    city.activity(title="明天的分享会")
    city.activity(title="还没有发布的分享会", state="draft")
    city.activity(title="明年的分享会", starts_at=START.replace(year=2027))
    page = get(client, city.office, "review_year", 2026)
    assert [each.title for each in page.context["to_come"]] == ["明天的分享会", "后天的分享会"]
    assert "本年度还有 2 场活动尚未结束" in page.text
    early = {"step": "review", "sure": "on"}
    refused = post(client, city.office, "review_step", 2026, **early, to_come=1)
    assert (refused.status_code, "还有 2 场活动尚未结束" in refused.context["refused"][0]) == (409, True)
    assert post(client, city.office, "review_step", 2026, **early, to_come=2).status_code == 302
    assert Year.objects.get().state == "reviewing"


def test_a_decision_that_is_not_complete_comes_back_as_typed(client, city, year, time_machine):
    city.representative("王样本")
    walk(year, city, "publicise")
    time_machine.move_to(END.replace(day=20))
    data = {"step": "confirm", "meeting": "主任会议", "number": "", "decided_on": "2027-01-21"}
    answer = post(client, city.office, "review_step", 2026, **data)
    assert answer.status_code == 400
    assert answer.context["decision"].errors == {
        "number": ["必需字段"],
        "decided_on": ["确认日期不能晚于今天。"],
    }
    assert answer.context["decision"]["meeting"].value() == "主任会议"


def test_a_step_that_somebody_else_took_is_told(client, city, year):
    city.representative("王样本")
    walk(year, city, "confirm")
    answer = post(client, city.office, "review_step", 2026, step="publicise", sure="on")
    assert answer.status_code == 409
    assert answer.context["refused"] == [
        "2026 年度刚被代工委更新为“主任会议确认”（1 月 4 日 14:30），没有再“公示”。请看过再定。"
    ]


def test_what_is_in_the_way_is_said_in_words(client, city, year, time_machine):
    city.representative("王样本")
    time_machine.move_to(END)
    city.activity(title="没有收册的分享会")
    page = get(client, city.office, "review_year", 2026)
    assert page.context["blockers"] == ["还有 1 场已结束的活动没有收册：没有收册的分享会。"]
    from sessions.models import Activity

    Activity.objects.update(state="cancelled")
    walk(year, city, "review")
    assert get(client, city.office, "review_year", 2026).context["blockers"] == [
        "还有 1 个区域没有报送：石桥镇。"
    ]
    operations.submit_area(review=year.reviews.get(), actor=city.reviewer, moment=END)
    assert get(client, city.office, "review_year", 2026).context["blockers"] == [
        "还有 1 个区域等待县级复核：石桥镇。"
    ]


@pytest.mark.parametrize(
    ("standing", "status"),
    [
        (None, ["ahead"] * 5),
        ("review", ["current", "ahead", "ahead", "ahead", "ahead"]),
        ("submit", ["done", "done", "current", "ahead", "ahead"]),
        ("recheck", ["done", "done", "done", "current", "ahead"]),
        ("publicise", ["done", "done", "done", "current", "ahead"]),
        ("confirm", ["done", "done", "done", "done", "current"]),
        ("notify", ["done"] * 5),
    ],
)
def test_the_five_steps_show_where_the_year_stands(client, city, year, standing, status):
    city.representative("王样本")
    if standing:
        walk(year, city, standing)
    steps = get(client, city.office, "review_year", 2026).context["steps"]
    assert [step.status for step in steps] == status


@pytest.mark.parametrize(
    ("acts", "status"),
    [
        (["submit"], ["current", "begun", "ahead", "ahead", "ahead"]),
        (["submit", "recheck"], ["current", "begun", "begun", "ahead", "ahead"]),
        (["submit", "return"], ["current", "ahead", "ahead", "ahead", "ahead"]),
    ],
)
def test_a_step_that_some_areas_are_through_has_begun(client, city, year, acts, status):
    for area in (city.township, city.other_township):
        city.representative("王样本", area=area)
    walk(year, city, "review", areas=[city.township, city.other_township])
    review = year.reviews.get(area=city.township)
    for act in acts:
        actor = city.reviewer if act == "submit" else city.office
        more = {"reason": "缺证明"} if act == "return" else {}
        getattr(operations, f"{act}_area")(review=review, actor=actor, moment=END, **more)
    page = get(client, city.office, "review_year", 2026)
    assert [step.status for step in page.context["steps"]] == status
    assert page.text.count("· 进行中</p>") == 5 - status.count("ahead")


def test_the_people_of_an_area_stand_by_strokes_with_their_totals(client, city, year):
    held(city, *[city.representative(name) for name in ("谢示教", "王样本")])
    city.representative("丁一", area=city.other_township)
    people = get(client, city.reviewer, "review_area", 2026, city.township.pk).context["people"]
    assert [(p.mandate.representative.name, p.total, p.band, p.rank) for p in people] == [
        ("王样本", "17.00", "不称职", 4),
        ("谢示教", "17.00", "不称职", 4),
    ]
    assert people[0].short[:1] == ("开展代表活动",)


def excellent(city, year, *names):
    mandates = [city.representative(name) for name in names]
    for mandate in mandates:
        FrozenSheet.objects.create(year=year, mandate=mandate, band="优秀", total="95", content=SHEET)
    return mandates


def test_the_excellent_and_those_to_talk_with_are_two_lists(client, city, site, year):
    city.representative("毛假名")
    walk(year, city, "notify")
    excellent(city, year, "谢示教", "王样本")

    def names(**query):
        page = get(client, city.office, "review_results", 2026, **query)
        return [sheet.mandate.representative.name for sheet in page.context["sheets"]]

    assert (names(), names(list="talk")) == (["王样本", "谢示教"], ["毛假名"])


def test_before_the_notice_there_is_no_list(client, city, year):
    walk(year, city, "confirm")
    assert get(client, city.office, "review_results", 2026).status_code == 404


def test_a_draft_is_made_once_for_the_editors_and_not_published(client, city, site, year):
    lines = [
        {"source": "attendance:1", "date": "2026-06-18", "what": "present", "label": "示例分享会"},
        {"source": "attendance:2", "date": "2026-03-01", "what": "absent", "label": "没有去的会"},
        {"source": "attendance:1", "date": "2026-06-18", "what": "present", "label": "示例分享会"},
        {"source": "proposal:3", "date": "2026-01-10", "what": "lead", "label": "修一条路"},
    ]
    walk(year, city, "notify")
    mandate = city.representative("王样本")
    content = {**SHEET, "categories": [{"items": [{"lines": lines}]}]}
    FrozenSheet.objects.create(year=year, mandate=mandate, band="优秀", total="95", content=content)
    for _ in range(2):
        answer = post(client, city.office, "review_draft", 2026, mandate.pk)
        assert (answer.status_code, answer.url) == (302, "/review/2026/results/")
    page = ProfilePage.objects.get()
    assert (page.live, page.excellent_year, page.title, page.get_latest_revision() is not None) == (
        False,
        2026,
        "王样本代表事迹（草稿）",
        True,
    )
    assert [(str(e.value["date"]), e.value["text"]) for e in page.timeline] == [
        ("2026-01-10", "修一条路"),
        ("2026-06-18", "示例分享会"),
    ]


def test_no_draft_is_made_below_the_best_band(client, city, site, year):
    mandate = city.representative("毛假名")
    walk(year, city, "notify")
    post(client, city.office, "review_draft", 2026, mandate.pk)
    assert ProfilePage.objects.count() == 0


@pytest.mark.parametrize("standing", ["review", "notify"])
def test_the_console_takes_as_many_queries_for_three_areas_as_for_one(
    client, city, year, standing, django_assert_num_queries
):
    city.representative("王样本", login=False)
    areas = [city.township, city.other_township, third(city)]
    city.county.refresh_from_db()
    walk(year, city, "review", areas=areas[:1])
    client.force_login(city.office)
    counts = {"review": 15, "notify": 9}
    if standing == "notify":
        walk_on(year, city)
    client.get("/review/2026/")
    with django_assert_num_queries(counts[standing]):
        client.get("/review/2026/")
    for number, area in enumerate(areas[1:]):
        AreaReview.objects.create(year=year, area=area)
        mandate = city.representative(f"田示{number}", area=area, login=False)
        if standing == "notify":
            FrozenSheet.objects.create(year=year, mandate=mandate, band="优秀", total="95", content=SHEET)
    with django_assert_num_queries(counts[standing]):
        page = client.get("/review/2026/")
    assert [row.people for row in page.context["rows"]] == [1, 1, 1]


def third(city):
    from stations.operations import add_area

    return add_area(code="990001003", name="白塔镇", level="township", parent=city.county)


@pytest.mark.parametrize(("standing", "count"), [("review", 17), ("notify", 12)])
def test_an_area_takes_as_many_queries_for_three_people_as_for_one(
    client, city, year, standing, count, django_assert_num_queries
):
    city.representative("王样本", login=False)
    walk(year, city, standing)
    client.force_login(city.reviewer)
    address = f"/review/2026/{city.township.pk}/"
    client.get(address)
    with django_assert_num_queries(count):
        client.get(address)
    for number in range(2):
        mandate = city.representative(f"田示{number}", login=False)
        if standing == "notify":
            FrozenSheet.objects.create(year=year, mandate=mandate, band="优秀", total="95", content=SHEET)
    with django_assert_num_queries(count):
        page = client.get(address)
    assert len(page.context["people"]) == 3


def test_the_results_take_as_many_queries_for_three_people_as_for_one(
    client, city, site, year, django_assert_num_queries
):
    walk(year, city, "notify")
    excellent(city, year, "王样本")
    client.force_login(city.office)
    client.get("/review/2026/results/")
    with django_assert_num_queries(7):
        client.get("/review/2026/results/")
    excellent(city, year, "谢示教", "田示范")
    with django_assert_num_queries(7):
        client.get("/review/2026/results/")


# --- before the first year ----------------------------------------------------------------------------------
