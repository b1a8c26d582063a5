"""What others upload: taken up to a size, and read in a child process, which no file that is made to harm leaves."""

import json
import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from common.errors import Invalid
from common.reasons import Reason

SECONDS = 30
MEGABYTE = 1024 * 1024


def read_bounded(upload: UploadedFile, field: str, megabytes: int) -> bytes:
    """The bytes of an upload; Invalid (file_large) above so many ``megabytes``, whatever it says of its size."""
    limit = megabytes * MEGABYTE
    content = b"" if (upload.size or 0) > limit else upload.read(limit + 1)
    if (upload.size or 0) > limit or len(content) > limit:
        raise Invalid({field: Reason.REFUSAL_FILE_LARGE}, {field: {"limit": megabytes}})
    return content


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


def checked_apart(content: bytes, field: str) -> tuple[dict[str, Any], bytes]:
    """What ``common.drawing`` tells of a file (kind, pages), and an image encoded anew, empty for others; Invalid
    (file_unreadable) where it cannot be read.
    """
    answer = read_apart(content, "check")
    if answer is None:
        raise Invalid({field: Reason.REFUSAL_FILE_UNREADABLE})
    head, _line, clean = answer.partition(b"\n")
    return json.loads(head), clean
