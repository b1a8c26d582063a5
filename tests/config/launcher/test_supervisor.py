"""The supervisor with real programs: both run, a dead one comes back, SIGTERM and Ctrl-C stop all of them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.launcher.places import ROOT
from config.launcher.supervisor import Supervisor
from config.launcher.words import Stopped

LIMIT_SECONDS = 20.0
CHILD = """
import os, pathlib, signal, sys
pathlib.Path(sys.argv[1], f"{sys.argv[2]}.{os.getpid()}").touch()
signal.pause()
"""
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + CHILD
PARENT = """
import os, pathlib, sys
from config.launcher import supervisor
supervisor.FIRST_PAUSE_SECONDS = 0.1
supervisor.GRACE_SECONDS = float(sys.argv[2])
folder = sys.argv[1]
with supervisor.Supervisor() as both:
    for name, script in (("web", sys.argv[3]), ("worker", sys.argv[4])):
        both.add(name, [sys.executable, "-c", script, folder, name], os.environ)
    both.watch()
pathlib.Path(folder, "ended").touch()
"""


def started(folder: Path, name: str) -> list[int]:
    """Process numbers of all starts of one child so far."""
    return [int(path.suffix[1:]) for path in folder.glob(f"{name}.*")]


def eventually(condition) -> bool:
    """Whether a condition comes true before the limit."""
    limit = time.monotonic() + LIMIT_SECONDS
    while not condition():
        if time.monotonic() > limit:
            return False
        os.sched_yield()
    return True


def alive(number: int) -> bool:
    """Whether a process still runs; one that ended and was not yet collected does not."""
    try:
        os.kill(number, 0)
        return Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


@pytest.fixture
def supervised(tmp_path):
    """Start a supervisor with two children; gives its process once both run, and leaves nothing behind."""
    running = []

    def start(*, grace: float = 10.0, web: str = CHILD) -> subprocess.Popen[str]:
        call = [sys.executable, "-c", PARENT, str(tmp_path), str(grace), web, CHILD]
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
        running.append(subprocess.Popen(call, env=surroundings, stdout=subprocess.PIPE, text=True, encoding="utf-8"))
        assert eventually(lambda: started(tmp_path, "web") and started(tmp_path, "worker"))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_stop_signal_ends_both_children_cleanly(supervised, tmp_path, number):
    supervisor = supervised()

    supervisor.send_signal(number)

    assert supervisor.wait(LIMIT_SECONDS) == 0
    assert (tmp_path / "ended").exists()
    assert [child for name in ("web", "worker") for child in started(tmp_path, name) if alive(child)] == []


def test_dead_child_is_started_again_and_said(supervised, tmp_path):
    supervisor = supervised()
    first = started(tmp_path, "worker")

    os.kill(first[0], signal.SIGKILL)

    assert eventually(lambda: len(started(tmp_path, "worker")) == 2)
    assert len(started(tmp_path, "web")) == 1
    supervisor.terminate()
    output, _ = supervisor.communicate(timeout=LIMIT_SECONDS)
    assert "worker ended (status -9); starting it again in 0.1 s." in output


def test_child_that_will_not_end_is_killed_after_the_grace(supervised, tmp_path):
    supervisor = supervised(grace=0.3, web=STUBBORN)

    supervisor.terminate()

    assert supervisor.wait(LIMIT_SECONDS) == 0
    assert [child for child in started(tmp_path, "web") if alive(child)] == []


def test_children_end_when_the_supervisor_is_killed(supervised, tmp_path):
    supervisor = supervised()
    children = [child for name in ("web", "worker") for child in started(tmp_path, name)]

    supervisor.kill()

    assert eventually(lambda: not any(map(alive, children)))


def test_wait_until_stops_when_a_child_dies_before_it_is_ready():
    with Supervisor() as supervisor:
        supervisor.add("web", [sys.executable, "-c", "raise SystemExit(3)"], os.environ)
        with pytest.raises(Stopped) as stopped:
            supervisor.wait_until(lambda: False, LIMIT_SECONDS)

    assert (stopped.value.code, stopped.value.facts) == ("child_died", {"name": "web", "status": 3})


def test_wait_until_stops_when_nobody_answers_in_time():
    with Supervisor() as supervisor:
        supervisor.add("web", [sys.executable, "-c", "import signal; signal.pause()"], os.environ)
        with pytest.raises(Stopped) as stopped:
            supervisor.wait_until(lambda: False, 0.2)

    assert stopped.value.code == "no_answer"
    assert supervisor.children[0].process.returncode == -signal.SIGTERM


def test_signals_are_the_callers_again_after_the_supervisor_ended():
    with Supervisor():
        pass

    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
