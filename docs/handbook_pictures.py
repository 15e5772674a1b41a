"""The screens of docs/编辑手册.md, taken from a running demonstration: `python docs/handbook_pictures.py http://127.0.0.1:8000`.

It reads the same database as the server beside it (make demo), leaves one draft of a notice and one that waits for
审核 behind, and writes WebP files of at most 120 KB into docs/pictures. With names behind the address it takes those
alone.
"""
# ruff: noqa: INP001, T201, E402 -- a tool beside the text, not a room of the house

import io
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs an event loop in this thread

import django

django.setup()

from django.utils import timezone
from PIL import Image
from playwright.sync_api import BrowserContext, Page, sync_playwright
from wagtail.images import get_image_model

from portal.models import ArticlePage, HomePage, NoticeIndexPage, NoticePage, User
from sessions.models import CoursewarePage, SharingSessionPage
from stations.models import ProfilePage, StationPage

PASSWORD = "demo-2026"  # noqa: S105 -- of every account of the demonstration
SIZE = {"width": 1280, "height": 820}
MOST = 120_000  # bytes
Step = Callable[[Page], None]


def newest(model: type) -> int:
    """Return the key of the newest live page of a sort."""
    key: int = model.objects.live().order_by("-pk").values_list("pk", flat=True)[0]  # type: ignore[attr-defined]
    return key


def main(address: str, *wanted: str) -> None:
    """Take every picture of the handbook, or those that are named."""
    with sync_playwright() as playwright:
        found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        people = {
            name: signed_in(browser.new_context(viewport=SIZE, locale="zh-CN"), address, name)
            for name in ("editor", "publisher", "office")
        }
        for name, who, path, step in screens():
            if wanted and name not in wanted:
                continue
            page = people[who].new_page()
            page.goto(address + path, wait_until="load")
            page.wait_for_timeout(1500)
            step(page)
            page.wait_for_timeout(800)
            keep(page.screenshot(), name)
            page.close()
        browser.close()


def waiting() -> int:
    """Return the key of a notice that the editor has handed in, made where there is none."""
    known = NoticePage.objects.filter(slug="songshen").first()
    if known is None:
        editor = User.objects.get(username="editor")
        written = NoticePage(
            title="关于开展冬季走访的通知",
            slug="songshen",
            date=timezone.localdate(),
            source="代表工作委员会",
            editor="孙拟稿",
            summary="十二月起，各联络站分组到村、到社区走访。",
            body=[("paragraph", "<p>十二月起，各联络站分组到村、到社区走访，听到的事记在接待登记里。</p>")],
            live=False,
            owner=editor,
        )
        known = NoticeIndexPage.objects.get().add_child(instance=written)
        known.save_revision(user=editor)
        known.get_workflow().start(known, editor)
    key: int = known.pk
    return key


def signed_in(context: BrowserContext, address: str, name: str) -> BrowserContext:
    """Sign an account of the demonstration in."""
    page = context.new_page()
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda where: "/login" not in where)
    page.close()
    return context


def screens() -> list[tuple[str, str, str, Step]]:
    """Return (name of the file, account, address, what is done before the picture is taken)."""
    notice, section, home = newest(NoticePage), newest(NoticeIndexPage), newest(HomePage)
    image = get_image_model().objects.order_by("pk").values_list("pk", flat=True)[0]
    edit = "/admin/pages/{}/edit/".format
    return [
        ("bianji-shouye", "publisher", "/admin/", nothing),
        ("bianji-yemian", "editor", f"/admin/pages/{home}/", nothing),
        ("bianji-xinjian", "editor", f"/admin/pages/add/portal/noticepage/{section}/", fill_notice),
        ("bianji-neirongkuai", "editor", edit(notice), choose_block),
        ("bianji-yulan", "editor", edit(notice), open_panel("preview", wait=2500)),
        ("bianji-jiancha", "editor", edit(notice), open_panel("checks", wait=2500)),
        ("bianji-songshen", "editor", edit(notice), open_actions),
        ("bianji-fabu", "publisher", edit(waiting()), open_actions),
        ("bianji-dingshi", "publisher", edit(notice), open_schedule),
        ("bianji-chexia", "publisher", f"/admin/pages/{notice}/unpublish/", nothing),
        ("bianji-yidong", "publisher", f"/admin/pages/{notice}/move/", nothing),
        ("bianji-tupian", "editor", "/admin/images/multiple/add/", nothing),
        ("bianji-jiaodian", "office", f"/admin/images/{image}/", nothing),
        ("bianji-fenxianghui", "editor", edit(newest(SharingSessionPage)), nothing),
        ("bianji-kejian", "editor", edit(newest(CoursewarePage)), to_files),
        ("bianji-zhandian", "editor", edit(newest(StationPage)), nothing),
        ("bianji-gushi", "editor", edit(newest(ProfilePage)), to_pictures),
        ("bianji-shuoming", "editor", edit(newest(ArticlePage)), nothing),
        ("bianji-shenfen", "office", "/admin/settings/portal/congresssettings/", nothing),
        (
            "wangzhan-gushi",
            "office",
            ProfilePage.objects.get(pk=newest(ProfilePage)).get_url() or "/",
            nothing,
        ),
    ]


def nothing(page: Page) -> None:
    """Take the page as it comes."""


def fill_notice(page: Page) -> None:
    """Type what a new notice needs first."""
    page.fill("#id_title", "关于征集第十四期分享会题目的通知")
    page.fill("#id_source", "代表工作委员会")
    page.fill("#id_editor", "孙拟稿")


def choose_block(page: Page) -> None:
    """Open the list of blocks at the beginning of the text and look at the example of a quotation."""
    page.locator(".c-sf-add-button").first.scroll_into_view_if_needed()
    page.mouse.wheel(0, 250)
    page.locator(".c-sf-add-button").first.click()
    page.wait_for_timeout(800)
    page.locator(".w-combobox__option-preview").nth(2).click()
    page.wait_for_timeout(2500)


def open_panel(name: str, *, wait: int) -> Step:
    """Return a step that opens one of the panels at the side."""

    def step(page: Page) -> None:
        toggle = page.locator(f"[data-side-panel-toggle={name}]").first
        if toggle.get_attribute("aria-expanded") != "true":
            toggle.click()
        page.wait_for_timeout(wait)

    return step


def open_actions(page: Page) -> None:
    """Open the menu of the footer."""
    page.locator("footer .w-dropdown button, footer [data-w-dropdown-target=toggle]").first.click()


def open_schedule(page: Page) -> None:
    """Open the dialog of the schedule."""
    open_panel("status", wait=500)(page)
    page.get_by_text("设定时间", exact=False).or_(
        page.locator("[data-a11y-dialog-show=schedule-publishing-dialog]")
    ).first.click()


def to_files(page: Page) -> None:
    """Scroll to the files of a courseware."""
    page.get_by_role("button", name="增加 文件").scroll_into_view_if_needed()
    page.mouse.wheel(0, 160)


def to_pictures(page: Page) -> None:
    """Scroll to the pictures of a story."""
    page.locator("#id_portrait_alt").scroll_into_view_if_needed()


def keep(shot: bytes, name: str) -> None:
    """Write a picture as WebP, smaller until it fits."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    for quality in (80, 65, 50, 35):
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= MOST:
            break
    (HERE / "pictures" / f"{name}.webp").write_bytes(out.getvalue())
    print(f"{name}.webp  {out.tell() // 1000} KB")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), *sys.argv[2:])
