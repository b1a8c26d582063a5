"""What is entered about the corridor, to be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.querysets import Actor
from matchmaking.hydrogen.choices import FacilityKind, FacilityState
from matchmaking.hydrogen.models import CorridorLine, DemandAssumption, Facility, FleetBatch, HaulageRoute

MOST_VERSIONS = 50


def facilities(*, user: Actor, kind: str = "") -> list[Facility]:
    """All stations, bases and stores, or those of one kind, each with its region."""
    rows = Facility.objects.visible_to(user).select_related("region")
    return list(rows.filter(kind=kind) if kind else rows)


def routes(*, user: Actor) -> list[HaulageRoute]:
    """All haulage routes with both ends."""
    return list(HaulageRoute.objects.visible_to(user).select_related("from_region", "to_region"))


def batches(*, user: Actor) -> list[FleetBatch]:
    """All fleet batches with their places."""
    return list(FleetBatch.objects.visible_to(user).prefetch_related("places__region"))


def lines(*, user: Actor) -> list[CorridorLine]:
    """All lines with their stops in order."""
    return list(CorridorLine.objects.visible_to(user).prefetch_related("stops__region"))


def assumptions(*, user: Actor) -> list[DemandAssumption]:
    """Every assumption of demand ever entered, the one that holds first."""
    return list(DemandAssumption.objects.visible_to(user).select_related("made_by"))


def assumption_now(*, user: Actor) -> DemandAssumption | None:
    """The assumption that holds; None before the first."""
    found: DemandAssumption | None = DemandAssumption.objects.visible_to(user).first()
    return found


@dataclass(frozen=True)
class Standing:
    """How many facilities of a kind there are in each state."""

    kind: FacilityKind
    running: int
    building: int
    planned: int

    @property
    def total(self) -> int:
        """All that is not closed."""
        return self.running + self.building + self.planned


def standing_of(rows: Sequence[Facility], kind: FacilityKind) -> Standing:
    """The counts of one kind among ``rows``."""
    states = [row.state for row in rows if row.kind == kind]
    return Standing(
        kind,
        states.count(FacilityState.RUNNING),
        states.count(FacilityState.BUILDING),
        states.count(FacilityState.PLANNED),
    )


def versions_of(row: Facility | HaulageRoute | FleetBatch) -> list[Any]:
    """How the row stood from when on, the newest first; who wrote it is known to the administration."""
    return list(row.history.order_by("-history_date", "-history_id")[:MOST_VERSIONS])
