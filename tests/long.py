"""The long form of the suite: tests marked ``long`` run only where ``--long`` asks for them.

They are deselected otherwise, not skipped, and counted in pytest's last line, with several processes too. Only what
repeats a test of the short form more often, or with more data, may be marked: see docs/decisions/0006-long-form.md.
"""

from types import SimpleNamespace
from typing import Any

import pytest

TOLD = "long_left"
ASKED = {"long": False}


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--long`` on the command line of pytest and of ``manage.py verify``."""
    parser.addoption("--long", action="store_true", help="run the exhaustive repetitions, too (marked long)")


def pytest_configure(config: pytest.Config) -> None:
    """Remember which form is run, for modules that are read later."""
    ASKED["long"] = config.getoption("--long")


def examples(few: int, *, many: int) -> int:
    """How many made-up cases a property is put to: ``few`` in the short form, ``many`` in the long one."""
    return many if ASKED["long"] else few


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the marked tests out unless they are asked for; a process of several tells which at its end."""
    if config.getoption("--long"):
        return
    left = [item for item in items if item.get_closest_marker("long")]
    if not left:
        return
    items[:] = [item for item in items if not item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=left)
    if hasattr(config, "workeroutput"):
        config.workeroutput[TOLD] = [item.nodeid for item in left]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What a process left out stands in the last line; each collects the same tests, so that one answer counts."""
    reporter = node.config.pluginmanager.get_plugin("terminalreporter")
    left = getattr(node, "workeroutput", {}).get(TOLD)
    if reporter and left and not reporter.stats.get("deselected"):
        reporter.stats["deselected"] = [SimpleNamespace(nodeid=name) for name in left]
