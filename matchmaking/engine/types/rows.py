"""What the engine is told: one plain row per published posting, and the taxonomy that gives codes their meaning.

Amounts are whole thousandths of the dimension's base unit, prices whole millionths of a yuan per base unit, days are
dates; no floats, so that every ranking is exact and the same everywhere.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Literal

Direction = Literal["need", "capacity"]
Period = Literal["once", "month", "year"]
RegionRule = Literal["any", "other_province", "radius", "list"]

AMOUNT_LIMIT = 900_000_000_000_000
"""Largest amount computed with, in thousandths of a base unit: times 10,000 it fits 64 bits. More counts as this."""

PRICE_LIMIT = 10**15
"""Largest price computed with, in millionths of a yuan per base unit."""


LEVEL_MARK = "|"
"""In a parameter's value: what stands before it is compared as a number, what stands after it is shown (2|B)."""


@dataclass(frozen=True)
class CertificateDemand:
    """A certificate asked for; a must decides, a wish only ranks."""

    code: str
    must: bool = True


@dataclass(frozen=True)
class ParameterDemand:
    """A technical requirement such as workers >= 100; numbers compare as numbers, anything else by equality."""

    key: str
    operator: Literal["=", ">=", "<="]
    value: str
    must: bool = True


@dataclass(frozen=True)
class BookedDays:
    """What is booked of a capacity per its period from ``first`` to ``last``, both days included."""

    first: date
    last: date
    booked: int


@dataclass(frozen=True)
class PostingRow:
    """One posting as the engine sees it. Sealed prices and contact data have no field here and so cannot leak.

    ``booked`` and the ``calendar`` are the only hidden figures that enter; they are turned into classes before anything
    is computed from them. Days of the calendar do not overlap; ``booked`` holds on all other days, and is the least.
    ``alias`` says that the firm is shown under an alias: nobody may tell that it is the firm of a named posting.
    Until ``opens_on`` only the firms ``asked_first`` may know of it, beside its own.
    ``vector`` is the text's meaning as signed bytes of the encoder in use, empty where it was not read yet.
    """

    key: str
    direction: Direction
    enterprise: int
    node: str
    region: str
    dimension: str
    quantity: int
    confirmed: date
    further_nodes: tuple[str, ...] = ()
    period: Period = "once"
    booked: int = 0
    calendar: tuple[BookedDays, ...] = ()
    unit: str = ""
    unit_size: int = 1000
    start: date | None = None
    end: date | None = None
    lead_days: int | None = None
    minimum_order: int = 0
    split_allowed: bool = False
    minimum_share: int = 200
    certificates_asked: tuple[CertificateDemand, ...] = ()
    certificates_held: tuple[tuple[str, date], ...] = ()
    parameters_asked: tuple[ParameterDemand, ...] = ()
    parameters_offered: tuple[tuple[str, str], ...] = ()
    price_min: int | None = None
    price_max: int | None = None
    region_rule: RegionRule = "any"
    regions_allowed: tuple[str, ...] = ()
    radius_km: int = 0
    verified: bool = True
    outcomes: int = 0
    load: int = 0
    text: str = ""
    title: str = ""
    subject: str = ""
    amount: int = 0
    hidden_from: frozenset[int] = frozenset()
    alias: bool = False
    opens_on: date | None = None
    asked_first: frozenset[int] = frozenset()
    vector: bytes = b""


@dataclass(frozen=True)
class Node:
    """A node of an industrial chain; ``terms`` are its names and aliases in both languages."""

    code: str
    parent: str
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Region:
    """A region's point in degrees, the code that follows it when its own no longer holds, and what it is called."""

    code: str
    latitude: float
    longitude: float
    successor: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taxonomy:
    """Chains, regions and glossary as the engine needs them; rows may name codes that are not in it."""

    nodes: tuple[Node, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    regions: tuple[Region, ...] = ()
    glossary: tuple[tuple[str, str], ...] = ()

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Taxonomy) and self.fingerprint == other.fingerprint)

    @cached_property
    def node_index(self) -> Mapping[str, int]:
        """Place of each node code in the closeness table."""
        return {node.code: place for place, node in enumerate(self.nodes)}

    @cached_property
    def region_of(self) -> Mapping[str, Region]:
        """Region by code, closed ones included."""
        return {region.code: region for region in self.regions}

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever any code, term, link or point changes: arrays made under another one are not used."""
        content = repr((self.nodes, self.links, self.regions, self.glossary))
        return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()

    def current_region(self, code: str) -> str:
        """The code that holds today for ``code``; unknown codes stay as they are."""
        for _ in range(8):
            region = self.region_of.get(code)
            if region is None or not region.successor:
                break
            code = region.successor
        return code


def is_open_to(row: PostingRow, firm: int, today: date) -> bool:
    """Whether ``firm``, another one than the posting's own, may know of it on that day."""
    return row.opens_on is None or row.opens_on <= today or firm in row.asked_first


def code_number(code: str) -> int:
    """A 64-bit number for any code or word, the same in every process; equal numbers mean equal codes in practice."""
    return int.from_bytes(hashlib.blake2b(code.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)


def packed(row: PostingRow) -> bytes:
    """A row as bytes that a snapshot keeps beside its columns, so that shown rows need no database; without its vector,
    which is a column.
    """
    told = {name: value for name, value in vars(row).items() if name != "vector"}
    return zlib.compress(json.dumps(told, default=_plain, ensure_ascii=False).encode("utf-8", "surrogatepass"), 1)


@lru_cache(maxsize=2048)
def unpacked(content: bytes, vector: bytes = b"") -> PostingRow:
    """The row that was packed, with its ``vector``. Raises ValueError or KeyError when the bytes are something else.

    Those read last are kept: the rows of a snapshot are shown again and again.
    """
    told = json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"))
    for name in ("start", "end", "confirmed", "opens_on"):
        told[name] = date.fromisoformat(told[name]) if told[name] else None
    told["certificates_held"] = tuple((code, date.fromisoformat(day)) for code, day in told["certificates_held"])
    told["certificates_asked"] = tuple(CertificateDemand(**asked) for asked in told["certificates_asked"])
    told["calendar"] = tuple(
        BookedDays(date.fromisoformat(days["first"]), date.fromisoformat(days["last"]), days["booked"])
        for days in told["calendar"]
    )
    told["parameters_asked"] = tuple(ParameterDemand(**asked) for asked in told["parameters_asked"])
    told["parameters_offered"] = tuple((key, value) for key, value in told["parameters_offered"])
    for name in ("further_nodes", "regions_allowed"):
        told[name] = tuple(told[name])
    for name in ("hidden_from", "asked_first"):
        told[name] = frozenset(told[name])
    return PostingRow(**{**told, "vector": vector})


def _plain(value: date | frozenset[int] | BookedDays | CertificateDemand | ParameterDemand) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else vars(value)
