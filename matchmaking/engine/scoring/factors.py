"""Verdicts and parts of many pairs at once, each a need and a capacity, whichever of the two is asking."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from common.reasons import Reason
from matchmaking.engine.chains import FITTING
from matchmaking.engine.constraints import (
    STALE_DAYS,
    asked_least,
    counted,
    first_days,
    joined,
    need_days,
    parameters_met,
    share_of,
    total_over,
    valid_until,
    window_missed,
)
from matchmaking.engine.geography import LIST, RADIUS, kms_between, region_fit
from matchmaking.engine.types.columns import OPEN_START, UNKNOWN, Block, Flags, Ints
from matchmaking.engine.types.results import BIT, Weights

EXPIRING_DAYS = 60
"""A certificate that ends within so many days after the need's window counts less, and says so."""
EXPIRING_CREDIT = 7_000
FRESH_DAYS = 7
"""Up to this age a confirmation counts in full; at STALE_DAYS it counts nothing."""
LATE_DAYS = 90
"""A lead time this much longer than asked counts nothing."""
UNTOLD_LEAD = 6_000
"""What the window gives when a lead time is asked for and none is named."""
VERIFIED = 5_000
OUTCOME_STEPS = ((10, 5_000), (3, 3_500), (1, 2_000))
"""Confirmed outcomes, by band, and what each band gives beside VERIFIED."""


@dataclass(frozen=True)
class Side:
    """Rows (m,) of a block as one side of m pairs; the asker's own row is simply named m times."""

    block: Block
    rows: Ints

    def column(self, name: str) -> Ints:
        """One figure of each row, (m,)."""
        return np.asarray(self.block.columns[name])[self.rows].astype(np.int64, copy=False)

    def points(self) -> Ints:
        """Points of the rows' regions, (m, 3)."""
        return np.asarray(self.block.tables["points"])[np.asarray(self.block.columns["place"])[self.rows]]

    def entries(self, name: str) -> tuple[Ints, dict[str, Ints]]:
        """Entries of a list: owning pair of each (k,), and its columns (k,) by name."""
        ragged = self.block.lists[name]
        owners, places = ragged.entries(self.rows)
        return owners, {column: values[places] for column, values in ragged.columns.items()}


@dataclass(frozen=True)
class Pairs:
    """m pairs of a need and a capacity with how close their nodes are (m,); ``today`` is a day number."""

    need: Side
    capacity: Side
    closeness: Ints
    today: int

    def __len__(self) -> int:
        return len(self.closeness)

    @cached_property
    def days(self) -> Ints:
        """Days over which quantities are counted, (m,)."""
        return need_days(self.need.column("start"), self.need.column("end"))

    @cached_property
    def total(self) -> Ints:
        """What the need asks for in all, (m,)."""
        return total_over(self.need.column("quantity"), self.need.column("period"), self.days)

    @cached_property
    def least(self) -> Ints:
        """The least that one supplier must carry, (m,)."""
        return asked_least(self.total, self.need.column("split") == 1, self.need.column("share"))

    @cached_property
    def left(self) -> Ints:
        """What may be counted on of the capacity over the need's days, (m,): the mean of these days by its calendar."""
        left = self.capacity.column("left")
        owners, told = self.capacity.entries("calendar")
        if len(owners):
            firsts = first_days(self.need.column("start"), self.need.column("end"), self.today)[owners]
            days = self.days[owners]
            lasts = np.minimum(told["last"], firsts + days - 1)
            common = np.maximum(lasts - np.maximum(told["first"], firsts) + 1, 0)
            apart, mean = np.zeros_like(left), np.zeros_like(left)
            np.add.at(apart, owners, common)
            np.add.at(mean, owners, share_of(told["left"], common, days))
            left = mean + share_of(left, self.days - apart, self.days)
        return total_over(left, self.capacity.column("period"), self.days)

    @cached_property
    def posted(self) -> Ints:
        """All that the capacity posted over the need's days, (m,)."""
        return total_over(self.capacity.column("quantity"), self.capacity.column("period"), self.days)

    @cached_property
    def same_dimension(self) -> Flags:
        """Whether the quantities can be compared at all, (m,)."""
        return self.need.column("dimension") == self.capacity.column("dimension")

    @cached_property
    def kms(self) -> Ints:
        """Kilometres between the two regions, (m,)."""
        return kms_between(self.need.points(), self.capacity.points())

    @cached_property
    def until(self) -> Ints:
        """The day to which certificates must hold, (m,)."""
        return valid_until(self.need.column("start"), self.need.column("end"), self.today)

    @cached_property
    def certificates(self) -> tuple[Ints, Flags, Ints, Ints]:
        """Per asked certificate (k,): owning pair, whether it is a must, last day held (or UNKNOWN), day needed."""
        owners, asked = self.need.entries("asked_certificates")
        holders, held = self.capacity.entries("held_certificates")
        places = joined(owners, asked["code"], holders, held["code"])
        lasts = np.where(places == UNKNOWN, UNKNOWN, np.append(held["until"], UNKNOWN)[places])
        return owners, asked["must"] == 1, lasts, self.until[owners]

    @cached_property
    def parameters(self) -> tuple[Ints, Flags, Flags]:
        """Per asked parameter (k,): owning pair, whether it is a must, whether it is met."""
        owners, asked = self.need.entries("asked_parameters")
        holders, offered = self.capacity.entries("offered_parameters")
        places = joined(owners, asked["code"], holders, offered["code"])
        kinds, values = np.append(offered["kind"], UNKNOWN)[places], np.append(offered["value"], UNKNOWN)[places]
        met = parameters_met(asked["operator"], asked["kind"], asked["value"], kinds, values)
        return owners, asked["must"] == 1, met & (places != UNKNOWN)


def verdicts(pairs: Pairs) -> Ints:
    """Failed musts of each pair as bits (see ``BIT``), (m,); 0 fits."""
    failed = {
        Reason.GAP_NODE_MISMATCH: pairs.closeness < FITTING,
        Reason.GAP_REGION_EXCLUDED: _excluded(pairs, pairs.need, pairs.capacity)
        | _excluded(pairs, pairs.capacity, pairs.need),
        Reason.GAP_UNIT_INCOMPATIBLE: ~pairs.same_dimension,
        Reason.GAP_QUANTITY_SHORT: pairs.same_dimension & (pairs.posted < pairs.least),
        Reason.GAP_CAPACITY_BOOKED: pairs.same_dimension & (pairs.posted >= pairs.least) & (pairs.left < pairs.least),
        Reason.GAP_MINIMUM_ORDER_HIGH: pairs.same_dimension & (pairs.capacity.column("minimum_order") > pairs.total),
        Reason.GAP_WINDOW_MISS: window_missed(
            pairs.need.column("start"),
            pairs.need.column("end"),
            pairs.capacity.column("start"),
            pairs.capacity.column("end"),
        ),
        Reason.GAP_PRICE_ABOVE: _too_dear(pairs),
        Reason.GAP_STALE: np.minimum(pairs.need.column("confirmed"), pairs.capacity.column("confirmed"))
        < pairs.today - STALE_DAYS,
    }
    owners, must, lasts, until = pairs.certificates
    missing, ended = must & (lasts == UNKNOWN), must & (lasts != UNKNOWN) & (lasts < until)
    failed[Reason.GAP_CERTIFICATE_MISSING] = counted(owners, missing, len(pairs)) > 0
    failed[Reason.GAP_CERTIFICATE_EXPIRED] = counted(owners, ended, len(pairs)) > 0
    owners, must, met = pairs.parameters
    failed[Reason.GAP_PARAMETER_UNMET] = counted(owners, must & ~met, len(pairs)) > 0
    bits = np.zeros(len(pairs), dtype=np.int64)
    for reason, flags in failed.items():
        bits |= np.where(flags, BIT[reason], 0)
    return bits


def parts_of(pairs: Pairs, text: Ints, weights: Weights, *, fit_only: bool) -> Ints:
    """The nine parts of each pair's score in hundredths of a point, (m, 9), in the order of ``FACTORS``.

    ``text`` (m,) is the text factor. Each part is weight x factor / 100 rounded down, and the score is their sum; load
    takes away at most what the rest gives.
    """
    values = (pairs.closeness, text, coverage(pairs), lead_fit(pairs), requirement_fit(pairs))
    factors = np.stack([*values, both_regions(pairs), freshness(pairs), trust(pairs)], axis=1)
    given = factors * np.array(weights.shares(), dtype=np.int64) // 100
    load = np.zeros(len(pairs), dtype=np.int64)
    if not fit_only:
        load = np.minimum(np.array(weights.load, dtype=np.int64)[pairs.capacity.column("load")], given.sum(axis=1))
    return np.concatenate([given, -load[:, None]], axis=1)


def coverage(pairs: Pairs) -> Ints:
    """Share of the need that what is left covers, 0 to 10,000, (m,); nothing where units cannot be compared."""
    share = pairs.left * 10_000 // np.maximum(pairs.total, 1)
    return np.where(pairs.same_dimension, np.minimum(share, 10_000), 0)


def lead_fit(pairs: Pairs) -> Ints:
    """Whether the lead time meets the one asked for, or the start of the need's window, 0 to 10,000, (m,)."""
    start, asked, lead = pairs.need.column("start"), pairs.need.column("lead"), pairs.capacity.column("lead")
    untold = (asked == UNKNOWN) & (start == OPEN_START)
    allowed = np.where(asked != UNKNOWN, asked, np.maximum(start - pairs.today, 0))
    late = np.clip(lead - allowed, 0, LATE_DAYS)
    told = np.where(lead == UNKNOWN, UNTOLD_LEAD, 10_000 - late * 10_000 // LATE_DAYS)
    return np.where(untold, 10_000, told)


def requirement_fit(pairs: Pairs) -> Ints:
    """Mean credit of all certificates and parameters asked for, musts and wishes alike, 0 to 10,000, (m,).

    Nothing asked counts in full. More or longer certificates never lower it.
    """
    owners, _, lasts, until = pairs.certificates
    credit = np.where(lasts >= until + EXPIRING_DAYS, 10_000, np.where(lasts >= until, EXPIRING_CREDIT, 0))
    total = np.bincount(owners, weights=credit, minlength=len(pairs)).astype(np.int64)
    asked = np.bincount(owners, minlength=len(pairs))
    owners, _, met = pairs.parameters
    total += 10_000 * counted(owners, met, len(pairs))
    asked = asked + np.bincount(owners, minlength=len(pairs))
    return np.where(asked > 0, total // np.maximum(asked, 1), 10_000)


def both_regions(pairs: Pairs) -> Ints:
    """Mean of how well the pair meets each side's region rule, 0 to 10,000, (m,)."""
    crosses = pairs.need.column("region") // 10_000 != pairs.capacity.column("region") // 10_000
    one = region_fit(pairs.need.column("rule"), pairs.kms, crosses)
    other = region_fit(pairs.capacity.column("rule"), pairs.kms, crosses)
    return (one + other) // 2


def freshness(pairs: Pairs) -> Ints:
    """Mean freshness of both postings, 0 to 10,000, (m,)."""
    one, other = pairs.need.column("confirmed"), pairs.capacity.column("confirmed")
    return (_fresh(pairs.today - one) + _fresh(pairs.today - other)) // 2


def trust(pairs: Pairs) -> Ints:
    """Mean of what both firms have shown: verification and outcomes confirmed by both sides, 0 to 10,000, (m,)."""
    return (_trusted(pairs.need) + _trusted(pairs.capacity)) // 2


def _fresh(age: Ints) -> Ints:
    return np.clip((STALE_DAYS - age) * 10_000 // (STALE_DAYS - FRESH_DAYS), 0, 10_000)


def _trusted(side: Side) -> Ints:
    outcomes = side.column("outcomes")
    shown = np.select([outcomes >= least for least, _ in OUTCOME_STEPS], [given for _, given in OUTCOME_STEPS], 0)
    return side.column("verified") * VERIFIED + shown


def _excluded(pairs: Pairs, ruler: Side, other: Side) -> Flags:
    rule = ruler.column("rule")
    far = (rule == RADIUS) & (pairs.kms > ruler.column("radius"))
    owners, spans = ruler.entries("regions")
    region = other.column("region")[owners]
    inside = counted(owners, (spans["low"] <= region) & (region < spans["high"]), len(pairs)) > 0
    return far | ((rule == LIST) & ~inside)


def _too_dear(pairs: Pairs) -> Flags:
    most, least = pairs.need.column("price_max"), pairs.capacity.column("price_min")
    return pairs.same_dimension & (most != UNKNOWN) & (least != UNKNOWN) & (least > most)
