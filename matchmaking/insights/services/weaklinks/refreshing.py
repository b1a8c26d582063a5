"""Weak links kept up to date: what changed since the last round is counted again, once a day everything."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from hashlib import sha256

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.services.changes import last_change_number
from matchmaking.insights.models import CountedPosting, WeakLink, WeakLinkRun, WeakLinkWeek
from matchmaking.insights.queries.counts import node_line, public_postings
from matchmaking.insights.queries.weak_scores import Tally, points_of
from matchmaking.insights.services.weaklinks.counting import Verdicts, tallied
from matchmaking.insights.services.weaklinks.reading import (
    Live,
    families_of,
    judged,
    live_of,
    naming,
    numbered,
)
from matchmaking.matching.services.rows import taxonomy_mark
from matchmaking.matching.services.snapshots import ChangeLine, changes_since, touched_by
from matchmaking.partnerships.models import Partnership
from reference.models import ChainLink
from reference.queries.nodes import nodes_in_use

RUN = 1
MOST_TOUCHED = 2_000
"""More postings than this are counted quicker with all the others."""
TRIES = 3
AT_ONCE = 1_000
WEEKS_KEPT = timedelta(weeks=106)
KEPT_OF_A_WEEK = ("coverage", "score", "parts")
Key = tuple[str, str]
"""Code of a node, and place."""

log = structlog.get_logger(__name__)


@dataclass
class Counted:
    """What a round found: figures by key, postings by number with the nodes that they name, and verdicts of needs.

    ``gone`` are numbers that are counted no longer; with ``is_whole`` so is everything that is not named.
    """

    tallies: Mapping[Key, Tally]
    live: list[Live]
    verdicts: Verdicts
    gone: set[str] = field(default_factory=set)
    is_whole: bool = True


def refresh_weak_links(*, whole: bool = False) -> int:
    """Bring the weak links up to the last change; gives how many rows were written.

    What is read stands outside the transaction that writes; a round that another one overtook is done again. A first
    round, another day, other chains and a database other than the last one mean that everything is counted.
    """
    for _attempt in range(TRIES):
        run = WeakLinkRun.objects.filter(pk=RUN).first() or WeakLinkRun()
        today, cursor, mark = timezone.localdate(), last_change_number(), chains_mark()
        changes = None if whole or run.day != today or run.chains_mark != mark else changes_since(run.cursor)
        touched = None if changes is None else postings_touched(changes)
        if touched is not None and not touched:
            WeakLinkRun.objects.filter(pk=RUN, cursor=run.cursor).update(cursor=cursor, as_of=timezone.now())
            return 0
        if touched is None or len(touched) > MOST_TOUCHED:
            found = count_all(day=today)
        else:
            found = count_touched(touched, day=today)
        written = keep(found, seen=run, now=WeakLinkRun(pk=RUN, cursor=cursor, day=today, chains_mark=mark))
        if written is not None:
            return written
    log.warning("weak links were overtaken", tries=TRIES)
    return 0


def chains_mark() -> str:
    """Tells one state of chains, links and regions from any other."""
    return sha256(repr(taxonomy_mark()).encode()).hexdigest()


def postings_touched(changes: Iterable[ChangeLine]) -> set[str]:
    """Numbers of the postings that ``changes`` may have moved, needs that were answered included."""
    told = list(changes)
    keys = sorted({key for _, thing, key, _ in told if thing == "partnership"})
    answered = Partnership.objects.filter(key__in=keys).order_by().values_list("need__number", flat=True)
    return touched_by(line for line in told if line[1] != "partnership") | set(answered)


def wanted_codes() -> list[str]:
    """The nodes that get a row: all in use, without heads of chains that have parts."""
    codes = list(nodes_in_use().order_by("code").values_list("code", flat=True))
    heads = {code.split(".")[0] for code in codes if "." in code}
    return [code for code in codes if code not in heads]


def count_all(*, day: date) -> Counted:
    """Everything from scratch."""
    live = live_of(public_postings())
    verdicts = judged((one for one in live if one.is_need), day=day)
    return Counted(tallied(live, verdicts=verdicts, wanted=wanted_codes(), day=day), live, verdicts)


def count_touched(touched: set[str], *, day: date) -> Counted:
    """The rows that ``touched`` postings move: all nodes of the groups that they stood at or stand at now, and the
    nodes of every need that was judged over one of these groups.
    """
    now = [one for part in numbered(touched) for one in live_of(part)]
    before = dict(CountedPosting.objects.filter(number__in=touched).values_list("number", "nodes"))
    families = families_of([code for nodes in before.values() for code in nodes])
    families |= families_of([code for one in now for code in one.nodes])
    around = live_of(naming(public_postings(), families))
    fresh = judged((one for one in around if one.is_need), day=day)
    codes = {code for one in around for code in one.nodes} | families
    codes |= {code for nodes in before.values() for code in nodes}
    dirty = {step for code in codes for step in node_line(code)}
    wanted = [code for code in wanted_codes() if code in dirty or families_of([code]) & families]
    live = live_of(naming(public_postings(), wanted))
    known = {row.number: row.blocks for row in CountedPosting.objects.filter(number__in=_needs_of(live, fresh))}
    verdicts = {number: blocks for number, blocks in {**known, **fresh}.items() if blocks is not None}
    gone = touched - {one.number for one in now}
    # Heads of chains have no row, what stands there is known all the same.
    every = list({one.number: one for one in (*now, *live)}.values())
    return Counted(tallied(every, verdicts=verdicts, wanted=wanted, day=day), every, verdicts, gone, is_whole=False)


def _needs_of(live: Iterable[Live], fresh: Mapping[str, object]) -> list[str]:
    return [one.number for one in live if one.is_need and one.number not in fresh]


def hanging_on(needs: Mapping[Key, int]) -> dict[Key, int]:
    """Needs at each node and place, and those up to two steps down the chain from it, each node counted once."""
    below: dict[str, set[str]] = defaultdict(set)
    links = ChainLink.objects.filter(retired_on__isnull=True).order_by()
    for supplier, consumer in links.values_list("supplier__code", "consumer__code"):
        below[supplier].add(consumer)
    reach: dict[str, set[str]] = {}
    for code in {code for code, _place in needs}:
        first = below.get(code, set())
        reach[code] = {code, *first}.union(*(below.get(step, set()) for step in first))
    return {(code, place): sum(needs.get((step, place), 0) for step in reach[code]) for code, place in needs}


@transaction.atomic
def keep(found: Counted, *, seen: WeakLinkRun, now: WeakLinkRun) -> int | None:
    """Write what changed, and the week's rows; None where another round came first. Gives the rows written."""
    WeakLinkRun.objects.get_or_create(pk=RUN)
    mine = WeakLinkRun.objects.filter(pk=RUN, cursor=seen.cursor, day=seen.day)
    if not mine.update(cursor=now.cursor, day=now.day, chains_mark=now.chains_mark, as_of=timezone.now()):
        return None
    keys = dict(nodes_in_use().order_by().values_list("code", "pk"))
    kept = {(row.node.code, row.place): row for row in WeakLink.objects.select_related("node")}
    fresh = {key: tally for key, tally in found.tallies.items() if key[0] in keys}
    if found.is_whole:
        lost = [row.pk for key, row in kept.items() if key not in fresh]
        WeakLink.objects.filter(pk__in=lost).delete()
        kept = {key: row for key, row in kept.items() if key in fresh}
    hanging = hanging_on({key: row.needs for key, row in kept.items()} | {key: one.needs for key, one in fresh.items()})
    rows, changed = [], []
    for key, waiting in hanging.items():
        old = kept.get(key)
        new = _row(old or WeakLink(node_id=keys[key[0]], place=key[1]), fresh.get(key), waiting)
        if old is None:
            rows.append(new)
        elif _told(old) != _told(new):
            changed.append(new)
    WeakLink.objects.bulk_create(rows, batch_size=AT_ONCE)
    WeakLink.objects.bulk_update(changed, FIGURES, batch_size=200)
    keep_postings(found)
    keep_week(now.day)
    return len(rows) + len(changed)


FIGURES = [*Tally.__dataclass_fields__, "hanging", "score", "parts"]
"""Columns of a row that a round writes."""


def _row(old: WeakLink, tally: Tally | None, hanging: int) -> WeakLink:
    figures = asdict(tally) if tally else {name: getattr(old, name) for name in Tally.__dataclass_fields__}
    row = WeakLink(pk=old.pk, node_id=old.node_id, place=old.place, hanging=hanging, **figures)
    row.parts = points_of(row, hanging)
    row.score = sum(row.parts.values())
    return row


def _told(row: WeakLink) -> list[object]:
    return [getattr(row, name) for name in FIGURES]


def keep_postings(found: Counted) -> None:
    """Remember which nodes each counted posting names, and what its need was judged to lack."""
    if found.is_whole:
        CountedPosting.objects.all().delete()
    else:
        CountedPosting.objects.filter(number__in=found.gone).delete()
    rows = [
        CountedPosting(number=one.number, nodes=list(one.nodes), blocks=found.verdicts.get(one.number))
        for one in found.live
    ]
    CountedPosting.objects.bulk_create(
        rows,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["nodes", "blocks"],
    )


def keep_week(day: date | None) -> None:
    """The first round of a week keeps the rows as they stand, for the trend; what is older than two years goes."""
    today = day or timezone.localdate()
    week = today - timedelta(days=today.weekday())
    if WeakLinkWeek.objects.filter(week=week).exists():
        return
    WeakLinkWeek.objects.filter(week__lt=week - WEEKS_KEPT).delete()
    rows = WeakLink.objects.values("node_id", "place", *KEPT_OF_A_WEEK)
    WeakLinkWeek.objects.bulk_create(
        [WeakLinkWeek(week=week, taken_on=today, **row) for row in rows],
        batch_size=AT_ONCE,
        ignore_conflicts=True,
    )
