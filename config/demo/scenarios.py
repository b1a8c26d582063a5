"""The eighteen scenarios as sample firms and postings, their days counted from the reference date."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from accounts.choices import CheckState
from config.demo.rows import Told, demo_object, demo_rows
from matchmaking.postings.choices import Direction, Operator, Period, PriceKind, RegionPreference, Subject, Visibility

NO_EXPIRY = "2099-12-31"
SPEC = re.compile(r"(\w+)(>=|<=|=)([^;]+)")
OPERATORS = {">=": Operator.AT_LEAST, "<=": Operator.AT_MOST, "=": Operator.EQUAL}
SUBJECTS = {
    "SVC.SPACE": Subject.PREMISES,
    "SVC.IIOT": Subject.SERVICE,
    "H2.TRANS.LOGISTICS": Subject.SERVICE,
    "H2.PROD.ALK": Subject.RESOURCE,
    "SVC.RES": Subject.RESOURCE,
    "CONS.SEW": Subject.PROCESSING,
    "EINFO.PCB.SMT": Subject.PROCESSING,
}
"""Subject by the beginning of the node's code; anything else is a component."""
PUBLISHED_BEFORE = 5
"""Days before the reference date on which a need of a scenario was published."""


def reference_date() -> date:
    """The day on which the scenarios play."""
    return date.fromisoformat(demo_object("scenarios")["reference_date"])


def scenarios() -> list[dict[str, Any]]:
    """Each with its ``need``, its three ``capacities`` and what is expected of them."""
    told: list[dict[str, Any]] = demo_object("scenarios")["scenarios"]
    return told


def scenario_firms() -> list[Told]:
    """One firm for each posting of the scenarios, holding the papers that its capacity offers."""
    names = {row["key"]: row for row in demo_rows("scenario_firms")}
    return [_firm(posting, direction, names[posting["id"]]) for posting, direction in _postings()]


def scenario_postings() -> list[Told]:
    """The needs and capacities of the scenarios in the form of the other demo fixtures."""
    return [_posting(posting, direction) for posting, direction in _postings()]


def _postings() -> Iterator[tuple[Told, Direction]]:
    for scenario in scenarios():
        yield scenario["need"], Direction.NEED
        for capacity in scenario["capacities"]:
            yield capacity, Direction.CAPACITY


def _days(text: str) -> int:
    return (date.fromisoformat(text) - reference_date()).days


def _firm(posting: Told, direction: Direction, names: Told) -> Told:
    held = posting["certs"] if direction == Direction.CAPACITY else {}
    papers = [
        {"code": code, "days": None if last == NO_EXPIRY else _days(last), "state": CheckState.CHECKED}
        for code, last in held.items()
    ]
    return {
        "sites": [],
        **names,
        "region": posting["region"],
        "address": "",
        "introduction": "",
        "language": "zh-hans",
        "verification": "verified",
        "certificates": papers,
    }


def _posting(told: Told, direction: Direction) -> Told:
    need = direction == Direction.NEED
    prices = [price for price in (told["price_band"] if need else told["price"]).split("-") if price]
    return {
        "key": told["id"],
        "firm": told["id"],
        "direction": direction,
        "subject": next((s for code, s in SUBJECTS.items() if told["node"].startswith(code)), Subject.COMPONENT),
        "node": told["node"],
        "region": told["region"],
        "title": told["title_zh"],
        "text": f"{told['text_zh']}\n\n{told['title_en']}. {told['text_en']}",
        "language": "zh-hans",
        "quantity": str(told["qty"]),
        "unit": told["unit"],
        "period": Period.ONCE,
        "starts_in": _days(told["window_from"]),
        "ends_in": _days(told["window_to"]),
        "published_ago": PUBLISHED_BEFORE if need else -_days(told["confirmed_on"]),
        "confirmed_ago": 0 if need else -_days(told["confirmed_on"]),
        "lead_time_days": None,
        "minimum_order": None if need or not told["moq"] else str(told["moq"]),
        "reserved": "0" if need else str(told["booked"]),
        "certificates": [{"code": code, "must": True} for code in told["certs"]] if need else [],
        "parameters": [
            {"code": code, "operator": OPERATORS[sign], "value": value, "must": True}
            for code, sign, value in SPEC.findall(told["spec"])
        ],
        "region_preference": RegionPreference.LIST if need and told["regions_allowed"] else RegionPreference.ANY,
        "radius_km": None,
        "regions_allowed": told["regions_allowed"] if need else [],
        "price": {
            "kind": PriceKind.OPEN if prices else PriceKind.NONE,
            "min": prices[0] if prices else None,
            "max": prices[-1] if prices else None,
        },
        "consortium_allowed": False,
        "visibility": Visibility.NAMED,
    }
