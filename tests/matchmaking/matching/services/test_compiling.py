"""Of several processes one compiles: the others wait for what it keeps, and answer in the plain form until then."""

import fcntl
from threading import Event, Thread

import pytest

from matchmaking.matching.services import compiling
from matchmaking.matching.services.compiling import COMPILING, load_compiled

SECONDS = 20.0


@pytest.fixture
def compiled(monkeypatch):
    """Set once this process gets to compile or to load."""
    event = Event()
    monkeypatch.setattr(compiling, "make_ready", event.set)
    return event


def test_a_process_waits_while_another_compiles_and_goes_on_when_that_one_ends(compiled, tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    waiting = Thread(target=load_compiled, daemon=True)
    with (tmp_path / COMPILING).open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        waiting.start()
        assert not compiled.wait(0.2)

    waiting.join(SECONDS)
    assert compiled.is_set()


@pytest.mark.parametrize("place", ["", "/dev/null/cache"], ids=["none", "not writable"])
def test_where_nothing_can_be_kept_each_process_compiles_for_itself(place, compiled, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", place)
    load_compiled()

    assert compiled.is_set()
