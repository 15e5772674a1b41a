"""Seed the site's identity, groups of editors, home, notices and standing pages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from portal.installation.operations import (
    add_groups,
    add_home,
    add_section,
    add_standing,
    blocks,
    standing_texts,
)
from portal.models import CongressSettings, HomePage, NoticePage
from portal.sections import NOTICES

FOLDER = Path(__file__).parent
NOTICE = "演示站点：人物、单位与事件均为虚构，积分标准为示例。"


def seed(moment: datetime, say: Callable[[str], None]) -> None:
    """Fill an empty site with what belongs to no floor above."""
    say("站点身份、栏目与通知公告")
    home = add_home()
    add_groups(home)
    today = timezone.localdate(moment)
    about = yaml.safe_load((FOLDER / "texts" / "about.yaml").read_text(encoding="utf-8"))
    _identity(home, about)
    for key, row in (standing_texts() | {"about": about["about"]}).items():
        add_standing(home, key, row)
    section = add_section(home, NOTICES)
    rows = yaml.safe_load((FOLDER / "texts" / "notices.yaml").read_text(encoding="utf-8"))
    for number, row in enumerate(rows, start=1):
        notice = NoticePage(
            title=row["title"],
            slug=f"tongzhi-{number:02d}",
            date=today - timedelta(days=row["days_ago"]),
            source=row["source"],
            editor=row["editor"],
            body=blocks(row["body"]),
        )
        notice.tags.add(*row.get("tags", ()))
        section.add_child(instance=notice)


def _identity(home: HomePage, about: dict[str, Any]) -> None:
    identity = CongressSettings.for_site(home.get_site())
    identity.host_name = "禹州市人大常委会代表工作委员会（演示）"
    identity.notice = NOTICE
    identity.statement = about["home"]["headline"]
    identity.statement_lead = about["home"]["lead"]
    identity.phone = "0000-7654321"
    identity.phone_hours = "工作日 8:30—12:00，14:30—18:00"
    identity.save()
