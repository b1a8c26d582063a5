"""How firms of a simulated market behave. Each is drawn by the seed and its own number, so that both markets of a run
meet the same people in the same mood.
"""

import random
from dataclasses import dataclass
from enum import StrEnum

LOOKS_AT_FIRST = 10
"""Suggestions that a buyer reads before pressing; few read further than the first screen."""
ASKED_AT_ONCE = ((1, 2), (60, 40))
"""Requests that a buyer has waiting at a time, and in how many of a hundred."""
ASKED_IN_ALL = ((2, 3, 4, 5), (20, 40, 25, 15))
"""Requests after which a buyer who found nobody gives up: three offers are the rule of purchasing by inquiry
(Government Procurement Law, article 40). With three to six, relevance alone fills more (docs/decisions/0078).
"""
ANSWERS_A_DAY = ((1, 2, 3, 5), (25, 35, 25, 15))
"""Requests that a supplier finds the time to answer on a working day."""
IGNORED, UNSUITED = 0.08, 0.08
"""Shares of requests that are never answered, and that are declined for a reason no posting tells."""
DELIVERING = 0.97
"""Share of agreements that are delivered; the others fail, and what they held is free again."""
SPLITTING = 0.35
"""Share of needs that several suppliers may share."""
CROSSING = 0.3
"""Share of needs that prefer the other province."""
UNVERIFIED = 0.1


class Order(StrEnum):
    """What a market's suggestions are ordered by."""

    PLATFORM = "platform"
    RELEVANCE_ONLY = "relevance_only"


def drawn(*told: object) -> random.Random:
    """Dice of their own for what ``told`` names, the same in every run."""
    return random.Random(":".join(map(str, told)))


@dataclass(frozen=True)
class Buyer:
    """How the people behind one need look for a supplier."""

    at_once: int
    in_all: int


def buyer_of(seed: int, need: int) -> Buyer:
    """The buyer of the need with this number."""
    dice = drawn(seed, "buyer", need)
    return Buyer(dice.choices(*ASKED_AT_ONCE)[0], dice.choices(*ASKED_IN_ALL)[0])


def answers_a_day(seed: int, supplier: int) -> int:
    """Requests that this supplier answers on a working day."""
    return drawn(seed, "supplier", supplier).choices(*ANSWERS_A_DAY)[0]


def answer_to(seed: int, need: int, supplier: int) -> str:
    """What a supplier would make of a need that it has the room for: ``ignore``, ``decline`` or ``accept``."""
    chance = drawn(seed, "answer", need, supplier).random()
    if chance < IGNORED:
        return "ignore"
    return "decline" if chance < IGNORED + UNSUITED else "accept"


def is_delivered(seed: int, need: int, supplier: int) -> bool:
    """Whether an agreement of the two is kept."""
    return drawn(seed, "delivery", need, supplier).random() < DELIVERING


def days_to_deliver(seed: int, need: int, supplier: int) -> int:
    """Days from signing to the delivery."""
    return drawn(seed, "days", need, supplier).randint(3, 12)
