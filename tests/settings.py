"""Settings of the test runs: the portal's own, with what a test must not do switched off."""

import atexit
import gc
import os
import shutil
import tempfile
from pathlib import Path

gc.disable()  # as portal/loading.py does, until tests/conftest.py has loaded the rest

# A folder of its own for every worker: they inherit the runner's environment, and clearing a cache empties a folder.
if "TEST_DATA_DIR" not in os.environ:
    os.environ["TEST_DATA_DIR"] = tempfile.mkdtemp(prefix="portal-tests-")
    atexit.register(shutil.rmtree, os.environ["TEST_DATA_DIR"], ignore_errors=True)
DATA = Path(os.environ["TEST_DATA_DIR"])
DATA = DATA / os.environ.get("PYTEST_XDIST_WORKER", "main")
DATA.mkdir(exist_ok=True)
os.environ["DATA_DIR"] = str(DATA)
os.environ.setdefault("SECRET_KEY", "tests-only-" + "k" * 50)
os.environ["PUBLIC_URL"] = "http://testserver"
if url := os.environ.get("REDIS_URL"):
    # Clearing a cache empties the whole Redis database: every worker has one of its own, counted down from the named one;
    # a process that a test starts has that of its worker.
    url = os.environ.setdefault("TEST_REDIS_NAMED", url)
    server, _, number = url.rpartition("/")
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.environ["REDIS_URL"] = f"{server}/{max(0, int(number or 15) - worker)}"

from portal.settings import *  # noqa: E402, F403
from portal.settings import ALLOWED_HOSTS, DATABASES, STORAGES  # noqa: E402

ALLOWED_HOSTS += ["localhost", "127.0.0.1"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
TASKS = {"default": {"BACKEND": "tests.queue.Queue"}}
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "portal.search", "AUTO_UPDATE": False}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
HEADING_FONT_FOLDERS: list[str] = []  # a test that needs a font brings its own
AXES_ENABLED = (
    False  # else each of some thousand logins writes its three rows; a test of the limit switches it on
)
SENDS_LETTERS = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# A test's rows need not outlive a power cut.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that a second run finds the schema (--reuse-db) and threads share it.
    place = Path(__file__).resolve().parent.parent / "var"
    place.mkdir(exist_ok=True)
    DATABASES["default"]["TEST"] = {"NAME": place / "test.sqlite3"}
    # What a savepoint may bring back is kept in memory instead of in a file that is written page by page.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY;"
else:
    DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off"}
