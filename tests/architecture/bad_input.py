"""Forms as they stand on a page, and bad values for their fields: how every form of the site is filled wrongly."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

SCRIPT = "<script>alert(7)</script>"
QUOTED = '"><svg onload=alert(7)>'
BAD = {
    "empty": "",
    "long": "很" * 20_000,
    "script": SCRIPT,
    "quoted": QUOTED,
    "control": "\x01\x1b[31m\u202e\ud7ff\ufffe\r\n\x7f",
    "negative": "-1",
    "absurd": "9" * 40,
    "exponent": "1e400",
    "NaN": "NaN",
    "infinite": "-Infinity",
    "unknown": "NO_SUCH.CODE",
    "foreign": "999999999999",
    "key": "00000000-0000-0000-0000-000000000000",
    "no day": "2026-02-30",
    "far day": "9999-12-31T23:59",
    "first day": "0001-01-01",
    "wide digits": "１２３４",
}
"""One value for all fields of a form at once, by what is wrong with it."""
FIELDS_OF_DAYS = ("start", "end", "from", "until", "to", "_on", "_at", "day", "date", "due")
LEFT_ALONE = ("csrfmiddlewaretoken", "next")
NO_VALUES = ("submit", "button", "image", "reset")


@dataclass
class Field:
    """One field: how it is typed, what stands in it, and what it offers."""

    kind: str
    value: str = ""


@dataclass
class Form:
    """A form that is posted: where to, and its fields; ``buttons`` are those that send a name along."""

    action: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled_with(self, bad: str) -> dict[str, str]:
        """Every field holds ``bad``; hidden ones too, since anybody can change them."""
        return {name: bad for name in self.fields if name not in LEFT_ALONE} | dict(self.buttons[-1:])

    def kept(self) -> dict[str, str]:
        """As the page gave it."""
        return {name: one.value for name, one in self.fields.items()} | dict(self.buttons[-1:])

    def free_fields(self, bad: str) -> dict[str, str]:
        """What is typed holds ``bad``; what is chosen or hidden stays, so that a form gets past its codes."""
        typed = {name: bad for name, one in self.fields.items() if one.kind in ("text", "textarea", "number", "search")}
        return self.kept() | typed

    def reversed_windows(self) -> dict[str, str]:
        """Days that end before they begin, by their order in the form; all else as the page gave it."""
        days = [name for name in self.fields if name.rpartition("-")[2].endswith(FIELDS_OF_DAYS)]
        return self.kept() | {name: f"{2040 - place}-01-01" for place, name in enumerate(days)}

    def ways(self) -> Iterator[tuple[str, dict[str, str]]]:
        """What is sent, by what is wrong with it."""
        for wrong, bad in BAD.items():
            yield wrong, self.filled_with(bad)
        for wrong in ("script", "long", "absurd", "NaN", "control"):
            yield f"{wrong} where one types", self.free_fields(BAD[wrong])
        yield "reversed", self.reversed_windows()
        yield "nothing", {}


class Forms(HTMLParser):
    """Collects the forms of a page that are posted."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Forms open; fields and buttons belong to the open one."""
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_posted = told.get("method", "get").lower() == "post"
            self._open = Form(told.get("action", "")) if is_posted else None
            self.found += [self._open] if self._open else []
        form, name = self._open, told.get("name", "")
        if form is None:
            return
        if tag == "option" and self._select and ("selected" in told or not form.fields[self._select].value):
            form.fields[self._select].value = told.get("value", "")
        if not name:
            return
        kind = told.get("type", "text") if tag == "input" else tag
        if tag == "button" or kind in NO_VALUES:
            form.buttons.append((name, told.get("value", "")))
        elif tag in ("input", "select", "textarea") and kind != "file":
            is_chosen = kind not in ("radio", "checkbox") or "checked" in told or name not in form.fields
            if is_chosen:
                form.fields[name] = Field(kind, told.get("value", ""))
            self._select = name if tag == "select" else ""

    def handle_endtag(self, tag: str) -> None:
        """Forms and lists close."""
        if tag == "form":
            self._open = None
        if tag == "select":
            self._select = ""
