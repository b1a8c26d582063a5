"""When the environment counts as ready, and what the installer's failures are called."""

import errno
import json
import os
import shutil
import sys

import pytest

from config.launcher.environment import (
    ensure_writable,
    environment_ready,
    explanation,
    install_with_pip,
    one_at_a_time,
    read_stamp,
    requirements_hash,
    run_installer,
    writing,
)
from config.launcher.words import Stopped


@pytest.fixture
def venv(tmp_path):
    """A folder that looks like an environment made for the run-time set."""
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    stamp(folder, place=str(folder), run=requirements_hash("run"))
    return folder


def stamp(folder, **entries):
    """Write the stamp of an environment."""
    (folder / "chuanyu.json").write_text(json.dumps(entries), encoding="utf-8")


def test_environment_is_ready_when_its_stamp_is_of_today(venv):
    assert environment_ready("run", venv)


def test_environment_for_running_is_not_ready_for_development(venv):
    assert not environment_ready("dev", venv)


def test_environment_for_development_is_ready_for_running(venv):
    stamp(venv, place=str(venv), dev=requirements_hash("dev"))

    assert environment_ready("run", venv)
    assert environment_ready("dev", venv)


def test_environment_is_stale_when_the_requirements_changed(venv):
    stamp(venv, place=str(venv), run="0" * 64)

    assert not environment_ready("run", venv)


def test_moved_environment_is_not_trusted(venv, tmp_path):
    moved = venv.rename(tmp_path / "moved")

    assert read_stamp(moved) == {}


def test_environment_without_its_interpreter_is_not_trusted(venv):
    (venv / "bin" / "python").unlink()
    (venv / "bin" / "python").symlink_to(venv / "gone")

    assert not environment_ready("run", venv)


@pytest.mark.parametrize("text", ["", "{", "[1"])
def test_damaged_stamp_means_install_again(venv, text):
    (venv / "chuanyu.json").write_text(text, encoding="utf-8")

    assert not environment_ready("run", venv)


@pytest.mark.parametrize(
    ("output", "code"),
    [
        ("error: Failed to fetch: `x`\n  Caused by: dns error", "no_network"),
        ("ERROR: No matching distribution found for django==5.2.19", "no_network"),
        ("error: Hash mismatch for `django==5.2.19`", "hash_mismatch"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "hash_mismatch"),
        ("OSError: [Errno 28] No space left on device; connection closed", "disk_full"),
        ("error: failed to create directory: Permission denied (os error 13)", "no_permission_install"),
        ("something new", "install_failed"),
    ],
)
def test_failure_of_an_installer_gets_its_words(output, code):
    assert explanation(output) == code


def test_failed_installer_stops_with_its_last_lines():
    script = "import sys; print('first\\n' * 50 + 'dns error'); sys.exit(2)"

    with pytest.raises(Stopped) as stopped:
        run_installer([sys.executable, "-c", script], os.environ)

    assert stopped.value.code == "no_network"
    assert stopped.value.details.splitlines() == ["first"] * 3 + ["dns error"]


def test_tampered_package_is_refused_by_its_hash(tmp_path, monkeypatch):
    package = tmp_path / "wheels" / "sample_part-1.0-py3-none-any.whl"
    package.parent.mkdir()
    shutil.make_archive(str(package.with_suffix("")), "zip", root_dir=package.parent)
    package.with_suffix(".zip").rename(package)
    wish = tmp_path / "run.txt"
    wish.write_text(f"sample-part==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    monkeypatch.setattr("config.launcher.environment.VENV", tmp_path / "venv")
    monkeypatch.setattr("config.launcher.environment.venv_program", lambda name: tmp_path / "venv" / "bin" / name)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(package.parent))

    with pytest.raises(Stopped) as stopped:
        install_with_pip(wish)

    assert stopped.value.code == "hash_mismatch"
    assert (tmp_path / "venv" / "bin" / "python").exists()


@pytest.mark.parametrize(
    ("number", "code"), [(errno.EACCES, "no_permission"), (errno.EROFS, "no_permission"), (errno.ENOSPC, "disk_full")]
)
def test_writing_explains_what_the_system_refused(tmp_path, number, code):
    with pytest.raises(Stopped) as stopped, writing(tmp_path):
        raise OSError(number, os.strerror(number), str(tmp_path / "file"))

    assert stopped.value.code == code
    assert str(tmp_path / "file") in str(stopped.value) or code == "disk_full"


def test_writing_lets_other_faults_pass(tmp_path):
    with pytest.raises(FileNotFoundError), writing(tmp_path):
        (tmp_path / "absent").read_bytes()


def test_ensure_writable_makes_the_folder_and_leaves_it_empty(tmp_path):
    ensure_writable(tmp_path / "new" / "data")

    assert list((tmp_path / "new" / "data").iterdir()) == []


def test_ensure_writable_refuses_a_place_that_is_no_folder(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(Stopped) as stopped:
        ensure_writable(tmp_path / "file" / "data")

    assert stopped.value.code == "no_permission"


def test_one_at_a_time_makes_its_folder_and_can_be_taken_again(tmp_path):
    lock = tmp_path / "deep" / "lock"
    for _ in range(2):
        with one_at_a_time(lock):
            assert lock.exists()
