"""What is taken in and what is not, whatever its name says; names; pages that are marked."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from common import uploads
from common.errors import Invalid
from common.reasons import Reason
from common.uploads import MEGABYTE
from matchmaking.talks.services.contents import MOST_MEGABYTES, marked, plain_file_name, take_file
from tests.factories.talks import drawn, pages, upload

SCRIPT = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("content", "kind", "count"),
    [
        (drawn("PDF"), "pdf", 1),
        (pages(3), "pdf", 3),
        (drawn("PNG"), "png", 1),
        (drawn("JPEG"), "jpeg", 1),
        (drawn("WEBP"), "webp", 1),
    ],
)
def test_the_content_says_what_a_file_is(content, kind, count):
    taken = take_file(upload(content, "x.exe"))
    assert (taken.kind, taken.page_count) == (kind, count)
    assert taken.size_bytes == len(taken.content)
    assert not taken.name.endswith(".exe")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.REFUSAL_FILE_KIND),
        (SCRIPT, Reason.REFUSAL_FILE_KIND),
        (SVG, Reason.REFUSAL_FILE_KIND),
        (b"MZ\x90\x00" + bytes(500), Reason.REFUSAL_FILE_KIND),
        (b"PK\x03\x04" + bytes(500), Reason.REFUSAL_FILE_KIND),
        (b"GIF89a" + bytes(500), Reason.REFUSAL_FILE_KIND),
        (b"%PDF-1.7", Reason.REFUSAL_FILE_UNREADABLE),
        (b"%PDF-1.7\n" + SCRIPT * 20, Reason.REFUSAL_FILE_UNREADABLE),
        (PNG, Reason.REFUSAL_FILE_UNREADABLE),
        (PNG + SCRIPT, Reason.REFUSAL_FILE_UNREADABLE),
        (drawn("PNG")[:60], Reason.REFUSAL_FILE_UNREADABLE),
        (b"\xff\xd8\xff" + bytes(200), Reason.REFUSAL_FILE_UNREADABLE),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", Reason.REFUSAL_FILE_UNREADABLE),
        (pages(301), Reason.REFUSAL_FILE_UNREADABLE),
    ],
)
def test_everything_else_is_refused(content, reason):
    with pytest.raises(Invalid) as refusal:
        take_file(upload(content, "drawing.pdf"))
    assert refusal.value.fields == {"upload": reason}


def test_no_file_and_one_too_large_are_refused_before_they_are_read():
    with pytest.raises(Invalid) as refusal:
        take_file(None)
    assert refusal.value.fields == {"upload": Reason.REFUSAL_REQUIRED}
    with pytest.raises(Invalid) as refusal:
        take_file(SimpleUploadedFile("x.pdf", b"%PDF-" + bytes(MOST_MEGABYTES * MEGABYTE)))
    assert refusal.value.fields == {"upload": Reason.REFUSAL_FILE_LARGE}


def test_an_image_of_many_pixels_in_few_bytes_is_refused():
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    with pytest.raises(Invalid) as refusal:
        take_file(upload(out.getvalue(), "x.png"))
    assert refusal.value.fields == {"upload": Reason.REFUSAL_FILE_UNREADABLE}


def test_what_hides_behind_or_in_an_image_is_not_kept():
    exif = Image.Exif()
    exif[0x010E] = "CANARY-EXIF"
    for content in (drawn("PNG") + SCRIPT, drawn("JPEG", exif=exif) + SCRIPT):
        kept = take_file(upload(content)).content.read()
        assert [part for part in (SCRIPT, b"CANARY-EXIF") if part in kept] == []


def test_a_process_that_does_not_end_is_given_up(monkeypatch):
    monkeypatch.setattr(uploads, "SECONDS", 0.001)
    with pytest.raises(Invalid) as refusal:
        take_file(upload())
    assert refusal.value.fields == {"upload": Reason.REFUSAL_FILE_UNREADABLE}


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("图纸 C 版.pdf", "图纸 C 版.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\temp\\a.exe", "a.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a b Set-Cookie x.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("x" * 500, "x" * 116 + ".pdf"),
    ],
)
def test_names_are_made_harmless(name, plain):
    assert plain_file_name(name, "pdf") == plain


def test_a_mark_changes_the_page_and_differs_by_reader():
    page = drawn("PNG", (600, 400))
    one, other = marked(page, "a@example.com"), marked(page, "示例@example.com")
    assert len({one, other, marked(page, "")}) == 3
    assert Image.open(io.BytesIO(one)).size == (600, 400)
    assert len(Image.open(io.BytesIO(one)).convert("L").getcolors()) > 5
