"""Makes the project's own Python environment from the pinned requirements, and knows when nothing is left to do.

A stamp inside the environment holds the hash of the requirements that were installed last, so that a second start
reads one small file. uv installs (found, or fetched into ``var/uv``); where it cannot, a plain venv and pip do.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from config.launcher.places import PRIVATE_UV, REQUIREMENTS, ROOT, VENV, venv_program
from config.launcher.progress import Step
from config.launcher.words import Stopped

SETS = ("run", "dev")  # each holds everything of the one before it
SYSTEM_CERTIFICATES = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}  # the same wish, for newer and for older uv
SIGNS = {  # what an installer prints, by the words that explain it; the first hit counts
    "disk_full": ("no space left on device", "disk quota exceeded", "os error 28"),
    "no_permission_install": ("permission denied", "read-only file system", "os error 13", "os error 30"),
    "hash_mismatch": ("hash mismatch", "do not match the hashes"),
    "no_network": (
        "dns error", "failed to fetch", "error sending request", "connection", "timed out", "name resolution",
        "no matching distribution", "could not find a version", "was not found in the package registry", "proxyerror",
        "network is unreachable", "certificate", "tls",
    ),
}  # fmt: skip


def environment_ready(wanted: str, venv: Path = VENV) -> bool:
    """Whether the environment holds what the set ``wanted`` (``run`` or ``dev``) asks for today."""
    stamp = read_stamp(venv)
    return any(stamp.get(name) == requirements_hash(name) for name in SETS[SETS.index(wanted) :])


def requirements_hash(name: str) -> str:
    """Hash of the requirements file of one set."""
    return hashlib.sha256((REQUIREMENTS / f"{name}.txt").read_bytes()).hexdigest()


def read_stamp(venv: Path = VENV) -> dict[str, str]:
    """What was installed last into ``venv``; empty when that is unknown or the environment was moved or damaged."""
    try:
        stamp = json.loads((venv / "chuanyu.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    usable = stamp.get("place") == str(venv) and venv_program("python", venv).exists()
    return stamp if usable else {}


def ensure_environment(wanted: str, *, show: bool = True) -> None:
    """Install the set ``wanted`` unless it is there already; one process at a time. Raises Stopped with what to do.

    Unless ``show``, a command's own output is kept clean: nothing is said when there is nothing to do, the rest goes
    to standard error.
    """
    if environment_ready(wanted):
        if show:
            with Step("step_environment") as step:
                step.note = "unchanged"
        return
    stream = sys.stdout if show else sys.stderr
    with (
        Step("step_environment", stream=stream) as step,
        writing(ROOT),
        one_at_a_time(ROOT / "var" / "environment.lock"),
    ):
        if environment_ready(wanted):
            return
        held = read_stamp()
        chosen = "dev" if "dev" in held or wanted == "dev" else "run"
        if held.get("place") != str(VENV) and (VENV / "chuanyu.json").exists():
            VENV.unlink() if VENV.is_symlink() else shutil.rmtree(VENV)
        step.note = install(chosen)
        stamp = {"place": str(VENV), chosen: requirements_hash(chosen)}
        (VENV / "chuanyu.json").write_text(json.dumps(stamp), encoding="utf-8")


def install(chosen: str) -> str:
    """Fill the environment with one set, by uv or else by pip; the name of the one that did it. Raises Stopped."""
    failures = []
    for method in (install_with_uv, install_with_pip):
        try:
            return method(REQUIREMENTS / f"{chosen}.txt")
        except Stopped as stopped:
            failures.append(stopped)
            if stopped.code in ("disk_full", "no_permission_install", "hash_mismatch"):
                break
    raise failures[-1]


def install_with_uv(requirements: Path) -> str:
    """Make and fill the environment with uv. Raises Stopped when uv cannot be had or fails."""
    uv = find_uv() or fetch_uv()
    surroundings = {"UV_NO_PROGRESS": "1", **SYSTEM_CERTIFICATES, "UV_DEFAULT_INDEX": index_of_pip(), **os.environ}
    surroundings = {name: text for name, text in surroundings.items() if text}
    python = venv_program("python")
    if not python.exists():
        run_installer([str(uv), "venv", "--clear", "--python", sys.executable, str(VENV)], surroundings)
    target = ["--python", str(python), "--require-hashes", "--requirements", str(requirements)]
    run_installer([str(uv), "pip", "install", *target], surroundings)
    return "uv"


def install_with_pip(requirements: Path) -> str:
    """Make and fill the environment with venv and pip alone. Raises Stopped when one of them is missing or fails."""
    python = venv_program("python")
    if not python.exists() or not has_pip(python):
        made = run([sys.executable, "-m", "venv", "--clear", str(VENV)])
        if made.returncode != 0:
            raise Stopped("no_installer", details=made.stdout)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run_installer([*pip, "--require-hashes", "--requirement", str(requirements)], os.environ)
    return "pip"


def find_uv() -> Path | None:
    """A uv to use: the one on the search path, else the one fetched earlier."""
    found = shutil.which("uv") or shutil.which("uv", path=str(PRIVATE_UV / "bin"))
    return Path(found) if found else None


def fetch_uv() -> Path:
    """Install uv into ``var/uv`` with this Python's pip. Raises Stopped when that does not work."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    target = ["--target", str(PRIVATE_UV), "--upgrade", "--require-hashes", "--requirement"]
    run_installer([*pip, *target, str(REQUIREMENTS / "uv.txt")], os.environ)
    fetched = find_uv()
    if fetched is None:
        raise Stopped("install_failed")
    return fetched


def has_pip(python: Path) -> bool:
    """Whether the interpreter can run pip (an environment made by uv cannot)."""
    return run([str(python), "-m", "pip", "--version"]).returncode == 0


def index_of_pip() -> str:
    """The mirror that pip was told to use, which uv would not read by itself; empty without one."""
    answer = run([sys.executable, "-m", "pip", "config", "get", "global.index-url"])
    return answer.stdout.strip() if answer.returncode == 0 else ""


def run(
    call: Sequence[str], surroundings: Mapping[str, str] | None = None, *, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and keep what it printed, both streams in one."""
    return subprocess.run(
        call,
        env=surroundings,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


class Beside:
    """A program that runs meanwhile and writes what it says into a file: a pipe that nobody reads fills up."""

    def __init__(self, call: Sequence[str], surroundings: Mapping[str, str], said: IO[str]) -> None:
        self._said = said
        self._process = subprocess.Popen(call, env=surroundings, stdout=said, stderr=subprocess.STDOUT)

    def is_over(self) -> bool:
        """Whether it has ended, well or not."""
        return self._process.poll() is not None

    def finish(self) -> str:
        """Wait for it; what a failed one printed, else ""."""
        status = self._process.wait()
        self._said.seek(0)
        return f"{self._said.read().strip()} ({status})" if status else ""

    def stop(self) -> None:
        """End it unless it has ended."""
        if not self.is_over():
            self._process.terminate()
            self._process.wait()


@contextmanager
def beside(call: Sequence[str], surroundings: Mapping[str, str]) -> Iterator[Beside]:
    """Run a program meanwhile, and not longer than what stands inside."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        program = Beside(call, surroundings, said)
        try:
            yield program
        finally:
            program.stop()


def run_installer(call: Sequence[str], surroundings: Mapping[str, str]) -> None:
    """Run an installer; raises Stopped with the words for what went wrong and what it printed last."""
    done = run(call, surroundings)
    if done.returncode != 0:
        raise Stopped(explanation(done.stdout), details=ending(done.stdout))


def ending(output: str) -> str:
    """The last few lines that an installer printed, cut to the width of a screen or two."""
    return "\n".join(textwrap.shorten(line, 240) for line in output.strip().splitlines()[-4:])


def explanation(output: str) -> str:
    """Code of the words that fit what an installer printed."""
    lowered = output.lower()
    return next((code for code, signs in SIGNS.items() if any(sign in lowered for sign in signs)), "install_failed")


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn what the system says about writing below ``folder`` into words that say what to do. Raises Stopped."""
    try:
        yield
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise Stopped("no_permission", place=error.filename or folder) from error
    except OSError as error:
        codes = {28: "disk_full", 30: "no_permission", 122: "disk_full"}
        if error.errno not in codes:
            raise
        raise Stopped(codes[error.errno], place=error.filename or folder) from error


def ensure_writable(folder: Path) -> None:
    """Make ``folder`` and try to write into it. Raises Stopped with what to do."""
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x")


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Wait until no other process holds ``lock``, then hold it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
