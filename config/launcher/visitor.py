"""A visitor without a browser: keeps cookies, reads the forms of a page and sends them back as a browser would."""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any

PATIENCE_SECONDS = 30.0
Attributes = list[tuple[str, str | None]]
UNSENT_KINDS = ("submit", "button", "image", "reset", "file")


class Form:
    """One form of a page: where it goes, and what it would send as it stands."""

    def __init__(self, action: str, method: str) -> None:
        self.action = action
        self.method = method.lower()
        self.values: dict[str, list[str]] = {}
        self.choices: dict[str, list[tuple[str, str]]] = {}  # value and text of each option of a select
        self.names: list[str] = []
        self.buttons: list[tuple[str, str]] = []  # name and value of what sends the form
        self.required: set[str] = set()


class PageReader(HTMLParser):
    """Collects the forms of a page and every element that carries a ``data-`` attribute or an id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.marked: list[dict[str, str]] = []
        self._form: Form | None = None
        self._select = ""
        self._textarea = ""
        self._option: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Take note of forms, their fields, and marked elements."""
        told = {name: value or "" for name, value in attrs}
        if any(name.startswith("data-") or name == "id" for name in told):
            self.marked.append({"tag": tag, **told})
        if tag == "form":
            self._form = Form(told.get("action", ""), told.get("method", "get"))
            self.forms.append(self._form)
        elif self._form is not None:
            self._take_field(self._form, tag, told)

    def _take_field(self, form: Form, tag: str, told: Mapping[str, str]) -> None:
        name = told.get("name", "")
        if tag in ("input", "select", "textarea") and name:
            form.names.append(name)
            if "required" in told:
                form.required.add(name)
        if name and (tag == "button" or told.get("type") == "submit"):
            form.buttons.append((name, told.get("value", "")))
        elif tag == "input" and name and told.get("type", "text") not in UNSENT_KINDS:
            if told.get("type") not in ("checkbox", "radio"):
                form.values.setdefault(name, []).append(told.get("value", ""))
            else:
                form.choices.setdefault(name, []).append((told.get("value", "on"), ""))
                if "checked" in told:
                    form.values.setdefault(name, []).append(told.get("value", "on"))
        elif tag == "select":
            self._select = name
            form.choices[name] = []
        elif tag == "textarea":
            self._textarea = name
            form.values[name] = [""]
        elif tag == "option" and self._select:
            self._option = told.get("value", "")
            form.choices[self._select].append((self._option, ""))
            if "selected" in told:
                form.values.setdefault(self._select, []).append(self._option)

    def handle_endtag(self, tag: str) -> None:
        """Leave the form or field that ends here."""
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""
        elif tag == "option":
            self._option = None

    def handle_data(self, data: str) -> None:
        """Take the text of a text area or an option."""
        if self._form is None:
            return
        if self._textarea:
            self._form.values[self._textarea][0] += data
        elif self._option is not None and self._select:
            value, text = self._form.choices[self._select][-1]
            self._form.choices[self._select][-1] = (value, text + data.strip())


class Page:
    """What came back: final address, status and text."""

    def __init__(self, url: str, status: int, text: str) -> None:
        self.url = url
        self.status = status
        self.text = text
        self.reader = PageReader(text) if "<html" in text[:2000].lower() else None

    @property
    def path(self) -> str:
        """Path of the address that answered in the end."""
        return urllib.parse.urlsplit(self.url).path

    def form_with(self, *names: str) -> Form | None:
        """The first form that has all the fields ``names``."""
        forms = self.reader.forms if self.reader else []
        return next((form for form in forms if set(names) <= set(form.names)), None)

    def marks(self, name: str) -> list[str]:
        """Values of one attribute in the order of the page."""
        return [told[name] for told in (self.reader.marked if self.reader else []) if name in told]


class Visitor:
    """Goes from page to page at one address, straight, whatever proxy the machine uses."""

    def __init__(self, root: str) -> None:
        self.root = root
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)

    def get(self, path: str, **headers: str) -> Page:
        """Open a page, following redirects."""
        return self._open(urllib.request.Request(urllib.parse.urljoin(self.root, path), headers=headers))

    def send(self, page: Page, form: Form, changes: Mapping[str, str | Sequence[str]]) -> Page:
        """Send a form of ``page`` with some values changed, following redirects."""
        values = {**form.values, **{name: [v] if isinstance(v, str) else list(v) for name, v in changes.items()}}
        body = urllib.parse.urlencode(values, doseq=True)
        target = urllib.parse.urljoin(page.url, form.action or page.url)
        if form.method == "get":
            return self.get(f"{target.partition('?')[0]}?{body}")
        request = urllib.request.Request(target, data=body.encode(), headers={"Referer": page.url}, method="POST")
        return self._open(request)

    def post(self, path: str, values: Mapping[str, str], **headers: str) -> Page:
        """Post plain fields to an address that has no page, as a program does."""
        body = urllib.parse.urlencode(values).encode()
        return self._open(urllib.request.Request(urllib.parse.urljoin(self.root, path), data=body, headers=headers))

    def _open(self, request: urllib.request.Request) -> Page:
        try:
            with self._opener.open(request, timeout=PATIENCE_SECONDS) as answer:
                return Page(answer.url, answer.status, answer.read().decode("utf-8", "replace"))
        except urllib.error.HTTPError as error:
            return Page(error.url or request.full_url, error.code, error.read().decode("utf-8", "replace"))


def answer_data(page: Page) -> Any:
    """The data of a JSON answer."""
    return json.loads(page.text)
