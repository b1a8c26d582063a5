"""Pages for what cannot be answered keep the frame and say what to do."""

import pytest

from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("prefix", "words"), [("", "一次提交的内容太大"), ("/en", "This is too much at once")])
def test_a_form_of_ten_megabytes_is_refused_with_413(signed_in, prefix, words):
    answer = signed_in(MembershipFactory().user).post(f"{prefix}/needs/new/", {"text": "a" * 10_000_000})

    # A multipart form: files may be larger, texts may not.
    assert answer.status_code == 413
    assert words in answer.content.decode()


def test_an_unknown_address_keeps_the_frame(client):
    answer = client.get("/no/such/page/")

    assert answer.status_code == 404
    assert b'class="app-bar"' in answer.content
