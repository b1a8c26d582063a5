"""The catalogue file: where it lies, how it is compiled, and what is wrong with it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import polib

LANGUAGE_FOLDER = Path("locale", "zh_Hans", "LC_MESSAGES")
# %(name)s and %s of Python, {name} of str.format; a doubled sign is a plain one.
PLACEHOLDER = re.compile(r"%(?:\((?P<named>\w+)\))?[sd](?!\w)|\{(?P<braced>\w*)\}", re.ASCII)
"""ASCII, since Chinese follows a placeholder without a blank and its characters count as letters otherwise."""


def catalogue_path(root: Path) -> Path:
    """The one file that translators edit."""
    return root / LANGUAGE_FOLDER / "django.po"


def key_of(entry: polib.POEntry) -> tuple[str | None, str, str]:
    """What makes two entries one message: context, text, plural text (empty without a plural)."""
    return entry.msgctxt, entry.msgid, entry.msgid_plural or ""


def translated_texts(entry: polib.POEntry) -> list[str]:
    """The Chinese of an entry; Chinese has one plural form, so there is one text either way."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def compile_catalogue(root: Path) -> bool:
    """Write ``django.mo`` beside the catalogue unless it is newer already; whether it was written."""
    source = catalogue_path(root)
    target = source.with_suffix(".mo")
    if not source.exists() or (target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns):
        return False
    draft = target.with_suffix(".mo.new")
    polib.pofile(str(source)).save_as_mofile(str(draft))
    draft.replace(target)
    return True


def catalogue_faults(entries: Sequence[polib.POEntry], wanted: Sequence[polib.POEntry]) -> Iterator[str]:
    """One sentence for each message that is missing, empty, fuzzy, unused, double, or loses a placeholder.

    ``entries`` stand in the catalogue, ``wanted`` were found in the sources.
    """
    held = {key_of(entry): entry for entry in entries if not entry.obsolete}
    asked = {key_of(entry): entry for entry in wanted}
    for key, entry in asked.items():
        if key not in held:
            yield f"missing: {entry.msgid!r} ({places(entry)})"
    for key, entry in held.items():
        if key not in asked:
            yield f"unused: {entry.msgid!r}"
            continue
        texts = translated_texts(entry)
        if not texts or not all(text.strip() for text in texts):
            yield f"empty: {entry.msgid!r} ({places(asked[key])})"
        elif entry.fuzzy:
            yield f"fuzzy: {entry.msgid!r}"
        else:
            yield from (f"placeholders differ: {entry.msgid!r}" for text in texts if loses_placeholder(entry, text))
    counts = Counter(key_of(entry) for entry in entries if not entry.obsolete)
    yield from (f"double: {key[1]!r}" for key, count in counts.items() if count > 1)
    yield from (f"obsolete: {entry.msgid!r}" for entry in entries if entry.obsolete)


def loses_placeholder(entry: polib.POEntry, text: str) -> bool:
    """Whether ``text`` fills in other facts than the English does; of a plural, the plural English counts."""
    return placeholders(entry.msgid_plural or entry.msgid) != placeholders(text)


def placeholders(text: str) -> Counter[str]:
    """How often each fact is filled into ``text``."""
    return Counter(found.group() for found in PLACEHOLDER.finditer(text.replace("%%", "")))


def places(entry: polib.POEntry) -> str:
    """Files in which a message stands."""
    return ", ".join(path for path, _ in entry.occurrences)
