"""The guards of `verify` as they run: a failing one shows what it said and does not stop the others."""

import os
import shutil
import subprocess
import sys

import pytest

from config.launcher import verification
from config.launcher.environment import beside
from config.launcher.places import ROOT
from config.launcher.verification import find_chromium, guards, made, openapi_is_current, passed, pytest_call, verify
from config.launcher.words import lines


def test_passing_guard_says_one_line_only(capsys):
    assert passed("step_lint", [sys.executable, "-c", "print('noise')"], {})

    said = capsys.readouterr().out
    assert said.startswith("ok ")
    assert said.count("\n") == 1


def test_failing_guard_shows_all_that_it_said(capsys):
    script = "import sys; print('line 7: unused'); print('on the other stream', file=sys.stderr); sys.exit(4)"

    assert not passed("step_lint", [sys.executable, "-c", script], {})

    said = capsys.readouterr().out
    assert said.startswith("FAILED")
    assert "line 7: unused" in said
    assert "on the other stream" in said


def test_what_is_made_beside_the_guards_shows_what_it_said_where_it_failed(capsys):
    with beside([sys.executable, "-c", ""], os.environ) as program:
        assert made("step_warm", program)
    with beside([sys.executable, "-c", "import sys; sys.exit('no such table')"], os.environ) as program:
        assert not made("step_migrate", program)

    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said] == ["ok", "FAILED", "no"]


def test_every_guard_of_the_house_is_run(tmp_path):
    calls = [" ".join(call) for _, call in guards(tmp_path)]

    for word in ("ruff format --check", "ruff check", "lint-imports", "collect_translations --check", "mypy",
                 "makemigrations --check", "spectacular --validate --fail-on-warn"):  # fmt: skip
        assert [call for call in calls if word in call], word


def test_openapi_file_is_compared_byte_by_byte(tmp_path, monkeypatch, capsys):
    committed = tmp_path / "docs" / "openapi.yaml"
    committed.parent.mkdir()
    monkeypatch.setattr(verification, "OPENAPI", committed)
    monkeypatch.setattr(verification, "ROOT", tmp_path)
    generated = tmp_path / "openapi.yaml"

    assert not openapi_is_current(tmp_path)
    committed.write_text("openapi: 3.1.0\n", encoding="utf-8")
    assert not openapi_is_current(tmp_path)
    generated.write_text("openapi: 3.1.0\n# more", encoding="utf-8")
    assert not openapi_is_current(tmp_path)
    shutil.copy(committed, generated)
    assert openapi_is_current(tmp_path)
    assert "spectacular --validate --fail-on-warn --file docs/openapi.yaml" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_chromium_is_found_under_its_usual_names(tmp_path, monkeypatch, name):
    program = tmp_path / name
    program.touch(mode=0o755)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_chromium() == str(program)


def test_chromium_named_by_the_environment_comes_first(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/opt/browser")

    assert find_chromium() == "/opt/browser"


def test_no_chromium_is_no_path(tmp_path, monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_chromium() == ""


def test_long_form_is_passed_on_and_the_short_one_says_nothing_of_it(tmp_path):
    assert [*pytest_call(tmp_path, long=False), "--long"] == pytest_call(tmp_path, long=True)


def test_files_of_tests_lie_in_memory_where_that_has_room(tmp_path, monkeypatch):
    monkeypatch.setattr(verification, "MEMORY", tmp_path)
    monkeypatch.setattr(verification, "MEMORY_WANTED", 1)
    assert verification.memory_folder() == tmp_path

    monkeypatch.setattr(verification, "MEMORY_WANTED", 10**18)
    assert verification.memory_folder() is None
    monkeypatch.setattr(verification, "MEMORY", tmp_path / "none")
    assert verification.memory_folder() is None


def test_help_tells_of_the_long_form_in_both_languages(capsys):
    with pytest.raises(SystemExit, match="^0$"):
        verify(["--help"])

    said = " ".join(capsys.readouterr().out.split())
    assert "--long" in said
    assert all(line in said for line in lines("verify_long"))


@pytest.mark.parametrize("processes", [(), ("-n", "2")], ids=["one process", "two"])
@pytest.mark.parametrize(("asked", "ending"), [((), "1 passed, 2 deselected"), (("--long",), "3 passed")])
def test_marked_tests_run_only_when_asked_for_and_are_counted(tmp_path, processes, asked, ending):
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    long: more\n", encoding="utf-8")
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        "@pytest.mark.parametrize('place', [1, pytest.param(2, marks=pytest.mark.long)])\n"
        "def test_short(place): assert place\n"
        "@pytest.mark.long\n"
        "def test_long(): pass\n",
        encoding="utf-8",
    )
    call = [sys.executable, "-m", "pytest", "--strict-markers", "-p", "no:django", "-p", "tests.long"]

    done = subprocess.run(
        [*call, *processes, *asked], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert ending in done.stdout.splitlines()[-1]
