"""What others upload is read in a child process, so that no file that is made to harm reaches this one."""

import os
import subprocess
import sys

from django.conf import settings

SECONDS = 30


def read_apart(content: bytes, *arguments: str) -> bytes | None:
    """What ``common.drawing`` answers about a file; None where it cannot read it, or takes too long over it."""
    command = [sys.executable, "-m", "common.drawing", *arguments]
    known = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, cwd=settings.BASE_DIR, env=known, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None
