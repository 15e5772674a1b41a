"""开通清单: what a new installation still needs, who is told of it, putting it away and bringing it back."""

from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, Site

from portal.first_day.lines import checklist_of
from portal.first_day.operations import put_away
from portal.installation.operations import set_up_site
from portal.models import ArticlePage, CongressSettings, User
from scoring import operations as scoring_operations
from sessions.operations import create_activity
from stations import operations as stations_operations
from stations.models import Area, Term
from tests.conftest import PASSWORD, START
from tests.scoring.adopted import EXAMPLE

HOME = "/admin/"
EVERYTHING = [
    "identity", "areas", "term", "people", "staff", "office", "recorder", "reviewer", "standard", "adopted", "year",
    "activity", "standing", "letters", "factor",
]  # fmt: skip


@pytest.fixture
def new(db, settings):
    """An installation as `manage.py setup` leaves it, without a mail server: its first account."""
    settings.SENDS_LETTERS = False
    set_up_site(host_name="示例县人大常委会代表工作委员会")
    area = stations_operations.add_area(code="990001", name="示例县", level="county", parent=None)
    stations_operations.open_first_account(
        username="office", password=PASSWORD, area=area, moment=timezone.now()
    )
    User.objects.update(one_time_until=None)
    return User.objects.get()


def missing(user):
    return [told.line.key for told in checklist_of(Site.objects.get(), user).to_do]


def open_for(client, user):
    """Return the panel on the admin's home of `user`, None where it is not shown."""
    client.force_login(user)
    return BeautifulSoup(client.get(HOME).content, "html.parser").select_one("#first-day-section")


def staff(role, area):
    user = stations_operations.open_account(username=f"{role}2", display_name=role, actor=None)
    stations_operations.grant(user=user, area=area, role=role, actor=None)
    return user


def test_a_new_installation_needs_everything_and_each_way_leads_to_a_form(
    client, new, django_assert_num_queries
):
    site = Site.objects.get()
    with django_assert_num_queries(1):
        checklist = checklist_of(site, new)
    assert [told.line.key for told in checklist.to_do] == EVERYTHING
    panel = open_for(client, new)
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("td")] for row in panel.select("tbody tr")]
    assert [(state, way) for state, _, way in rows][-4:] == [
        ("待办", "新建 ：第一场活动"),
        ("待办", "查看 ：三个说明页"),
        ("待办", "由技术人员办"),
        ("待办", "开启 ：您自己的两步验证"),
    ]
    ways = [way["href"] for way in panel.select("tbody a")]
    assert [client.get(way, follow=True).status_code for way in ways] == [200] * 14


def test_each_deed_takes_its_line_away_and_the_last_one_the_panel(
    client, new, settings, django_assert_num_queries
):
    root = Area.objects.get()
    done = [EVERYTHING]

    def now(*, without):
        done.append([key for key in done[-1] if key not in without])
        assert missing(new) == done[-1]

    CongressSettings.objects.update(phone="0000-1112222", address="示例路 1 号")
    now(without={"identity"})
    town = stations_operations.add_area(code="990001001", name="石桥镇", level="township", parent=root)
    now(without={"areas"})
    term = Term.objects.create(number=9, name="第九届", starts_on="2022-01-01")
    now(without={"term"})
    account = stations_operations.open_account(username="ding", display_name="丁示例", actor=new)
    stations_operations.register_representative(
        name="丁示例", sex="女", term=term, area=town, starts_on="2022-01-01", user=account, actor=new
    )
    now(without={"people"})  # the account of a representative is no one's of the staff
    staff("recorder", town)
    now(without={"staff", "recorder"})
    staff("reviewer", town)
    now(without={"reviewer"})
    staff("office", root)
    now(without={"office"})
    standard = scoring_operations.store_standard(text=EXAMPLE, actor=new, is_example=True)
    now(without={"standard"})
    standard = scoring_operations.adopt_standard(
        standard=standard, effective_from=date(2022, 1, 1), actor=new, moment=START
    )
    now(without={"adopted"})
    scoring_operations.create_year(label=2026, term=term, standard=standard, actor=new)
    now(without={"year"})
    create_activity(
        kind="sharing", title="示例", area=town, starts_at=START, ends_at=START.replace(hour=17), actor=new
    )
    now(without={"activity"})
    for page in ArticlePage.objects.all():
        page.get_latest_revision().publish()
    now(without={"standing"})
    settings.SENDS_LETTERS = True
    now(without={"letters"})
    left = [each.text for each in open_for(client, new).select("tbody b")]
    assert left == ["待办", "您自己的两步验证"]
    Authenticator.objects.create(user=new, type="totp", data={})
    now(without={"factor"})
    site = Site.objects.get()
    with django_assert_num_queries(1):
        checklist_of(site, new)
    assert open_for(client, new) is None
    assert "15 项都办完了" in client.get(reverse("first_day")).content.decode()


def test_the_list_is_put_away_for_all_and_brought_back_with_a_line_each(client, city, site):
    assert open_for(client, city.office) is not None
    for _ in range(2):
        client.post(reverse("first_day_away"))
    other = User.objects.create(username="keeper", is_superuser=True)
    assert (open_for(client, city.office), open_for(client, other)) == (None, None)
    back = BeautifulSoup(client.get(reverse("first_day")).content, "html.parser")
    assert [
        form["action"] for form in back.select("main form, #main form") if "first-day" in form["action"]
    ] == [reverse("first_day_back")]
    answer = client.post(reverse("first_day_back"), follow=True)
    assert "开通清单已经放回后台首页" in answer.content.decode()
    assert open_for(client, city.office) is not None
    lines = ModelLogEntry.objects.filter(action__endswith="_first_day").order_by("pk")
    assert list(lines.values_list("action", "user__username")) == [
        ("portal.put_away_first_day", "office"),
        ("portal.bring_back_first_day", "keeper"),
    ]


def test_the_list_is_that_of_the_office_of_the_whole_and_says_who_does_the_rest(client, city, site):
    rights = Permission.objects.filter(codename__in=["access_admin", "add_areagrant"])
    shown = {}
    for name, role, area in (
        ("editor", "editor", city.county), ("auditor", "auditor", city.county), ("town", "office", city.township),
        ("whole", "office", city.county),
    ):  # fmt: skip
        user = User.objects.create(username=f"{name}9")
        stations_operations.grant(user=user, area=area, role=role, actor=None)
        user.user_permissions.set(rights)
        panel = open_for(client, user)
        shown[name] = (panel is not None, client.get(reverse("first_day")).status_code)
    assert shown == {
        "editor": (False, 302),
        "auditor": (False, 302),
        "town": (False, 302),
        "whole": (True, 200),
    }
    without = [told.line.key for told in checklist_of(Site.objects.get(), user).lines if not told.href]
    assert without == ["staff", "standing", "letters"]


def test_putting_the_list_away_leaves_the_identity_as_it_is(city, site):
    identity = CongressSettings.for_site(Site.objects.get())
    put_away(site=identity.site, actor=city.office)
    now = CongressSettings.objects.values().get()
    was = {
        field.attname: getattr(identity, field.attname) for field in CongressSettings._meta.concrete_fields
    }
    assert {name for name in now if now[name] != was[name]} == {"first_day_away"}
