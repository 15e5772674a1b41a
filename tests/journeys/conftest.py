"""A real Chromium for the journeys; without one they are skipped and say so."""

import os
import shutil
from contextlib import contextmanager

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
    # A page is left before the optimizing compiler is done with its scripts: what it takes is not earned back.
    "--js-flags=--max-optimized-bytecode-size=0",
]  # fmt: skip


@pytest.fixture(scope="session")
def launch(django_db_setup):
    """Return a function that starts a browser; Playwright's loop would hand out another database connection, so ours is kept."""
    if not CHROMIUM:
        pytest.skip(
            "no Chromium on this machine; install chromium-headless-shell or chromium to run the journeys"
        )
    from playwright.sync_api import sync_playwright

    kept = connections["default"]
    with sync_playwright() as playwright:
        connections["default"] = kept
        browsers = []

        def one(*flags):
            browsers.append(playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags]))
            return browsers[-1]

        yield one
        for browser in browsers:
            browser.close()


@pytest.fixture(scope="session")
def chromium(launch):
    """The browser."""
    return launch()


@pytest.fixture(scope="session")
def unpainted(launch):
    """A browser that lays pages out and paints none, for who only measures: nothing in it can be clicked."""
    return launch("--enable-begin-frame-control")


@pytest.fixture
def open_page(chromium, live_server, settings):
    """Return a function that opens a window of its own (a person's device) of a given width."""
    with windows(chromium, live_server, settings) as window:
        yield window


@pytest.fixture
def lay_out_page(unpainted, live_server, settings):
    """As `open_page`, of the browser that paints nothing."""
    with windows(unpainted, live_server, settings) as window:
        yield window


@contextmanager
def windows(browser, live_server, settings):
    """Yield a function that opens a window; afterwards all are closed, and none may have thrown an error."""
    settings.PUBLIC_URL = live_server.url
    contexts = []
    complaints = []

    def window(width=1280, height=900, **options):
        context = browser.new_context(
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
