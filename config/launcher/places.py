"""Folders and files of the project that the launcher and the commands of ``config`` work on."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "config" / "requirements"
PRIVATE_UV = ROOT / "var" / "uv"


def data_folder() -> Path:
    """Where the database, the secret key, mail and snapshots of this run lie: CHUANYU_DATA_DIR, else ``var``."""
    return Path(os.environ.get("CHUANYU_DATA_DIR") or ROOT / "var").absolute()


def venv_program(name: str, venv: Path = VENV) -> Path:
    """Path of a program inside the environment, whether or not it exists yet."""
    return venv / "bin" / name


def module_call(module: str, *arguments: str) -> list[str]:
    """Command line that runs a module inside the environment, never importing from the caller's folder."""
    return [str(venv_program("python")), "-P", "-m", module, *arguments]


def django_call(*arguments: str) -> list[str]:
    """Command line that runs a Django command inside the environment."""
    return module_call("django", *arguments)


def django_surroundings(**changes: str) -> dict[str, str]:
    """Environment variables for ``module_call``: the caller's own, our settings module, our folder on the path.

    Python may keep what it compiled, whatever the caller's shell says: the environment is ours, and every start would
    compile some 2,300 files again.
    """
    paths = [str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    callers = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {
        **callers,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings"),
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
        **changes,
    }
