"""Files that prove a certificate: known by their first bytes, never by their name."""

import hashlib
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from common.errors import Invalid
from common.models import random_key
from common.reasons import Reason

MOST_MEGABYTES = 5
BYTES_PER_MEGABYTE = 1024 * 1024
KINDS = {
    b"%PDF-": ("pdf", "application/pdf"),
    b"\x89PNG\r\n\x1a\n": ("png", "image/png"),
    b"\xff\xd8\xff": ("jpg", "image/jpeg"),
}
"""The first bytes of each kind of file that is taken, its ending and its media type."""


@dataclass(frozen=True)
class Evidence:
    """A file that passed, under a name of our own, with the SHA-256 of its bytes."""

    file: ContentFile[bytes]
    digest: str


def take_evidence(upload: UploadedFile, field: str = "evidence") -> Evidence:
    """Read an upload; Invalid (file_large, file_kind) unless it is a PDF, PNG or JPEG of at most five megabytes."""
    if (upload.size or 0) > MOST_MEGABYTES * BYTES_PER_MEGABYTE:
        raise Invalid({field: Reason.REFUSAL_FILE_LARGE}, {field: {"limit": MOST_MEGABYTES}})
    content = upload.read(MOST_MEGABYTES * BYTES_PER_MEGABYTE + 1)
    if len(content) > MOST_MEGABYTES * BYTES_PER_MEGABYTE:
        raise Invalid({field: Reason.REFUSAL_FILE_LARGE}, {field: {"limit": MOST_MEGABYTES}})
    for beginning, (ending, _media_type) in KINDS.items():
        if content.startswith(beginning):
            file = ContentFile(content, name=f"{random_key().lower()}.{ending}")
            return Evidence(file, hashlib.sha256(content).hexdigest())
    raise Invalid({field: Reason.REFUSAL_FILE_KIND}, {field: {"kinds": "PDF, PNG, JPEG"}})


def media_type_of(name: str) -> str:
    """The media type under which a kept file is sent; anything unforeseen goes out as plain bytes."""
    ending = name.rsplit(".", 1)[-1]
    return dict(KINDS.values()).get(ending, "application/octet-stream")
