"""Invents firms and postings by number: what the same seed gives for a number never depends on the others."""

import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate
from typing import Any

from config.demo.phrasing import Phrasing
from config.demo.rows import Book
from config.demo.sizes import drawn_amount, drawn_price
from matchmaking.postings.choices import Direction, Operator, Period, PriceKind, RegionPreference, Subject, Visibility
from reference.choices import RegionLevel
from reference.models import Parameter, Unit
from reference.queries.measures import closest_first

ZIPF_EXPONENT = 1.0
HOME_SHARE = 0.6
"""Share of a firm's postings at its own node; the others are drawn like any."""
POSTINGS_A_FIRM = 12
CLOSE_PAPERS = 6
"""Certificates of a node that its firms hold and its needs ask for: the closest so many."""
PARAMETERS = 3
SERVICES = {
    "SVC.SPACE": Subject.PREMISES,
    "SVC.TALENT": Subject.TALENT,
    "SVC.RES": Subject.RESOURCE,
    "SVC": Subject.SERVICE,
    "EQUIP.PROC": Subject.PROCESSING,
    "CONS.SEW": Subject.PROCESSING,
    "H2.PROD.FCGRADE": Subject.RESOURCE,
    "AUTO.ICV.SOFT": Subject.TECHNOLOGY,
    "EINFO.SOFT": Subject.TECHNOLOGY,
}
"""Subject by the beginning of a node's code; anything else is a component."""


@dataclass(frozen=True)
class Firm:
    """An invented firm; certificates with the days that they still hold."""

    node: str
    region: str
    name: str
    name_en: str
    alias: str
    introduction: str
    contact: str
    is_verified: bool
    certificates: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Plan:
    """An invented posting, its days counted from the day of loading."""

    number: int
    direction: Direction
    subject: Subject
    node: str
    title: str
    text: str
    language: str
    quantity: Decimal
    unit: str
    period: Period
    starts_in: int | None
    ends_in: int | None
    published_ago: int
    confirmed_ago: int
    lead_time_days: int | None
    minimum_order: Decimal | None
    reserved: Decimal | None
    region_preference: RegionPreference
    radius_km: int | None
    price_kind: PriceKind
    price_min: Decimal | None
    price_max: Decimal | None
    consortium_allowed: bool
    visibility: Visibility
    certificates: tuple[tuple[str, bool], ...] = ()
    parameters: tuple[dict[str, Any], ...] = field(default=())


class Inventor:
    """Draws from the reference rows; nodes by a Zipf law whose order the seed shuffles."""

    def __init__(self, book: Book, seed: int) -> None:
        self.book, self.seed = book, seed
        self.last: tuple[int, Firm] | None = None
        self.nodes = sorted(code for code, node in book.nodes.items() if node.is_leaf and not node.is_retired)
        random.Random(f"{seed}:nodes").shuffle(self.nodes)
        self.weights = list(accumulate(1 / rank**ZIPF_EXPONENT for rank in range(1, len(self.nodes) + 1)))
        levels = (RegionLevel.DISTRICT, RegionLevel.COUNTY)
        self.regions = sorted(
            code for code, region in book.regions.items() if region.level in levels and region.valid_to is None
        )
        self.phrasing = Phrasing(book)
        self.units = _usual(book.units, self.nodes)
        self.papers = _usual(book.certifications, self.nodes)
        self.parameters = _usual(book.parameters, self.nodes)

    def market_region(self, number: int) -> str:
        """The region in the credit codes of one market."""
        return self.regions[number % len(self.regions)]

    def firm(self, number: int) -> Firm:
        """The firm with this number; the last one asked for is kept, for its postings follow one another."""
        if self.last is None or self.last[0] != number:
            self.last = number, self.drawn_firm(number)
        return self.last[1]

    def drawn_firm(self, number: int) -> Firm:
        """The firm with this number, drawn anew."""
        dice = random.Random(f"{self.seed}:firm:{number}")
        node, region = self.drawn_node(dice), dice.choice(self.regions)
        papers = [paper.code for paper in self.papers[node][:CLOSE_PAPERS] if dice.random() < 0.7]
        names = self.phrasing.firm(node, region, number, dice)
        return Firm(
            node=node,
            region=region,
            is_verified=dice.random() < 0.85,
            certificates=tuple((code, dice.randint(-60, 1000)) for code in papers),
            **names,
        )

    def drawn_node(self, dice: random.Random) -> str:
        """A node by the Zipf law."""
        return dice.choices(self.nodes, cum_weights=self.weights)[0]

    def posting(self, number: int) -> Plan:
        """The posting with this number."""
        dice = random.Random(f"{self.seed}:posting:{number}")
        firm = self.firm(number // POSTINGS_A_FIRM)
        node = firm.node if dice.random() < HOME_SHARE else self.drawn_node(dice)
        direction = Direction.NEED if dice.random() < 0.45 else Direction.CAPACITY
        unit = self.drawn_unit(node, dice)
        period = dice.choices([Period.ONCE, Period.MONTH, Period.YEAR], weights=[25, 55, 20])[0]
        quantity = drawn_amount(unit.dimension, unit.factor_to_base, dice)
        language = "en" if dice.random() < 0.05 else "zh-hans"
        title, text = self.phrasing.posting(direction, language, node, firm.region, quantity, unit, period, dice)
        return Plan(
            number=number,
            direction=direction,
            subject=next((s for code, s in SERVICES.items() if node.startswith(code)), Subject.COMPONENT),
            node=node,
            title=title,
            text=text,
            language=language,
            quantity=quantity,
            unit=unit.code,
            period=period,
            visibility=Visibility.ALIAS if dice.random() < 0.15 else Visibility.NAMED,
            certificates=self.asked_papers(node, dice) if direction == Direction.NEED else (),
            parameters=self.drawn_parameters(node, direction, dice),
            **_days(dice),
            **_terms(direction, quantity, dice),
            **_price(direction, f"{self.seed}:{node}:{unit.code}", dice),
        )

    def drawn_unit(self, node: str, dice: random.Random) -> Unit:
        """Mostly the first usual unit of the node."""
        units = self.units[node] or [self.book.units["PCS"]]
        return units[0] if dice.random() < 0.85 else dice.choice(units)

    def asked_papers(self, node: str, dice: random.Random) -> tuple[tuple[str, bool], ...]:
        """None to two certificates, mostly as a must."""
        count = dice.choices([0, 1, 2], weights=[60, 30, 10])[0]
        close = self.papers[node][:CLOSE_PAPERS]
        return tuple((paper.code, dice.random() < 0.7) for paper in dice.sample(close, min(count, len(close))))

    def drawn_parameters(self, node: str, direction: Direction, dice: random.Random) -> tuple[dict[str, Any], ...]:
        """At most one parameter of a need; a capacity tells more of itself."""
        share = 0.25 if direction == Direction.NEED else 0.3
        drawn = [row for row in self.parameters[node][:PARAMETERS] if dice.random() < share]
        return tuple(_parameter(row, dice) for row in drawn[: 1 if direction == Direction.NEED else PARAMETERS])


def _usual(rows: Mapping[str, Any], nodes: list[str]) -> dict[str, list[Any]]:
    in_use = [row for row in rows.values() if not row.is_retired]
    usual: dict[str, list[Any]] = defaultdict(list)
    for code in nodes:
        usual[code] = closest_first(in_use, code)
    return usual


def _parameter(parameter: Parameter, dice: random.Random) -> dict[str, Any]:
    told = {"code": parameter.code, "operator": Operator(parameter.comparison), "is_must": dice.random() < 0.6}
    if parameter.is_ordered:
        return {**told, "level": dice.choice(parameter.levels)}
    base = random.Random(parameter.code).choice([10, 20, 50, 100, 500])
    return {**told, "number": Decimal(max(1, round(base * dice.choice([0.5, 0.8, 1, 1.2, 1.5, 2]))))}


def _days(dice: random.Random) -> dict[str, Any]:
    confirmed = dice.randint(0, 50) if dice.random() < 0.95 else dice.randint(61, 90)
    days: dict[str, Any] = {
        "published_ago": confirmed + dice.choice([0, 0, 0, 30, 60]),
        "confirmed_ago": confirmed,
        "starts_in": None,
        "ends_in": None,
    }
    if dice.random() < 0.92:
        start = dice.randint(-60, 120)
        days |= {"starts_in": start, "ends_in": max(start + dice.randint(60, 540), 20)}
    return days


def _terms(direction: Direction, quantity: Decimal, dice: random.Random) -> dict[str, Any]:
    capacity = direction == Direction.CAPACITY
    smallest = max(Decimal(1), (quantity / 20).quantize(Decimal(1)))
    preference = RegionPreference.ANY
    if not capacity:
        preference = dice.choices(
            [RegionPreference.ANY, RegionPreference.OTHER_PROVINCE, RegionPreference.RADIUS], weights=[70, 15, 15]
        )[0]
    return {
        "lead_time_days": dice.choice([7, 14, 21, 30, 45, 60]) if capacity and dice.random() < 0.7 else None,
        "minimum_order": smallest if capacity and smallest <= quantity and dice.random() < 0.3 else None,
        "reserved": (quantity * dice.randint(1, 8) / 10).quantize(Decimal("0.001"))
        if capacity and dice.random() < 0.2
        else None,
        "region_preference": preference,
        "radius_km": dice.choice([100, 150, 200, 300, 500]) if preference == RegionPreference.RADIUS else None,
        "consortium_allowed": not capacity and dice.random() < 0.15,
    }


def _price(direction: Direction, market: str, dice: random.Random) -> dict[str, Any]:
    kind = dice.choices([PriceKind.NONE, PriceKind.OPEN, PriceKind.SEALED], weights=[60, 35, 5])[0]
    if kind == PriceKind.NONE:
        return {"price_kind": kind, "price_min": None, "price_max": None}
    low, high = drawn_price(market, dice)
    return {"price_kind": kind, "price_min": low if direction == Direction.CAPACITY else None, "price_max": high}
