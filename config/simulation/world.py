"""The firms of a simulated market, the capacities that they post on the first day, and the needs that come later."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any

from accounts.choices import CheckState, Role, Verification
from accounts.models import Enterprise, EnterpriseCertificate, Membership, User
from config.demo.invention import Inventor
from config.demo.rows import Book, open_book, sample_credit_code
from config.demo.scale import drawn_key
from config.demo.sizes import log_uniform, rounded
from config.simulation.people import CROSSING, SPLITTING, UNVERIFIED, drawn
from matchmaking.postings.choices import Direction, Period
from matchmaking.postings.models import Posting
from matchmaking.postings.services.drafting import save_draft
from matchmaking.postings.services.publishing import publish_posting

FIRST_DAY = date(2026, 3, 2)
"""A Monday in a year whose working days are announced, the same in every run: no figure hangs on the day of the run."""
UNIT = "PCS"
NEEDS_A_NODE, NEEDS_A_CAPACITY, NEEDS_A_BUYER = 60, 3, 4
"""On average."""
BUSIEST = 0.8
"""Exponent by which needs fall on nodes: some trades are crowded."""
NEED_SIZES, CAPACITY_SPREAD = (200.0, 2_000.0), 0.5
"""Pieces of a need, each order of magnitude as likely; spread of the sizes of capacities (log-normal)."""
OFFERED, OFFERED_SPREAD = 1.2, 0.2
"""What is offered of what is asked for at a node, and its spread (log-normal): some trades lack capacity."""
PAPER_ASKED, PAPER_HELD = 0.25, 0.8
ARRIVING = 0.6
"""Share of the days on which needs still arrive, so that the last ones have time to be answered."""
OPEN_DAYS = (25, 45)
"""Days that a need is open for before its window ends."""
HOLDS = timedelta(days=800)
BUYERS, SUPPLIERS = "X", "Y"
"""Signs of the credit codes of both sides."""


@dataclass(frozen=True)
class Size:
    """How large a market is, how long it runs, and what it is drawn from."""

    needs: int
    days: int
    seed: int

    @property
    def capacities(self) -> int:
        """Suppliers, with one capacity each."""
        return max(4, self.needs // NEEDS_A_CAPACITY)


@dataclass(frozen=True)
class Firm:
    """An invented firm and who acts for it."""

    place: int
    enterprise: Enterprise
    user: User


@dataclass(frozen=True)
class PlannedNeed:
    """A need before it is posted: on which day, by whom, and what it says."""

    place: int
    day: int
    firm: Firm
    amount: Decimal
    values: dict[str, Any]


@dataclass(frozen=True)
class World:
    """A market before its first day."""

    size: Size
    book: Book
    suppliers: list[Firm]
    capacities: list[Posting]
    needs: list[PlannedNeed]


def open_world(size: Size, *, today: date) -> World:
    """Make the firms, post the capacities and draw the needs; the clock stands on the first day."""
    book = open_book()
    inventor = Inventor(book, size.seed)
    nodes = _nodes(size, inventor)
    asked = [_asked(size, place, nodes, inventor) for place in range(size.needs)]
    offered = _offered(size, asked, inventor)
    papers = {
        node: [paper.code for paper in inventor.papers[node][:1]] for node in {one["node"] for one in asked + offered}
    }
    buyers = _firms(size, BUYERS, max(2, size.needs // NEEDS_A_BUYER), [], inventor, today)
    suppliers = _firms(size, SUPPLIERS, len(offered), [papers[one["node"]] for one in offered], inventor, today)
    needs = [_planned(size, place, told, buyers, papers, today) for place, told in enumerate(asked)]
    capacities = [
        post(size, firm, Direction.CAPACITY, told | _capacity(size, firm))
        for firm, told in zip(suppliers, offered, strict=True)
    ]
    return World(size, book, suppliers, capacities, sorted(needs, key=lambda need: (need.day, need.place)))


def post(size: Size, firm: Firm, direction: Direction, values: dict[str, Any]) -> Posting:
    """Write and publish a posting as its firm does, by a number that the seed gives."""
    number = drawn_key(f"{size.seed}:simulated:{direction}:{values['place']}")
    draft = save_draft(actor=firm.user, enterprise=firm.enterprise, direction=direction, number=number, values=values)
    return publish_posting(posting=draft, actor=firm.user)


def _nodes(size: Size, inventor: Inventor) -> list[str]:
    counted = [node for node in inventor.nodes if inventor.units[node] and inventor.units[node][0].dimension == "count"]
    return counted[: max(1, size.needs // NEEDS_A_NODE)]


def _asked(size: Size, place: int, nodes: Sequence[str], inventor: Inventor) -> dict[str, Any]:
    dice = drawn(size.seed, "need", place)
    weights = list(accumulate(1 / rank**BUSIEST for rank in range(1, len(nodes) + 1)))
    node = dice.choices(nodes, cum_weights=weights)[0]
    amount = rounded(log_uniform(*NEED_SIZES, dice))
    return _told(size, place, node, amount, Direction.NEED, inventor, dice)


def _offered(size: Size, asked: Sequence[dict[str, Any]], inventor: Inventor) -> list[dict[str, Any]]:
    """Capacities of each node, in sizes that together make up its share of what is asked for there."""
    offered: list[dict[str, Any]] = []
    for node in sorted({one["node"] for one in asked}):
        there = [one["quantity"] for one in asked if one["node"] == node]
        dice = drawn(size.seed, "capacities", node)
        count = max(2, round(len(there) / NEEDS_A_CAPACITY))
        weights = [math.exp(dice.gauss(0, CAPACITY_SPREAD)) for _ in range(count)]
        total = float(sum(there)) * OFFERED * math.exp(dice.gauss(0, OFFERED_SPREAD))
        for weight in weights:
            amount = rounded(total * weight / sum(weights))
            offered.append(_told(size, len(offered), node, amount, Direction.CAPACITY, inventor, dice))
    return offered


def _told(
    size: Size, place: int, node: str, amount: Decimal, direction: Direction, inventor: Inventor, dice: random.Random
) -> dict[str, Any]:
    region = dice.choice(inventor.regions)
    unit = inventor.book.units[UNIT]
    words = (direction, "zh-hans", node, region, amount, unit, Period.ONCE, dice)
    title, text = inventor.phrasing.posting(*words)
    return {
        "place": place,
        "subject": "component",
        "title": title,
        "text": text,
        "node": node,
        "region": region,
        "quantity": amount,
        "unit": UNIT,
        "period": Period.ONCE,
    }


def _planned(
    size: Size, place: int, told: dict[str, Any], buyers: Sequence[Firm], papers: dict[str, list[str]], today: date
) -> PlannedNeed:
    dice = drawn(size.seed, "planned", place)
    day = dice.randrange(max(1, round(size.days * ARRIVING)))
    asked = papers[told["node"]] if dice.random() < PAPER_ASKED else []
    values = told | {
        "consortium_allowed": dice.random() < SPLITTING,
        "region_preference": "other_province" if dice.random() < CROSSING else "any",
        "certificates": [(code, True) for code in asked],
        "window_start": today + timedelta(days=day),
        "window_end": today + timedelta(days=day + dice.randint(*OPEN_DAYS)),
    }
    return PlannedNeed(place, day, dice.choice(buyers), told["quantity"], values)


def _capacity(size: Size, firm: Firm) -> dict[str, Any]:
    dice = drawn(size.seed, "capacity", firm.place)
    return {"region": firm.enterprise.region.code, "lead_time_days": dice.choice([3, 5, 10, 20, 30])}


def _firms(
    size: Size, sign: str, count: int, papers: Sequence[list[str]], inventor: Inventor, today: date
) -> list[Firm]:
    """Firms with one person each, written in bulk: signing up and being checked is not what is simulated."""
    rows, people = [], []
    for place in range(count):
        dice = drawn(size.seed, "firm", sign, place)
        region, is_verified = dice.choice(inventor.regions), dice.random() >= UNVERIFIED
        words = inventor.phrasing.firm(inventor.nodes[0], region, place, drawn(size.seed, "words", sign, place))
        rows.append(
            Enterprise(
                uscc=sample_credit_code(region, sign, place),
                key=drawn_key(f"{size.seed}:firm:{sign}:{place}"),
                name=words["name"],
                alias=words["alias"],
                region=inventor.book.regions[region],
                verification=Verification.VERIFIED if is_verified else Verification.UNVERIFIED,
                is_sample=True,
                confirmed_outcomes=dice.choice([0, 0, 0, 1, 3, 10]) if sign == SUPPLIERS else 0,
            )
        )
        people.append(User(email=f"simulated-{sign}{place}@example.com".lower(), name=words["contact"]))
    Enterprise.objects.bulk_create(rows)
    User.objects.bulk_create(people)
    Membership.objects.bulk_create(
        Membership(enterprise=firm, user=user, role=Role.OWNER) for firm, user in zip(rows, people, strict=True)
    )
    EnterpriseCertificate.objects.bulk_create(
        EnterpriseCertificate(
            enterprise=firm,
            certification=inventor.book.certifications[code],
            number=f"SAMPLE-{firm.uscc[-8:]}-{code}",
            issued_on=today - timedelta(days=200),
            expires_on=today + HOLDS,
            state=CheckState.CHECKED,
        )
        for place, (firm, codes) in enumerate(zip(rows, papers, strict=False))
        for code in codes
        if drawn(size.seed, "paper", place).random() < PAPER_HELD
    )
    return [Firm(place, firm, user) for place, (firm, user) in enumerate(zip(rows, people, strict=True))]
