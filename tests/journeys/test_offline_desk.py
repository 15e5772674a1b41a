"""The recorder's desk in a real browser with the network switched off: nothing ticked is lost, nothing is doubled."""

from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from sessions.checkin.cards import code_of
from sessions.models import Attendance, AttendanceEvent
from sessions.operations import close_roll, renew_card, reschedule_activity
from tests.journeys.axe import AXE, complained
from tests.journeys.devices import sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

AWAY = "没有网络，登记先存在这台设备上"
HOURS_AHEAD = 3
SOON = 4000  # ms: longer than a tick may be undone, and than the first pause after a lost answer
# A device whose clock is hours ahead.
WRONG_CLOCK = f"const now = Date.now; Date.now = () => now() + {HOURS_AHEAD} * 3600000;"
# Which lines of the list are changed from here on, by number of the person.
WATCH = """() => {
  window.changed = new Set();
  const note = ({ target }) => changed.add((target.closest ? target : target.parentElement).closest("li")?.dataset.id);
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver((records) => records.forEach(note)).observe(document.querySelector("[data-part=list]"), all);
}"""
# So many milliseconds later, by its clock: nothing can be undone any more.
LATER = "ms => { const now = Date.now; Date.now = () => now() + ms; }"
CLICK_ALL = """([status, most]) => {
  const buttons = [...document.querySelectorAll(`li.roll-l button[data-status=${status}]`)];
  buttons.filter((each) => each.checkVisibility()).slice(0, most).forEach((each) => each.click());
}"""


def roll_of(city, people):
    """Return an activity that starts now, with so many obliged people, and their mandates."""
    mandates = [city.representative(f"示例{n:03d}", login=False) for n in range(people)]
    activity = city.activity(starts_at=timezone.now().replace(microsecond=0))
    city.enrol(activity, *mandates)
    return activity, mandates


def open_desk(page, activity, *, kept=True):
    page.goto(f"/roll/{activity.pk}/desk/")
    page.wait_for_selector("[data-kept=yes]" if kept else "[data-ready=yes]")


def waits(page, words):
    page.wait_for_function(
        "words => document.querySelector('[data-part=waiting]').textContent === words", arg=words
    )


def net_says(page, words):
    page.wait_for_function(
        "words => document.querySelector('[data-part=net]').textContent === words", arg=words
    )


def type_code(page, code):
    page.fill("#code", code)
    page.press("#code", "Enter")


def tags(page):
    """Return what the list says of each person, as a count of the statuses."""
    return Counter(text.split(" ")[0] for text in page.locator("li.roll-l [data-tag]").all_text_contents())


def test_rule_17_two_hundred_entries_without_network_survive_a_reload_and_all_arrive(city, open_page):
    activity, mandates = roll_of(city, 200)
    person = mandates[0].representative
    code = code_of(
        person.pk, renew_card(representative=person, seen=0, actor=city.office, moment=timezone.now()).serial
    )
    page = open_page(width=390, height=844)
    page.add_init_script(WRONG_CLOCK)
    sign_in(page, city.recorder)
    open_desk(page, activity)
    page.context.set_offline(True)
    before = timezone.now()
    type_code(page, code)
    page.wait_for_function("() => document.querySelector('[data-part=face-name]').textContent === '示例000'")
    page.evaluate(CLICK_ALL, ["leave", 9])
    waits(page, "还有 10 条待上传")
    page.evaluate(CLICK_ALL, ["late", 10])
    waits(page, "还有 20 条待上传")
    page.evaluate(CLICK_ALL, ["present", 180])
    waits(page, "还有 200 条待上传")
    after = timezone.now()
    page.reload()
    waits(page, "还有 200 条待上传")
    assert page.inner_text("[data-part=net]") == AWAY
    page.evaluate(LATER, SOON)
    page.context.set_offline(False)
    waits(page, "全部已上传")
    assert tags(page) == {"出席": 181, "迟到": 10, "请假": 9}
    assert Attendance.objects.counts() == {"present": 181, "late": 10, "leave": 9}
    assert set(Attendance.objects.values_list("method", "confirmed_by")) == {
        ("offline_device", city.recorder.pk)
    }
    events = list(AttendanceEvent.objects.all())
    ahead, second = timedelta(hours=HOURS_AHEAD), timedelta(seconds=1)
    assert len(events) == 200
    assert [e for e in events if not before - second <= e.happened_at <= after + second] == []
    assert [e for e in events if abs(e.clock_ahead - ahead) > second or not e.clock_flagged] == []
    assert [e for e in events if abs(e.device_at - e.happened_at - ahead) > second] == []
    assert [e for e in events if not e.happened_at < e.received_at] == []


def test_a_tick_draws_its_own_line_and_no_other(city, open_page):
    activity, mandates = roll_of(city, 3)
    page = open_page(width=390, height=844)
    sign_in(page, city.recorder)
    open_desk(page, activity)
    page.context.set_offline(True)
    page.evaluate(WATCH)
    page.locator(f"li[data-id='{mandates[1].representative_id}'] button[data-status=late]").click()
    waits(page, "还有 1 条待上传")
    assert page.evaluate("() => [...changed]") == [str(mandates[1].representative_id)]


def test_a_lost_answer_leads_to_no_second_row_and_undoing_before_the_upload_leaves_none(city, open_page):
    activity, _ = roll_of(city, 3)
    page = open_page(width=390, height=844, service_workers="block")
    page.clock.install()
    page.add_init_script(AXE)
    sign_in(page, city.recorder)
    open_desk(page, activity, kept=False)
    assert complained(page) == []
    page.fill("#q", "示例001")
    assert page.locator("li.roll-l:visible").count() == 1
    page.fill("#q", "")
    lost = []

    def lose(route):
        lost.append(route.fetch())
        route.abort()

    page.route("**/sync/", lose, times=1)
    page.locator("li.roll-l button[data-status=present]:visible").first.click()
    page.locator("button[data-undo]:visible").click()
    waits(page, "全部已上传")
    page.evaluate(CLICK_ALL, ["present", 3])
    waits(page, "还有 3 条待上传")
    page.clock.fast_forward(SOON)
    net_says(page, AWAY)
    page.clock.fast_forward(SOON)
    waits(page, "全部已上传")
    assert ([answer.status for answer in lost], tags(page)) == ([200], {"出席": 3})
    assert (Attendance.objects.counts(), AttendanceEvent.objects.count()) == ({"present": 3}, 3)


def test_what_the_server_does_not_take_stays_on_the_device_with_the_way_out(city, open_page):
    activity, _ = roll_of(city, 2)
    page = open_page(width=390, height=844)
    page.clock.install()
    sign_in(page, city.recorder)
    open_desk(page, activity)
    page.context.set_offline(True)
    page.evaluate(CLICK_ALL, ["present", 2])
    waits(page, "还有 2 条待上传")
    page.clock.fast_forward(SOON)
    long_ago = timezone.now() - timedelta(hours=2)
    reschedule_activity(
        activity=activity, starts_at=long_ago, ends_at=long_ago + timedelta(hours=3), actor=city.office
    )
    page.context.set_offline(False)
    problems = page.locator("[data-part=problems] li:visible")
    page.wait_for_function("() => document.querySelectorAll('[data-part=problems] li').length === 2")
    assert "已过迟到截止时间，登记到场要写明原因。" in problems.first.inner_text()
    problems.first.locator("input").fill("会场断网")
    problems.first.locator("form button").click()
    page.wait_for_function("() => document.querySelectorAll('[data-part=problems] li').length === 1")
    page.clock.fast_forward(SOON)
    waits(page, "全部已上传")
    close_roll(activity=activity, actor=city.office, moment=timezone.now())
    problems.first.locator("input").fill("会场断网")
    problems.first.locator("form button").click()
    waits(page, "还有 1 条待上传")
    page.clock.fast_forward(SOON)
    page.wait_for_function(
        "() => document.querySelector('[data-part=problems]').innerText.includes('名册已收册')"
    )
    page.reload()
    assert f"/roll/{activity.pk}/?q=" in problems.first.locator("a").get_attribute("href")
    problems.first.get_by_role("button", name="已处理，移出").click()
    page.wait_for_selector("[data-part=problems]", state="hidden")
    assert Counter(Attendance.objects.values_list("status", "method")) == {
        ("late", "offline_device"): 1,
        ("absent", "roll_close"): 1,
    }


def test_an_expired_login_and_signing_out_keep_what_waits_and_clear_what_was_kept(city, open_page):
    activity, _ = roll_of(city, 2)
    page = open_page()
    page.clock.install()
    sign_in(page, city.recorder)
    open_desk(page, activity)
    assert page.evaluate("caches.keys()") == [f"account-{city.recorder.pk}"]
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.evaluate(CLICK_ALL, ["present", 2])
    waits(page, "还有 2 条待上传")
    page.clock.fast_forward(SOON)
    page.wait_for_selector("[data-part=login]:visible")
    waits(page, "还有 2 条待上传")
    page.goto("/accounts/login/")
    page.wait_for_function("() => caches.keys().then((names) => names.length === 0)")
    sign_in(page, city.office)
    open_desk(page, activity)
    assert page.inner_text("[data-part=others-count]") == "2"
    assert (page.inner_text("[data-part=waiting]"), Attendance.objects.count()) == ("全部已上传", 0)
    sign_in(page, city.recorder)
    open_desk(page, activity)
    waits(page, "全部已上传")
    page.wait_for_function("() => document.querySelectorAll('[data-shown=done]').length === 2")
    assert set(Attendance.objects.values_list("status", "confirmed_by__username")) == {
        ("present", "recorder")
    }


def test_a_page_that_cannot_be_kept_says_so_in_words(city, open_page):
    activity, _ = roll_of(city, 1)
    page = open_page(width=390, height=844)
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    sign_in(page, city.recorder)
    open_desk(page, activity, kept=False)
    assert "网址不是 https 开头，也不是本机" in page.inner_text("[data-part=insecure]")


def test_rule_19_a_clock_that_is_set_or_a_device_that_sleeps_between_tick_and_upload_does_no_harm(open_page):
    """The reckoning of the page itself, in minutes: a measure says how far the clock was ahead, a tick when it was."""
    page = open_page()
    page.goto("/health/")
    reckon = """async (cases) => {
      const { offsetAt } = await import("/static/sessions/js/desk/clock.js");
      const minutes = (m) => m && Object.fromEntries(Object.entries(m).map(([k, v]) => [k, k === "session" ? v : v * 60000]));
      return cases.map((each) => offsetAt(...each.map(minutes)) / 60000);
    }"""

    def at(device, mono, session="s", **more):
        return {"device": device, "mono": mono, "session": session} | more

    tick = at(10, 10)
    assert page.evaluate(
        reckon,
        [
            [tick, at(0, 0, offset=3), at(20, 20, offset=3)],
            [tick, at(0, 0, offset=3), at(80, 20, offset=63)],  # set forward by an hour after the tick
            [tick, at(-60, 0, offset=-57), at(20, 20, offset=3)],  # set forward by an hour before the tick
            [tick, at(0, 2, offset=3), at(20, 15, offset=3)],  # asleep on both sides of the tick
            [tick, at(0, 0, "before", offset=3), at(80, 5, "after", offset=63)],  # reloaded, then set
            [tick, None, at(20, 20, offset=3)],  # never measured before
        ],
    ) == [3, 3, 3, 3, 3, 3]
