"""Scenarios put to the whole engine: the right capacity first, each wrong one refused for its stated reason alone.

A file of scenarios has a ``reference_date`` and ``scenarios``, each a ``need`` and its ``capacities`` with the
``reason`` that refuses them, empty for the right one. Amounts are in the row's own unit, prices in yuan per unit of the
need.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from common.reasons import Reason
from matchmaking.engine.encoding import encoder_named
from matchmaking.engine.explanation.answers import Question, answer, answer_pair
from matchmaking.engine.scoring.building import build_market
from matchmaking.engine.text.meaning import encoded
from matchmaking.engine.types.results import MUSTS
from matchmaking.engine.types.rows import CertificateDemand, ParameterDemand, PostingRow, Taxonomy
from matchmaking.matching.services.rows import MILLIONTHS, THOUSANDTHS, load_taxonomy, parameter_demand
from reference.models import Parameter, Unit

REASONS: Mapping[str, Reason] = {
    "NODE_MISMATCH": Reason.GAP_NODE_MISMATCH,
    "REGION_EXCLUDED": Reason.GAP_REGION_EXCLUDED,
    "QTY_SHORT": Reason.GAP_QUANTITY_SHORT,
    "BUSY": Reason.GAP_CAPACITY_BOOKED,
    "WINDOW_MISS": Reason.GAP_WINDOW_MISS,
    "CERT_MISSING": Reason.GAP_CERTIFICATE_MISSING,
    "CERT_EXPIRED": Reason.GAP_CERTIFICATE_EXPIRED,
    "PRICE_ABOVE": Reason.GAP_PRICE_ABOVE,
    "SPEC_NOT_MET": Reason.GAP_PARAMETER_UNMET,
    "MOQ_TOO_HIGH": Reason.GAP_MINIMUM_ORDER_HIGH,
    "UNIT_INCOMPATIBLE": Reason.GAP_UNIT_INCOMPATIBLE,
    "STALE": Reason.GAP_STALE,
}
"""Codes of the files, and what they are here."""
SPEC = re.compile(r"(\w+)(>=|<=|=)([^;]+)")
TEXTS = ("title_zh", "text_zh", "title_en", "text_en")

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Scales:
    """Dimension and size of each unit in thousandths of its base, and the levels of each parameter."""

    units: Mapping[str, tuple[str, Decimal]]
    levels: Mapping[str, list[str]]

    @classmethod
    def loaded(cls) -> "Scales":
        """Those of the reference rows."""
        units = Unit.objects.values_list("code", "dimension", "factor_to_base")
        return cls(
            {code: (dimension, factor * THOUSANDTHS) for code, dimension, factor in units},
            dict(Parameter.objects.values_list("code", "levels")),
        )


def evaluate_scenarios(*, path: Path, system: str = "current") -> dict[str, Any]:
    """How many scenarios of the file come out right, and of each that does not what was expected and what came.

    Raises OSError, ValueError or KeyError for a file that holds none or names codes that nobody knows.
    """
    told = json.loads(path.read_text(encoding="utf-8"))
    encoder = encoder_named(settings.MATCH_ENCODER if system == "current" else "null")
    taxonomy, scales, day = load_taxonomy(), Scales.loaded(), date.fromisoformat(told["reference_date"])
    wrong = {}
    for scenario in told["scenarios"]:
        rows = [scenario["need"], *scenario["capacities"]]
        vectors = encoded([" ".join(row[name] for name in TEXTS) for row in rows], encoder, taxonomy)
        need, *capacities = (
            posting_row(row, rows[0], scales, day, at, vector)
            for at, (row, vector) in enumerate(zip(rows, vectors, strict=True))
        )
        stated = [row.get("reason", "") for row in scenario["capacities"]]
        problems = judged(need, list(zip(capacities, stated, strict=True)), taxonomy, day)
        if problems:
            wrong[scenario["id"]] = problems
    return {
        "set": path.name,
        "system": system,
        "encoder": f"{encoder.name} {encoder.version}",
        "scenarios": len(told["scenarios"]),
        "right": len(told["scenarios"]) - len(wrong),
        "wrong": wrong,
    }


def judged(need: PostingRow, capacities: Sequence[tuple[PostingRow, str]], taxonomy: Taxonomy, day: date) -> list[str]:
    """What is wrong with the engine's answer to one scenario, in words; nothing when all of it is right."""
    market = build_market([need, *(row for row, _ in capacities)], taxonomy)
    shown = [match.key for match in answer(Question(need, day), market, list).matches]
    wanted = [row.key for row, reason in capacities if not reason]
    problems = [] if shown == wanted else [f"matches {shown}, not {wanted}"]
    for row, reason in capacities:
        gaps = answer_pair(Question(need, day), row, market).gaps
        refused = [gap.reason for gap in gaps if gap.reason in MUSTS]
        stated = [REASONS[reason]] if reason else []
        if refused != stated:
            problems.append(f"{row.key} is refused for {names_of(refused)}, not {names_of(stated)}")
    return problems


def names_of(reasons: Sequence[Reason]) -> str:
    """Codes for people."""
    return ", ".join(reason.value for reason in reasons) or "nothing"


def posting_row(told: Told, need: Told, scales: Scales, day: date, at: int, vector: bytes) -> PostingRow:
    """The engine's row of a need, which is the first of its scenario, or of a capacity; each is a firm of its own."""
    dimension, size = scales.units[told["unit"]]
    asks = at == 0
    prices = [
        price_of(text, scales.units[need["unit"]][1]) for text in told["price_band" if asks else "price"].split("-")
    ]
    demands = tuple(demand_of(found, scales) for found in SPEC.findall(told["spec"]))
    return PostingRow(
        key=told["id"].replace("-", "")[:16],
        direction="need" if asks else "capacity",
        enterprise=at + 1,
        node=told["node"],
        region=told["region"],
        dimension=dimension,
        quantity=int(Decimal(told["qty"]) * size),
        booked=0 if asks else int(Decimal(told["booked"]) * size),
        minimum_order=0 if asks else int(Decimal(told["moq"]) * size),
        unit=told["unit"],
        unit_size=max(int(size), 1),
        start=date.fromisoformat(told["window_from"]),
        end=date.fromisoformat(told["window_to"]),
        confirmed=day if asks else date.fromisoformat(told["confirmed_on"]),
        certificates_asked=tuple(CertificateDemand(code) for code in told["certs"]) if asks else (),
        certificates_held=() if asks else tuple((c, date.fromisoformat(last)) for c, last in told["certs"].items()),
        parameters_asked=demands if asks else (),
        parameters_offered=() if asks else tuple((one.key, one.value) for one in demands),
        region_rule="list" if asks and told["regions_allowed"] else "any",
        regions_allowed=tuple(told["regions_allowed"]) if asks else (),
        price_min=prices[0],
        price_max=prices[-1],
        text=" ".join(told[name] for name in TEXTS),
        vector=vector,
    )


def price_of(yuan: str, size: Decimal) -> int | None:
    """Yuan per unit of ``size`` thousandths as millionths of a yuan per base unit; None for no price."""
    return int(Decimal(yuan) * MILLIONTHS * THOUSANDTHS / size) if yuan.strip() else None


def demand_of(told: tuple[str, str, str], scales: Scales) -> ParameterDemand:
    """Code, operator and value as the engine compares them: a number, or a level by its place among the parameter's."""
    code, operator, value = told
    try:
        return parameter_demand(code, operator, Decimal(value), "", [], True)
    except ArithmeticError:
        return parameter_demand(code, operator, None, value, scales.levels.get(code, []), True)
