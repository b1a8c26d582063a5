"""Seeded markets: invented postings for benchmarks and tests, the same for the same seed on every machine."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.types.rows import (
    BookedDays,
    CertificateDemand,
    ParameterDemand,
    PostingRow,
    RegionRule,
    Taxonomy,
)

DIMENSIONS = ("count", "mass", "area")
FILLER = (
    "steady quality", "prompt delivery", "long cooperation", "sample first", "drawings at hand", "own tooling",
    "third-party report", "monthly plan", "small lots welcome", "export grade", "full inspection", "on-site audit",
)  # fmt: skip
CERTIFICATES = tuple(f"CERT{n:02d}" for n in range(24))
PARAMETERS = ("clamp_t", "workers", "lines", "range_km")
RULES: tuple[RegionRule, ...] = ("any", "any", "other_province", "radius")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHUNK = 10_000
TOPIC_STRENGTH, SHARED_STRENGTH, STEP = (0.4, 1.8), 0.5, 25
"""How much of an invented meaning comes from its node and from what all texts share, beside chance, and its grain: they
are about 0.1 like others and 0.2 to 0.8 like those of their node.
"""
ZIPF = 1.05
"""Exponent by which nodes are drawn: few are crowded, most are thin."""


def generated_rows(
    taxonomy: Taxonomy,
    *,
    needs: int,
    capacities: int,
    seed: int,
    today: date,
    firms: int | None = None,
    dimensions: int = 0,
) -> list[PostingRow]:
    """Invented postings over the taxonomy, needs first; nodes by a Zipf law, texts from the nodes' terms.

    With ``dimensions`` each has an invented meaning, nearer to those of its node than to others, as real ones are.
    """
    dice = np.random.default_rng(seed)
    count = needs + capacities
    leaves = [node for node in taxonomy.nodes if "." in node.code] or list(taxonomy.nodes)
    chances = 1.0 / np.arange(1, len(leaves) + 1) ** ZIPF
    nodes = dice.permutation(len(leaves))[dice.choice(len(leaves), count, p=chances / chances.sum())]
    regions = [region.code for region in taxonomy.regions if not region.successor and region.code[2:] != "0000"]
    owners = dice.integers(1, (firms or max(count // 3, 2)) + 1, count)
    words = [leaf.terms or (leaf.code,) for leaf in leaves]
    rows = [
        _row(at, at < needs, leaves[place].code, _text(words, place, dice), regions, int(owners[at]), today, dice)
        for at, place in enumerate(nodes.tolist())
    ]
    if not dimensions:
        return rows
    meanings = _meanings(nodes, dimensions, seed)
    return [replace(row, vector=meaning) for row, meaning in zip(rows, meanings, strict=True)]


def _meanings(nodes: NDArray[np.int64], dimensions: int, seed: int) -> Iterator[bytes]:
    dice = np.random.default_rng((seed, dimensions))
    topics = dice.normal(size=(int(nodes.max(initial=0)) + 1, dimensions)).astype(np.float32)
    shared = dice.normal(size=dimensions).astype(np.float32)
    for first in range(0, len(nodes), CHUNK):
        own = nodes[first : first + CHUNK]
        strength = dice.uniform(*TOPIC_STRENGTH, size=(len(own), 1)).astype(np.float32)
        noise = dice.normal(size=(len(own), dimensions)).astype(np.float32)
        told = strength * topics[own] + SHARED_STRENGTH * shared + noise
        yield from (row.tobytes() for row in np.clip(np.rint(told * STEP), -127, 127).astype(np.int8))


def key_of(number: int) -> str:
    """Ten characters that name an invented posting; neighbouring numbers lie far apart."""
    mixed = (number * 0x9E3779B97F4A7C15 + 0x1234567) % (1 << 50)
    return "".join(ALPHABET[mixed >> shift & 31] for shift in range(45, -5, -5))


def _row(
    at: int, need: bool, node: str, text: str, regions: Sequence[str], owner: int, today: date,
    dice: np.random.Generator,
) -> PostingRow:  # fmt: skip
    rolls = dice.integers(0, 1 << 30, 24).tolist()
    quantity = int(10 ** (3 + (rolls[0] % 4000) / 1000)) * 1000
    start = today + timedelta(days=rolls[1] % 60 - (0 if need else 30))
    end = start + timedelta(days=rolls[2] % 180 + (30 if need else 240))
    held = [CERTIFICATES[(rolls[3] + step * step) % len(CERTIFICATES)] for step in range(rolls[4] % 5)]
    asked = [CERTIFICATES[rolls[5] % len(CERTIFICATES)]] if rolls[6] % 3 == 0 else []
    parameter, value = PARAMETERS[rolls[7] % len(PARAMETERS)], str(int(rolls[8] % 9 + 1) * 100)
    wanted = (ParameterDemand(parameter, ">=", value, bool(rolls[20] % 2)),)
    last = end + timedelta(days=rolls[21] % 200 - 40)
    price = int(rolls[9] % 900 + 100) * 10_000
    rule = RULES[rolls[10] % 4 if need else 0]
    return PostingRow(
        key=key_of(at + 1),
        direction="need" if need else "capacity",
        enterprise=owner,
        node=node,
        region=regions[rolls[11] % len(regions)] if regions else "500000",
        dimension=DIMENSIONS[0] if rolls[12] % 10 else DIMENSIONS[rolls[12] % 3],
        quantity=quantity * (1 if need else 4),
        confirmed=today - timedelta(days=rolls[13] % 70),
        period=("once", "month", "year")[rolls[14] % 3],
        booked=0 if need or rolls[15] % 2 else quantity * 4 * (rolls[16] % 100) // 100,
        calendar=() if need or rolls[15] % 20 else _calendar(start, quantity * 4, rolls[16]),
        start=start,
        end=end,
        lead_days=rolls[17] % 60,
        minimum_order=0 if need else quantity // 10 * (rolls[18] % 4),
        split_allowed=need and rolls[19] % 4 == 0,
        certificates_asked=tuple(CertificateDemand(code, bool(rolls[20] % 2)) for code in asked) if need else (),
        certificates_held=() if need else tuple((code, last) for code in held),
        parameters_asked=wanted if need and rolls[22] % 3 == 0 else (),
        parameters_offered=() if need else ((parameter, value),),
        price_min=price,
        price_max=price * 3 if need else price,
        region_rule=rule,
        radius_km=rolls[23] % 400 + 50,
        verified=bool(rolls[3] % 3),
        outcomes=rolls[4] % 12,
        load=int(rolls[5] % 7 // 5) + int(rolls[5] % 11 == 0),
        text=text,
    )  # fmt: skip


def _calendar(start: date, quantity: int, roll: int) -> tuple[BookedDays, ...]:
    months = [start + timedelta(days=30 * month) for month in range(9)]
    return tuple(
        BookedDays(first, first + timedelta(days=29), quantity * (roll >> 2 * month & 3) // 3)
        for month, first in enumerate(months)
    )


def _text(words: Sequence[Sequence[str]], place: int, dice: np.random.Generator) -> str:
    own = words[place]
    picks = dice.integers(0, 1 << 20, 10).tolist()
    topic = [own[pick % len(own)] for pick in picks[:3]]
    aside = words[picks[3] % len(words)]
    said = [*topic, aside[picks[4] % len(aside)], *(FILLER[pick % len(FILLER)] for pick in picks[5:8])]
    return " ".join([*said, f"M{picks[8]}-{picks[9] % 97}"])
