"""The parts of `up --check` that judge what came back; the whole of it is run by `.ci/run`."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from config.launcher.check import NEED, expect, matches_on_page, post_need, sign_in, summary
from config.launcher.visitor import Page, Visitor
from config.launcher.words import Stopped
from web.forms.postings import PostingForm

MATCHES = """<html><body><section id="matches"><h2 id="matches-h">Suggested</h2>
<article id="match-B7"><a id="match-h-B7">b</a></article><article id="match-A3"></article>
<section><h3 id="near-h">Almost</h3><article id="match-C9"></article></section></body></html>"""
REFUSED = """<html><body><form method="post"><input name="login"><input name="password"></form>
<div class="error-summary" role="alert"><h2>1 thing to fix</h2><p>Wrong <b>password</b></p></div></body></html>"""


class Refusing(http.server.BaseHTTPRequestHandler):
    """A site whose forms refuse everything."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(REFUSED.encode())

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *args: object) -> None:
        """Stay quiet."""


@pytest.fixture
def refusing() -> Iterator[Visitor]:
    """A visitor of a site that refuses everything."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Visitor(f"http://127.0.0.1:{server.server_address[1]}/")
    server.shutdown()
    server.server_close()


def test_matches_on_a_page_are_read_in_order_without_near_misses():
    assert matches_on_page(Page("http://127.0.0.1/needs/X1/", 200, MATCHES)) == ["B7", "A3"]


def test_page_of_another_status_has_no_matches_to_compare():
    with pytest.raises(Stopped) as stopped:
        matches_on_page(Page("http://127.0.0.1/needs/X1/", 404, MATCHES))

    assert "/needs/X1/ answered 404" in str(stopped.value)


def test_refused_sign_in_fails_with_the_words_of_the_page(refusing):
    with pytest.raises(Stopped) as stopped:
        sign_in(refusing, {"address": "a@example.com", "password": "wrong"})

    assert stopped.value.facts["reason"] == "/accounts/login/ answered 200: 1 thing to fix Wrong password"


def test_page_without_the_form_of_a_need_fails(refusing):
    with pytest.raises(Stopped) as stopped:
        post_need(refusing)

    assert "no form of a need" in str(stopped.value)


def test_need_of_the_check_names_fields_of_the_form():
    assert set(NEED) - set(PostingForm.base_fields) == set()


def test_expect_says_nothing_when_it_holds():
    expect(True, "never said")
    with pytest.raises(Stopped, match="Check failed at the step above: said"):
        expect(False, "said")


def test_summary_is_short_even_for_a_long_page():
    assert len(summary(Page("http://127.0.0.1/x/", 500, "<html>" + "<p>word</p>" * 5000))) < 450
