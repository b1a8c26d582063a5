"""Each import contract notices the breach that it was written for."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
BREACHES = {  # contract -> file to add a line to (made when absent) and the line
    "house": ("common/values.py", "import accounts.models"),
    "areas": ("matchmaking/postings/services/publishing.py", "import matchmaking.insights.models"),
    "floors": ("accounts/models.py", "import accounts.permissions"),
    "engine-floors": ("matchmaking/engine/text/words.py", "import matchmaking.engine.ranking"),
    "engine-pure": ("matchmaking/engine/geography.py", "import django"),
    "vocabulary-pure": ("common/reasons.py", "import django"),
    "numpy-inside": ("matchmaking/parks/models.py", "import numpy"),
    "engine-callers": ("matchmaking/parks/models.py", "import matchmaking.engine.types"),
    "no-rest-inside": ("accounts/permissions.py", "import rest_framework"),
    "thin-views": ("web/views/errors.py", "import accounts.models"),
    "shaping-only": ("web/access.py", "import accounts.services.changes"),
    "shape-only-migrations": ("accounts/migrations/0001_initial.py", "import accounts.services.changes"),
    "web-floors": ("web/access.py", "import web.views.errors"),
    "api-floors": ("api/pagination.py", "import api.v1.urls"),
    "api-v1-floors": ("api/v1/serializers/planted.py", "import api.v1.views.planted"),
    "views-apart": ("web/views/planted.py", "import web.views.errors"),
    "no-knots": ("reference/models.py", "import reference.migrations"),
    "factories-low": ("tests/factories/reference.py", "import web.access"),
}
HELPERS = {"api-v1-floors": ("api/v1/views/planted.py", '"""A view."""')}


def lint(folder: Path, contract: str) -> str:
    """What the linter prints for one contract in ``folder``."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--contract", contract, "--no-cache"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the Python sources, to be broken."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for package in SETTINGS["root_packages"]:
        shutil.copytree(
            ROOT / package, copy / package, ignore=lambda _folder, names: [n for n in names if n == "__pycache__"]
        )
    return copy


def test_every_contract_has_a_planted_breach():
    assert sorted(contract["id"] for contract in SETTINGS["contracts"]) == sorted(BREACHES)


def test_no_contract_is_silenced():
    assert [
        c["id"] for c in SETTINGS["contracts"] if c.get("ignore_imports") or c.get("unmatched_ignore_imports_alerting")
    ] == []


@contextmanager
def planted(*breaches: tuple[Path, str]) -> Iterator[None]:
    """Lines added to files, or files made for them, and all as it was afterwards."""
    before = {path: path.read_text(encoding="utf-8") if path.exists() else None for path, _line in breaches}
    for path, line in breaches:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{before[path] or ''}\n{line}\n", encoding="utf-8")
    try:
        yield
    finally:
        for path, text in before.items():
            path.unlink() if text is None else path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("contract", BREACHES)
def test_a_planted_breach_is_caught(tree: Path, contract: str):
    breaches = [BREACHES[contract], *([HELPERS[contract]] if contract in HELPERS else [])]
    with planted(*[(tree / path, line) for path, line in breaches]):
        assert "BROKEN" in lint(tree, contract)
    assert "BROKEN" not in lint(tree, contract)
