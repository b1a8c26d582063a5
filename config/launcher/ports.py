"""Whether the web server will be able to listen, asked before anything else is done."""

import errno
import socket
import urllib.error
import urllib.request

from config.launcher.words import Stopped

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}
ANSWER_SECONDS = 10.0


def ensure_port_free(host: str, port: int) -> None:
    """Raises Stopped with what to do when the address cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except PermissionError as error:
            raise Stopped("port_forbidden", host=host, port=port, other=8000 + port % 1000) from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Stopped("port_in_use", host=host, port=port, other=free_port()) from error
            raise Stopped("host_unknown", host=host) from error


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def address(host: str, port: int) -> str:
    """Where a browser on this machine finds the site."""
    name = ANYWHERE.get(host, host)
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def site_answers(url: str) -> bool:
    """Whether somebody answers at ``url``. Raises Stopped when the answer is a fault of the site's own."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=ANSWER_SECONDS):
            return True
    except urllib.error.HTTPError as error:
        if error.code >= 500:
            raise Stopped("site_faulty", status=error.code) from error
        return True
    except OSError:
        return False
