"""The steps of a partnership: a page of all that happened, and those that brought it where it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, Case, F, Q, When

from matchmaking.partnerships.models import Partnership, PartnershipEvent
from matchmaking.partnerships.queries.deal import SAMPLE_ACTS

PAGE = 25
FARTHEST = 10_000
"""The last page that is looked for."""


@dataclass(frozen=True)
class EventPage:
    """``events`` of one page in the order taken, page 1 the newest; ``steps`` those that changed state or sample."""

    events: Sequence[PartnershipEvent]
    steps: Sequence[PartnershipEvent]
    number: int
    has_earlier: bool

    @property
    def earlier(self) -> int:
        """The page of what happened before."""
        return self.number + 1

    @property
    def later(self) -> int:
        """The page of what happened since; 0 on the first."""
        return self.number - 1


def event_page(partnership: Partnership, number: int = 1) -> EventPage:
    """Page ``number`` of what happened, with who did it; one query, however much happened."""
    wanted = min(max(number, 1), FARTHEST)
    start = (wanted - 1) * PAGE
    rows = PartnershipEvent.objects.filter(partnership=partnership)
    shown = rows.order_by("-pk").values("pk")[start : start + PAGE + 1]
    steps = ~Q(from_state=F("to_state")) | Q(act__in=SAMPLE_ACTS)
    found = rows.filter(Q(pk__in=shown) | steps).annotate(
        is_step=Case(When(steps, then=True), default=False, output_field=BooleanField()),
        is_listed=Case(When(pk__in=shown, then=True), default=False, output_field=BooleanField()),
    )
    events = list(found.select_related("actor", "enterprise").order_by("pk"))
    page = [event for event in events if event.is_listed]
    return EventPage(
        events=page[-PAGE:],
        steps=[event for event in events if event.is_step],
        number=wanted,
        has_earlier=len(page) > PAGE,
    )
