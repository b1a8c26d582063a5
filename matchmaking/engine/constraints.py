"""The musts that need no map: quantity, booking, window, certificates, price, parameters, minimum order, freshness.

Scalar rules stand first (they say what a row means); the column forms below apply them to many pairs at once.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation

import numpy as np

from common.values import band_floor
from matchmaking.engine.types.columns import OPEN_END, OPEN_START, UNKNOWN, Flags, Ints
from matchmaking.engine.types.rows import AMOUNT_LIMIT, LEVEL_MARK, PostingRow, code_number

STALE_DAYS = 60
"""A posting whose last confirmation is older than this many days is refused until it is confirmed."""
OPEN_DAYS = 365
"""Days over which rates are compared when the need names no window."""
LONGEST_DAYS = 36_525
LONGEST_LEAD = 1_000_000
"""Lead times in days are computed with up to this; more counts as this."""

PERIODS = {"once": 0, "month": 1, "year": 2}
DAYS_PARTS, MONTH_PARTS, YEAR_PARTS = 1461, 48, 4
"""A day is 48/1461 of a month and 4/1461 of a year (365.25 days)."""

OPERATORS = {"=": 0, ">=": 1, "<=": 2}
NUMBER_LIMIT = Decimal(9 * 10**12)
MILLIONTHS = 1_000_000

LOW, SOME, PLENTY = 0, 1, 2


def left_class(quantity: int, booked: int) -> int:
    """Class of what is left of a capacity: the share left rounded to halves (low, some, plenty).

    Source: docs/decisions/0011-bands.md.
    """
    if quantity <= 0:
        return LOW
    left = min(max(quantity - booked, 0), quantity)
    return (4 * left + quantity) // (2 * quantity)


def left_amount(row: PostingRow, *, exact: bool) -> int:
    """What may be counted on of a capacity, per its period, on days that its calendar leaves out: none, half or all of
    what it posted, by class.

    ``exact`` computes with the booked amount itself; only the test that proves the bands necessary asks for it.
    """
    return _left(clamped(row.quantity), row.booked, exact)


def left_by_days(row: PostingRow, *, exact: bool) -> list[tuple[int, int, int]]:
    """First and last day number and what may be counted on, for the days of a capacity's calendar with less than
    ``left_amount``; neighbouring days of one amount are joined.
    """
    quantity, most = clamped(row.quantity), left_amount(row, exact=exact)
    found: list[tuple[int, int, int]] = []
    for days in sorted(row.calendar, key=lambda days: days.first):
        first, left = days.first.toordinal(), _left(quantity, days.booked, exact)
        if found and found[-1][1:] == (first - 1, left):
            first = found.pop()[0]
        if left < most:
            found.append((first, days.last.toordinal(), left))
    return found


def _left(quantity: int, booked: int, exact: bool) -> int:
    if exact:
        return max(quantity - clamped(booked), 0)
    return quantity * left_class(quantity, clamped(booked)) // 2


def masked(row: PostingRow) -> PostingRow:
    """The row with each booked amount replaced by the largest that still belongs to the same class."""
    calendar = tuple(replace(days, booked=_most_booked(row.quantity, days.booked)) for days in row.calendar)
    return replace(row, booked=_most_booked(row.quantity, row.booked), calendar=calendar)


def _most_booked(quantity: int, booked: int) -> int:
    quantity = clamped(quantity)
    kept = quantity * (0, 1, 3)[left_class(quantity, clamped(booked))]
    return quantity - -(-kept // 4)


def clamped(amount: int) -> int:
    """An amount inside the limits that the arithmetic holds."""
    return min(max(amount, 0), AMOUNT_LIMIT)


def outcomes_band(count: int) -> int:
    """Outcomes confirmed by both sides, as the floor of their band."""
    return band_floor(Decimal(count))


def number_of(value: str) -> int | None:
    """A parameter's value in whole millionths, or None when it is not a number that can be compared as one."""
    try:
        number = Decimal(value.partition(LEVEL_MARK)[0].strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) > NUMBER_LIMIT:
        return None
    return int(number * MILLIONTHS)


def parameter_columns(value: str) -> tuple[int, int]:
    """A parameter's value as (1, millionths) or, when it is no number, as (0, number of the word)."""
    number = number_of(value)
    return (0, code_number(value.strip().casefold())) if number is None else (1, number)


def day_number(day: date | None, default: int) -> int:
    """Ordinal of a day, or ``default`` for an open end."""
    return default if day is None else day.toordinal()


def need_days(start: Ints, end: Ints) -> Ints:
    """Days over which a need's quantity is counted, both ends included; shapes kept."""
    open_ended = (start == OPEN_START) | (end == OPEN_END)
    return np.where(open_ended, OPEN_DAYS, np.clip(end - start + 1, 1, LONGEST_DAYS))


def total_over(amount: Ints, period: Ints, days: Ints) -> Ints:
    """Total of ``amount`` per ``period`` over ``days`` (all (m,)), thousandths of the base unit, rounded down."""
    parts = days * np.where(period == PERIODS["month"], MONTH_PARTS, YEAR_PARTS)
    whole = (amount // DAYS_PARTS) * parts + (amount % DAYS_PARTS) * parts // DAYS_PARTS
    return np.minimum(np.where(period == PERIODS["once"], amount, whole), AMOUNT_LIMIT)


def share_of(amount: Ints, part: Ints, days: Ints) -> Ints:
    """The share of ``amount`` that belongs to ``part`` of so many ``days``, all (k,), rounded down."""
    return amount // days * part + amount % days * part // days


def first_days(start: Ints, end: Ints, today: int) -> Ints:
    """The day from which a need's days are counted, (m,): its first, or today where it names no window."""
    return np.where(start == OPEN_START, today, np.where(end == OPEN_END, np.maximum(start, today), start))


def asked_least(total: Ints, split: Flags, share: Ints) -> Ints:
    """The least that one supplier must carry: all of it, or its minimum share (permille) where a split is allowed."""
    least = (total // 1000) * share + ((total % 1000) * share + 999) // 1000
    return np.where(split, np.maximum(least, 1), total)


def window_missed(need_start: Ints, need_end: Ints, start: Ints, end: Ints) -> Flags:
    """Whether a capacity's window leaves out any day of a need's; an open end of the need asks nothing."""
    late = (need_start != OPEN_START) & (start > need_start)
    early = (need_end != OPEN_END) & (end < need_end)
    return late | early


def valid_until(need_start: Ints, need_end: Ints, today: int) -> Ints:
    """The day to which a need's certificates must hold: the end of its window, or the later of its start and today."""
    return np.where(need_end != OPEN_END, need_end, np.maximum(need_start, today))


def joined(asked_pairs: Ints, asked: Ints, held_pairs: Ints, held: Ints) -> Ints:
    """For each asked entry (a,) the index of the held entry (h,) of the same pair and code; UNKNOWN where none is."""
    found = np.full(len(asked), UNKNOWN, dtype=np.int64)
    if not len(asked) or not len(held):
        return found
    codes = np.unique(asked)
    spots = np.minimum(np.searchsorted(codes, held), len(codes) - 1)
    wanted = np.flatnonzero(codes[spots] == held)
    if not len(wanted):
        return found
    have = held_pairs[wanted] * len(codes) + spots[wanted]
    order = np.argsort(have, kind="stable")
    have, wanted = have[order], wanted[order]
    want = asked_pairs * len(codes) + np.searchsorted(codes, asked)
    places = np.minimum(np.searchsorted(have, want), len(have) - 1)
    return np.where(have[places] == want, wanted[places], UNKNOWN)


def parameters_met(operator: Ints, kind: Ints, value: Ints, offered_kind: Ints, offered: Ints) -> Flags:
    """Whether offered values meet asked ones, all (a,): numbers with their operator, words by equality alone."""
    equal = (kind == offered_kind) & (offered == value)
    numbers = (kind == 1) & (offered_kind == 1)
    more = numbers & (operator == OPERATORS[">="]) & (offered >= value)
    less = numbers & (operator == OPERATORS["<="]) & (offered <= value)
    return np.where(operator == OPERATORS["="], equal, more | less)


def counted(owners: Ints, flags: Flags, pairs: int) -> Ints:
    """How many flagged entries each of ``pairs`` pairs owns, (pairs,)."""
    return np.bincount(owners[flags], minlength=pairs).astype(np.int64)
