"""What the tags lend to other pages."""

from datetime import timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone

from sessions.models import SessionSpeaker
from sessions.operations import cancel_activity, close_roll, record_status
from sessions.templatetags.sessions_tags import issue, next_session, upcoming_sessions, year_figures
from stations.operations import plan_reception
from tests.conftest import START
from tests.sessions.faces import courseware, face
from tests.sessions.voiced import idea


@pytest.fixture
def now():
    """Stand at START."""
    with time_machine.travel(START, tick=False):
        yield START


def test_the_next_session_is_the_running_one_before_any_to_come(city, site, now):
    face(city, site, title="明天", starts_at=START + timedelta(days=1))
    running = face(city, site, title="正在", starts_at=START - timedelta(minutes=10))
    found = next_session()
    assert (found["page"], found["running"], found["days"]) == (running, True, 0)


def test_a_called_off_session_is_no_next_session(city, site, now):
    off = face(city, site, title="取消", starts_at=START + timedelta(days=1))
    later = face(city, site, title="以后", starts_at=START + timedelta(days=5))
    cancel_activity(activity=off.activity, reason="改期", actor=city.office)
    found = next_session(upcoming_sessions(1))
    assert (found["page"], found["days"]) == (later, 5)
    cancel_activity(activity=later.activity, reason="改期", actor=city.office)
    assert next_session() is None


def test_upcoming_sessions_take_two_queries(city, site, now, django_assert_num_queries):
    for number in range(3):
        page = face(city, site, title=f"场{number}", starts_at=START + timedelta(days=number))
        page.speakers = [SessionSpeaker(guest_name="周虚构")]
        page.save()
    with django_assert_num_queries(2):
        pages = upcoming_sessions(3)
        assert [[str(s) for s in page.speakers_listed] for page in pages] == [["周虚构"]] * 3


def test_the_figures_of_the_year_are_those_of_public_rows(city, site, now, django_assert_num_queries):
    page = face(city, site, title="办过", starts_at=START - timedelta(days=5))
    idea(city, activity=page.activity)
    idea(city, activity=page.activity, released=False)
    idea(city, activity=page.activity, moment=START + timedelta(days=1))
    idea(city, activity=page.activity, moment=START - timedelta(days=365))
    came, absent = city.representative(), city.representative("王样本")
    city.enrol(page.activity, came, absent)
    _close(city, page, came)
    face(city, site, title="去年", starts_at=START - timedelta(days=365))
    face(city, site, title="以后", starts_at=START + timedelta(days=5))
    off = face(city, site, title="取消", starts_at=START - timedelta(days=9))
    cancel_activity(activity=off.activity, reason="改期", actor=city.office)
    courseware(site)
    courseware(site, live=False)
    _reception(city, START - timedelta(days=1))
    _reception(city, START + timedelta(days=1))
    with django_assert_num_queries(2):
        figures = year_figures()
    assert figures == (2026, timezone.now(), 1, 1, 1, 1, 1)


def test_a_year_without_anything_counts_noughts(site, now):
    assert year_figures()[2:] == (0, 0, 0, 0, 0)


def _close(city, page, *came):
    for mandate in came:
        record_status(
            activity=page.activity,
            representative=mandate.representative,
            status="present",
            actor=city.recorder,
            moment=page.activity.starts_at,
        )
    close_roll(activity=page.activity, actor=city.recorder, moment=page.activity.ends_at)


def _reception(city, moment):
    from stations.models import Station

    station, _ = Station.objects.get_or_create(kind="liaison", name="示范站", area=city.township)
    plan_reception(
        station=station, starts_at=moment, ends_at=moment + timedelta(hours=2), mandates=[], actor=city.office
    )


def render(template, **context):
    return Template("{% load sessions_tags %}" + template).render(Context(context))


def test_a_story_names_where_somebody_spoke_and_took_part_by_closed_rolls_only(city, site, now):
    person, other = city.representative(), city.representative("王样本")
    spoke = face(city, site, title="讲过的", starts_at=START - timedelta(days=9))
    took_part = face(city, site, title="听过的", starts_at=START - timedelta(days=8))
    missed = face(city, site, title="缺席的", starts_at=START - timedelta(days=7))
    still_open = face(city, site, title="未收册的", starts_at=START - timedelta(days=6))
    for page in (spoke, still_open):
        page.speakers = [SessionSpeaker(representative=person.representative)]
        page.save()
    for page in (spoke, took_part, missed):
        city.enrol(page.activity, person, other)
        _close(city, page, *([] if page is missed else [person]))
    html = render("{% sessions_of person %}", person=person.representative)
    named = [title for title in ("讲过的", "听过的", "缺席的", "未收册的") if title in html]
    assert named == ["讲过的", "听过的"]
    assert (html.count("讲过的"), html.count("主讲")) == (1, 1)


def test_a_story_without_sessions_or_courseware_shows_no_heading(city, site, now):
    person = city.representative().representative
    assert render("{% sessions_of person %}{% courseware_of person %}", person=person).strip() == ""


def test_a_story_lists_the_public_courseware_of_its_person(city, site, now):
    person = city.representative().representative
    courseware(site, title="公开的", author=person, selected=True)
    courseware(site, title="草稿的", author=person, live=False)
    html = render("{% courseware_of person %}", person=person)
    assert ("公开的" in html, "草稿的" in html, "优秀课件" in html) == (True, False, True)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (None, ""),
        (1, "第一期"),
        (10, "第十期"),
        (14, "第十四期"),
        (20, "第二十期"),
        (35, "第三十五期"),
        (100, "第 100 期"),
    ],
)
def test_issues_are_counted_in_chinese_numerals(number, words):
    assert issue(number) == words
