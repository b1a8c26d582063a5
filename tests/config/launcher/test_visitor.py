"""The visitor against a real server: cookies are kept, forms are read and sent back as a browser would."""

import http.server
import json
import threading
import urllib.parse

import pytest

from config.launcher.visitor import PageReader, Visitor, answer_data

PAGE = """<!doctype html><html><body>
<form action="/search" method="get"><input name="q" value="gear"></form>
<form action="/needs/new/" method="post">
 <input type="hidden" name="token" value="t1"><input name="title" required maxlength="10">
 <input type="checkbox" name="sample" checked><input type="checkbox" name="other" value="x">
 <input type="radio" name="rule" value="any"><input type="radio" name="rule" value="list" checked>
 <select name="unit"><option value="t">ton</option><option value="kg" selected>kilo</option></select>
 <textarea name="text">two
lines &amp; more</textarea><input type="submit" name="save" value="Save">
 <button name="act" value="publish">Post</button>
 <input type="file" name="paper">
</form><ol><li data-number="7">A</li><li data-number="3">B</li></ol></body></html>"""


class Site(http.server.BaseHTTPRequestHandler):
    """Gives the page with a cookie; tells back what was posted, with the cookie."""

    def do_GET(self) -> None:
        self._answer(PAGE, "text/html", status=404 if self.path == "/gone" else 200)

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        told = {"path": self.path, "sent": urllib.parse.parse_qs(sent), "cookie": self.headers["Cookie"]}
        if self.path == "/old":
            self.send_response(302)
            self.send_header("Location", "/new")
            self.end_headers()
            return
        self._answer(json.dumps({**told, "referer": self.headers["Referer"]}), "application/json")

    def _answer(self, text: str, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Set-Cookie", "seen=1")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args: object) -> None:
        """Stay quiet."""


@pytest.fixture
def visitor():
    """A visitor of the small site."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Visitor(f"http://127.0.0.1:{server.server_address[1]}/")
    server.shutdown()
    server.server_close()


def test_form_is_sent_with_what_stood_in_it_and_the_changes(visitor):
    page = visitor.get("/needs/")

    told = answer_data(visitor.send(page, page.form_with("title", "unit"), {"title": "Gears", "other": ["x", "y"]}))

    assert told["path"] == "/needs/new/"
    assert told["sent"] == {
        "token": ["t1"],
        "title": ["Gears"],
        "sample": ["on"],
        "other": ["x", "y"],
        "rule": ["list"],
        "unit": ["kg"],
        "text": ["two\nlines & more"],
    }
    assert told["cookie"] == "seen=1"
    assert told["referer"] == page.url


def test_form_of_method_get_goes_into_the_address(visitor):
    page = visitor.get("/needs/")

    assert visitor.send(page, page.form_with("q"), {"q": "a b"}).url.endswith("/search?q=a+b")


def test_redirect_after_a_post_is_followed_to_its_page(visitor):
    assert visitor.post("/old", {"a": "1"}).path == "/new"


def test_refused_address_is_an_answer_with_its_status(visitor):
    assert visitor.get("/gone").status == 404


def test_page_tells_marks_in_order_and_no_form_it_has_not(visitor):
    page = visitor.get("/")

    assert page.marks("data-number") == ["7", "3"]
    assert page.form_with("title", "absent") is None


def test_reader_knows_required_fields_and_choices():
    form = PageReader(PAGE).forms[1]

    assert form.required == {"title"}
    assert form.buttons == [("save", "Save"), ("act", "publish")]
    assert form.choices["unit"] == [("t", "ton"), ("kg", "kilo")]
    assert form.choices["rule"] == [("any", ""), ("list", "")]
