"""What flows between regions, read from suggestions of live postings and from partnerships, as plain cases."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from matchmaking.insights.choices import FlowKind
from matchmaking.insights.queries.counts import public_postings, tile_of_region
from matchmaking.insights.services.flows.parting import Case
from matchmaking.matching.models import Suggestion
from matchmaking.partnerships.choices import CONSENTED, OutcomeState, State
from matchmaking.partnerships.models import Agreement, Partnership
from matchmaking.postings.choices import Direction
from reference.models import Region
from reference.queries.regions import code_on, is_in_use

FIRST_SHOWN = 3
"""Of what was suggested for a posting so many places at the head count; the rest is too far from a deal."""
Places = dict[str, tuple[str, str]]
"""A code of a region ever used to the code that holds today, and to its place on the tile map."""
SIDES = ("need", "capacity")


def places_today(today: date) -> Places:
    """Where every region lies today; one that no tile holds is a place of its own."""
    regions = list(Region.objects.select_related("successor"))
    changes = {row.code: (row.valid_to, row.successor.code if row.successor else None) for row in regions}
    shown = {row.code for row in regions if row.tile_row is not None and is_in_use(row, today)}
    tiles = tile_of_region(regions, shown, today)
    found = {}
    for row in regions:
        now = code_on(row.code, changes, today)
        found[row.code] = (now, tiles.get(row.code, now))
    return found


def cases_of(today: date) -> list[Case]:
    """Every need and capacity that were brought together, each pair once, at the furthest step that it reached."""
    places = places_today(today)
    found = {(row["need"], row["capacity"]): row for row in suggested()}
    rank = list(FlowKind)
    for row in partnered():
        key = row["need"], row["capacity"]
        before = found.get(key)
        if before is None or rank.index(row["kind"]) >= rank.index(before["kind"]):
            found[key] = row
    return [_case(row, places) for row in found.values()]


def suggested() -> Iterator[dict[str, Any]]:
    """Pairs that were suggested among the first while both postings are open to everybody."""
    live = public_postings().filter(node__isnull=False, region__isnull=False).order_by()
    columns = {key: (code, chain, region, firm) for key, code, chain, region, firm in live.values_list(
        "pk", "direction", "node__code", "region__code", "enterprise"
    )}  # fmt: skip
    shown = Suggestion.objects.filter(position__lte=FIRST_SHOWN).order_by("first_shown_at", "pk")
    for one, other, moment in shown.values_list("posting", "counterpart", "first_shown_at").iterator():
        if one not in columns or other not in columns or columns[one][0] == columns[other][0]:
            continue
        need, capacity = (one, other) if columns[one][0] == Direction.NEED else (other, one)
        yield {
            "kind": FlowKind.SUGGESTED,
            "need": need,
            "capacity": capacity,
            "moment": moment,
            "cooperation": "",
            "need__node__code": columns[need][1],
            **{f"{side}__region__code": columns[key][2] for side, key in zip(SIDES, (need, capacity), strict=True)},
            **{f"{side}__enterprise": columns[key][3] for side, key in zip(SIDES, (need, capacity), strict=True)},
        }


def partnered() -> Iterator[dict[str, Any]]:
    """Partnerships with the furthest step that they reached, ended ones included."""
    signed = (
        Agreement.objects.filter(
            partnership=OuterRef("pk"), need_signed_at__isnull=False, capacity_signed_at__isnull=False
        )
        .annotate(signed_at=Greatest("need_signed_at", "capacity_signed_at"))
        .order_by("-version")
    )
    rows = (
        Partnership.objects.exclude(state__in=(State.SUGGESTED, State.QUEUED))
        .filter(need__node__isnull=False, need__region__isnull=False, capacity__region__isnull=False)
        .annotate(
            signed_at=Subquery(signed.values("signed_at")[:1]),
            cooperation=Subquery(signed.values("cooperation_type")[:1]),
            settled=F("outcome__state"),
            settled_on=F("outcome__confirmed_on"),
        )
        .order_by("pk")
    )
    columns = (
        "need", "capacity", "state", "introduced_at", "created_at", "signed_at", "cooperation", "settled",
        "settled_on", "need__node__code", "need__region__code", "capacity__region__code", "need__enterprise",
        "capacity__enterprise",
    )  # fmt: skip
    for row in rows.values(*columns).iterator():
        kind, moment = furthest(row)
        cooperation = row["cooperation"] if kind in FlowKind.of_agreements() else ""
        yield {**row, "kind": kind, "moment": moment, "cooperation": cooperation or ""}


def furthest(row: dict[str, Any]) -> tuple[FlowKind, datetime | date]:
    """The furthest step of a partnership and when it was reached."""
    if row["settled"] == OutcomeState.CONFIRMED:
        return FlowKind.CONFIRMED, row["settled_on"]
    if row["signed_at"]:
        return FlowKind.AGREED, row["signed_at"]
    if row["introduced_at"] or row["state"] in CONSENTED:
        return FlowKind.INTRODUCED, row["introduced_at"] or row["created_at"]
    return FlowKind.INTERESTED, row["created_at"]


def _case(row: dict[str, Any], places: Places) -> Case:
    moment = row["moment"]
    day = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    need, need_place = places[row["need__region__code"]]
    supply, supply_place = places[row["capacity__region__code"]]
    return Case(
        kind=row["kind"],
        need=need,
        need_place=need_place,
        supply=supply,
        supply_place=supply_place,
        chain=row["need__node__code"].split(".")[0],
        month=f"{day:%Y-%m}",
        cooperation=row["cooperation"],
        buyer=row["need__enterprise"],
        supplier=row["capacity__enterprise"],
    )
