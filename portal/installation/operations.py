"""Writing what every installation begins with, into an empty site."""

from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    Workflow,
)

from portal.models import ArticlePage, CongressSettings, HomePage
from portal.sections import Section, sections

STANDING = {"about": "guanyu", "accessibility": "wuzhangai", "privacy": "yinsi"}  # text: address
GROUPS = {
    "编辑": ("add", "change"),
    "审核": ("add", "change", "publish"),
}  # 三审三校 needs two different people


class AlreadySetUp(Exception):
    """The site has its home page."""


@transaction.atomic
def set_up_site(*, host_name: str) -> HomePage:
    """Fill a site without a home page with what every installation has, and return its home page.

    Sections stand published at the addresses of the navigation; the three standing pages wait as drafts, because
    `host_name`, whose words they are, must have read them. Raises AlreadySetUp.
    """
    home = add_home()
    add_groups(home)
    identity = CongressSettings.for_site(home.get_site())
    identity.host_name = host_name
    identity.save()
    for section in sections():
        add_section(home, section)
    for key, row in standing_texts().items():
        add_standing(home, key, row, live=False)
    return home


def add_home() -> HomePage:
    """Replace the welcome page that comes with a new database by a home page at PUBLIC_URL. Raises AlreadySetUp."""
    if HomePage.objects.exists():
        raise AlreadySetUp
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


def add_section(parent: Page, section: Section, **words: str) -> Page:
    """Add a section and what stands below it; `words` take the place of its own."""
    own = {"title": section.title, "slug": section.slug, "summary": section.summary}
    page: Page = parent.add_child(instance=section.page(**own | words))
    for one in section.below:
        add_section(page, one)
    return page


def standing_texts() -> dict[str, Any]:
    """Return the words of the standing pages by key: {"title", "sections": [{"heading", "text"}]}."""
    texts = (Path(__file__).parent / "texts.yaml").read_text(encoding="utf-8")
    known: dict[str, Any] = yaml.safe_load(texts)
    return known


def add_standing(home: HomePage, key: str, row: dict[str, Any], *, live: bool = True) -> ArticlePage:
    """Add a standing page, which the footer names once it is public."""
    body = [
        block for part in row["sections"] for block in (("heading", part["heading"]), *blocks(part["text"]))
    ]
    page: ArticlePage = home.add_child(
        instance=ArticlePage(title=row["title"], slug=STANDING[key], body=body, show_in_menus=True, live=live)
    )
    if not live:
        page.save_revision()
    return page


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


def add_groups(home: HomePage) -> None:
    """Let 编辑 write drafts and 审核 publish them, and let what is handed in wait for 审核."""
    door = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    media = Permission.objects.filter(
        content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename__regex=r"^(add|choose)_"
    )
    Collection.objects.filter(depth=1).update(name="全部")
    everything = Collection.get_first_root_node()
    Group.objects.filter(name__in=["Editors", "Moderators"]).delete()
    for name, codes in GROUPS.items():
        group = Group.objects.create(name=name)
        group.permissions.add(door)
        for code in codes:
            permission = Permission.objects.get(
                content_type__app_label="wagtailcore", codename=f"{code}_page"
            )
            GroupPagePermission.objects.create(group=group, page=home, permission=permission)
        for permission in media:
            GroupCollectionPermission.objects.create(
                group=group, collection=everything, permission=permission
            )
    _moderation(Group.objects.get(name="审核"))


def _moderation(group: Group) -> None:
    """The workflow that comes with a new database named a group that is gone."""
    Workflow.objects.update(name="审核")
    for task in GroupApprovalTask.objects.all():
        task.name = "审核"
        task.save()
        task.groups.set([group])
