"""Pins the requirements anew: the way to change a version or add a package.

Edit ``pyproject.toml``, then run ``python3 manage.py lock``. The files it writes hold exact versions and hashes and no
addresses, so that any mirror serves; ``uv.lock`` records addresses and stays out of the repository.
"""

import os
import tempfile
from pathlib import Path

from config.launcher.environment import fetch_uv, find_uv, run, run_installer
from config.launcher.places import REQUIREMENTS, ROOT
from config.launcher.progress import Step

PLAIN = ("--no-header", "--no-annotate", "--quiet")
SETS = {"run": ("--no-dev",), "dev": ("--group", "dev")}


def lock() -> int:
    """Write ``config/requirements`` from ``pyproject.toml``, newest versions that resolve. Raises Stopped without uv."""
    with Step("step_lock"):
        uv = str(find_uv() or fetch_uv())
        run_installer([uv, "lock", "--quiet", "--project", str(ROOT)], os.environ)
        for name, choice in SETS.items():
            export = [uv, "export", "--project", str(ROOT), "--format", "requirements-txt", "--no-emit-project", *PLAIN]
            run_installer([*export, *choice, "--output-file", str(REQUIREMENTS / f"{name}.txt")], os.environ)
        pin_uv(uv)
    return 0


def pin_uv(uv: str) -> None:
    """Write ``uv.txt``: the version of uv in use, with hashes, for machines that have none."""
    version = run([uv, "--version"]).stdout.split()[1]
    with tempfile.TemporaryDirectory() as folder:
        wish = Path(folder) / "uv.in"
        wish.write_text(f"uv=={version}\n", encoding="utf-8")
        compile_call = [uv, "pip", "compile", str(wish), "--generate-hashes", "--universal", *PLAIN]
        run_installer([*compile_call, "--output-file", str(REQUIREMENTS / "uv.txt")], os.environ)
