"""Plausible amounts and prices."""

import math
import random
from decimal import Decimal

AMOUNTS: dict[str, tuple[float, float]] = {
    "count": (500, 500_000),
    "set": (100, 80_000),
    "machine": (1, 2_000),
    "vehicle": (10, 3_000),
    "mass": (500, 5_000_000),
    "length": (1_000, 1_000_000),
    "area": (500, 50_000),
    "volume": (50, 20_000),
    "gas-volume": (10_000, 5_000_000),
    "hydrogen-mass": (300, 100_000),
    "energy": (100_000, 500_000_000),
    "power": (50, 50_000),
    "time": (20, 5_000),
    "labour": (200, 40_000),
    "headcount": (5, 500),
    "machine-time": (100, 20_000),
    "money": (100_000, 50_000_000),
}
"""Smallest and largest amount by dimension, in its base unit."""
OTHERWISE = (1, 500)
DIGITS = 2
PRICES = (1, 5_000)
"""Yuan per unit: the middle price of a node lies between these."""
SPREAD = 0.25
STEP = Decimal("0.0001")


def rounded(value: float, digits: int = DIGITS) -> Decimal:
    """``value`` with so many leading digits, at least 1, without a fraction."""
    if value <= 1:
        return Decimal(1)
    step = 10 ** max(0, math.floor(math.log10(value)) + 1 - digits)
    return Decimal(round(value / step) * step)


def log_uniform(low: float, high: float, dice: random.Random) -> float:
    """Between both, each order of magnitude as likely as the next."""
    return math.exp(dice.uniform(math.log(low), math.log(high)))


def drawn_amount(dimension: str, factor_to_base: Decimal, dice: random.Random) -> Decimal:
    """An amount in the unit that holds so many base units."""
    low, high = AMOUNTS.get(dimension, OTHERWISE)
    return rounded(log_uniform(low, high, dice) / float(factor_to_base))


def drawn_price(market: str, dice: random.Random) -> tuple[Decimal, Decimal]:
    """A band around the middle price of ``market``, which the same market always has."""
    middle = log_uniform(*PRICES, random.Random(market)) * math.exp(dice.gauss(0, SPREAD))
    low, high = middle * (1 - dice.uniform(0.02, 0.2)), middle * (1 + dice.uniform(0.02, 0.3))
    return Decimal(low).quantize(STEP), Decimal(high).quantize(STEP)
