"""What all tests share: clean caches, and databases that survive transactional tests."""

import gc
import os
import sys
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from pytest_django.plugin import blocking_manager_key

from sessions import operations as sessions_operations
from stations import operations as stations_operations
from tests.database import JourneysTogether, empties, in_order, prepared
from tests.frame import remember_frame
from tests.replay import remembered, replayed
from tests.signing_in import signed_in
from tests.stack import on_one_chunk

if TYPE_CHECKING:
    from portal.models import User
    from stations.models import Area, DeputyGroup, Term

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 6, 18, 14, 30, tzinfo=SHANGHAI)
PASSWORD = "示例口令-2026"
# Who asks for one of these has a process that never served.
NEVER_SERVED = {"django_assert_num_queries", "django_assert_max_num_queries", "just_started"}

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs an event loop in the test's thread

Client.force_login = signed_in

# How long an example takes hangs on the machine, and no test looks at a clock.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

# What is loaded stays to the end: looking through it again and again took an eighth of the suite's time.
gc.freeze()
gc.enable()
gc.set_threshold(50_000, 20, 50)


def pytest_make_parametrize_id(config, val, argname):
    """Name a test by the word for its bytes: an archive holds the second it was made in, and two workers must agree."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def _empty_caches():
    for cache in caches.all(initialized_only=False):
        cache.clear()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Let one worker make all journeys."""
    return JourneysTogether(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item, nextitem):
    """Bring the first rows back before the first test that counts on them."""
    done = yield
    if nextitem and empties(item) and not empties(nextitem):
        with item.config.stash[blocking_manager_key].unblock():
            connection.creation.deserialize_db_from_string("")
    return done


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with what keeps both workers busy."""
    items[:] = in_order(items)


@pytest.hookimpl(wrapper=True)
def pytest_unconfigure():
    """Let nothing be looked through again after the last look for what could not be closed: the process ends."""
    yield
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    """Run the tests as ever, with room for deep calls."""
    manager = session.config.pluginmanager
    as_ever = manager.subset_hook_caller("pytest_runtestloop", [sys.modules[__name__]])
    return on_one_chunk(as_ever)(session=session)


@pytest.fixture(scope="session")
def django_db_setup(
    request, django_test_environment, django_db_blocker, django_db_keepdb, django_db_createdb
):
    """Migrate once a run, let the flush of transactional tests pass the append-only triggers, bring first rows back.

    Only the test runner's flush is taught; the triggers themselves stand in every test.
    """
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with (
        django_db_blocker.unblock(),
        prepared(worker, keep=django_db_keepdb and not django_db_createdb),
    ):
        _teach_flush()
        connection.creation.deserialize_db_from_string = remembered()
        yield


def _teach_flush():
    """SQLite empties a table by DELETE, which the triggers refuse; PostgreSQL truncates, which they do not see."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%append-only%'"
        )
        triggers = cursor.fetchall()
    plain = connection.ops.sql_flush

    def sql_flush(*args, **kwargs):
        return [
            *(f"DROP TRIGGER {n}" for n, _ in triggers),
            *plain(*args, **kwargs),
            *(s for _, s in triggers),
        ]

    connection.ops.sql_flush = sql_flush


@pytest.fixture
def tries(settings):
    """Wrong passwords are counted, as everywhere but in the tests; return how many lock an account."""
    settings.AXES_ENABLED = True
    return settings.AXES_FAILURE_LIMIT


@pytest.fixture
def just_started():
    """The process has served nothing and remembers no frame: it finds identity and look as they were saved without a commit."""


@pytest.fixture
def references(settings):
    """Which page uses which picture and document is written down as pages are saved."""
    settings.TASKS = {"default": {"BACKEND": "tests.queue.Queue", "OPTIONS": {"references": True}}}


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """Run what waits for the commit inside the with block; what a fixture left waiting is dropped."""

    def watch():
        connection.run_on_commit.clear()
        return django_capture_on_commit_callbacks(execute=True)

    return watch


@dataclass
class City:
    """A small invented congress: two townships of one county, a term, one person of each role."""

    county: "Area"
    township: "Area"
    other_township: "Area"
    term: "Term"
    group: "DeputyGroup"
    office: "User"
    recorder: "User"  # of `township`
    other_recorder: "User"  # of `other_township`
    reviewer: "User"  # of `township`
    auditor: "User"
    count: int = 0

    def representative(self, name="丁示例", *, area=None, login=True, **more):
        """Register an invented representative of `township` with an account and return the mandate."""
        self.count += 1
        user = None
        if login:
            user = stations_operations.open_account(
                username=f"rep{self.count}", display_name=name, password=PASSWORD, actor=self.office
            )
        return stations_operations.register_representative(
            name=name,
            sex=more.pop("sex", "女"),
            term=self.term,
            area=area or self.township,
            starts_on=more.pop("starts_on", self.term.starts_on),
            group=more.pop("group", self.group),
            user=user,
            actor=self.office,
            **more,
        )

    def activity(
        self, *, starts_at=START, hours=2, kind="sharing", title="示例分享会", area=None, state="open", **more
    ):
        """Create an activity of `township` that starts at START (2026-06-18 14:30) unless told otherwise."""
        activity = sessions_operations.create_activity(
            kind=kind,
            title=title,
            area=area or self.township,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=hours),
            actor=self.office,
            **more,
        )
        if state == "open":
            activity = sessions_operations.open_activity(activity=activity, actor=self.office)
        return activity

    def enrol(self, activity, *mandates, basis="obliged", role="attendee"):
        """Put people on the activity's list."""
        sessions_operations.enrol(
            activity=activity, mandates=mandates, basis=basis, role=role, actor=self.office
        )


@pytest.fixture
def city(db, request):
    """The small invented congress."""
    made = replayed("city", _city)
    if "site" not in request.fixturenames:
        _remember_frame(request, "city")
    return made


def _city():
    from stations.models import AreaGrant, DeputyGroup, Term

    county = stations_operations.add_area(code="990001", name="示范县", level="county", parent=None)
    township, other = (
        stations_operations.add_area(code=f"99000100{n}", name=name, level="township", parent=county)
        for n, name in ((1, "石桥镇"), (2, "清源镇"))
    )
    county.refresh_from_db()
    term = Term.objects.create(number=9, name="第九届", starts_on=date(2022, 1, 1))
    group = DeputyGroup.objects.create(term=term, area=township, name="石桥镇代表小组")
    role = AreaGrant.Role

    def person(username, name, roles, area, **flags):
        user = stations_operations.open_account(
            username=username, display_name=name, password=PASSWORD, actor=None
        )
        for key, value in flags.items():
            setattr(user, key, value)
        user.save()
        for each in roles:
            stations_operations.grant(user=user, area=area, role=each, actor=None)
        return user

    return City(
        county=county,
        township=township,
        other_township=other,
        term=term,
        group=group,
        office=person("office", "代工委", [role.OFFICE], county, is_superuser=True, is_staff=True),
        recorder=person("recorder", "记录员", [role.RECORDER], township),
        other_recorder=person("recorder2", "邻镇记录员", [role.RECORDER], other),
        reviewer=person("reviewer", "审核员", [role.REVIEWER], township),
        auditor=person("auditor", "审计员", [role.AUDITOR], county),
    )


@pytest.fixture
def site(db, request):
    """The pages every installation has: home and the sections, keyed by slug."""
    made = replayed("site", _site)
    _remember_frame(request, "site")
    return made


def _remember_frame(request, world):
    if not NEVER_SERVED & set(request.fixturenames):
        remember_frame(world)


def _site():
    from wagtail.models import Page

    from portal.installation.operations import add_home, add_section
    from portal.sections import sections

    home = add_home()
    for section in sections():
        add_section(home, section, summary="")  # what a test looks for stands in its own pages
    return {page.slug: page.specific for page in Page.objects.filter(depth__gt=1)}
