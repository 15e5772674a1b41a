"""The main job in a real browser: publish → sign up → scan → close → the score → the story → the book."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pypdf import PdfReader

from portal.models import User
from scoring import operations
from scoring.models import Year
from scoring.sheets import live_sheet
from sessions.models import Activity, Attendance, SharingSessionPage
from stations.models import Mandate, ProfilePage
from tests.conftest import PASSWORD
from tests.journeys.devices import sign_in
from tests.scoring.adopted import adopted

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

EXAMPLE = Path(__file__).resolve().parents[1] / "data" / "standards" / "example-6x11.yaml"
TITLE = "守着窑火，也守着乡亲的事"
OVERVIEW = re.compile(r"/admin/pages/\d+/$")  # where the page lies that was edited
STORY = "床单是白的，上面落着一层细细的煤灰，手指一抹就是一道黑。"


def log_in(page, username):
    page.goto("/accounts/login/")
    page.get_by_label("手机号").fill(username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/me/")


def fill_moment(page, name, moment):
    field = page.locator(f"input[name={name}]")
    field.fill(f"{timezone.localtime(moment):%Y-%m-%d %H:%M}")
    # The picker's window opens a moment after the field has the focus and closes by a press outside of it;
    # while it is open it may cover the next field.
    picker = page.locator(".xdsoft_datetimepicker").locator("visible=true")
    picker.wait_for()
    page.mouse.click(1275, 600)  # the margin of the page
    picker.wait_for(state="detached")


def plan_and_publish(page, start):
    """Staff fill in one form and publish the page it leads to."""
    log_in(page, "office")
    page.goto("/admin/new_session/")
    page.locator("input[name=title]").fill(TITLE)
    page.locator("input[name=number]").fill("14")
    page.locator("input[name=theme]").fill("联系群众")
    fill_moment(page, "starts_at", start)
    fill_moment(page, "ends_at", start + timedelta(hours=2))
    page.locator("select[name=area]").select_option(label="石桥镇")
    page.locator("input[name=place]").fill("石桥镇代表联络站")
    page.get_by_label("石桥镇代表小组").check()
    page.locator("form button[type=submit], form input[type=submit]").last.click()
    page.wait_for_url("**/admin/pages/*/edit/**")
    page.get_by_role("button", name="Toggle more actions").or_(
        page.locator("[data-controller='w-dropdown'] button.w-dropdown__toggle").last
    ).last.click()
    page.locator("button[name=action-publish]").click()
    page.wait_for_url(OVERVIEW, wait_until="commit")


@pytest.fixture
def start():
    """A quarter of an hour from now, on a whole minute."""
    return (timezone.now() + timedelta(minutes=15)).replace(second=0, microsecond=0)


@pytest.fixture
def year(city):
    standard = adopted(city)
    now = timezone.now()
    made = operations.create_year(
        label=timezone.localdate(now).year, term=city.term, standard=standard, actor=city.office
    )
    return operations.open_year(year=made, actor=city.office, moment=now)


def test_one_check_in_becomes_two_points_and_a_page_of_the_book(city, site, year, start, open_page, tmp_path):
    mandate = city.representative("丁示例", compile_consent=True)
    assert live_sheet(year, mandate).sheet.total == Decimal("15.00")

    # Staff plan and publish a session.
    staff = open_page()
    plan_and_publish(staff, start)
    activity = Activity.objects.get()
    assert (activity.state, SharingSessionPage.objects.get().live) == ("open", True)

    # The public page shows it; the representative sees it among what comes.
    phone = open_page(width=390, height=844)
    phone.goto("/fenxianghui/")
    assert phone.get_by_role("heading", name="守着窑火").first.is_visible()
    log_in(phone, "rep1")
    assert phone.get_by_text("守着窑火").first.is_visible()

    # The wall in the hall shows code and QR; the representative types the digits and taps once.
    wall = open_page(width=1920, height=1080)
    sign_in(wall, city.recorder)
    wall.clock.install()
    wall.goto(f"/wall/{activity.door}/")
    wall.locator("svg").first.wait_for()
    from sessions.checkin.codes import code_at

    token = code_at(activity.check_in_key, timezone.now()).token
    phone.goto(f"/c/{activity.door}/{token}/")
    phone.get_by_role("button", name="签到").click()
    phone.get_by_role("heading", name="签到成功").wait_for()
    row = Attendance.objects.get()
    assert (row.representative, row.status, row.confirmed_at) == (mandate.representative, "present", None)
    wall.clock.fast_forward(1500)  # ms: the wall asks again
    wall.get_by_text("丁示例").first.wait_for()
    assert live_sheet(year, mandate).sheet.total == Decimal("15.00")

    # The session is over; the recorder closes the roll.
    held = {"starts_at": start - timedelta(hours=1), "ends_at": start - timedelta(minutes=20)}
    Activity.objects.filter(pk=activity.pk).update(**held)
    wall.goto(f"/roll/{activity.pk}/close/")
    wall.locator("main form button").last.click()
    wall.wait_for_url(f"**/roll/{activity.pk}/")
    assert Activity.objects.get().state == "closed"

    # The score has moved by exactly the standard's two points, and says where they come from.
    phone.goto("/me/score/")
    assert phone.locator(".score-l .big").inner_text().replace("\n", "").strip() == "17分"
    assert live_sheet(year, mandate).sheet.total == Decimal("17.00")

    write_the_story(city, site, mandate)
    finish_the_year(city, year, mandate)

    reader = open_page(width=390, height=844)
    reader.goto("/daibiao/ding/")
    assert reader.get_by_text("床单是白的").first.is_visible()

    call_command("book", str(year.label), "--out", str(tmp_path))
    text = "".join(page.extract_text() for page in PdfReader(next(tmp_path.glob("*.pdf"))).pages)
    assert "床单是白的" in text.replace("\n", "")


def write_the_story(city, site, mandate):
    """An editor's work: the story of the representative, published."""
    page = ProfilePage(
        title="烟字留在墙上", slug="ding", representative=mandate.representative, date=date(2026, 6, 1),
        summary="一盆床单引出的改窑账。", body=[("paragraph", f"<p>{STORY}</p>")],
    )  # fmt: skip
    site["daibiao"].add_child(instance=page)
    page.save_revision(user=city.office).publish()


def finish_the_year(city, year, mandate):
    """Deeds enough for the highest band, then every step of the year by those who may take it."""
    record_a_full_year(city, mandate, year.label)
    end = datetime(year.label, 12, 31, 18, tzinfo=timezone.get_current_timezone())
    operations.start_review(year=year, areas=[city.township], actor=city.office, moment=end)
    review = year.reviews.get()
    operations.submit_area(review=review, actor=city.reviewer, moment=end)
    operations.recheck_area(review=review, actor=city.office, moment=end)
    operations.publicise_year(year=year, actor=city.office, moment=end)
    operations.confirm_year(
        year=year,
        meeting="主任会议",
        number="示例 1 号",
        decided_on=date(year.label + 1, 2, 1),
        actor=city.office,
        moment=end,
    )
    operations.notify_year(year=Year.objects.get(pk=year.pk), actor=city.office, moment=end)


def record_a_full_year(city, mandate, label):
    """Hold what the example standard counts until the sheet stands in the highest band."""
    from sessions.operations import close_roll, record_status

    kinds = [
        ("congress", "speaker", 2), ("standing_committee", "attendee", 2), ("training", "attendee", 2), ("lecture", "attendee", 2),
        ("seminar", "attendee", 3), ("group_activity", "attendee", 4), ("sharing", "speaker", 2), ("reception", "attendee", 5),
        ("duty_report", "attendee", 1), ("hearing", "attendee", 4),
    ]  # fmt: skip
    day = datetime(label, 1, 5, 9, tzinfo=timezone.get_current_timezone())
    for kind, role, count in kinds:
        for _ in range(count):
            activity = city.activity(kind=kind, title=f"示例{kind}", starts_at=day)
            city.enrol(activity, mandate, basis="invited", role=role)
            record_status(
                activity=activity,
                representative=mandate.representative,
                status="present",
                actor=city.recorder,
                moment=day,
            )
            close_roll(activity=activity, actor=city.recorder, moment=day + timedelta(hours=2))
    for number in range(2):
        operations.add_proposal(
            title=f"示例建议{number}",
            ref=f"示例-{number}",
            submitted_on=date(label, 1, 10),
            movers={mandate: "sole"},
            actor=city.office,
        )
    assert User.objects.filter(representative=mandate.representative).exists()
    assert Mandate.objects.get(pk=mandate.pk).ends_on is None
