"""The screen in the hall in a real browser: new names without a reload, a dead connection, a clock hours wrong."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from sessions.checkin.codes import code_at
from sessions.operations import check_in, renew_key
from tests.journeys.devices import sign_in
from tests.journeys.test_main_job import log_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

SHIFTED = """(() => {
  const real = Date, shift = %d;
  window.Date = class extends real {
    constructor(...given) { given.length ? super(...given) : super(real.now() + shift); }
    static now() { return real.now() + shift; }
  };
})()"""
HOURS = 2 * 3600 * 1000  # ms
POLL = 1500  # ms until a wall asks again


@pytest.fixture
def hall(city):
    people = [city.representative(f"示例{n}", login=False) for n in "甲乙丙"]
    activity = city.activity(starts_at=timezone.now() - timedelta(minutes=1))
    city.enrol(activity, *people)
    return activity, people


def arrive(activity, mandate):
    moment = timezone.now()
    token = code_at(activity.check_in_key, moment).token
    answer = check_in(
        activity=activity,
        representative=mandate.representative,
        nonce=f"wall-{mandate.pk}",
        moment=moment,
        token=token,
    )
    assert answer.outcome == "created"


def digits(page):
    return re.sub(r"\s", "", page.locator("[data-digits]").inner_text())


def test_rule_14_the_wall_shows_who_came_whatever_its_clock_says_and_survives_a_dead_connection(
    city, hall, open_page
):
    activity, people = hall
    walls = []
    for shift in (HOURS, -HOURS):
        wall = open_page(width=1920, height=1080)
        wall.clock.install()
        wall.add_init_script(SHIFTED % shift)
        sign_in(wall, city.recorder)
        wall.goto(f"/wall/{activity.door}/")
        wall.evaluate("window.sameDocument = true")
        walls.append(wall)

    # A name is there at the next poll, on screens two hours ahead and two hours behind; the code is today's.
    arrive(activity, people[0])
    for wall in walls:
        wall.clock.fast_forward(POLL)
        wall.locator("[data-names] li", has_text="示例甲").wait_for()
    now = timezone.now()
    current = {code_at(activity.check_in_key, now - timedelta(seconds=back)).digits for back in (0, 30)}
    assert [digits(wall) in current for wall in walls] == [True, True]
    left = [int(wall.locator("[data-seconds]").inner_text()) for wall in walls]
    assert [0 <= seconds <= 30 for seconds in left] == [True, True]

    # The connection dies: the last count stays and a line says so; somebody comes meanwhile.
    wall = walls[0]
    wall.context.set_offline(True)
    wall.clock.fast_forward(POLL)
    wall.get_by_text("网络中断，签到仍有效").wait_for()
    arrive(activity, people[1])
    assert (wall.locator("[data-came]").inner_text(), wall.locator("[data-names] li").count()) == ("1", 1)

    # It comes back: the screen catches up by itself, in the same document, and takes the renewed code.
    before = digits(wall)
    renew_key(activity=activity, actor=city.recorder)
    wall.context.set_offline(False)
    wall.clock.fast_forward(POLL)
    wall.locator("[data-names] li", has_text="示例乙").wait_for()
    assert (wall.locator("[data-came]").inner_text(), digits(wall) == before) == ("2", False)
    assert wall.get_by_text("网络中断").count() == 0
    assert wall.evaluate("window.sameDocument") is True


def test_the_wall_of_a_reader_without_scripts_renews_itself(city, hall, open_page):
    activity, people = hall
    wall = open_page(width=1920, height=1080, java_script_enabled=False)
    log_in(wall, "recorder")
    wall.goto(f"/wall/{activity.door}/")
    refresh = wall.locator("noscript meta[http-equiv=refresh]").get_attribute("content")
    arrive(activity, people[2])
    wall.reload()
    assert (refresh, wall.locator("[data-names] li").inner_text().split()[0]) == ("15", "示例丙")
