"""The compiled form, made ready once for all tests that ask for it."""

import pytest

from matchmaking.engine.kernels import readiness


@pytest.fixture(scope="session")
def kernels() -> None:
    """The compiled form at hand; whoever does not ask for it is answered by either form, alike."""
    readiness.make_ready()
