"""Two who have one form of the admin open (THREATS 23): every change form there is, found from what is registered."""

import re
from datetime import date, timedelta

import pytest
from django import forms
from django.test import Client
from django.urls import reverse
from wagtail.contrib.settings.registry import registry
from wagtail.models import Site

from portal.models import CongressSettings, SiteTheme
from portal.stale_forms import KEPT, OPENED
from scoring import operations as scoring
from sessions.models import Series, Tour
from sessions.operations import create_meeting
from stations import operations as stations
from stations.models import RosterEntry
from stations.permissions import Role
from tests.conftest import START
from tests.opened import form_at
from tests.scoring.year_city import open_year
from tests.sessions.races import at_once
from tests.sessions.voiced import idea
from tests.test_addresses import OURS, viewsets

DAY = date(2026, 6, 1)
BY_NAME = "您打开之后，代工委（…）已改过这条。" + KEPT
BY_SOMEBODY = (
    "您打开之后，这条已有人改过。" + KEPT
)  # the log has a line of the station or the person, not of this row


def station(city):
    return stations.add_station(kind="liaison", name="石桥站", area=city.township, actor=city.office)


def on_roster(city):
    facts = {"mandates": [city.representative()], "starts_on": DAY, "actor": city.office}
    stations.add_to_roster(station=station(city), **facts)
    return RosterEntry.objects.get()


def reception(city):
    hours = {"starts_at": START, "ends_at": START + timedelta(hours=1)}
    facts = {"mandates": [city.representative()], "actor": city.office}
    return stations.plan_reception(station=station(city), **hours, **facts)


def suspension(city):
    days = {"starts_on": DAY, "ends_on": None, "reason": "示例决定", "actor": city.office}
    return stations.suspend_mandate(mandate=city.representative(), **days)


def outlet(city):
    return scoring.add_outlet(name="示例日报", level="county", medium="paper", actor=city.office)


def report(city):
    facts = {"title": "窑火", "published_on": DAY, "mandates": [city.representative()], "actor": city.office}
    return scoring.report_media(outlet=outlet(city), **facts)


def proposal(city):
    facts = {"title": "修路", "ref": "示 1", "submitted_on": DAY, "actor": city.office}
    return scoring.add_proposal(movers={city.representative(): "sole"}, **facts)


def honour(city):
    facts = {"title": "先进", "level": "county", "awarded_on": DAY, "ref": "证 1", "actor": city.office}
    return scoring.add_honour(mandate=city.representative(), **facts)


# The form's address: a row of it, a field, what the first and what the second of the two writes there, what is said.
FORMS = {
    "activity": (lambda city: city.activity(), "title", "春季分享会", "夏季分享会", BY_NAME),
    "series": (lambda _: Series.objects.create(title="系列"), "summary", "每月", "每季", BY_NAME),
    "tour": (lambda _: Tour.objects.create(title="巡讲"), "summary", "三站", "五站", BY_NAME),
    "media_report": (report, "form", "消息", "通讯", BY_NAME),
    "proposal": (proposal, "title", "修桥", "修渠", BY_NAME),
    "honour": (honour, "title", "优秀", "模范", BY_NAME),
    "outlet": (outlet, "name", "示例晚报", "示例早报", BY_NAME),
    "representatives": (
        lambda city: city.representative().representative, "occupation", "厂长", "社长", BY_NAME,
    ),
    "mandates": (lambda city: city.representative(), "ends_on", "2027-01-05", "2027-02-05", BY_SOMEBODY),
    "suspensions": (suspension, "reason", "一号决定", "二号决定", BY_NAME),
    "deputy_groups": (lambda city: city.group, "name", "第一小组", "第二小组", BY_NAME),
    "stations": (station, "address", "东街 1 号", "西街 2 号", BY_NAME),
    "rosters": (on_roster, "duty", "站长", "组长", BY_SOMEBODY),
    "receptions": (reception, "topic", "养老", "教育", BY_SOMEBODY),
    "terms": (lambda city: city.term, "name", "第九届人大", "九届", BY_NAME),
    "areas": (lambda city: city.township, "name", "石桥街道", "石桥", BY_NAME),
    "congresssettings": (lambda _: CongressSettings.for_site(here()), "phone", "0000-8000001", "0000-8000002", BY_NAME),
    "sitetheme": (lambda _: SiteTheme(site=here()), "line", "#aabbcc 0%\n#ddeeff 9%", "#aabbcc 1%\n#ddeeff 9%", BY_NAME),
}  # fmt: skip


def here():
    return Site.objects.get()


def address_of(name, row):
    if name in {"congresssettings", "sitetheme"}:
        return reverse("wagtailsettings:edit", args=["portal", name, here().pk])
    return reverse(f"{name}:edit", args=[row.pk])


def filled(form):
    """Return what a browser sends when nothing is touched."""
    sent = {}
    for bound in form:
        value, widget = bound.value(), bound.field.widget
        if isinstance(widget, forms.CheckboxInput):
            sent |= {bound.html_name: "on"} if value else {}
        elif not isinstance(widget, forms.FileInput):
            shown = widget.format_value(value) if hasattr(widget, "format_value") else value
            sent[bound.html_name] = "" if shown is None else shown
    return sent


def stored(row, field):
    rows = type(row).objects.filter(**({"pk": row.pk} if row.pk else {}))
    return str(rows.values_list(field, flat=True).get())  # a day as it is typed


@pytest.fixture
def two(city):
    """Two of the office, signed in."""
    return office_and_colleague(city)


def office_and_colleague(city):
    """Return a client of the office, and one of a colleague with the same rights."""
    colleague = stations.open_account(username="wang", display_name="王五", actor=None)
    colleague.is_superuser = True
    colleague.save()
    stations.grant(user=colleague, area=city.county, role=Role.OFFICE, actor=None)
    clients = Client(), Client()
    for client, user in zip(clients, (city.office, colleague), strict=True):
        client.force_login(user)
    return clients


def test_every_form_of_the_admin_that_changes_something_is_known_here():
    settings = {model._meta.model_name for model in registry if model._meta.app_label in OURS}
    changing = {
        each.url_namespace for each in viewsets() if any(p.name == "edit" for p in each.get_urlpatterns())
    }
    assert changing | settings == set(FORMS)


@pytest.mark.parametrize("name", FORMS)
def test_the_second_of_two_is_told_of_the_first_loses_nothing_and_is_taken_when_sent_again(
    city, site, two, name
):
    make, field, first, second, said = FORMS[name]
    row = make(city)
    address, (office, colleague) = address_of(name, row), two
    shown = filled(form_at(colleague, address))
    assert office.post(address, shown | {field: first}).status_code == 302
    refused = colleague.post(address, shown | {field: second})
    form = refused.context["form"]
    told = [re.sub(r"\d\d:\d\d", "…", line) for line in form.non_field_errors()]
    assert (refused.status_code, told, list(form.errors), stored(row, field), form[field].value()) == (
        409, [said], ["__all__", field], first, second,
    )  # fmt: skip
    renewed = filled(form)
    assert (refused.text.count(form.errors[field][0]) >= 1, refused.text.count(renewed[OPENED])) == (True, 1)
    again = colleague.post(address, renewed)
    assert (again.status_code, stored(row, field)) == (302, second)


def congress(city):
    days = {"starts_on": DAY, "ends_on": DAY, "term": city.term, "area": city.township}
    return create_meeting(kind="congress", name="第五次会议", **days, actor=city.office)


# The address of a form of the console: a row, the page that shows it and its word there, a field and what is written.
CONSOLE = {
    "meeting_edit": (congress, "meeting_edit", "form", "place", "一楼", "二楼"),
    "handle_idea": (
        lambda city: idea(city, city.representative()),
        "voice_idea",
        "form",
        "organ",
        "示例局",
        "邻局",
    ),
    "activity:reminders": (lambda city: city.activity(), "activity:reminders", "form", "hours", "5", "7"),
    "review_shown": (open_year, "review_year", "shown", "position", "city", "both"),
    "review_joiners": (open_year, "review_year", "joiners", "joiners", "pro_rata", "not_graded"),
}


@pytest.mark.parametrize("name", CONSOLE)
def test_a_form_of_the_console_tells_the_second_of_two_and_takes_what_is_sent_again(city, site, two, name):
    make, page, word, field, first, second = CONSOLE[name]
    row = make(city)
    keys = [row.label if page == "review_year" else row.pk]
    address, (office, colleague) = reverse(name, args=keys), two
    shown = colleague.get(reverse(page, args=keys))
    sent = filled(shown.context[word]) | ({"own": "yes"} if field == "hours" else {})
    assert shown.text.count(f'value="{sent[OPENED]}"') == 1
    assert office.post(address, sent | {field: first}).status_code == 302
    refused = colleague.post(address, sent | {field: second})
    form = refused.context[word]
    told = [refused.text.count(line) >= 1 for line in [KEPT, *form.errors[field]]]
    assert (refused.status_code, told, form[field].value()) == (409, [True, True], second)
    again = colleague.post(address, filled(form))
    now = colleague.get(reverse(page, args=keys)).context[word][field].value()
    assert (again.status_code, now) == (302, second)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_who_send_in_the_same_instant_one_writes_and_one_is_told(city, two):
    """Seen to fail without the lock on PostgreSQL and without the transaction on SQLite."""
    row = station(city)
    address = address_of("stations", row)
    shown = filled(form_at(two[0], address))
    streets = ["东街", "西街"]
    answers = at_once(
        [
            lambda client=client, street=street: client.post(address, shown | {"address": street}).status_code
            for client, street in zip(two, streets, strict=True)
        ]
    )
    assert (sorted(answers), stored(row, "address")) == ([302, 409], streets[answers.index(302)])
