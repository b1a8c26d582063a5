"""A small copy of the domain's tables, for the tests of the generator."""

import shutil
from pathlib import Path

import pytest

TABLES = Path(__file__).parent / "tables"


@pytest.fixture
def domain(tmp_path: Path) -> Path:
    """A folder with a few rows of each of the domain's tables."""
    return Path(shutil.copytree(TABLES / "domain", tmp_path / "domain"))


@pytest.fixture
def authored(tmp_path: Path) -> Path:
    """A folder with a few authored additions, below the folder of the fixtures."""
    return Path(shutil.copytree(TABLES / "authored", tmp_path / "fixtures" / "authored"))
