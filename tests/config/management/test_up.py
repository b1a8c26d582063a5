"""What `up` refuses, in words, before it changes anything; the whole run is tried by `up --check`."""

import io
import os
import shutil
import socket
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.utils import OperationalError, ProgrammingError

from config.launcher.environment import beside, run
from config.launcher.places import django_call, django_surroundings, module_call
from config.launcher.words import Stopped, lines
from config.management.commands import up
from config.management.commands.up import STEPS, compiling, database_words, explained, told

ONE_KERNEL = "sweeping.sweep-*"
GATED = """
import pathlib, sys, time
while not pathlib.Path(sys.argv[1]).exists():
    time.sleep(0.01)
print("seen")
sys.exit(int(sys.argv[2]))
"""


def test_up_on_a_taken_port_says_so_and_ends_with_one_before_any_step(capsys):
    said = io.StringIO()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(SystemExit) as ended:
            call_command("up", port=port, stdout=said)

    assert ended.value.code == 1
    assert f"Port {port} on 127.0.0.1 is in use. What to do: " in said.getvalue()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("attempt to write a readonly database", "no_permission"),
        ("unable to open database file", "no_permission"),
        ("database or disk is full", "disk_full"),
        ('connection to server at "127.0.0.1", port 5432 failed: Connection refused', "database_unusable"),
    ],
)
def test_database_fault_gets_its_words(message, code):
    with pytest.raises(Stopped) as stopped, explained():
        raise OperationalError(message)

    assert stopped.value.code == database_words(message) == code
    assert str(stopped.value)


@pytest.mark.parametrize("fault", [CommandError("three rows wrong"), ProgrammingError("three rows wrong")])
def test_failed_step_says_what_the_command_said(fault):
    with pytest.raises(Stopped) as stopped, explained():
        raise fault

    assert stopped.value.code == "step_failed"
    assert "three rows wrong" in str(stopped.value)


def test_reference_comes_before_demo_and_both_before_the_snapshot():
    assert list(STEPS).index("load_all") < list(STEPS).index("seed_demo")
    assert list(STEPS)[-2:] == ["encode_postings", "build_snapshot"]


def test_a_program_beside_is_waited_for_and_its_failure_told():
    with beside(django_call("check", "--tag", "models"), django_surroundings()) as program:
        assert program.finish() == ""
    with beside(django_call("check", "--tag", "no_such_tag"), django_surroundings()) as program:
        fault = program.finish()

    assert "no_such_tag" in fault
    assert fault.endswith("(1)")


def test_a_program_beside_that_never_ends_is_ended_when_a_step_fails():
    with pytest.raises(RuntimeError), beside(django_call("db_worker"), django_surroundings()):
        raise RuntimeError


@pytest.mark.parametrize(("status", "end"), [(0, "compiled"), (3, "compile_failed")])
def test_nobody_waits_for_the_ranking_and_what_became_of_it_is_told_once(status, end, tmp_path, capsys):
    gate = tmp_path / "gate"
    with beside([sys.executable, "-c", GATED, str(gate), str(status)], django_surroundings()) as program:
        steps = told(program)
        next(steps)
        assert capsys.readouterr().out.splitlines() == [*lines("compiling")]
        gate.touch()
        for _ in steps:
            os.sched_yield()

    assert capsys.readouterr().out == "\n".join([*lines(end, reason="seen (3)"), ""])


@pytest.mark.parametrize("kept", [True, pytest.param(False, marks=pytest.mark.long)], ids=["one", "all"])
@pytest.mark.usefixtures("compiled")
def test_compiling_needs_no_django_and_leaves_all_of_it_for_the_site(kept, tmp_path, settings):
    """One function that lacks among those kept, in the long form all of them: half a minute."""
    if kept:
        shutil.copytree(settings.COMPILED_DIR, tmp_path, dirs_exist_ok=True)
        for one in tmp_path.rglob(ONE_KERNEL):
            one.unlink()
    surroundings = django_surroundings(NUMBA_CACHE_DIR=str(tmp_path))
    surroundings.pop("DJANGO_SETTINGS_MODULE")
    done = run([*module_call(up.BESIDE)], surroundings)

    assert (done.returncode, done.stdout) == (0, "")
    assert {path.suffix for path in tmp_path.rglob(ONE_KERNEL)} == {".nbi", ".nbc"}


@pytest.mark.parametrize("kept", [True, False])
def test_the_ranking_is_compiled_beside_unless_all_of_it_is_kept(kept, settings, tmp_path, monkeypatch, capsys):
    settings.COMPILED_MARK = tmp_path / "complete"
    if kept:
        settings.COMPILED_MARK.touch()
    started = []

    @contextmanager
    def noted(call, surroundings):
        started.append(call[-1])
        yield SimpleNamespace(is_over=lambda: True, finish=lambda: "")

    monkeypatch.setattr(up, "beside", noted)
    with compiling() as ranking:
        assert list(told(ranking)) == []

    assert started == ([] if kept else [up.BESIDE])
    assert capsys.readouterr().out == ("" if kept else "\n".join([*lines("compiled"), ""]))
