"""The port is asked for before any work is done, and the words name another one."""

import http.server
import socket
import threading
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


class Answering(http.server.BaseHTTPRequestHandler):
    """Answers with the status that the path names."""

    def do_GET(self) -> None:
        self.send_response(int(self.path.strip("/")))
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Stay quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    """Address of a small site."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield address("127.0.0.1", server.server_address[1])
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("status", [200, 204, 400, 403, 404])
def test_site_that_answers_is_there(site, status):
    assert site_answers(f"{site}{status}")


@pytest.mark.parametrize("status", [500, 503])
def test_site_with_a_fault_of_its_own_stops_the_wait(site, status):
    with pytest.raises(Stopped) as stopped:
        site_answers(f"{site}{status}")

    assert (stopped.value.code, stopped.value.facts) == ("site_faulty", {"status": status})
