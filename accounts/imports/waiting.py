"""Files that were rehearsed and wait for a yes, each known to the session that brought it alone."""

import secrets
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.imports.reading import Sheetful
from accounts.imports.sheets import Outcome

KEPT = timedelta(hours=6)
FOLDER = "imports"
Session = MutableMapping[str, Any]


@dataclass(frozen=True)
class Brought:
    """A rehearsed file that waits for a yes: its bytes, and the numbers of the rows that are left out."""

    token: str
    content: bytes
    left_out: list[int]


def keep(session: Session, listed: str, content: bytes, left_out: Iterable[int]) -> str:
    """Keep a file that was brought to ``listed`` and take away those that waited too long; its name in addresses."""
    sweep()
    token = secrets.token_urlsafe(16)
    default_storage.save(f"{FOLDER}/{token}", ContentFile(content))
    session[FOLDER] = {**session.get(FOLDER, {}), token: {"list": listed, "left_out": sorted(left_out)}}
    return token


def mark_taken(session: Session, token: str, listed: str) -> None:
    """Let a file that was written wait on under another list, for its rejected rows; it is not written again."""
    waiting = session.get(FOLDER, {})
    session[FOLDER] = {**waiting, token: {**waiting[token], "list": listed}}


def brought(session: Session, listed: str, token: str) -> Brought | None:
    """The file that this session brought to ``listed`` under ``token``; None for any other, and after ``KEPT``."""
    waiting = session.get(FOLDER, {}).get(token)
    if waiting is None or waiting["list"] != listed:
        return None
    try:
        with default_storage.open(f"{FOLDER}/{token}") as file:
            return Brought(token, file.read(), waiting["left_out"])
    except FileNotFoundError:
        return None


def forget(session: Session, token: str) -> None:
    """Take away a file that was written."""
    session[FOLDER] = {name: told for name, told in session.get(FOLDER, {}).items() if name != token}
    default_storage.delete(f"{FOLDER}/{token}")


def sweep() -> None:
    """Take away files that nobody said yes to in time."""
    if not default_storage.exists(FOLDER):
        return
    for name in default_storage.listdir(FOLDER)[1]:
        if default_storage.get_modified_time(f"{FOLDER}/{name}") < timezone.now() - KEPT:
            default_storage.delete(f"{FOLDER}/{name}")


def rejected_rows(file: Sheetful, outcome: Outcome) -> list[list[Any]]:
    """The cells of each row with a problem, its number, and all that is wrong with it."""
    reasons: dict[int, list[str]] = {}
    for problem in outcome.problems:
        where = f"{problem.column}: " if problem.column else ""
        reasons.setdefault(problem.row, []).append(f"{where}{problem.reason} {problem.way_out}".strip())
    return [
        [*cells, *[""] * (len(file.head) - len(cells)), number, " / ".join(reasons[number])]
        for number, cells in file.rows
        if number in reasons
    ]
