"""Plain rows for the engine: the reference taxonomy, the scenarios, and postings with sensible figures."""

import json
import re
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from matchmaking.engine.types.rows import (
    CertificateDemand,
    Node,
    ParameterDemand,
    PostingRow,
    Region,
    Taxonomy,
)

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "fixtures" / "reference"
SCENARIOS = ROOT / "fixtures" / "demo" / "scenarios.json"
FURTHER_SCENARIOS = ROOT / "fixtures" / "evaluation" / "scenarios" / "scenarios.json"
TODAY = date(2026, 12, 1)
"""The scenarios' reference date."""

REASON_CODES = {
    "NODE_MISMATCH": "gap.node.mismatch",
    "REGION_EXCLUDED": "gap.region.excluded",
    "QTY_SHORT": "gap.quantity.short",
    "BUSY": "gap.capacity.booked",
    "WINDOW_MISS": "gap.window.miss",
    "CERT_MISSING": "gap.certificate.missing",
    "CERT_EXPIRED": "gap.certificate.expired",
    "PRICE_ABOVE": "gap.price.above",
    "SPEC_NOT_MET": "gap.parameter.unmet",
    "MOQ_TOO_HIGH": "gap.minimum_order.high",
    "UNIT_INCOMPATIBLE": "gap.unit.incompatible",
    "STALE": "gap.stale",
}


def reference(name: str) -> list[dict[str, Any]]:
    """Rows of a reference fixture."""
    return json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))


@cache
def reference_taxonomy() -> Taxonomy:
    """Chains, regions and glossary of the reference fixtures."""
    nodes = [
        Node(row["code"], row["parent"] or "", (row["name_zh"], row["name_en"], *row["aliases_zh"], *row["aliases_en"]))
        for row in reference("nodes")
    ]
    names = ("name_zh", "name_en", "short_zh", "short_en")
    regions = [
        Region(row["code"], row["lat"], row["lon"], row["successor"] or "", tuple(row[name] for name in names))
        for row in reference("regions")
    ]
    terms = reference("glossary")
    return Taxonomy(
        nodes=tuple(nodes),
        links=tuple((row["supplier"], row["consumer"]) for row in reference("links")),
        regions=tuple(regions),
        glossary=tuple((word, row["node"]) for row in terms if row["node"] for word in words_of(row)),
    )


@cache
def small_taxonomy() -> Taxonomy:
    """A dozen nodes and six regions, so that generated rows often meet."""
    codes = ("A", "A.B", "A.B.C", "A.B.C.D", "A.B.E", "A.F", "A.F.G", "H", "H.I", "H.I.J")
    terms = {code: (f"thing {code.lower()}", f"{code.lower()} part") for code in codes}
    return Taxonomy(
        nodes=tuple(Node(code, code.rpartition(".")[0], terms[code]) for code in codes),
        links=(("A.F.G", "A.B.C"), ("H.I.J", "A.B.E")),
        regions=(
            Region("500153", 29.4, 105.59),
            Region("500157", 29.6, 106.55),
            Region("500112", 29.7, 106.63, "500157"),
            Region("511083", 29.33, 105.28),
            Region("510100", 30.66, 104.06),
            Region("513401", 27.9, 102.26),
        ),
        glossary=(("gear blank", "A.B.C"), ("housing", "A.B.E")),
    )  # fmt: skip


def words_of(row: dict[str, Any]) -> tuple[str, ...]:
    """Every word that stands for a term."""
    return (row["term_zh"], row["term_en"], *row["aliases_zh"], *row["aliases_en"])


def need_row(**changes: Any) -> PostingRow:
    """A need for 1,000 pieces over the first half of 2027, plain in every other respect."""
    fields: dict[str, Any] = {
        "key": "NEED000001",
        "direction": "need",
        "enterprise": 1,
        "node": "A.B.C",
        "region": "500153",
        "dimension": "count",
        "quantity": 1_000_000,
        "unit": "PCS",
        "start": date(2027, 1, 1),
        "end": date(2027, 6, 30),
        "confirmed": TODAY,
        "text": "gear blank for reducers",
    }
    return PostingRow(**{**fields, **changes})


def capacity_row(**changes: Any) -> PostingRow:
    """A capacity that fits ``need_row`` in everything."""
    fields: dict[str, Any] = {
        "key": "CAPA000001",
        "direction": "capacity",
        "enterprise": 2,
        "node": "A.B.C",
        "region": "511083",
        "dimension": "count",
        "quantity": 2_000_000,
        "unit": "PCS",
        "start": date(2026, 12, 1),
        "end": date(2027, 12, 31),
        "confirmed": TODAY,
        "text": "gear blank and housing, forged",
    }
    return PostingRow(**{**fields, **changes})


@cache
def scenario_rows(path: Path = SCENARIOS) -> tuple[tuple[PostingRow, tuple[tuple[PostingRow, str], ...]], ...]:
    """Each scenario's need, and its capacities with the gap code that refuses them, empty for the right one."""
    told = json.loads(path.read_text(encoding="utf-8"))
    units = {row["code"]: row for row in reference("units")}
    pairs = []
    for scenario in told["scenarios"]:
        capacities = [
            (_row(row, "capacity", units), REASON_CODES.get(row["reason"], "")) for row in scenario["capacities"]
        ]
        pairs.append((_row(scenario["need"], "need", units), tuple(capacities)))
    return tuple(pairs)


def _row(told: dict[str, Any], direction: str, units: dict[str, dict[str, Any]]) -> PostingRow:
    unit = units[told["unit"]]
    size = int(Decimal(unit["factor_to_base"]) * 1000)
    need = direction == "need"
    prices = [micro(text, size) for text in (told["price_band"] if need else told["price"]).split("-") if text]
    parameters = re.findall(r"(\w+)(>=|<=|=)([^;]+)", told["spec"])
    fields: dict[str, Any] = {
        "minimum_order": 0 if need else int(Decimal(told["moq"]) * size),
        "booked": 0 if need else int(Decimal(told["booked"]) * size),
    }
    if need:
        fields["certificates_asked"] = tuple(CertificateDemand(code) for code in told["certs"])
        fields["parameters_asked"] = tuple(ParameterDemand(*parameter) for parameter in parameters)
        fields["region_rule"] = "list" if told["regions_allowed"] else "any"
        fields["regions_allowed"] = tuple(told["regions_allowed"])
    else:
        fields["certificates_held"] = tuple((code, date.fromisoformat(day)) for code, day in told["certs"].items())
        fields["parameters_offered"] = tuple((key, value) for key, _, value in parameters)
    return PostingRow(
        key=told["id"].replace("-", ""),
        direction="need" if need else "capacity",
        enterprise=int.from_bytes(told["id"].encode(), "big") % (1 << 60),
        node=told["node"],
        region=told["region"],
        dimension=unit["dimension"],
        quantity=int(Decimal(told["qty"]) * size),
        unit=told["unit"],
        unit_size=size,
        start=date.fromisoformat(told["window_from"]),
        end=date.fromisoformat(told["window_to"]),
        confirmed=TODAY if need else date.fromisoformat(told["confirmed_on"]),
        price_min=prices[0] if prices else None,
        price_max=prices[-1] if prices else None,
        text=" ".join(told[name] for name in ("title_zh", "text_zh", "title_en", "text_en")),
        **fields,
    )


def micro(yuan: str, unit_size: int) -> int:
    """Yuan per unit as millionths of a yuan per base unit."""
    return int(Decimal(yuan) * 1_000_000 * 1000 / unit_size)
