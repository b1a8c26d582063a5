"""The port is asked for before any work is done, and the words name another one."""

import socket
from collections.abc import Iterator

import pytest

from config.launcher.ports import address, ensure_port_free, free_port, site_answers
from config.launcher.words import Stopped


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which something listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_port_in_use_is_refused_with_another_one(taken):
    with pytest.raises(Stopped) as stopped:
        ensure_port_free("127.0.0.1", taken)

    assert stopped.value.code == "port_in_use"
    assert f"Port {taken} on 127.0.0.1 is in use" in str(stopped.value)
    assert stopped.value.facts["other"] != taken


def test_free_port_is_accepted_and_stays_free():
    port = free_port()

    ensure_port_free("127.0.0.1", port)
    ensure_port_free("127.0.0.1", port)

    assert not site_answers(address("127.0.0.1", port))


def test_address_of_another_machine_is_refused():
    with pytest.raises(Stopped) as stopped:
        ensure_port_free("192.0.2.1", 8000)

    assert stopped.value.code == "host_unknown"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::1", "http://[::1]:8000/"),
        ("::", "http://[::1]:8000/"),
    ],
)
def test_address_is_one_that_a_browser_here_can_open(host, expected):
    assert address(host, 8000) == expected
