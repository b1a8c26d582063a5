"""Uploads: no larger than allowed whatever they say, and read in a process of their own."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from common.errors import Invalid
from common.reasons import Reason
from common.uploads import MEGABYTE, checked_apart, read_bounded


def drawn(kind="PNG", size=(40, 30)):
    """An image as bytes."""
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


def upload(content):
    return SimpleUploadedFile("sample.png", content)


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_refused():
    whole = b"x" * MEGABYTE
    assert read_bounded(upload(whole), "file", 1) == whole

    with pytest.raises(Invalid) as refused:
        read_bounded(upload(whole + b"x"), "file", 1)

    assert (refused.value.fields, refused.value.facts) == ({"file": Reason.REFUSAL_FILE_LARGE}, {"file": {"limit": 1}})


def test_a_file_that_says_it_is_smaller_than_it_is_is_refused():
    lying = upload(b"x" * (MEGABYTE + 1))
    lying.size = 10

    with pytest.raises(Invalid):
        read_bounded(lying, "file", 1)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_an_image_is_encoded_anew_so_that_nothing_rides_on_it(kind):
    hidden = drawn(kind) + b"<script>sample</script>"

    told, clean = checked_apart(hidden, "file")

    assert told["kind"]
    assert b"<script>" not in clean
    assert Image.open(io.BytesIO(clean)).size == (40, 30)


@pytest.mark.parametrize("content", [b"", b"no image at all", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, b"%PDF-1.7 broken"])
def test_what_cannot_be_read_is_refused_at_its_field(content):
    with pytest.raises(Invalid) as refused:
        checked_apart(content, "photo")

    assert refused.value.fields == {"photo": Reason.REFUSAL_FILE_UNREADABLE}
