"""Pins the requirements anew: the way to add a package or take newer versions.

Edit ``pyproject.toml``, then run ``python3 manage.py lock_requirements``. What is pinned already stays as it is where
it still fits; ``--upgrade`` takes the newest. The files hold exact versions and hashes and no addresses, so any mirror
serves.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from config.launcher.environment import fetch_uv, find_uv, run, run_installer
from config.launcher.places import REQUIREMENTS, ROOT
from config.launcher.progress import Step

LOWEST_PYTHON = "3.11"
PLAIN = ("--generate-hashes", "--universal", "--no-header", "--no-annotate", "--no-emit-index-url", "--quiet")


def lock_requirements(arguments: Sequence[str]) -> int:
    """Write ``config/requirements`` from ``pyproject.toml``; ``arguments`` go to uv. Raises Stopped when it cannot.

    The run-time set, and the one with the optional extra ``dask``, are cut out of the development set, which holds
    both, so that all name the same versions.
    """
    with Step("step_lock"):
        uv = str(find_uv() or fetch_uv())
        project = [uv, "pip", "compile", str(ROOT / "pyproject.toml"), "--python-version", LOWEST_PYTHON, *PLAIN]
        dev = str(REQUIREMENTS / "dev.txt")
        group = f"{ROOT / 'pyproject.toml'}:dev"
        extra = ["--extra", "dask"]
        run_installer([*project, *extra, "--group", group, "--output-file", dev, *arguments], os.environ)
        for name, more in (("run", []), ("dask", extra)):
            file = str(REQUIREMENTS / f"{name}.txt")
            run_installer([*project, *more, "--constraint", dev, "--output-file", file], os.environ)
        pin_uv(uv)
    return 0


def pin_uv(uv: str) -> None:
    """Write ``uv.txt``: the version of uv in use, with hashes, for machines that have none."""
    version = run([uv, "--version"]).stdout.split()[1]
    with tempfile.TemporaryDirectory() as folder:
        wish = Path(folder) / "uv.in"
        wish.write_text(f"uv=={version}\n", encoding="utf-8")
        call = [uv, "pip", "compile", str(wish), "--output-file", str(REQUIREMENTS / "uv.txt"), *PLAIN]
        run_installer(call, os.environ)
