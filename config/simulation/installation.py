"""A simulation in installations of its own: two folders with a database each, made for it and removed after it."""

import gc
import json
import os
import selectors
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO, cast

from django.conf import settings

from config.clock import Clock
from config.simulation.figures import figures_of
from config.simulation.people import Order
from config.simulation.trading import Trade
from config.simulation.world import FIRST_DAY, Size, open_world
from matchmaking.matching.services.snapshots import prepare_process

MARK = "simulated-market"
"""A file in the data folder of an installation that is thrown away; nothing is simulated without it."""
SELDOM = 200_000
"""New objects between two rounds of Python's collector: rows by the thousand are not garbage yet."""

AfterDay = Callable[[Order, int], object]


class SimulationFailed(Exception):
    """A market could not be carried to its end."""


def is_thrown_away() -> bool:
    """Whether this process looks at an installation that was made for a simulation."""
    return (Path(settings.DATA_DIR) / MARK).exists()


def simulate(size: Size, order: Order, after_day: Callable[[int], object] = lambda _day: None) -> dict[str, Any]:
    """One market in the database of this process, which its reference rows and nothing else should be in."""
    with Clock(FIRST_DAY) as clock:
        trade = Trade(open_world(size, today=FIRST_DAY), clock, order)
        trade.run(after_day)
        return figures_of(trade).as_dict()


def simulate_and_tell(size: Size, order: Order, out: TextIO) -> None:
    """``simulate`` for the process that waits: a line of JSON a day, then one with the figures."""
    gc.set_threshold(SELDOM)
    prepare_process(compile_only=True)

    def tell(**line: object) -> None:
        out.write(json.dumps(line) + "\n")
        out.flush()

    tell(figures=simulate(size, order, lambda day: tell(day=day)))


def simulate_apart(size: Size, after_day: AfterDay) -> dict[Order, dict[str, Any]]:
    """Both markets of ``size``, side by side, each in a process and an installation of its own. Raises
    SimulationFailed.
    """
    with TemporaryDirectory(prefix="chuanyu-simulation-") as folder:
        first = _prepared(Path(folder) / "empty")
        homes = {order: Path(shutil.copytree(first, Path(folder) / order)) for order in Order}
        return _watched({order: _started(size, order, home) for order, home in homes.items()}, after_day)


def _prepared(home: Path) -> Path:
    """An installation with the reference rows, as a new one has them."""
    home.mkdir()
    (home / MARK).touch()
    for call in (["prepare_tables", "-v", "0"], ["load_reference", "-v", "0"]):
        done = subprocess.run([sys.executable, "-m", "django", *call], capture_output=True, text=True, **_inside(home))
        if done.returncode:
            raise SimulationFailed(done.stderr.strip())
    return home


def _started(size: Size, order: Order, home: Path) -> subprocess.Popen[str]:
    call = [sys.executable, "-m", "django", "simulate_market", "--inside", order]
    call += ["--needs", str(size.needs), "--days", str(size.days), "--seed", str(size.seed)]
    return subprocess.Popen(call, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, **_inside(home))


def _inside(home: Path) -> dict[str, Any]:
    own: Mapping[str, str] = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "CHUANYU_DATA_DIR": str(home),
        "DATABASE_URL": f"sqlite:///{home / 'db.sqlite3'}",
        "MATCH_SNAPSHOT_DIR": str(home / "snapshots"),
        "CACHE_URL": "locmemcache://",
        "EMAIL_URL": "filemail://",
    }
    return {"cwd": settings.BASE_DIR, "env": {**os.environ, **own}}


def _watched(processes: Mapping[Order, subprocess.Popen[str]], after_day: AfterDay) -> dict[Order, dict[str, Any]]:
    found: dict[Order, dict[str, Any]] = {}
    with selectors.DefaultSelector() as selector:
        try:
            for order, process in processes.items():
                selector.register(process.stdout or sys.stdin, selectors.EVENT_READ, order)
            while selector.get_map():
                for key, _events in selector.select():
                    line = cast(TextIO, key.fileobj).readline()
                    if not line:
                        selector.unregister(key.fileobj)
                        continue
                    told = json.loads(line)
                    if "day" in told:
                        after_day(key.data, told["day"])
                    else:
                        found[key.data] = told["figures"]
        finally:
            for process in processes.values():
                process.terminate()
                process.wait()
    if len(found) < len(processes):
        raise SimulationFailed("A market ended early; what it said stands above.")
    return found
