"""Seed the site's identity, groups of editors, home, notices and standing pages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, Site, Workflow

from portal.models import ArticlePage, CongressSettings, HomePage, NoticeIndexPage, NoticePage

FOLDER = Path(__file__).parent
STANDING = {"about": "guanyu", "accessibility": "wuzhangai", "privacy": "yinsi"}  # text: address
NOTICE = "演示站点：人物、单位与事件均为虚构，积分标准为示例。"


def seed(moment: datetime, say: Callable[[str], None]) -> None:
    """Fill an empty site with what belongs to no floor above."""
    say("站点身份、栏目与通知公告")
    home = _home()
    _groups(home)
    today = timezone.localdate(moment)
    about = yaml.safe_load((FOLDER / "texts" / "about.yaml").read_text(encoding="utf-8"))
    _identity(home, about)
    for key, slug in STANDING.items():
        row = about[key]
        body = [
            block
            for part in row["sections"]
            for block in (("heading", part["heading"]), *blocks(part["text"]))
        ]
        home.add_child(instance=ArticlePage(title=row["title"], slug=slug, body=body, show_in_menus=True))
    section = home.add_child(instance=NoticeIndexPage(title="通知公告", slug="tongzhi"))
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


def blocks(text: Any) -> list[tuple[str, str]]:
    """Return paragraphs (a list, or lines of one text) as blocks; lines that start with ## are headings."""
    lines = text if isinstance(text, list) else str(text).split("\n")
    made = []
    for line in (str(each).strip() for each in lines):
        if line.startswith("## "):
            made.append(("heading", line[3:]))
        elif line:
            made.append(("paragraph", f"<p>{escape(line)}</p>"))
    return made


def _home() -> HomePage:
    """Replace the welcome page that comes with a new database."""
    for page in Page.objects.filter(depth=2):
        page.delete()
    root = Page.objects.get(depth=1)
    home: HomePage = root.add_child(instance=HomePage(title="首页", slug="home"))
    Site.objects.all().delete()
    address = urlsplit(settings.PUBLIC_URL)
    Site.objects.create(
        hostname=address.hostname or "localhost",
        port=address.port or (443 if settings.SECURE else 80),
        root_page=home,
        is_default_site=True,
        site_name="代表履职分享平台",
    )
    return home


def _identity(home: HomePage, about: dict[str, Any]) -> None:
    identity = CongressSettings.for_site(home.get_site())
    identity.host_name = "禹州市人大常委会代表工作委员会（演示）"
    identity.notice = NOTICE
    identity.statement = about["home"]["headline"]
    identity.statement_lead = about["home"]["lead"]
    identity.phone = "0000-7654321"
    identity.phone_hours = "工作日 8:30—12:00，14:30—18:00"
    identity.save()


def _groups(home: HomePage) -> None:
    """编辑 write drafts, 审核 publish: 三审三校 needs two different people."""
    door = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    media = Permission.objects.filter(
        content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename__regex=r"^(add|choose)_"
    )
    Group.objects.filter(name__in=["Editors", "Moderators"]).delete()
    for name, codes in (("编辑", ("add", "change")), ("审核", ("add", "change", "publish"))):
        group = Group.objects.create(name=name)
        group.permissions.add(door)
        for code in codes:
            permission = Permission.objects.get(
                content_type__app_label="wagtailcore", codename=f"{code}_page"
            )
            GroupPagePermission.objects.create(group=group, page=home, permission=permission)
        _media_permissions(group, media)
    _moderation(Group.objects.get(name="审核"))


def _moderation(group: Group) -> None:
    """Let what 编辑 hand in wait for 审核: the workflow that comes with a new database named a group that is gone."""
    Workflow.objects.update(name="审核")
    for task in GroupApprovalTask.objects.all():
        task.name = "审核"
        task.save()
        task.groups.set([group])


def _media_permissions(group: Group, media: Any) -> None:
    from wagtail.models import Collection, GroupCollectionPermission  # noqa: PLC0415

    Collection.objects.filter(depth=1).update(name="全部")
    root = Collection.get_first_root_node()
    for permission in media:
        GroupCollectionPermission.objects.create(group=group, collection=root, permission=permission)
