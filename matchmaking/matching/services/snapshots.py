"""The market that suggestions are ranked over: a snapshot on disk, shared by all processes, and what changed since.

Each process keeps the snapshot and a cursor into the numbered changes. Every question first reads the changes after
the cursor, so that a posting published by one process is found by another at once. Without a usable snapshot the
market is built from the rows, in memory: slower the first time, never wrong.
"""

import errno
import os
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

import structlog
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Q

from accounts.models import Change
from accounts.services.changes import last_change_number
from common.keeping import kept_for
from matchmaking.engine.scoring.building import build_market, closeness_for, with_changes
from matchmaking.engine.snapshot import SnapshotDamaged, SnapshotUnusable, read_snapshot, read_watermark, write_snapshot
from matchmaking.engine.types.columns import Market
from matchmaking.matching.services.compiling import load_compiled
from matchmaking.matching.services.rows import encoder_marks, load_taxonomy, plain_rows, taxonomy_mark
from matchmaking.postings.models import Posting

MARK_SECONDS = 1
"""Time for which a process takes nodes, links, regions and terms for unchanged; postings are asked for each time."""
KEPT = 2
"""Snapshots left on disk: the newest, and the one that a process may just be opening."""
FEW_CHANGES = 200
"""So many changes are quickly put on top of a snapshot; more are worth a new one."""
UNFINISHED = ".unfinished-"
DAMAGED = ".damaged-"
FAILED = ".failed-"
"""An empty file whose name ends in the cause: a name is often still to be had where a disk takes no content."""
WRITTEN_IN_PART = "written-in-part"
"""Cause told where numpy could not write all of a file and hides the error number of the system."""
SILENT = {
    "notice",
    "membership",
    "invitation",
    "savedsearch",
    "searchnews",
    "suggestion",
    "dismissal",
    "user",
    "apiclient",
}
"""Things whose changes move no posting; a change of anything else has its enterprise's postings read again."""

POSTING = {"posting", "postingvector"}
"""Things whose changes name a posting to be read again."""

ChangeLine = tuple[int, str, str, int | None]
"""Number, thing, its key, and the enterprise concerned."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Held:
    """What a process holds: the market, the number of the last change in it, and what it was made from."""

    market: Market
    cursor: int
    mark: tuple[Any, ...]
    version: str


@dataclass(frozen=True)
class Failure:
    """The last build, where it failed: name of the system's error, of the exception otherwise, and when (UTC)."""

    cause: str
    at: datetime


_held: dict[str, Held] = {}
_lock = Lock()


def current_market() -> Market:
    """The market as it stands at this moment, this process' own uncommitted changes apart. One query when nothing
    changed, another once a second; a fixed number more when something did.
    """
    folder = str(settings.MATCH_SNAPSHOT_DIR)
    with _lock:
        held = _fresh(_held.get(folder), folder)
        _held[folder] = held
        return held.market


def prepare_process(*, compile_only: bool = False) -> int:
    """Load what the first question of this process would otherwise wait for; gives the postings in the market.

    ``compile_only`` leaves the market out. The market comes first: while another process compiles, this one answers by
    the plain form, and so it does for good where compiled code can neither be loaded nor kept.
    """
    try:
        return 0 if compile_only else len(current_market())
    finally:
        _use_compiled()


def _use_compiled() -> None:
    try:
        load_compiled()
        mark = Path(settings.COMPILED_MARK)
        if mark.parent.exists() and not mark.exists():
            mark.touch()
    except (OSError, RuntimeError) as problem:
        log.warning("compiled ranking not used, the plain one answers", problem=str(problem))


def build_snapshot() -> Path:
    """Write a snapshot of all live postings and put it in place by a rename; older ones are removed. Raises OSError.

    A failure leaves a mark with its cause, which the next snapshot removes.
    """
    base = Path(settings.MATCH_SNAPSHOT_DIR)
    try:
        built = _built(base)
    except Exception as problem:
        _mark_failed(base, problem)
        raise
    _remove_old(base)
    _count_for_the_planner()
    return built


def ensure_snapshot() -> Path:
    """The newest snapshot where it still serves, else a new one: after a build that failed, many changes, or none that
    explains a difference between the postings in it and those in the database. Raises OSError.
    """
    state = snapshot_state()
    behind = last_change_number() - int(str(state["watermark"]))
    differing = abs(Posting.objects.live().count() - int(str(state["postings"])))
    if state["problem"] or not 0 <= behind <= FEW_CHANGES or differing > behind or last_failure():
        return build_snapshot()
    return Path(settings.MATCH_SNAPSHOT_DIR) / str(state["version"])


def is_snapshot_behind() -> bool:
    """Whether so much changed since the newest snapshot, or it cannot be read at all, that a new one is due."""
    version = _newest(Path(settings.MATCH_SNAPSHOT_DIR))
    if not version:
        return True
    try:
        folder = str(Path(settings.MATCH_SNAPSHOT_DIR) / version)
        watermark = read_watermark(folder, load_taxonomy(), " ".join(encoder_marks()))
    except SnapshotUnusable:
        return True
    return not 0 <= last_change_number() - watermark <= FEW_CHANGES


def snapshot_state() -> dict[str, object]:
    """What is on disk, for the command that looks after the installation: version, postings, watermark and problem."""
    version = _newest(Path(settings.MATCH_SNAPSHOT_DIR))
    try:
        market, watermark = _read(version)
    except SnapshotUnusable as problem:
        return {"version": version, "postings": 0, "watermark": 0, "problem": str(problem)}
    return {"version": version, "postings": len(market), "watermark": watermark, "problem": ""}


def last_failure() -> Failure | None:
    """What stopped the last build, unless a later one was finished."""
    base = Path(settings.MATCH_SNAPSHOT_DIR)
    try:
        marks = [(entry.stat().st_mtime, entry.name) for entry in os.scandir(base) if entry.name.startswith(FAILED)]
    except OSError:
        return None
    if not marks:
        return None
    written, name = max(marks)
    return Failure(name.removeprefix(FAILED), datetime.fromtimestamp(written, UTC))


def room_and_need() -> tuple[int, int]:
    """Bytes free where snapshots are kept, and those that the newest one takes, which the next will need about once
    more. Zeros where the folder is not there.
    """
    base = Path(settings.MATCH_SNAPSHOT_DIR)
    try:
        taken = sum(path.stat().st_size for path in (base / _newest(base)).glob("*"))
        return shutil.disk_usage(base).free, taken
    except OSError:
        return 0, 0


def _fresh(held: Held | None, folder: str) -> Held:
    mark, newest = kept_for(MARK_SECONDS, f"matching.taxonomy_mark.{folder}", taxonomy_mark), _newest(Path(folder))
    if held is None or held.mark != mark or (newest and newest != held.version):
        held = _opened(mark, newest)
    changes = changes_since(held.cursor)
    if changes is None:
        held = _from_rows(mark, newest)
        changes = changes_since(held.cursor) or []
    return _advanced(held, changes) if changes else held


def _opened(mark: tuple[Any, ...], version: str) -> Held:
    try:
        market, watermark = _read(version)
    except SnapshotDamaged as problem:
        log.warning("match snapshot damaged and put aside", problem=str(problem))
        earlier = _put_aside(version)
        return _opened(mark, earlier) if earlier and earlier != version else _from_rows(mark, earlier)
    except SnapshotUnusable as problem:
        log.warning("match snapshot not used, market built from rows", problem=str(problem))
        return _from_rows(mark, version)
    return Held(market, watermark, mark, version)


def _put_aside(version: str) -> str:
    """Rename a damaged snapshot, so that nobody opens it again and the worker finds that a new one is due; gives the
    newest that is left.
    """
    base = Path(settings.MATCH_SNAPSHOT_DIR)
    with suppress(OSError):
        (base / version).rename(base / f"{DAMAGED}{version}")
    return _newest(base)


def _read(version: str) -> tuple[Market, int]:
    if not version:
        raise SnapshotUnusable("there is none")
    taxonomy = load_taxonomy()
    folder = str(Path(settings.MATCH_SNAPSHOT_DIR) / version)
    return read_snapshot(folder, taxonomy, closeness_for(taxonomy), encoder=" ".join(encoder_marks()))


def _from_rows(mark: tuple[Any, ...], version: str) -> Held:
    cursor = last_change_number()
    market = build_market(list(plain_rows(Posting.objects.live())), load_taxonomy())
    return Held(market, cursor, mark, version)


def changes_since(cursor: int) -> list[ChangeLine] | None:
    """Changes after ``cursor``; None when the database does not hold the cursor's own change: it is another one."""
    lines = Change.objects.filter(seq__gte=cursor).order_by("seq")
    rows: list[ChangeLine] = [
        (line["seq"], line["thing"], line["thing_key"], line["enterprise"])
        for line in lines.values("seq", "thing", "thing_key", "enterprise")
    ]
    if not cursor:
        return rows
    return rows[1:] if rows and rows[0][0] == cursor else None


def touched_by(changes: Iterable[ChangeLine]) -> set[str]:
    """Numbers of the postings that ``changes`` may have moved, in any state: named, or of a firm that changed."""
    told = list(changes)
    numbers = {key for _, thing, key, _ in told if thing in POSTING}
    firms = {firm for _, thing, _, firm in told if firm and thing not in SILENT}
    keys = {key for _, thing, key, _ in told if thing == "enterprise"}
    if not firms and not keys:
        return numbers
    of_firms = Posting.objects.filter(Q(enterprise__in=firms) | Q(enterprise__key__in=keys)).order_by()
    return numbers | set(of_firms.values_list("number", flat=True))


def _advanced(held: Held, changes: list[ChangeLine]) -> Held:
    touched, market = touched_by(changes), held.market
    if touched:
        rows = list(plain_rows(Posting.objects.live().filter(number__in=touched)))
        market = with_changes(market, rows=rows, gone=touched - {row.key for row in rows})
    return replace(held, market=market, cursor=changes[-1][0])


def _built(base: Path) -> Path:
    base.mkdir(parents=True, exist_ok=True)
    watermark = last_change_number()
    taxonomy = load_taxonomy()
    market = build_market(list(plain_rows(Posting.objects.live())), taxonomy)
    version = f"{time.time_ns():020d}"
    unfinished = base / f"{UNFINISHED}{version}-{os.getpid()}"
    unfinished.mkdir()
    try:
        write_snapshot(market, str(unfinished), watermark=watermark, encoder=" ".join(encoder_marks()))
        for path in unfinished.iterdir():
            _sync(path)
        unfinished.rename(base / version)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return base / version


def _mark_failed(base: Path, problem: Exception) -> None:
    cause = type(problem).__name__
    if isinstance(problem, OSError):
        cause = errno.errorcode.get(problem.errno, cause) if problem.errno else WRITTEN_IN_PART
    with suppress(OSError):
        (base / f"{FAILED}{cause}").touch()
    # A log on the same full disk must not hide the problem itself.
    with suppress(OSError):
        log.warning("match snapshot not built", cause=cause, problem=str(problem))


def _newest(base: Path) -> str:
    try:
        return max((entry.name for entry in os.scandir(base) if entry.name.isdigit()), default="")
    except OSError:
        return ""


def _count_for_the_planner() -> None:
    """Without statistics SQLite takes every state of a posting for rare and walks all published ones to find thirty."""
    try:
        # A savepoint, so that a caller's own transaction outlives a table that somebody holds.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    except OperationalError as problem:
        log.warning("statistics of the database not renewed", problem=str(problem))


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _remove_old(base: Path) -> None:
    versions = sorted(entry.name for entry in os.scandir(base) if entry.name.isdigit())
    unfinished = [entry.name for entry in os.scandir(base) if entry.name.startswith((UNFINISHED, DAMAGED))]
    for name in (*versions[:-KEPT], *unfinished):
        with suppress(OSError):
            shutil.rmtree(base / name)
    for mark in base.glob(f"{FAILED}*"):
        with suppress(OSError):
            mark.unlink()
