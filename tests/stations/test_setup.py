"""`manage.py setup` makes an installation of an empty database: every address of the navigation opens, one account may do everything."""

import re

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, Site

from portal.models import CongressSettings, HomePage, User
from portal.templatetags.portal_tags import NAV
from stations.models import Area, AreaGrant

ANSWERS = {
    "congress": "石桥县人大常委会代表工作委员会",
    "area": "石桥县",
    "code": "990001",
    "office": "office",
}


@pytest.fixture(autouse=True)
def empty(db, settings):
    """No style is collected here: the tests read them where they lie."""
    settings.STATICFILES_FINDERS = []


def setup(capsys, **answers):
    call_command("setup", **{**ANSWERS, **answers})
    return capsys.readouterr().out


def test_a_new_site_opens_at_every_address_of_the_navigation(capsys, client):
    setup(capsys)
    answers = {address: client.get(address) for _, address in NAV}
    assert {address: answer.status_code for address, answer in answers.items()} == {
        address: 200 for _, address in NAV
    }
    assert ANSWERS["congress"] in answers["/"].content.decode()
    children = HomePage.objects.get().get_children().live().values_list("title", flat=True)
    assert list(children) == [title for title, address in NAV if address != "/"]


def test_the_words_of_the_host_wait_as_drafts_until_it_has_read_them(capsys, client):
    setup(capsys)
    drafts = Page.objects.filter(live=False).values_list("title", "slug")
    assert list(drafts) == [("关于本站", "guanyu"), ("无障碍说明", "wuzhangai"), ("隐私说明", "yinsi")]
    before = client.get("/yinsi/").status_code, "隐私说明" in client.get("/").content.decode()
    page = Page.objects.get(slug="yinsi").specific
    page.get_latest_revision().publish()
    assert (before, client.get("/yinsi/?fresh").status_code) == ((404, False), 200)


def test_the_account_that_is_shown_once_is_the_office_of_everything(capsys):
    said = setup(capsys)
    client = Client()
    name, password = re.search(r"账号：(\S+)\n口令：(\S+)（只显示这一次", said).groups()
    signed_in = client.post("/accounts/login/", {"login": name, "password": password})
    own = {"password1": "一句记得住的话 2026", "password2": "一句记得住的话 2026"}
    signed_in = client.post(signed_in["Location"], own)
    assert [signed_in.status_code, *(client.get(a).status_code for a in ("/admin/", "/review/"))] == [
        302,
        200,
        200,
    ]
    grant = AreaGrant.objects.get()
    assert (grant.user.username, grant.role, grant.area.name, grant.area.level) == (
        "office",
        "office",
        "石桥县",
        "county",
    )


def test_who_writes_is_not_who_publishes(capsys):
    setup(capsys)
    held = GroupPagePermission.objects.order_by("pk").values_list("group__name", "permission__codename")
    assert list(held) == [
        ("编辑", "add_page"),
        ("编辑", "change_page"),
        ("审核", "add_page"),
        ("审核", "change_page"),
        ("审核", "publish_page"),
    ]
    assert list(GroupApprovalTask.objects.values_list("groups__name", flat=True)) == ["审核"]


def test_an_editor_keeps_people_and_places_where_a_grant_says_so(capsys, client):
    setup(capsys)
    editor = User.objects.create(username="editor")
    editor.groups.add(Group.objects.get(name="编辑"))
    client.force_login(editor)
    places = [f"/admin/{name}/" for name in ("representatives", "deputy_groups", "stations", "receptions")]
    before = [client.get(place).status_code for place in places]
    AreaGrant.objects.create(user=editor, area=Area.objects.get(), role="editor")
    client.force_login(User.objects.get(username="editor"))
    after = [client.get(place).status_code for place in [*places, "/admin/terms/", "/admin/area_grants/"]]
    assert (before, after) == ([302] * 4, [200, 200, 200, 200, 302, 302])


def test_who_works_in_the_office_keeps_everything_but_accounts_where_a_grant_says_so(capsys, client):
    setup(capsys)
    clerk = User.objects.create(username="clerk")
    clerk.groups.add(Group.objects.get(name="代工委"))
    client.force_login(clerk)
    lists = (
        "representatives", "representatives/accounts", "terms", "areas", "area_grants", "activity", "outlet", "proposal",
    )  # fmt: skip
    places = [f"/admin/{name}/" for name in lists]
    before = [client.get(place).status_code for place in places]
    AreaGrant.objects.create(user=clerk, area=Area.objects.get(), role="office")
    client.force_login(User.objects.get(username="clerk"))
    after = [client.get(place).status_code for place in places]
    assert (set(before), after) == ({302, 404}, [200] * len(places))
    assert client.get("/admin/settings/portal/congresssettings/", follow=True).status_code == 200
    assert client.get("/admin/users/").status_code == 302


def test_a_second_time_only_brings_it_up_to_date(capsys):
    setup(capsys)
    CongressSettings.objects.update(host_name="改过的名称")
    counted = [model.objects.count() for model in (Page, User, Area, Group)]
    said = setup(capsys, congress="", area="", code="", office="")
    assert said.splitlines()[-1] == "站点已经建好，数据库和样式已更新；请重新启动两个程序。"
    assert [model.objects.count() for model in (Page, User, Area, Group)] == counted
    assert CongressSettings.objects.get().host_name == "改过的名称"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"area": " "}, "缺少 --area（辖区名称），例如 --area 某某县"),
        ({"code": "99000"}, "行政区划代码应为 6 位数字，例如 --code 410000。"),
        ({"code": "９９０００１"}, "行政区划代码应为 6 位数字，例如 --code 410000。"),
        ({"office": "代 工 委"}, "登录账号只能用字母、数字和 @ . + - _，例如 --office office。"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_made(capsys, wrong, said):
    with pytest.raises(CommandError) as refused:
        setup(capsys, **wrong)
    assert str(refused.value) == said
    assert (HomePage.objects.count(), User.objects.count(), Area.objects.count()) == (0, 0, 0)
    assert [site.hostname for site in Site.objects.all()] == ["localhost"]


def test_a_database_with_accounts_and_no_home_page_is_not_touched(capsys):
    User.objects.create(username="somebody")
    with pytest.raises(CommandError, match="已有账号或区域"):
        setup(capsys)
    assert HomePage.objects.count() == 0


def test_on_a_terminal_it_asks_until_what_is_missing_is_right(capsys, monkeypatch):
    asked, given = [], iter(["", "石桥市", "99", "990002"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or next(given))
    said = setup(capsys, area="", code="", level="municipality")
    assert asked == ["辖区名称（例如 某某县）："] * 2 + ["辖区的行政区划代码，6 位数字（例如 410000）："] * 2
    assert "行政区划代码应为 6 位数字，例如 --code 410000。" in said.splitlines()
    area = Area.objects.get()
    assert (area.name, area.code, area.level) == ("石桥市", "990002", "municipality")
