"""What the admin says where Wagtail's and Django's own words are English, a machine's, or lead to foreign sites."""

import re

from django import forms
from django.template.loader import render_to_string
from wagtail.admin.menu import help_menu


class Slips(forms.Form):
    day = forms.DateField()
    moment = forms.DateTimeField()
    least = forms.IntegerField(min_value=1)
    most = forms.IntegerField(max_value=9)
    short = forms.CharField(min_length=2)
    long = forms.CharField(max_length=2)


def test_help_leads_to_no_foreign_site(rf, admin_user):
    request = rf.get("/admin/")
    request.user = admin_user
    urls = [item.url for item in help_menu.menu_items_for_request(request)]
    assert urls == ["/admin/first-day/", "#"]  # the last is the keyboard's


def test_the_home_of_the_admin_leads_to_no_foreign_site(client, site, admin_user):
    client.force_login(admin_user)
    html = client.get("/admin/").content.decode()
    assert re.findall(r'href="https?://[^"]*"', html) == []


def test_a_tick_is_read_out_in_chinese():
    assert "是" in render_to_string("wagtailadmin/tables/boolean_cell.html", {"value": True, "column": {}})


def test_a_slip_in_a_field_is_said_in_words():
    slips = Slips(
        {"day": "明天", "moment": "下午", "least": "0", "most": "10", "short": "清", "long": "清河县"}
    )
    assert {name: list(said) for name, said in slips.errors.items()} == {
        "day": ["没有看懂这个日期，请写成 2026-07-01 或 2026年7月1日。"],
        "moment": ["没有看懂这个时间，请写成 2026-07-01 09:00。"],
        "least": ["不能小于 1，请重新填写。"],
        "most": ["不能大于 9，请重新填写。"],
        "short": ["至少要 2 个字，现在是 1 个。"],
        "long": ["最多 2 个字，现在是 3 个。"],
    }
