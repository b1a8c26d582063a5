"""Every guard and the whole of pytest, on a data folder of its own; what fails is shown, and nothing hides the rest.

pytest comes last and its own last line closes the output.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from config.launcher.environment import Beside, beside, run
from config.launcher.places import ROOT, django_call, django_surroundings, module_call, venv_program
from config.launcher.progress import Step
from config.launcher.words import label, lines, say

OPENAPI = ROOT / "docs" / "api" / "openapi.yaml"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONT = "fonts-noto-cjk"  # without it a headless browser draws boxes for Chinese
WORKERS = 2
MEMORY = Path("/dev/shm")  # of Linux; a container may give it 64 MB only
MEMORY_WANTED = 2_000_000_000


def verify(arguments: Sequence[str]) -> int:
    """Run all guards, then pytest; 0 only when everything passed. ``--long`` adds the exhaustive repetitions."""
    parser = argparse.ArgumentParser(prog="manage.py verify", description=__doc__)
    parser.add_argument("--long", action="store_true", help=" · ".join(lines("verify_long")))
    long = parser.parse_args(arguments).long
    with tempfile.TemporaryDirectory(prefix="chuanyu-verify-", dir=memory_folder()) as folder:
        surroundings = django_surroundings(CHUANYU_DATA_DIR=folder)
        # Made once for all tests, and beside the guards, which leave a processor free.
        with (
            beside(django_call("warm", "--compile-only"), surroundings) as compiled,
            beside(module_call("tests.database"), surroundings) as migrated,
        ):
            failed = [code for code, call in guards(Path(folder)) if not passed(code, call, surroundings)]
            failed += [
                code for code, one in (("step_warm", compiled), ("step_migrate", migrated)) if not made(code, one)
            ]
        if not openapi_is_current(Path(folder)):
            failed.append("step_openapi_current")
        browser = ensure_chromium()
        if browser:
            surroundings["CHROMIUM"] = browser
        if failed:
            say("verify_failed", steps=", ".join(label(code) for code in failed))
        print(flush=True)
        return max(pytest(surroundings, Path(folder) / "tests", long=long), int(bool(failed)))


def guards(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Name and command line of each guard, quickest first; ``folder`` takes the generated OpenAPI file."""
    yield "step_format", [str(venv_program("ruff")), "format", "--check", "."]
    yield "step_lint", [str(venv_program("ruff")), "check", "."]
    yield "step_contracts", [str(venv_program("lint-imports"))]
    yield "step_translations", django_call("collect_translations", "--check")
    yield "step_compile_translations", django_call("compile_translations")
    yield "step_system_check", django_call("check", "--fail-level", "WARNING")
    yield "step_migrations", django_call("makemigrations", "--check", "--dry-run")
    generated = ("--file", str(folder / OPENAPI.name), "--lang", "en")
    yield "step_openapi", django_call("spectacular", "--validate", "--fail-on-warn", *generated)
    yield "step_types", [str(venv_program("mypy"))]


def passed(code: str, call: Sequence[str], surroundings: Mapping[str, str]) -> bool:
    """Run one guard; on a failure show all that it printed."""
    with Step(code) as step:
        done = run(call, surroundings, cwd=ROOT)
        step.failed = done.returncode != 0
    if step.failed:
        print(done.stdout.rstrip(), flush=True)
    return not step.failed


def made(code: str, program: Beside) -> bool:
    """Wait for what was made beside the guards; on a failure show what it said."""
    with Step(code) as step:
        fault = program.finish()
        step.failed = bool(fault)
    if fault:
        print(fault, flush=True)
    return not fault


def openapi_is_current(folder: Path) -> bool:
    """Whether the committed description of the REST door is the one generated now into ``folder``."""
    with Step("step_openapi_current") as step:
        generated = folder / OPENAPI.name
        step.failed = not (generated.exists() and OPENAPI.exists() and OPENAPI.read_bytes() == generated.read_bytes())
    if step.failed:
        print(*lines("verify_openapi", place=OPENAPI.relative_to(ROOT)), sep="\n", flush=True)
    return not step.failed


def ensure_chromium() -> str:
    """Path of a Chromium for the browser tests, installed by apt where that is allowed; empty and said so otherwise."""
    with Step("step_chromium") as step:
        if not find_chromium() and os.geteuid() == 0 and shutil.which("apt-get"):
            surroundings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            run(["apt-get", "update", "-qq"], surroundings)
            run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", FONT], surroundings)
        browser = find_chromium()
        step.failed = not browser
        step.note = browser
    if not browser:
        say("verify_chromium_missing")
    return browser


def find_chromium() -> str:
    """Path of a Chromium of this machine: the one named by CHROMIUM, else the first known name; empty without one."""
    named = os.environ.get("CHROMIUM", "")
    return named or next((path for path in map(shutil.which, BROWSERS) if path), "")


def memory_folder() -> Path | None:
    """Where files lie in memory and programs may be run, if it has room; else None, for the usual folder of the system.

    Tests write some 100,000 small files and wait until each is safe on the disk, which takes longer than they do.
    """
    try:
        told = os.statvfs(MEMORY)
    except OSError:
        return None
    usable = os.access(MEMORY, os.W_OK | os.X_OK) and not told.f_flag & getattr(os, "ST_NOEXEC", 0)
    return MEMORY if usable and told.f_bavail * told.f_frsize >= MEMORY_WANTED else None


def pytest(surroundings: Mapping[str, str], folder: Path, *, long: bool) -> int:
    """Run all tests with their output as it comes, in the short or in the ``long`` form; pytest's exit status."""
    return subprocess.run(pytest_call(folder, long=long), env=surroundings, cwd=ROOT, check=False).returncode


def pytest_call(folder: Path, *, long: bool) -> list[str]:
    """Command line that runs all tests in the short or in the ``long`` form, each with its own files in ``folder``."""
    call = [str(venv_program("python")), "-m", "pytest", "-n", str(WORKERS), "--dist", "worksteal"]
    call += ["--basetemp", str(folder), "--override-ini", "tmp_path_retention_policy=failed"]
    return [*call, "--long"] if long else call
