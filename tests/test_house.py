"""The house's own laws: layout, floors, rooms, and what must not stand anywhere."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from portal.audit import ACTIONS

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("portal", "stations", "sessions", "scoring")
HOUSE = {
    *FLOORS, "manage.py", "templates", "tests", "pyproject.toml", "README.md", "Makefile", "docs", "bench",
    "requirements.txt", "requirements-dev.txt",
}  # fmt: skip


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


FILES = tracked()
MODULES = [
    f
    for f in FILES
    if f.suffix == ".py" and f.relative_to(ROOT).parts[0] in FLOORS and "migrations" not in f.parts
]


def names(files):
    return sorted(str(f.relative_to(ROOT)) for f in files)


def test_nothing_else_stands_at_the_top():
    top = {f.relative_to(ROOT).parts[0] for f in FILES}
    assert {name for name in top if not name.startswith(".")} == HOUSE


def test_no_room_is_without_a_name():
    cellars = {"utils.py", "helpers.py", "common.py", "services.py", "mixins.py", "misc.py"}
    assert names(f for f in FILES if f.name in cellars) == []


def test_every_module_says_what_lives_there():
    silent = [m for m in MODULES if m.read_text().strip() and not ast.get_docstring(ast.parse(m.read_text()))]
    assert names(silent) == []


def test_no_module_is_too_large_to_live_in():
    assert names(m for m in MODULES if len(m.read_text().splitlines()) > 350) == []


def test_no_work_is_left_half_done():
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImplemented" + r"Error)\b")
    assert (
        names(
            f
            for f in FILES
            if f.suffix in {".py", ".html", ".css", ".js", ".md"} and words.search(f.read_text())
        )
        == []
    )


def test_no_two_versions_of_a_text_stand_side_by_side():
    marks = re.compile(r"^(<{7} |>{7} |={7}$)", re.MULTILINE)
    texts = {".py", ".html", ".css", ".js", ".md", ".yaml", ".toml", ".txt", ".po"}
    assert names(f for f in FILES if f.suffix in texts and marks.search(f.read_text())) == []


def test_templates_hold_no_inline_style_script_or_handler():
    """500.html is the one exception: it must stand when style sheets cannot be had."""
    inline = re.compile(r"\sstyle=|<script(?![^>]*\bsrc=)|<style|\son[a-z]+=\"", re.IGNORECASE)
    pages = [f for f in FILES if f.suffix == ".html" and "templates" in f.parts and f.name != "500.html"]
    assert names(f for f in pages if inline.search(f.read_text())) == []


def test_one_module_alone_writes_scripts_into_pages():
    """JSON-LD is data that no browser runs; the module that writes it escapes what could end it (THREATS 5)."""
    script = re.compile(r"<script[ >]")  # what looks for one in a file names the mark alone
    writers = [m for m in MODULES if script.search(m.read_text()) and m.name != "scripts.py"]
    assert names(writers) == []


def test_only_operations_write():
    """Views, tags, tasks and hooks call an operation; they do not save, create, update or delete rows themselves."""
    write = re.compile(
        r"\.(bulk_create|bulk_update|get_or_create|update_or_create)\(|objects\.(create|update|delete)\(|\.save\("
    )
    rooms = re.compile(r"^(views|tasks|wagtail_hooks|viewsets|querysets|permissions|facts|sheets)")
    outside = [
        m for m in MODULES
        if (rooms.match(m.stem) or "views" in m.parts) and write.search(m.read_text())
    ]  # fmt: skip
    assert names(outside) == []


def test_scoring_rules_import_the_standard_library_alone():
    foreign = set()
    for module in MODULES:
        if module.relative_to(ROOT).parts[:2] != ("scoring", "rules"):
            continue
        for node in ast.walk(ast.parse(module.read_text())):
            found = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            found += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            foreign |= {
                n
                for n in found
                if n.split(".")[0] not in sys.stdlib_module_names and not n.startswith("scoring.rules")
            }
    assert foreign == set()


def test_points_are_never_floats():
    """`float(` and float literals have no place where points are reckoned."""
    rooms = [
        m
        for m in MODULES
        if m.relative_to(ROOT).parts[:2] in {("scoring", "rules"), ("scoring", "operations")}
    ]
    found = [
        m for m in rooms for node in ast.walk(ast.parse(m.read_text()))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float")
    ]  # fmt: skip
    assert names(found) == []


def test_no_lock_file_names_an_address():
    for lock in ("requirements.txt", "requirements-dev.txt"):
        assert re.findall(r"https?://|--index|file:/", (ROOT / lock).read_text()) == []


@pytest.mark.parametrize("floor", FLOORS)
def test_no_signal_writes_a_score(floor):
    """Receivers drop caches, open activities or refuse; none imports scoring's operations."""
    receivers = ROOT / floor / "receivers.py"
    assert not receivers.exists() or "scoring.operations" not in receivers.read_text()


def test_importers_keep_to_the_floors():
    checked = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout


def test_every_action_of_the_log_is_written_by_an_operation():
    """An action nobody writes would be a gap in the log (THREATS 28); one that is not registered raises when written."""
    written = {
        constant.value
        for module in MODULES
        if "operations" in module.parts or module.name == "operations.py"
        for constant in ast.walk(ast.parse(module.read_text()))
        if isinstance(constant, ast.Constant) and constant.value in ACTIONS
    }
    assert sorted(ACTIONS.keys() - written) == []
