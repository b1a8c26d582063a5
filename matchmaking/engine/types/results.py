"""What comes out: weights and version, the twelve musts, and a ranking with its parts, reasons, gaps and hints."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from common.reasons import Reason

ENGINE_VERSION = "1.9"
"""Changes whenever the same input may give another ranking."""

MUSTS = (
    Reason.GAP_NODE_MISMATCH,
    Reason.GAP_REGION_EXCLUDED,
    Reason.GAP_UNIT_INCOMPATIBLE,
    Reason.GAP_QUANTITY_SHORT,
    Reason.GAP_CAPACITY_BOOKED,
    Reason.GAP_MINIMUM_ORDER_HIGH,
    Reason.GAP_WINDOW_MISS,
    Reason.GAP_CERTIFICATE_MISSING,
    Reason.GAP_CERTIFICATE_EXPIRED,
    Reason.GAP_PRICE_ABOVE,
    Reason.GAP_PARAMETER_UNMET,
    Reason.GAP_STALE,
)
"""The twelve reasons that refuse a pair; a verdict is a number whose bit i says that ``MUSTS[i]`` failed."""

BIT = {reason: 1 << place for place, reason in enumerate(MUSTS)}
"""Bit of each must in a verdict."""

FACTORS = ("node", "text", "quantity", "window", "requirements", "region", "freshness", "trust", "load")
"""The parts of every score, in the order shown; ``load`` only takes away."""

LEXICAL, MEANING, NODES, IDENTIFIERS = range(4)
"""The channels that the text factor is blended from, in the order of their shares."""
CHANNELS = ("lexical", "encoder", "taxonomy", "identifiers")
SILENT = -1
"""A channel that has nothing to say about a pair."""

Share = tuple[int, int, int, int]
Shares = tuple[Share, Share, Share, Share]
"""What each channel counts beside the others where a text was not read for its meaning, and where both were; then the
same of two texts without a common language."""

Differences = tuple[int, int, int]
"""Percent that the text factor loses where a capacity tells the need's role beside its own, where it does not tell it,
and for another variant along one axis.
"""

GRADES = (7500, 6500, 5000, 3500)
"""Least score of grades 5, 4, 3 and 2; below the last it is 1."""

FIRMS_SHOWN = 3
"""Fewer firms than this are never counted apart."""

MATCHES, NEAR_MISSES, NEIGHBOURS = 20, 10, 5
"""How many of each list are shown unless the caller says otherwise."""


@dataclass(frozen=True)
class Weights:
    """What each factor counts, in percent (they sum to 100), and what load takes away, in hundredths of a point.

    ``channels`` are the shares of the text factor, ``differences`` what it loses. Reasons for each figure:
    docs/decisions/0010-ranking-weights.md and 0015-reading-texts.md.
    """

    version: str = "2026-11.4"
    node: int = 26
    text: int = 20
    quantity: int = 10
    window: int = 8
    requirements: int = 14
    region: int = 12
    freshness: int = 5
    trust: int = 5
    load: tuple[int, int, int] = (0, 300, 800)
    differences: Differences = (10, 20, 5)
    channels: Shares = ((70, 0, 30, 20), (45, 60, 15, 20), (40, 0, 30, 20), (20, 60, 15, 20))

    def __post_init__(self) -> None:
        if sum(self.shares()) != 100 or min(self.shares()) < 0:
            raise ValueError("weights are percents that sum to 100")
        if min(min(shares) for shares in self.channels) < 0:
            raise ValueError("shares of channels are not negative")
        if min(self.differences) < 0 or max(self.differences) > 50:
            raise ValueError("differences take away half at most")

    def shares(self) -> tuple[int, ...]:
        """Percent of each factor but load, in the order of ``FACTORS``."""
        return tuple(getattr(self, factor) for factor in FACTORS[:-1])


WEIGHTS = Weights()
"""The weights in use."""


@dataclass(frozen=True)
class Ranked:
    """One ranked pair without words: score in hundredths of a point, its nine parts in the same unit, failed musts.

    ``alias`` is the counterpart's: outwardly a firm's alias is another firm than its name. ``channels`` are what the
    text factor was blended from, each 0 to 10,000 or SILENT.
    """

    key: str
    enterprise: int
    score: int
    parts: tuple[int, ...]
    verdict: int
    more_from_firm: int = 0
    alias: bool = False
    channels: tuple[int, ...] = (SILENT,) * len(CHANNELS)

    @property
    def firm(self) -> tuple[int, bool]:
        """The firm as others tell firms apart."""
        return self.enterprise, self.alias


@dataclass(frozen=True)
class RankedLists:
    """A ranking without words; ``dropped`` counts firms per failed must, ``firms`` those with a fitting posting.

    ``others_apart``: there are near misses or neighbours that were not listed, since enough firms fit.
    """

    matches: tuple[Ranked, ...]
    near_misses: tuple[Ranked, ...]
    neighbours: tuple[Ranked, ...]
    dropped: tuple[tuple[Reason, int], ...]
    firms: int
    others_apart: bool = False


@dataclass(frozen=True)
class Part:
    """What one factor gave, in points with one decimal, and the most it could give."""

    factor: str
    points: Decimal
    maximum: Decimal


@dataclass(frozen=True)
class Note:
    """A reason code with the facts that fill its text: short strings, never an amount that the asker may not see."""

    reason: Reason
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Match:
    """A counterpart with its points, grade (5 is best) and words. Parts add up to the points exactly."""

    key: str
    enterprise: int
    score: int
    points: Decimal
    grade: int
    parts: tuple[Part, ...]
    reasons: tuple[Note, ...]
    gaps: tuple[Note, ...]
    hints: tuple[Note, ...]
    more_from_firm: int = 0
    terms: tuple[str, ...] = ()
    """Words that both texts use, also where five other reasons left no room for them."""
    channels: tuple[int, ...] = (SILENT,) * len(CHANNELS)
    """What the text factor was blended from, in the order of CHANNELS."""

    @property
    def text(self) -> dict[str, int | None]:
        """Percent that each channel of the text factor gave, by name; None for one that has nothing to say."""
        told = zip(CHANNELS, self.channels, strict=True)
        return {name: None if value == SILENT else value // 100 for name, value in told}

    @property
    def words_only(self) -> bool:
        """Whether either text was not read for its meaning, so that the two were compared by words and terms alone."""
        return self.channels[MEANING] == SILENT


@dataclass(frozen=True)
class Dropped:
    """How many firms one must kept out; under three ``firms`` is 0 and ``shown`` is "<3"."""

    reason: Reason
    firms: int
    shown: str


@dataclass(frozen=True)
class Ranking:
    """The answer for one posting: matches best first, near misses with what would change them, and what was dropped.

    ``others_apart``: there are near misses or neighbours that the question left for another time.
    """

    matches: tuple[Match, ...]
    near_misses: tuple[Match, ...]
    neighbours: tuple[Match, ...]
    dropped: tuple[Dropped, ...]
    firms: int
    others_apart: bool = False
    engine_version: str = ENGINE_VERSION
    weights_version: str = WEIGHTS.version


def grade_of(score: int) -> int:
    """Five steps, 5 best, from a score in hundredths of a point."""
    return 5 - sum(score < least for least in GRADES)
