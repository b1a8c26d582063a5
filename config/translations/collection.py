"""Finds every message in our Python files and templates, and brings the catalogue up to date with them.

Babel reads the Python syntax; templates are first turned into Python-like text by Django itself. Needs the development
packages.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

from config.translations.catalogue import catalogue_path, key_of

SOURCES = ("config", "web", "api", "matchmaking", "accounts", "reference", "common")
TEMPLATES = ("templates",)
TEMPLATE_ENDINGS = (".html", ".txt")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = {
    "Project-Id-Version": "Chuanyu Match",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


def messages_in_sources(root: Path) -> list[polib.POEntry]:
    """Every message that our sources ask for, untranslated, sorted; occurrences are files without line numbers."""
    found: dict[tuple[str | None, str, str], polib.POEntry] = {}
    for path, text in texts_to_read(root):
        for message, context in messages_in(text):
            singular, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
            fresh = polib.POEntry(msgid=singular, msgid_plural=plural, msgctxt=context)
            if plural:
                fresh.msgstr_plural = {0: ""}
            entry = found.setdefault(key_of(fresh), fresh)
            if (path, "") not in entry.occurrences:
                entry.occurrences.append((path, ""))
    return [found[key] for key in sorted(found, key=lambda key: (key[1], key[0] or "", key[2]))]


def texts_to_read(root: Path) -> Iterator[tuple[str, str]]:
    """Path below ``root`` and Python or Python-like text of each file that may hold messages."""
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
    for path in sorted(template_files(root)):
        name = path.relative_to(root).as_posix()
        yield name, templatize(path.read_text(encoding="utf-8"), origin=name)


def template_files(root: Path) -> Iterator[Path]:
    """Our own templates: those of the project and those inside its apps."""
    folders = [root / name for name in TEMPLATES]
    folders += [folder for name in SOURCES for folder in (root / name).rglob("templates") if folder.is_dir()]
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.suffix in TEMPLATE_ENDINGS)


def messages_in(text: str) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Message (a pair for a plural) and context of each call in ``text``; calls on variables hold none."""
    for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
        if message and (isinstance(message, str) or all(message)):
            yield message, context


def update_catalogue(root: Path) -> tuple[int, int, int]:
    """Add new messages to the catalogue, empty, and drop the unused; numbers of messages held, added and dropped.

    Translations that stand there are kept; the order is that of the English texts, so that changes read well.
    """
    path = catalogue_path(root)
    held = {key_of(entry): entry for entry in polib.pofile(str(path)) if not entry.obsolete} if path.exists() else {}
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = dict(HEADER)
    wanted = messages_in_sources(root)
    for entry in wanted:
        known = held.get(key_of(entry))
        if known is not None:
            entry.msgstr, entry.msgstr_plural = known.msgstr, known.msgstr_plural
            entry.flags, entry.tcomment = known.flags, known.tcomment
        fresh.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(path))
    keys = {key_of(entry) for entry in wanted}
    return len(keys), len(keys - held.keys()), len(held.keys() - keys)
