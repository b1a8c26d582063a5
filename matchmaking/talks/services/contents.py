"""Contents of files: taken in after a check by what they hold, kept, and shown as pages marked with who looks when."""

import hashlib
import io
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from common.errors import Invalid
from common.models import random_key
from common.reasons import Reason
from common.uploads import checked_apart, read_apart, read_bounded
from common.values import normalise_text
from matchmaking.talks.choices import FileKind
from matchmaking.talks.models import SharedFile

MOST_MEGABYTES = 20
BEGINNINGS = (b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
"""What a file that is worth a closer look begins with."""
LONGEST_NAME = 120
UNFIT = re.compile(r"[\\/:*?\"<>|\s]+")
"""What some system does not take in the name of a file."""
ENDINGS = {FileKind.PDF: "pdf", FileKind.PNG: "png", FileKind.JPEG: "jpg", FileKind.WEBP: "webp"}
MARK_SIZE, MARK_COLOUR, MARK_TURN = 22, (110, 110, 110, 84), 28
"""Height in pixels, colour with its opacity, and slope in degrees of the mark across a page."""
QUALITY = 82


@dataclass(frozen=True)
class Taken:
    """A file that passed: its bytes as they are kept, and what they are."""

    content: ContentFile[bytes]
    name: str
    kind: FileKind
    page_count: int
    size_bytes: int
    digest: str


def take_file(upload: UploadedFile | None, field: str = "upload") -> Taken:
    """Read an upload in a process of its own; images are encoded anew, so that nothing else of them is kept.

    Invalid (required, file_large, file_kind, file_unreadable) unless it is a sound PDF, PNG, JPEG or WebP of at most
    ``MOST_MEGABYTES``, whatever its name says.
    """
    if upload is None:
        raise Invalid({field: Reason.REFUSAL_REQUIRED})
    content = read_bounded(upload, field, MOST_MEGABYTES)
    if not content.startswith(BEGINNINGS):
        raise Invalid({field: Reason.REFUSAL_FILE_KIND}, {field: {"kinds": "PDF, PNG, JPEG, WebP"}})
    told, clean = checked_apart(content, field)
    kind, kept = FileKind(told["kind"]), clean or content
    return Taken(
        content=ContentFile(kept, name=f"{random_key().lower()}.{ENDINGS[kind]}"),
        name=plain_file_name(upload.name or "", ENDINGS[kind]),
        kind=kind,
        page_count=int(told["pages"]),
        size_bytes=len(kept),
        digest=hashlib.sha256(kept).hexdigest(),
    )


def plain_file_name(name: str, ending: str) -> str:
    """The last part of a path without what harms in a name, with the ending that its content has."""
    last = re.split(r"[\\/]", normalise_text(name))[-1]
    stem = last.rpartition(".")[0] or last
    plain = UNFIT.sub(" ", unicodedata.normalize("NFC", stem)).strip(" .")
    return f"{plain[: LONGEST_NAME - len(ending) - 1].strip(' .') or 'file'}.{ending}"


def page_for(*, file: SharedFile, number: int, mark: str) -> bytes:
    """Page ``number`` of ``file`` as JPEG, ``mark`` written all over it.

    The bare page is drawn once and kept beside the files. Invalid (file_unreadable) where it cannot be drawn.
    """
    place = f"talks/pages/{file.digest}/{number}.png"
    if not default_storage.exists(place):
        with file.content.open("rb") as stored:
            drawn = read_apart(stored.read(), "page", str(number))
        if drawn is None:
            raise Invalid({"page": Reason.REFUSAL_FILE_UNREADABLE})
        if not default_storage.exists(place):
            default_storage.save(place, ContentFile(drawn))
    with default_storage.open(place) as kept:
        return marked(kept.read(), mark)


def marked(page: bytes, mark: str) -> bytes:
    """A page of ours with ``mark`` in rows across it; letters that its built-in font lacks are written as numbers."""
    text = f"{mark.encode('ascii', 'backslashreplace').decode()}      "
    font = ImageFont.load_default(MARK_SIZE)
    shown = Image.open(io.BytesIO(page)).convert("RGBA")
    edge = int((shown.width**2 + shown.height**2) ** 0.5)
    layer = Image.new("RGBA", (edge, edge))
    pen = ImageDraw.Draw(layer)
    row = text * (1 + edge // max(1, int(font.getlength(text))))
    for number, top in enumerate(range(0, edge, MARK_SIZE * 7)):
        pen.text((-(number % 3) * MARK_SIZE * 9, top), row, font=font, fill=MARK_COLOUR)
    turned = layer.rotate(MARK_TURN)
    left, upper = (edge - shown.width) // 2, (edge - shown.height) // 2
    shown.alpha_composite(turned.crop((left, upper, left + shown.width, upper + shown.height)))
    out = io.BytesIO()
    shown.convert("RGB").save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def mark_of(*, email: str, uscc: str, at: datetime) -> str:
    """Who looks and when, in letters that every font has: mail address, credit code of the firm, minute in China."""
    return f"{email}  {uscc}  {timezone.localtime(at):%Y-%m-%d %H:%M}"
