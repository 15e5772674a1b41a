"""Who is graded, and for which part of a year: mid-year mandates, suspended days, several mandates of one person."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.urls import reverse

from scoring import operations
from scoring.eligibility import service_of
from scoring.models import FrozenSheet, Year
from scoring.operations import YearRefused
from scoring.rules import Fact
from scoring.sheets import live_sheet, live_sheets, mandates_of
from scoring.whole.scores import scores
from scoring.year.forms import joiners_form
from sessions.models import Attendance
from sessions.operations import close_roll
from stations import operations as stations_operations
from stations.models import Mandate, Term
from tests.conftest import START
from tests.opened import carried
from tests.scoring.sheet_city import held, opened, walk

DAY = START.date()  # 2026-06-18
JULY = date(2026, 7, 1)
FULL, PRO_RATA, NOT_GRADED = Year.Joiners


def span(joiners=PRO_RATA, first=date(2026, 1, 1), last=date(2026, 12, 31)):
    return Year(label=2026, starts_on=first, ends_on=last, joiners=joiners)


def seat(starts_on, ends_on=None, term_from=date(2022, 1, 1), term_until=None):
    term = Term(number=9, name="第九届", starts_on=term_from, ends_on=term_until)
    return Mandate(term=term, starts_on=starts_on, ends_on=ends_on)


@pytest.fixture
def year(city):
    return opened(city, 2026)


def setting(year, city, joiners):
    changed = operations.set_joiners(year=year, joiners=joiners, actor=city.office)
    return Year.objects.select_related("standard", "term").get(pk=changed.pk)


def suspended(city, mandate, first, last=None):
    return stations_operations.suspend_mandate(
        mandate=mandate, starts_on=first, ends_on=last, reason="示例决定 1 号", actor=city.office
    )


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2022, 1, 1), None, 12),
        (date(2026, 1, 1), date(2026, 12, 31), 12),
        (date(2026, 7, 1), None, 6),
        (date(2026, 6, 16), None, 7),  # 15 days of June
        (date(2026, 6, 17), None, 6),  # 14 days of June
        (date(2022, 1, 1), date(2026, 2, 15), 2),
        (date(2022, 1, 1), date(2026, 2, 14), 1),
        (date(2026, 12, 30), None, 1),  # never none: it was served
    ],
)
def test_a_month_counts_from_fifteen_days_in_office(first, last, months):
    service = service_of(span(), seat(first, last), [])
    assert (service.months, service.of, service.share) == (months, 12, Fraction(months, 12))


def test_a_setting_without_parts_leaves_the_share_whole():
    assert service_of(span(FULL), seat(JULY), []).share == 1


def test_suspended_days_leave_the_months():
    service = service_of(span(), seat(date(2022, 1, 1)), [(date(2026, 3, 10), date(2026, 5, 20))])
    # Of March 9 days are left, of April none, of May 11.
    assert (service.months, service.share) == (9, Fraction(3, 4))
    days = [date(2026, 3, 9), date(2026, 3, 10), date(2026, 5, 20), date(2026, 5, 21)]
    assert [service.counts(Fact("one", date=day)) for day in days] == [True, False, False, True]
    assert service.counts(Fact("one", date=days[1], source="assessment:1"))


def test_in_the_first_and_the_last_year_of_a_term_nobody_is_late():
    begun = seat(date(2026, 3, 5), term_from=date(2026, 3, 5))
    ended = seat(date(2022, 1, 1), date(2026, 10, 31), term_until=date(2026, 10, 31))
    assert [service_of(span(), each, []).share for each in (begun, ended)] == [1, 1]


def test_a_shorter_period_has_its_own_months():
    quarter = span(first=date(2026, 4, 1), last=date(2026, 6, 30))
    assert service_of(quarter, seat(date(2026, 5, 10)), []).share == Fraction(2, 3)


def test_by_default_a_joiner_is_graded_like_everybody(city, year):
    joiner = city.representative(starts_on=date(2026, 6, 1))
    held(city, joiner)
    live = live_sheet(year, joiner)
    assert (live.sheet.points_of("sharing"), "service" in live.content) == (2, False)


def test_pro_rata_quantities_count_more_and_gifts_and_bonuses_do_not(city, year):
    joiner = city.representative(starts_on=date(2026, 5, 1))
    held(city, joiner)
    operations.add_honour(
        mandate=joiner, title="示例", level="municipal", awarded_on=date(2026, 6, 1), actor=city.office
    )
    year = setting(year, city, PRO_RATA)
    sheet = live_sheet(year, joiner).sheet
    whole = live_sheet(setting(year, city, FULL), joiner).sheet
    # 8 of 12 months: 2 points for a session count 3; the full start of the congress and the honour stay.
    assert (sheet.share, sheet.points_of("sharing"), whole.points_of("sharing")) == (Fraction(2, 3), 3, 2)
    assert sheet.points_of("congress-attendance") == whole.points_of("congress-attendance") == 15
    assert sheet.points_of("honour") == whole.points_of("honour") != 0


def test_the_page_says_how_a_part_is_reckoned(client, city, year):
    joiner = city.representative(starts_on=date(2026, 5, 1))
    setting(year, city, PRO_RATA)
    client.force_login(joiner.representative.user)
    page = client.get(reverse("scorecard_year", args=[2026]))
    told = "本年度任职按 8 个月计（全年 12 个月），常规类别的数量按 12÷8 折算，加分不折算。"
    assert (page.context["sheet"].service, told in page.content.decode()) == ((told,), True)


def test_not_graded_has_no_sheet_and_says_why(client, city, year):
    whole = city.representative("王示例")
    joiner = city.representative(starts_on=date(2026, 5, 1))
    leaver = city.representative("李示例")
    stations_operations.end_mandate(mandate=leaver, day=date(2026, 9, 30), actor=city.office)
    year = setting(year, city, NOT_GRADED)
    assert list(mandates_of(year)) == [whole]
    client.force_login(joiner.representative.user)
    own = client.get(reverse("scorecard_year", args=[2026]))
    assert (own.status_code, "本年度不评定" in own.content.decode()) == (200, True)
    client.force_login(city.office)
    assert client.get(reverse("staff_sheet", args=[joiner.pk, 2026])).status_code == 404


def test_records_of_suspended_days_are_shown_and_count_nothing(client, city, year):
    mandate = city.representative()
    held(city, mandate, status="absent", title="停职时的会议", kind="congress")
    held(city, mandate, at=START + timedelta(days=40), title="恢复后的分享会")
    suspended(city, mandate, DAY, DAY + timedelta(days=10))
    live = live_sheet(year, mandate)
    assert (live.sheet.points_of("congress-attendance"), live.sheet.points_of("sharing")) == (15, 2)
    client.force_login(mandate.representative.user)
    page = client.get(reverse("scorecard_year", args=[2026]))
    (line,) = page.context["sheet"].left_out
    assert (line.label, line.day, line.remarks) == ("停职时的会议", DAY, ("暂停履职期间，不计分",))
    assert page.context["sheet"].service == (
        "2026-06-18 起至 2026-06-28 暂停执行代表职务，这些日子的记录不计分。",
    )
    assert "示例决定" not in page.content.decode()


def test_who_was_suspended_all_year_is_not_graded(city, year):
    mandate, other = city.representative(), city.representative("王示例")
    suspended(city, mandate, date(2025, 12, 1))
    suspended(city, other, date(2026, 1, 1), date(2026, 12, 30))
    assert list(mandates_of(year)) == [other]


@pytest.mark.parametrize("joiners", [FULL, PRO_RATA, NOT_GRADED])
def test_the_scores_of_all_are_those_of_the_sheets(city, year, joiners):
    people = [city.representative(f"{name}示例", starts_on=day) for name, day in DIFFERENT]
    held(city, *people, kind="congress", status="late")
    held(city, *people, at=START + timedelta(days=30))
    suspended(city, people[2], DAY)
    year = setting(year, city, joiners)
    graded = mandates_of(year)
    sheets = {live.mandate.pk: (live.sheet.total, live.sheet.band.name) for live in live_sheets(year, graded)}
    assert {each.mandate: (each.total, each.band) for each in scores(year, graded)} == sheets
    assert len(sheets) == (2 if joiners == NOT_GRADED else 4)


DIFFERENT = [
    ("丁", date(2022, 1, 1)),
    ("王", date(2026, 2, 20)),
    ("李", date(2022, 1, 1)),
    ("赵", date(2026, 6, 1)),
]


def test_a_frozen_part_stays_and_the_seal_holds(city, year):
    joiner = city.representative(starts_on=date(2026, 5, 1))
    held(city, joiner)
    year = setting(year, city, PRO_RATA)
    before = live_sheet(year, joiner).sheet.total
    year = walk(city, year)
    suspended(city, joiner, DAY)
    frozen = FrozenSheet.objects.get(mandate=joiner)
    assert (frozen.total, frozen.content["service"]["months"]) == (before, 8)


@pytest.mark.parametrize("who", ["reviewer", "recorder", "auditor"])
def test_only_the_office_sets_how_joiners_are_graded(city, year, who):
    with pytest.raises(YearRefused, match="没有设置年度的权限"):
        operations.set_joiners(year=year, joiners=FULL, actor=getattr(city, who))


def test_under_review_the_setting_stays(client, city, year):
    city.representative()
    operations.start_review(year=year, areas=[city.township], actor=city.office, moment=START)
    client.force_login(city.office)
    sent = {"joiners": "not_graded"} | carried(joiners_form(year))
    answer = client.post(reverse("review_joiners", args=[2026]), sent)
    year.refresh_from_db()
    assert (answer.status_code, year.joiners) == (409, "full")
    assert "评定范围在开始审核以前确定" in answer.content.decode()


def test_the_office_sets_it_on_the_page_of_the_year(client, city, year):
    client.force_login(city.office)
    sent = {"joiners": "pro_rata"} | carried(joiners_form(year))
    assert client.post(reverse("review_joiners", args=[2026]), sent).status_code == 302
    year.refresh_from_db()
    page = client.get(reverse("review_year", args=[2026]))
    assert (year.joiners, page.context["joiners"].initial) == ("pro_rata", {"joiners": "pro_rata"})


def test_each_mandate_of_one_person_has_a_sheet_of_its_own(client, city, year):
    first = city.representative()
    stations_operations.end_mandate(mandate=first, day=date(2026, 6, 30), actor=city.office)
    second = stations_operations.add_mandate(
        representative=first.representative,
        term=city.term,
        area=city.other_township,
        starts_on=JULY,
        actor=city.office,
    )
    held(city, first)
    held(city, second, at=START + timedelta(days=60), area=city.other_township)
    held(city, second, at=START + timedelta(days=70), area=city.other_township)
    client.force_login(first.representative.user)
    address = reverse("scorecard_year", args=[2026])
    shown = [client.get(f"{address}?mandate={each.pk}").context["sheet"].total for each in (first, second)]
    assert shown == [17, 19]  # 15 to begin with, 2 a session


def test_the_roll_of_a_suspended_day_excuses_who_was_listed_before(city):
    mandate, other = city.representative(), city.representative("王示例")
    activity = city.activity()
    city.enrol(activity, mandate, other)
    suspended(city, mandate, DAY)
    close_roll(activity=activity, actor=city.recorder, moment=START + timedelta(hours=2))
    rows = Attendance.objects.filter(activity=activity).values_list("representative", "status", "obliged")
    assert set(rows) == {
        (mandate.representative_id, "exempt", True),
        (other.representative_id, "absent", True),
    }
