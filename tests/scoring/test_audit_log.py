"""The log as a page: for the auditor and the office of the whole congress, filtered, paged, in Chinese, and read alone."""

from datetime import timedelta

import pytest
from wagtail.models import ModelLogEntry, PageLogEntry

from portal.audit import record
from tests.conftest import START
from tests.scoring.year_city import somebody


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(START, tick=False)


@pytest.fixture
def log(client, city, site):
    """Return a function: open the page with these words as the auditor and return (action, who, label) of its lines."""
    for model in (ModelLogEntry, PageLogEntry):
        model.objects.all().delete()

    def shown(**query):
        client.force_login(city.auditor)
        page = client.get("/review/log/", query)
        assert page.status_code == 200
        return [(line.action, line.who, line.label) for line, _ in page.context["rows"]]

    return shown


def test_who_oversees_the_whole_reads_the_log_and_finds_its_door(client, city, site):
    small = somebody(city, "small", "auditor", city.township)
    mandate = city.representative()
    users = [city.auditor, city.office, small, city.reviewer, city.recorder, mandate.representative.user]
    seen = []
    for user in users:
        client.force_login(user)
        door = 'href="/review/log/"' in client.get("/me/").text
        seen.append((client.get("/review/log/").status_code, door))
    assert seen == [(200, True), (200, True), (404, False), (404, False), (404, False), (404, False)]


def test_a_line_says_in_chinese_who_did_what_on_what(log, city, site, time_machine):
    record("stations.change", city.township, actor=city.office, changed=["name"])
    time_machine.shift(60)
    record("scoring.step", city.county, actor=None, step="publicise")
    time_machine.shift(60)
    site["tongzhi"].save_revision(user=city.office, log_action=True)
    lines = log()
    assert lines[1:] == [
        ("推进年度步骤", "系统", str(city.county)),
        ("修改人员或站点资料", "代工委", "石桥镇"),
    ]
    assert (lines[0][1], lines[0][2]) == ("代工委", "通知公告")  # of a page, by Wagtail itself


def test_lines_are_found_by_person_action_and_day(log, city, time_machine):
    record("stations.change", city.township, actor=city.office)
    record("stations.register", city.township, actor=city.recorder)
    time_machine.move_to(START + timedelta(days=3), tick=False)
    record("stations.change", city.county, actor=city.recorder)
    change, register = "修改人员或站点资料", "登记代表"
    assert [line[0] for line in log()] == [change, register, change]
    assert [line[2] for line in log(who=city.recorder.username)] == [str(city.county), "石桥镇"]
    assert log(who="代工") == [(change, "代工委", "石桥镇")]
    assert [line[2] for line in log(action="stations.change", first="2026-06-21")] == [str(city.county)]
    assert [line[0] for line in log(last="2026-06-18")] == [register, change]
    assert [line[0] for line in log(action="stations.register")] == [register]
    assert log(who="没有这个人") == []


@pytest.mark.parametrize(
    "query", [{"action": "fly"}, {"first": "昨天"}, {"first": "2026-06-02", "last": "2026-06-01"}]
)
def test_nonsense_is_answered_in_words(client, city, site, query):
    client.force_login(city.auditor)
    page = client.get("/review/log/", query)
    assert (page.status_code, bool(page.context["form"].errors), "没有读懂要看哪些" in page.text) == (
        400,
        True,
        True,
    )


def test_the_log_takes_as_many_queries_for_three_lines_as_for_one(
    log, client, city, django_assert_num_queries
):
    record("stations.change", city.township, actor=city.office)
    log()
    with django_assert_num_queries(9):
        client.get("/review/log/")
    for user in (city.recorder, city.reviewer):
        record("scoring.step", user, actor=user)
    with django_assert_num_queries(9):
        assert len(client.get("/review/log/").context["rows"]) == 3
