"""The privacy page that an installation begins with says what the code does: how long things are kept, which cookies there are."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from portal.follow.links import CONFIRM_WITHIN
from portal.follow.operations.sweeping import LEFT_KEPT, LETTERS_KEPT, UNCONFIRMED
from portal.installation.operations import standing_texts
from portal.middleware import YEAR
from portal.pagecache import LIFETIME
from portal.serve import FLOORS, ROOT
from portal.tasks import LOGINS_KEPT
from sessions.views.checkin import DEVICE_AGE

# Where each cookie of the site is told of; what Django and its forms set is named by the settings.
TOLD = {
    "text": "字号和对比，您选过才存，存一年，选回标准就删去。",
    "sessionid": "登录状态最多存12小时，",
    "csrftoken": "会存一串防止别人冒用表单的字符，存一年；",
    "messages": "刚办完一件事的提示语，显示过就删去。",
    "kejian": "存一串当天下载过哪几份的编号，半夜失效，",
    "device": "签到的页面存一串随机字符，存一年，",
}


@pytest.fixture(scope="module")
def said():
    return {part["heading"]: part["text"] for part in standing_texts()["privacy"]["sections"]}


def test_it_tells_of_following_by_mail_with_the_figures_of_the_code(said):
    days = [int(days) for days in re.findall(r"(\d+)天", said["用邮箱订阅"])]
    kept = (CONFIRM_WITHIN, UNCONFIRMED, LEFT_KEPT, LETTERS_KEPT)
    assert (days, [timedelta(days=day) for day in days]) == ([3, 7, 30, 30], list(kept))


def test_it_tells_of_every_cookie_with_its_age(said):
    silent = {name: words for name, words in TOLD.items() if words not in said["存在您设备里的"]}
    ages = (YEAR, settings.CSRF_COOKIE_AGE, DEVICE_AGE)
    assert (silent, [timedelta(seconds=age).days for age in ages]) == ({}, [365, 364, 365])
    assert settings.SESSION_COOKIE_AGE == 12 * 3600


def test_it_tells_how_long_a_page_of_results_may_be_stored(said):
    assert re.findall(r"最多暂存(\d+)分钟", said["我们不收的"]) == [str(LIFETIME // 60)]


def test_it_tells_how_long_logins_are_kept(said):
    assert re.findall(r"登录的记录里.*?留(\d+)天", said["会记下的"]) == [str(LOGINS_KEPT)]


def test_no_cookie_is_set_where_the_page_does_not_know_of_it():
    places = [
        str(file.relative_to(ROOT))
        for floor in FLOORS
        for file in sorted(Path(ROOT / floor).rglob("*.py"))
        if ".set_cookie(" in file.read_text(encoding="utf-8")
    ]
    assert places == ["portal/middleware.py", "sessions/views/checkin.py", "sessions/views/courseware.py"]
