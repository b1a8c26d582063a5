"""Sets of suppliers in which lots have days of their own: one until March, the next from April."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from matchmaking.engine.consortium import complete_sets
from matchmaking.engine.constraints import left_by_days
from matchmaking.engine.lots import Carrier, Run, sets_by_window
from matchmaking.engine.types.rows import PostingRow
from matchmaking.matching.services.carriers import Carriers, ProposedShare, offer_of
from matchmaking.matching.services.limits import THOUSAND, Days, Limits, limits_in, must_not_meet, step_of
from matchmaking.postings.models import Posting

MOST_SEGMENTS = 12
"""Parts into which the days are cut at most, at those borders that most capacities have."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class SetsAsked:
    """What is asked for: ``amount`` in the need's own unit and period, and how many suppliers a set has."""

    posting: Posting
    amount: Decimal
    fewest: int
    most: int


@dataclass(frozen=True)
class LotsAsked(SetsAsked):
    """The same for some ``days``; a rate on every one of them."""

    days: Days


def days_ahead(posting: Posting) -> Days | None:
    """The days of a need's window that are not over; None where it does not name both ends or all are over."""
    if posting.window_start is None or posting.window_end is None:
        return None
    first = max(posting.window_start, timezone.localdate())
    return (first, posting.window_end) if first <= posting.window_end else None


def sets_in_windows(asked: LotsAsked, carriers: Carriers) -> tuple[tuple[ProposedShare, ...], ...]:
    """Complete sets of lots, each with its days: of a rate they sum to it on every day, of a quantity asked for once in
    all. A lot is even, so it is no more than is free in the fullest of its months.
    """
    usable = [row for key, row in carriers.rows.items() if key in carriers.limits and key not in carriers.barred]
    segments = segments_of(asked.days, usable, carriers)
    find = _sets_of_stock if asked.posting.period == "once" else _sets_at_a_rate
    return tuple(find(asked, carriers, usable, segments))


def segments_of(days: Days, rows: Sequence[PostingRow], carriers: Carriers) -> list[Days]:
    """The parts of ``days`` between which what is free of one of ``rows`` changes: its window, its months."""
    counted: Counter[date] = Counter()
    for row in rows:
        borders = {row.start, row.end + DAY if row.end else None}
        for first, last, _left in left_by_days(row, exact=carriers.world.exact):
            borders |= {date.fromordinal(first), date.fromordinal(last + 1)}
        counted.update(day for day in borders if day is not None and days[0] < day <= days[1])
    most_common = sorted(counted, key=lambda day: (-counted[day], day))[: MOST_SEGMENTS - 1]
    firsts = [days[0], *sorted(most_common)]
    return list(zip(firsts, [*(day - DAY for day in firsts[1:]), days[1]], strict=True))


def _lots(
    asked: LotsAsked, carriers: Carriers, row: PostingRow, segments: Sequence[Days]
) -> Iterator[tuple[int, int, Limits]]:
    """First and last segment of each lot that a capacity could carry, and between which amounts."""
    for first, (start, _end) in enumerate(segments):
        for last in range(first, len(segments)):
            days = (start, segments[last][1])
            if (row.start and row.start > days[0]) or (row.end and row.end < days[1]):
                continue
            found = limits_in(carriers.need, row, carriers.world, days)
            if found is not None and found.least <= min(found.most, asked.amount):
                yield first, last, found


def _sets_at_a_rate(
    asked: LotsAsked, carriers: Carriers, usable: Sequence[PostingRow], segments: Sequence[Days]
) -> Iterator[tuple[ProposedShare, ...]]:
    step = step_of(asked.posting, asked.amount)
    lots = {row.key: {(one[0], one[1]): one[2] for one in _lots(asked, carriers, row, segments)} for row in usable}
    offered = [
        Carrier(
            key=row.key,
            firm=(row.enterprise, row.alias),
            score=carriers.usable[row.key].score,
            runs=tuple(
                Run(*ends, -(-int(one.least * THOUSAND) // step), int(one.most * THOUSAND) // step)
                for ends, one in lots[row.key].items()
                if -(-int(one.least * THOUSAND) // step) <= int(one.most * THOUSAND) // step
            ),
            apart=frozenset(other.key for other in usable if must_not_meet(row, other)),
        )
        for row in usable
    ]
    lengths = [(last - first).days + 1 for first, last in segments]
    volume = int(asked.amount * THOUSAND) // step
    for found in sets_by_window(volume, lengths, offered, fewest=asked.fewest, most=asked.most):
        yield tuple(
            ProposedShare(
                carriers.usable[lot.key],
                Decimal(lot.volume * step) / THOUSAND,
                lots[lot.key][lot.first, lot.last],
                _told(asked, (segments[lot.first][0], segments[lot.last][1])),
            )
            for lot in found
        )


def _sets_of_stock(
    asked: LotsAsked, carriers: Carriers, usable: Sequence[PostingRow], segments: Sequence[Days]
) -> Iterator[tuple[ProposedShare, ...]]:
    """Each capacity stands with the days in which it can carry most, of these the longest, the earliest."""
    step, best = step_of(asked.posting, asked.amount), {}
    for row in usable:
        found = [
            (limits, (segments[first][0], segments[last][1]))
            for first, last, limits in _lots(asked, carriers, row, segments)
        ]
        if found:
            best[row.key] = max(found, key=lambda one: (one[0].most, one[1][1] - one[1][0], -one[1][0].toordinal()))
    offers = [
        offer_of(carriers.rows[key], limits, carriers.usable[key].score, step, usable)
        for key, (limits, _days) in best.items()
    ]
    volume = int(asked.amount * THOUSAND) // step
    for lots in complete_sets(volume, offers, fewest=asked.fewest, most=asked.most):
        yield tuple(
            ProposedShare(
                carriers.usable[lot.key],
                Decimal(lot.volume * step) / THOUSAND,
                best[lot.key][0],
                _told(asked, best[lot.key][1]),
            )
            for lot in lots
        )


def _told(asked: LotsAsked, days: Days) -> Days | None:
    """The days of a lot; None for one through the whole window."""
    return None if days == (asked.posting.window_start, asked.posting.window_end) else days
