"""A child process that reads what firms upload, so that no file that is made to harm reaches the web process.

``python -m common.drawing check`` reads a file from standard input and answers with a line of JSON
(kind, pages) and, for an image, its pixels encoded anew without whatever else was in the file. ``page N`` answers with
page N as PNG. Exit status 1 for what cannot be read. Knows no Django and no database; limits its own time and memory.
"""

import io
import json
import sys
from collections.abc import Sequence

import pypdfium2
from PIL import Image, ImageOps

if sys.platform != "win32":
    import resource

MOST_PIXELS = 40_000_000
MOST_PAGES = 300
LONGEST_EDGE = 1800
"""Pixels of the longer edge of a page: an A4 drawing at about 150 dots an inch."""
MOST_SECONDS, MOST_MEMORY = 20, 1536 * 1024 * 1024
FORMATS = {"PNG": "png", "JPEG": "jpeg", "WEBP": "webp"}
PDF_MARK = b"%PDF-"
REASONS = (OSError, ValueError, pypdfium2.PdfiumError, Image.DecompressionBombError, SyntaxError, MemoryError)


def limit_this_process() -> None:
    """Bound processor seconds and memory of this process; there is no such thing on Windows."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def opened_image(content: bytes) -> Image.Image:
    """The image, turned as its camera says; ValueError above ``MOST_PIXELS``, which are counted before it is read."""
    image = Image.open(io.BytesIO(content), formats=tuple(FORMATS))
    if image.width * image.height > MOST_PIXELS:
        raise ValueError("too many pixels")
    image.load()
    return ImageOps.exif_transpose(image) or image


def opened_pdf(content: bytes) -> pypdfium2.PdfDocument:
    """The document; ValueError with no page or more than ``MOST_PAGES``, PdfiumError where it is locked or broken."""
    document = pypdfium2.PdfDocument(content)
    if not 0 < len(document) <= MOST_PAGES:
        raise ValueError("pages")
    return document


def checked(content: bytes) -> tuple[dict[str, object], bytes]:
    """Kind and pages of a file, and an image encoded anew."""
    if content.startswith(PDF_MARK):
        document = opened_pdf(content)
        drawn(content, 1)
        return {"kind": "pdf", "pages": len(document)}, b""
    form = Image.open(io.BytesIO(content), formats=tuple(FORMATS)).format or ""
    image, out = opened_image(content), io.BytesIO()
    if form == "JPEG" and image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    image.info.clear()
    image.save(out, form, **({"quality": 92} if form in ("JPEG", "WEBP") else {}))
    return {"kind": FORMATS[form], "pages": 1}, out.getvalue()


def drawn(content: bytes, number: int) -> bytes:
    """Page ``number``, counted from 1, as PNG on white."""
    if content.startswith(PDF_MARK):
        page = opened_pdf(content)[number - 1]
        scale = LONGEST_EDGE / max(*page.get_size(), 1)
        image = page.render(scale=scale).to_pil()
    else:
        image = opened_image(content)
        image.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    flat = Image.new("RGB", image.size, "white")
    shown = image.convert("RGBA")
    flat.paste(shown, mask=shown.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "PNG")
    return out.getvalue()


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say; 1 where the file cannot be read."""
    limit_this_process()
    content = sys.stdin.buffer.read()
    try:
        if arguments[0] == "page":
            sys.stdout.buffer.write(drawn(content, int(arguments[1])))
        else:
            told, clean = checked(content)
            sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + clean)
    except REASONS:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
