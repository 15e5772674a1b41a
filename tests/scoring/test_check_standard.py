"""The command-line check: a line a case, the sums, and the exit code."""

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from scoring.management.commands.check_standard import Command
from scoring.standard_file import check

DATA = Path(__file__).parents[1] / "data" / "standards"
TONGCHENG = DATA / "cppcc-tongcheng-2019.yaml"
BAIHE = DATA / "npc-baihe-2017.yaml"


def checked(*paths):
    out, err = StringIO(), StringIO()
    return check(paths, out, err), out.getvalue(), err.getvalue()


@pytest.fixture
def changed(tmp_path):
    """A copy of a public standard with one text replaced."""

    def change(old, new):
        path = tmp_path / "changed.yaml"
        path.write_text(BAIHE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
        return path

    return change


def test_a_standard_that_holds_prints_its_cases_and_exits_with_nought():
    assert checked(BAIHE) == (0, "ok 总分79.5\nok 总分80\nok 总分59.5\n3 passed, 0 failed\n", "")


def test_two_files_are_summed_up_once():
    code, out, err = checked(BAIHE, TONGCHENG)
    assert (code, out.splitlines()[-1], err) == (0, "9 passed, 0 failed", "")
    assert len(out.splitlines()) == 10


def test_a_case_that_does_not_hold_shows_both_figures_and_exits_with_one(changed):
    code, out, err = checked(changed("band: 良好", "band: 优秀"))
    assert (code, err) == (1, "")
    assert out.splitlines()[1::2] == ["FAIL 总分80: expected band 优秀; got band 良好", "2 passed, 1 failed"]


def test_a_case_takes_one_line_whatever_its_name(changed):
    assert checked(changed("name: 总分80", 'name: "总分\\n80"'))[1].splitlines()[1] == "ok 总分 80"


def test_what_is_no_standard_is_told_by_line_and_key_and_exits_with_two(changed):
    path = changed("min: 80", "min: eighty")
    assert checked(path) == (
        2,
        "0 passed, 0 failed\n",
        f"{path}:16: bands[1].min: 这里要写十进制数，如 7.5；「eighty」不是。\n",
    )


def test_what_is_no_yaml_is_told_by_line(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("a: 1\nb: [\n", encoding="utf-8")
    code, _out, err = checked(path)
    assert (code, err) == (
        2,
        f"{path}:3: (文件): 这里不合 YAML 的写法，请看缩进、冒号、引号和括号是否成对。\n",
    )


def test_a_file_that_is_not_there_exits_with_two_and_the_others_are_run(tmp_path):
    path = tmp_path / "none.yaml"
    code, out, err = checked(path, BAIHE)
    assert (code, out.splitlines()[-1], err) == (2, "3 passed, 0 failed", f"{path}: 没有找到这个文件。\n")


def test_a_folder_is_no_standard(tmp_path):
    code, out, err = checked(tmp_path)
    assert (code, out) == (2, "0 passed, 0 failed\n")
    assert err.startswith(f"{tmp_path}: 打不开这个文件（")


def test_a_file_without_end_is_not_read_to_its_end(tmp_path):
    path = tmp_path / "long.yaml"
    path.write_bytes(b"#" * 600_000)
    assert checked(path) == (2, "0 passed, 0 failed\n", f"{path}:1: (文件): 文件超过 512 KB。\n")


def commanded(*paths):
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command(Command(), *paths, stdout=out, stderr=err)
    except SystemExit as left:
        code = left.code
    return code, out.getvalue(), err.getvalue()


def test_the_command_prints_what_the_check_says_and_leaves_with_its_code(changed, tmp_path):
    assert commanded(BAIHE) == (0, "ok 总分79.5\nok 总分80\nok 总分59.5\n3 passed, 0 failed\n", "")
    assert commanded(changed("band: 良好", "band: 优秀"))[0] == 1
    path = tmp_path / "none.yaml"
    assert commanded(path) == (2, "0 passed, 0 failed\n", f"{path}: 没有找到这个文件。\n")


def test_the_command_needs_no_check_of_the_system():
    assert Command.requires_system_checks == []


def test_manage_py_checks_a_file_without_any_setting():
    done = subprocess.run(
        [sys.executable, "manage.py", "check_standard", str(BAIHE)],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "ok 总分79.5\nok 总分80\nok 总分59.5\n3 passed, 0 failed\n",
        "",
    )
