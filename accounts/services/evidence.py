"""Files that prove a certificate, and photos of machines: known by their first bytes, never by their name."""

import hashlib
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from common.errors import Invalid
from common.models import random_key
from common.reasons import Reason
from common.uploads import checked_apart, read_bounded

MOST_MEGABYTES = 5
KINDS = {
    b"%PDF-": ("pdf", "application/pdf"),
    b"\x89PNG\r\n\x1a\n": ("png", "image/png"),
    b"\xff\xd8\xff": ("jpg", "image/jpeg"),
}
"""The first bytes of each kind of file that is taken, its ending and its media type."""
PHOTOS, ENDINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"), {"png": "png", "jpeg": "jpg"}
"""The first bytes of photos, and their endings by kind."""


@dataclass(frozen=True)
class Evidence:
    """A file that passed, under a name of our own, with the SHA-256 of its bytes."""

    file: ContentFile[bytes]
    digest: str


def take_evidence(upload: UploadedFile, field: str = "evidence") -> Evidence:
    """Read an upload; Invalid (file_large, file_kind) unless it is a PDF, PNG or JPEG of at most five megabytes."""
    content = read_bounded(upload, field, MOST_MEGABYTES)
    for beginning, (ending, _media_type) in KINDS.items():
        if content.startswith(beginning):
            return _kept(content, ending)
    raise Invalid({field: Reason.REFUSAL_FILE_KIND}, {field: {"kinds": "PDF, PNG, JPEG"}})


def take_photo(upload: UploadedFile, field: str = "photo") -> Evidence:
    """Read a photo; it is encoded anew, so that neither place nor device of the camera is kept.

    Invalid (file_large, file_kind, file_unreadable) unless it is a sound PNG or JPEG of at most five megabytes.
    """
    content = read_bounded(upload, field, MOST_MEGABYTES)
    if not content.startswith(PHOTOS):
        raise Invalid({field: Reason.REFUSAL_FILE_KIND}, {field: {"kinds": "PNG, JPEG"}})
    told, clean = checked_apart(content, field)
    return _kept(clean, ENDINGS[told["kind"]])


def _kept(content: bytes, ending: str) -> Evidence:
    file = ContentFile(content, name=f"{random_key().lower()}.{ending}")
    return Evidence(file, hashlib.sha256(content).hexdigest())


def media_type_of(name: str) -> str:
    """The media type under which a kept file is sent; anything unforeseen goes out as plain bytes."""
    ending = name.rsplit(".", 1)[-1]
    return dict(KINDS.values()).get(ending, "application/octet-stream")
