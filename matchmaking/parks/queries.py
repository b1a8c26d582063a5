"""Parks for readers: the list, a park's page, how many there are on a day, and what is open nearby."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from common.keeping import kept_for
from matchmaking.parks.models import CooperationProject, Park, ParkBatch, ParkIndicator, ParkPartnership
from matchmaking.postings.choices import Direction, Subject
from matchmaking.postings.models import Posting

Reader = User | AnonymousUser
KEPT_SECONDS = 60


@dataclass(frozen=True)
class BatchStanding:
    """A batch on a day: parks announced, and those of them whose names a source gives."""

    number: int
    announced_on: date
    size: int
    named: int
    source: str

    @property
    def not_yet_named(self) -> int:
        """Announced parks whose names no source gives; they are counted, never invented."""
        return self.size - self.named


@dataclass(frozen=True)
class OpenNearby:
    """Live postings in a park's regions."""

    needs: int = 0
    capacities: int = 0
    premises: int = 0


def parks_listed(*, user: Reader) -> QuerySet[Park]:
    """Parks that ``user`` may see, with their regions, by batch; ``ParkFilter`` narrows them."""
    parks: QuerySet[Park] = Park.objects.visible_to(user).prefetch_related("regions")
    return parks


def park_by_slug(*, user: Reader, slug: str) -> QuerySet[Park]:
    """The park with ``slug``, or nothing."""
    return Park.objects.visible_to(user).filter(slug=slug).prefetch_related("regions")


def batches_on(day: date) -> list[BatchStanding]:
    """Batches announced on ``day`` or before, each with its named and not yet named parks."""
    named = dict(
        Park.objects.filter(listed_from__lte=day, is_sample=False)
        .order_by()
        .values_list("batch")
        .annotate(count=Count("pk"))
    )
    return [
        BatchStanding(batch.number, batch.announced_on, batch.size, named.get(batch.number, 0), batch.source)
        for batch in ParkBatch.objects.filter(announced_on__lte=day)
    ]


def park_count_on(day: date) -> int:
    """How many demonstration parks there are on ``day``, those not yet named among them."""
    return sum(batch.size for batch in batches_on(day))


def open_nearby(*, parks: Iterable[Park]) -> dict[int, OpenNearby]:
    """Live postings that everybody may see in each park's regions, by the park's row number; a minute old at most."""
    rows = kept_for(KEPT_SECONDS, f"parks.open.{timezone.localdate()}", open_by_region)
    nearby = {}
    for park in parks:
        stems = tuple({region.stem for region in park.regions.all()})
        inside = [row for row in rows if row[0].startswith(stems)]
        needs, capacities, premises = (sum(row[1][place] for row in inside) for place in range(3))
        nearby[park.pk] = OpenNearby(needs, capacities, premises)
    return nearby


def open_by_region() -> list[tuple[str, tuple[int, int, int]]]:
    """Code of a region, then its live needs, capacities, and premises among these; one query."""
    is_premises = Q(direction=Direction.CAPACITY, subject=Subject.PREMISES)
    rows = (
        Posting.objects.visible_to(AnonymousUser())
        .live()
        .filter(region__isnull=False)
        .order_by()
        .values_list("region__code")
        .annotate(
            needs=Count("pk", filter=Q(direction=Direction.NEED)),
            capacities=Count("pk", filter=Q(direction=Direction.CAPACITY)),
            premises=Count("pk", filter=is_premises),
        )
    )
    return [(code, (needs, capacities, premises)) for code, needs, capacities, premises in rows]


def partnerships_of(*, user: Reader, park: Park, day: date | None = None) -> QuerySet[ParkPartnership]:
    """Partnerships in which ``park`` is a side, with both parks: those that stood on ``day``, else those of today.

    A pair without a day counts as standing today, and on no day that is asked for: nobody knows since when.
    """
    rows = ParkPartnership.objects.visible_to(user)
    today = timezone.localdate()
    standing = rows.standing_on(day) if day else rows.standing_on(today) | rows.undated_on(today)
    return standing.filter(Q(from_park=park) | Q(to_park=park)).select_related("from_park", "to_park")


def projects_of(*, user: Reader, park: Park) -> QuerySet[CooperationProject]:
    """Projects that ``park`` leads or takes part in."""
    return (
        CooperationProject.objects.visible_to(user)
        .filter(Q(park=park) | Q(partner_park=park))
        .select_related("park", "partner_park")
    )


def indicators_of(*, user: Reader, park: Park) -> QuerySet[ParkIndicator]:
    """Reported figures of ``park``, the newest quarter first, each with its author."""
    return (
        ParkIndicator.objects.visible_to(user)
        .filter(park=park)
        .select_related("author")
        .order_by("-period_start", "kind")
    )
