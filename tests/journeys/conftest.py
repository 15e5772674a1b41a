"""A real Chromium for the journeys; without one they are skipped and say so."""

import os
import shutil

import pytest
from django.db import connections

# The headless shell is the same engine without the browser's own windows, which take as much time as the pages.
CHROMIUM = (
    os.environ.get("CHROMIUM")
    or shutil.which("chromium-headless-shell")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
    or shutil.which("google-chrome")
)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium(django_db_setup):
    """The browser; Playwright's event loop would hand out another database connection, so ours is kept."""
    if not CHROMIUM:
        pytest.skip(
            "no Chromium on this machine; install chromium-headless-shell or chromium to run the journeys"
        )
    from playwright.sync_api import sync_playwright

    kept = connections["default"]
    with sync_playwright() as playwright:
        connections["default"] = kept
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server, settings):
    """Return a function that opens a window of its own (a person's device) of a given width."""
    settings.PUBLIC_URL = live_server.url
    contexts = []
    complaints = []

    def window(width=1280, height=900, **options):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, base_url=live_server.url, locale="zh-CN",
            timezone_id="Asia/Shanghai", **options,
        )  # fmt: skip
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield window
    for context in contexts:
        context.close()
    assert complaints == []
