"""Whether matching has all that makes it fast, and what to do where it has not. It answers either way."""

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from accounts.services.changes import last_change_number
from matchmaking.engine.encoding import encoder_named
from matchmaking.engine.kernels.readiness import is_ready
from matchmaking.matching.choices import WordState
from matchmaking.matching.models import UnplacedWord
from matchmaking.matching.services.snapshots import (
    DAMAGED,
    FEW_CHANGES,
    UNFINISHED,
    WRITTEN_IN_PART,
    last_failure,
    prepare_process,
    room_and_need,
    snapshot_state,
)
from matchmaking.matching.services.vectors import waiting

NO_ROOM = {"ENOSPC", "EDQUOT", "EFBIG", WRITTEN_IN_PART}
NOT_ALLOWED = {"EACCES", "EPERM", "EROFS"}
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Condition:
    """One thing looked at: its name, how it stands, and what to do where it does not stand well."""

    name: str
    good: bool
    state: str
    remedy: str = ""


def conditions() -> list[Condition]:
    """State of the snapshot, its last build, room for the next, changes since, leftovers, compiled code, and what waits
    to be read or placed.
    """
    return [check() for check in CHECKS]


def _snapshot() -> Condition:
    state = snapshot_state()
    if state["problem"]:
        return Condition("snapshot", False, str(state["problem"]), "build_snapshot --force")
    return Condition("snapshot", True, f"{state['version']}, {state['postings']} postings")


def _last_build() -> Condition:
    failure = last_failure()
    if failure is None:
        return Condition("last build", True, "finished, or none was tried")
    number = getattr(errno, failure.cause, 0)
    meaning = f"{failure.cause} ({os.strerror(number)})" if number else failure.cause
    folder = settings.MATCH_SNAPSHOT_DIR
    if failure.cause in NO_ROOM:
        advice = f"make room on the disk of {folder}"
    elif failure.cause in NOT_ALLOWED:
        advice = f"let this account write to {folder}"
    else:
        advice = "read the log of that moment"
    told = f"failed at {failure.at:%Y-%m-%d %H:%M} UTC: {meaning}; {advice}, then build again"
    return Condition("last build", False, told, "build_snapshot --force")


def _room() -> Condition:
    free, need = room_and_need()
    state = f"{free // MEGABYTE} MB free, {-(-need // MEGABYTE)} MB for the next snapshot"
    if free >= need:
        return Condition("room", True, state)
    return Condition("room", False, f"{state}; make room on the disk of {settings.MATCH_SNAPSHOT_DIR}")


def _delta() -> Condition:
    state, last = snapshot_state(), last_change_number()
    behind = last - int(str(state["watermark"]))
    good = bool(state["problem"]) or 0 <= behind <= FEW_CHANGES
    return Condition("delta", good, f"{behind} changes after {state['watermark']}", "" if good else "build_snapshot")


def _leftovers() -> Condition:
    base = Path(settings.MATCH_SNAPSHOT_DIR)
    names = sorted(path.name for path in base.glob(".*") if path.name.startswith((UNFINISHED, DAMAGED)))
    return Condition("leftovers", not names, ", ".join(names) or "none", "build_snapshot --force" if names else "")


def _compiled() -> Condition:
    kept = Path(settings.COMPILED_MARK).exists()
    prepare_process(compile_only=True)
    good = is_ready() and Path(settings.COMPILED_MARK).exists()
    state = ("kept" if kept else "compiled just now") if is_ready() else "not usable, the plain form answers"
    return Condition("compiled ranking", good, state, "" if good else "warm")


def _meanings() -> Condition:
    encoder = encoder_named(settings.MATCH_ENCODER)
    if not encoder.dimensions:
        return Condition("meanings", True, "no encoder: words and terms only")
    count = waiting(encoder).count()
    good = count <= FEW_CHANGES
    return Condition("meanings", good, f"{count} texts wait for their vectors", "" if good else "encode_postings")


def _words() -> Condition:
    count = UnplacedWord.objects.filter(state=WordState.WAITING).count()
    return Condition("words", True, f"{count} words without a term wait for an administrator")


CHECKS: tuple[Callable[[], Condition], ...] = (
    _snapshot, _last_build, _room, _delta, _leftovers, _compiled, _meanings, _words,
)  # fmt: skip
"""What is looked at, in the order told."""
