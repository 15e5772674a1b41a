"""Mourning that ends by itself, and what the footer shows of the statutory marks."""

import os
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError

from portal.models import CongressSettings, SiteTheme
from portal.pagecache import lifetime
from portal.templatetags import theme_tags

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2026, 4, 4), date(2026, 4, 5)


def at(*parts):
    return datetime(*parts, tzinfo=SHANGHAI)


@pytest.fixture
def identity(site):
    return CongressSettings.objects.create(site=site["home"].get_site())


@pytest.mark.parametrize(
    ("switch", "first", "last", "grey"),
    [
        (False, FIRST, LAST, "----"),
        (True, None, None, "++++"),
        (True, FIRST, None, "-+++"),
        (True, None, LAST, "+++-"),
        (True, FIRST, LAST, "-++-"),
        (True, LAST, LAST, "--+-"),
    ],
)
def test_the_site_is_grey_where_the_switch_is_on_and_the_day_lies_between(switch, first, last, grey):
    settings = CongressSettings(mourning=switch, mourning_from=first, mourning_until=last)
    days = [date(2026, 4, day) for day in (3, 4, 5, 6)]
    assert "".join("+" if settings.mourns_on(day) else "-" for day in days) == grey


def test_an_end_before_the_beginning_is_refused_in_words():
    with pytest.raises(ValidationError, match="结束日在开始日之前。请把结束日改为开始日当天或之后。"):
        CongressSettings(mourning_from=LAST, mourning_until=FIRST).clean()


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [
        (at(2026, 4, 5, 12), 600),
        (at(2026, 4, 5, 23, 50), 600),
        (at(2026, 4, 5, 23, 59), 60),
        (at(2026, 4, 5, 23, 59, 59, 500_000), 0.5),
        (at(2026, 4, 6), 600),
    ],
)
def test_a_page_is_kept_ten_minutes_and_never_past_midnight(moment, seconds):
    assert lifetime(moment) == seconds


@pytest.mark.skipif("REDIS_URL" in os.environ, reason="Redis goes by its own clock, which no test can move")
def test_a_page_stored_on_the_last_grey_day_is_not_grey_on_the_next(client, identity, commits):
    with commits():
        identity.mourning, identity.mourning_until = True, LAST
        identity.save()
    with time_machine.travel(at(2026, 4, 5, 23, 58), tick=False) as clock:
        before = client.get("/tongzhi/")
        clock.move_to(at(2026, 4, 5, 23, 59, 59))
        stored = client.get("/tongzhi/")
        clock.move_to(at(2026, 4, 6, 0, 0, 1))
        after = client.get("/tongzhi/")
    assert [(a["X-Cache"], " data-mourning" in a.text) for a in (before, stored, after)] == [
        ("miss", True),
        ("hit", True),
        ("miss", False),
    ]


def foot(client):
    return re.findall(r'<div class="foot-bot">(.*?)</div>', client.get("/tongzhi/").text, flags=re.DOTALL)


def test_the_foot_shows_no_row_of_statutory_marks_while_all_are_empty(client, identity):
    assert foot(client) == []


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("party_gov_mark_url", "https://marks.example/a", "党政机关网站标识"),
        ("accessibility_mark_url", "https://marks.example/b", "适老化与无障碍标识"),
        ("icp", "示例备 000001 号", "示例备 000001 号"),
        ("police_record", "示例公网安备 2 号", "示例公网安备 2 号"),
        ("site_code", "0000000000", "网站标识码：0000000000"),
    ],
)
def test_each_statutory_mark_stands_in_the_foot_by_itself(client, identity, commits, field, value, shown):
    with commits():
        setattr(identity, field, value)
        identity.save()
    (row,) = foot(client)
    assert re.sub(r"<[^>]*>", " ", row).strip() == shown


@pytest.mark.parametrize(
    ("chosen", "grounds"), [("", ["rose", "sky", "green"]), ("quiet", ["moon", "sky", "moon"])]
)
def test_a_missing_cover_takes_its_ground_from_the_set_that_the_office_chose(identity, chosen, grounds):
    SiteTheme.objects.create(site=identity.site, cover_set=chosen)
    asked = CongressSettings.for_site(identity.site)
    assert [theme_tags.cover_ground({"site": asked}, key) for key in (0, 1, 2)] == grounds


def test_a_page_without_a_site_asks_for_no_theme():
    assert (theme_tags.theme_href({}), theme_tags.emblem({}), theme_tags.cover_ground({}, None)) == (
        "", None, "rose",
    )  # fmt: skip
