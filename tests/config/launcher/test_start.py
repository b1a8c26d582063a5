"""The launcher as a person starts it, with an interpreter in `.venv` that tells how it was called."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.launcher.environment import requirements_hash
from config.launcher.places import ROOT

OURS = ("DJANGO_SETTINGS_MODULE", "PYTHONPATH", "CHUANYU_DATA_DIR", "STATIC_MANIFEST", "STATIC_FINDERS")
TELLING = f"""#!{sys.executable}
import json, os, sys
names = ("DJANGO_SETTINGS_MODULE", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "STATIC_MANIFEST", "STATIC_FINDERS")
told = {{"call": sys.argv[1:], "pid": os.getpid(), "folder": os.getcwd()}}
print(json.dumps({{**told, **{{name: os.environ.get(name) for name in names}}}}))
sys.exit(7)
"""


@pytest.fixture
def project(tmp_path):
    """A copy of manage.py and the launcher whose environment is ready and whose interpreter tells how it was called."""
    shutil.copy(ROOT / "manage.py", tmp_path)
    (tmp_path / "config").mkdir()
    shutil.copy(ROOT / "config" / "__init__.py", tmp_path / "config")
    for name in ("launcher", "requirements"):
        shutil.copytree(ROOT / "config" / name, tmp_path / "config" / name)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(TELLING, encoding="utf-8")
    python.chmod(0o755)
    stamp = {"place": str(tmp_path / ".venv"), "dev": requirements_hash("dev")}
    (tmp_path / ".venv" / "chuanyu.json").write_text(json.dumps(stamp), encoding="utf-8")
    return tmp_path


def manage(project: Path, *arguments: str, **surroundings: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py from another folder to its end; the process number is in ``args``."""
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    process = subprocess.Popen(
        [sys.executable, str(project / "manage.py"), *arguments],
        cwd="/",
        env={**inherited, "PYTHONIOENCODING": "utf-8", **surroundings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    said, complained = process.communicate()
    return subprocess.CompletedProcess(str(process.pid), process.returncode, said, complained)


def test_command_becomes_django_in_the_same_process_with_its_status(project):
    done = manage(project, "loaddata", "rows.json", "--database", "other", PYTHONDONTWRITEBYTECODE="1")

    told = json.loads(done.stdout)
    assert told == {
        "call": ["-P", "-m", "django", "loaddata", "rows.json", "--database", "other"],
        "pid": int(str(done.args)),
        "folder": "/",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(project),
        "PYTHONDONTWRITEBYTECODE": None,
        "STATIC_MANIFEST": None,
        "STATIC_FINDERS": None,
    }
    assert (done.returncode, done.stderr) == (7, "")


def test_settings_and_path_of_the_caller_are_kept(project):
    told = json.loads(manage(project, "check", DJANGO_SETTINGS_MODULE="their.settings", PYTHONPATH="/their").stdout)

    assert told["DJANGO_SETTINGS_MODULE"] == "their.settings"
    assert told["PYTHONPATH"] == os.pathsep.join([str(project), "/their"])


def test_up_makes_its_data_folder_and_serves_published_files(project):
    done = manage(project, "up", "--port", "8001")

    first, told = done.stdout.splitlines()
    assert "(unchanged)" in first
    assert json.loads(told)["call"] == ["-P", "-m", "django", "up", "--port", "8001"]
    assert (json.loads(told)["STATIC_MANIFEST"], json.loads(told)["STATIC_FINDERS"]) == ("1", "0")
    assert (project / "var").is_dir()


def test_up_with_a_data_folder_that_cannot_be_written_says_what_to_do(project):
    (project / "file").touch()

    done = manage(project, "up", CHUANYU_DATA_DIR=str(project / "file" / "data"))

    assert done.returncode == 1
    assert "No permission to write here" in done.stdout
    assert "CHUANYU_DATA_DIR" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_help_names_the_commands_that_django_does_not_know(project):
    said = manage(project, "help").stdout

    assert [word for word in ("up --check", "verify", "lock_requirements") if word not in said] == []


def test_terminal_without_chinese_letters_still_gets_the_english_words(project):
    (project / "file").touch()

    done = manage(project, "up", CHUANYU_DATA_DIR=str(project / "file" / "data"), PYTHONIOENCODING="ascii")

    assert done.returncode == 1
    assert "No permission to write here" in done.stdout
