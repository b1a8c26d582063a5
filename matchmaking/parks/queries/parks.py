"""Parks and what joins them: the list, a park, how many there are on a day, partnerships and projects."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from matchmaking.parks.models import CooperationProject, Park, ParkBatch, ParkFirm, ParkPartnership
from reference.models import Region

Reader = User | AnonymousUser
REGIONS = Prefetch("regions", Region.objects.select_related("parent"))
"""A park's regions, each with the one above it, by which those count who see prefectures only."""


@dataclass(frozen=True)
class BatchStanding:
    """A batch on a day: parks announced, and those of them whose names a source gives."""

    number: int
    announced_on: date
    licensed_on: date | None
    size: int
    named: int
    source: str

    @property
    def not_yet_named(self) -> int:
        """Announced parks whose names no source gives; they are counted, never invented."""
        return self.size - self.named


def parks_listed(*, user: Reader) -> QuerySet[Park]:
    """Parks that ``user`` may see, with their regions, by batch; ``ParkFilter`` narrows them."""
    parks: QuerySet[Park] = Park.objects.visible_to(user).prefetch_related(REGIONS)
    return parks


def park_by_slug(*, user: Reader, slug: str) -> QuerySet[Park]:
    """The park with ``slug``, or nothing."""
    return Park.objects.visible_to(user).filter(slug=slug).prefetch_related(REGIONS)


def batches_on(day: date) -> list[BatchStanding]:
    """Batches announced on ``day`` or before, each with its named and not yet named parks."""
    named = dict(
        Park.objects.filter(listed_from__lte=day, is_sample=False)
        .order_by()
        .values_list("batch")
        .annotate(count=Count("pk"))
    )
    return [
        BatchStanding(
            batch.number,
            batch.announced_on,
            batch.licensed_on,
            batch.size,
            named.get(batch.number, 0),
            batch.source,
        )
        for batch in ParkBatch.objects.filter(announced_on__lte=day)
    ]


def park_count_on(day: date) -> int:
    """How many demonstration parks there are on ``day``, those not yet named among them."""
    return sum(batch.size for batch in batches_on(day))


def partnerships_of(*, user: Reader, park: Park, day: date | None = None) -> QuerySet[ParkPartnership]:
    """Partnerships in which ``park`` is a side, with both parks: those that stood on ``day``, else those of today.

    A pair without a day counts as standing today, and on no day that is asked for: nobody knows since when.
    """
    return partnerships_listed(user=user, day=day).filter(Q(from_park=park) | Q(to_park=park))


def partnerships_listed(*, user: Reader, day: date | None = None) -> QuerySet[ParkPartnership]:
    """All partnerships between parks that ``user`` may see, with both parks: those that stood on ``day``, else today's.

    As on a park's page, a pair without a day counts as standing today, and on no day that is asked for.
    """
    rows = ParkPartnership.objects.visible_to(user)
    today = timezone.localdate()
    standing = rows.standing_on(day) if day else rows.standing_on(today) | rows.undated_on(today)
    return standing.select_related("from_park", "to_park")


def projects_of(*, user: Reader, park: Park) -> QuerySet[CooperationProject]:
    """Projects that ``park`` leads or takes part in, each with those of its firms that ``user`` may see."""
    return (
        CooperationProject.objects.visible_to(user)
        .filter(Q(park=park) | Q(partner_park=park))
        .select_related("park", "partner_park")
        .prefetch_related("milestones", Prefetch("enterprises", ParkFirm.objects.visible_to(user).order_by("name")))
    )
