"""Small sound files, made here, as people upload them."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def drawn(form: str = "PNG", size: tuple[int, int] = (60, 40), colour: str = "white", **options: object) -> bytes:
    """An image of one colour in a format, PDF too."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form, **options)
    return out.getvalue()


def upload(content: bytes | None = None, name: str = "示例图纸.pdf") -> SimpleUploadedFile:
    """What a browser sends; a PDF of one page where nothing else is said."""
    return SimpleUploadedFile(name, drawn("PDF") if content is None else content, "application/octet-stream")


def pages(count: int) -> bytes:
    """A PDF of so many pages."""
    out = io.BytesIO()
    first, *rest = [Image.new("RGB", (30, 20), "white") for _ in range(count)]
    first.save(out, "PDF", save_all=True, append_images=rest)
    return out.getvalue()
