"""Rows of a partner's list as plain values, which the serializers take in place of postings."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from accounts.choices import Verification
from common.values import band_floor

ROW_COLUMNS = (
    "pk",
    *("number", "direction", "subject", "title", "status", "visibility", "quantity_amount", "quantity_band", "period"),
    *("window_start", "window_end", "busy_level", "published_at", "confirmed_on", "is_sample", "enterprise_id"),
    *("enterprise__key", "enterprise__name", "enterprise__alias", "enterprise__verification"),
    *("node__code", "node__name_zh", "node__name_en"),
    *("region__code", "region__name_zh", "region__name_en"),
    *("region__parent__code", "region__parent__name_zh", "region__parent__name_en", "region__parent__level"),
    "unit__code",
)
"""What ``PlainPosting`` is made from."""


class CodedRow(NamedTuple):
    """A row of reference data as a posting names it; ``code`` alone for a unit."""

    code: str
    name_zh: str = ""
    name_en: str = ""
    level: str = ""
    parent: "CodedRow | None" = None


class FirmRow(NamedTuple):
    """Who stands behind a posting."""

    key: str
    name: str
    alias: str
    is_verified: bool


class PlainPosting(NamedTuple):
    """A row of a partner's list as plain values, by the names that a posting has: rows with five relations are dear to
    build as objects.
    """

    pk: int
    number: str
    direction: str
    subject: str
    title: str
    status: str
    visibility: str
    quantity_amount: Decimal | None
    quantity_band: int
    period: str
    window_start: date | None
    window_end: date | None
    busy_level: int
    published_at: datetime | None
    confirmed_on: date | None
    is_sample: bool
    enterprise_id: int
    enterprise: FirmRow
    node: CodedRow | None
    region: CodedRow | None
    unit: CodedRow | None

    @property
    def quantity_class(self) -> int | None:
        """What a visitor sees of the quantity: the floor of its band."""
        return None if self.quantity_amount is None else band_floor(self.quantity_amount)


def plain_postings(postings: Iterable[Any]) -> list[PlainPosting]:
    """A page of postings as plain values, in one query."""
    rows: Any = postings
    found = []
    for values in rows.values_list(*ROW_COLUMNS):
        key, name, alias, verification = values[17:21]
        firm = FirmRow(key, name, alias, verification == Verification.VERIFIED)
        node = CodedRow(*values[21:24]) if values[21] else None
        parent = CodedRow(*values[27:31]) if values[27] else None
        region = CodedRow(values[24], values[25], values[26], parent=parent) if values[24] else None
        unit = CodedRow(values[31]) if values[31] else None
        found.append(PlainPosting._make((*values[:17], firm, node, region, unit)))
    return found
