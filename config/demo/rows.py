"""What lies in fixtures/demo, the reference rows that it names by code, and days counted from the day of loading."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from stdnum.cn import uscc as credit_code

from reference.models import Certification, ChainNode, Parameter, Region, Unit

Told = Mapping[str, Any]
"""One object of a fixture."""
FOLDER = settings.FIXTURES / "demo"
CREDIT_PREFIX = "91"
SAMPLE_MARK = "DEM"
"""Begins the organisation part of every sample credit code; no real one begins so."""


@dataclass(frozen=True)
class Book:
    """Reference rows by code."""

    regions: Mapping[str, Region]
    nodes: Mapping[str, ChainNode]
    units: Mapping[str, Unit]
    certifications: Mapping[str, Certification]
    parameters: Mapping[str, Parameter]


def open_book() -> Book:
    """All reference rows, in five queries."""
    return Book(
        regions={row.code: row for row in Region.objects.all()},
        nodes={row.code: row for row in ChainNode.objects.select_related("chain")},
        units={row.code: row for row in Unit.objects.select_related("base")},
        certifications={row.code: row for row in Certification.objects.all()},
        parameters={row.code: row for row in Parameter.objects.all()},
    )


@cache
def demo_rows(name: str) -> list[dict[str, Any]]:
    """The objects of one fixture; callers leave them as they are."""
    rows: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return rows


@cache
def demo_object(name: str) -> dict[str, Any]:
    """The one object of a fixture; callers leave it as it is."""
    told: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return told


def sample_credit_code(region: str, series: str, number: int) -> str:
    """A unified social credit code with a right check digit that no real firm can have; ``series`` is one sign."""
    stem = f"{CREDIT_PREFIX}{region}{SAMPLE_MARK}{series}{number:05d}"
    return stem + str(credit_code.calc_check_digit(stem))


def day_after(day: date, days: int | None) -> date | None:
    """The day so many days later; none where none are given."""
    return None if days is None else day + timedelta(days=days)


def amount(text: str | None) -> Decimal | None:
    """The amount of a fixture."""
    return None if text is None else Decimal(text)
