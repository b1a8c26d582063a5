"""How the web server runs: two processes of four threads behind one socket, loaded once, stopped gracefully."""

import io
from threading import Timer
from typing import Any

from django.core.management import call_command
from django.db import connections

wsgi_app = "config.wsgi"
worker_class = "gthread"
workers = 2
threads = 4
preload_app = True  # one start instead of two, and the processes share the memory of the code
max_requests = 10_000
max_requests_jitter = 1_000
timeout = 60
graceful_timeout = 20
keepalive = 5
SETTLED_SECONDS = 10.0
"""Until then a process is left to the first pages, and to `up`, which compiles in a process of its own where nothing is
compiled yet; questions are answered by the plain ranking.
"""
loglevel = "warning"
# Its default place is one file in the home folder for every server of this user.
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Open the snapshot and load compiled code behind the first requests, which never wait for it."""
    timer = Timer(SETTLED_SECONDS, _warm)
    timer.daemon = True
    timer.start()


def _warm() -> None:
    try:
        call_command("warm", stdout=io.StringIO())
    finally:
        connections.close_all()
