"""The pinned requirements: exact versions, hashes, nothing that names a place."""

import re
import tomllib

import pytest

from config.launcher.places import REQUIREMENTS, ROOT

PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9-]*)==(?P<version>[^\s;]+)(?: ;[^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


def pins(name: str) -> dict[str, set[str]]:
    """Versions of each package in one requirements file."""
    found: dict[str, set[str]] = {}
    for line in (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        pin = PIN.match(line)
        if pin:
            found.setdefault(pin["name"], set()).add(pin["version"])
    return found


@pytest.mark.parametrize("name", ["run", "dask", "dev", "uv"])
def test_requirements_hold_only_pins_and_hashes(name):
    lines = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if not PIN.match(line) and not HASH.match(line)] == []
    assert [
        after for line, after in zip(lines, lines[1:], strict=False) if PIN.match(line) and not HASH.match(after)
    ] == []


def test_run_time_requirements_are_a_part_of_the_development_ones():
    run, dask, dev = pins("run"), pins("dask"), pins("dev")

    for smaller, larger in ((run, dask), (dask, dev)):
        assert {name: versions for name, versions in smaller.items() if larger.get(name) != versions} == {}
    assert {"pytest", "ruff", "mypy"} <= dev.keys() - dask.keys()
    assert "distributed" in dask.keys() - run.keys()


def test_every_package_that_the_project_names_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {"run": project["project"]["dependencies"]}
    wanted["dask"] = wanted["run"] + project["project"]["optional-dependencies"]["dask"]
    wanted["dev"] = wanted["dask"] + project["dependency-groups"]["dev"]

    missing = [
        (name, wish)
        for name, wishes in wanted.items()
        for wish in wishes
        if re.split(r"[\[<>=~! ]", wish)[0] not in pins(name)
    ]

    assert missing == []


def test_no_lock_file_with_addresses_is_tracked():
    assert "/uv.lock" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
