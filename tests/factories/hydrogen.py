"""Plain rows of the hydrogen corridor, each with a source, and postings of hydrogen."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from factory import LazyFunction, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory

from accounts.models import User
from matchmaking.hydrogen.choices import BatchState, FacilityKind, FacilityState
from matchmaking.hydrogen.models import (
    CorridorLine,
    CorridorStop,
    DemandAssumption,
    Facility,
    FleetBatch,
    FleetPlace,
    HaulageRoute,
    Round,
)
from matchmaking.insights.queries.months import first_day, month_of
from matchmaking.postings.choices import Period, Subject
from matchmaking.postings.models import Posting
from reference.models import ChainNode, IndustryChain, Region, Unit
from tests.factories.accounts import CoordinatorGrantFactory
from tests.factories.postings import PostingFactory
from tests.factories.reference import RegionFactory

SOURCE = "示例来源 Sample source"


def month_ahead(months: int) -> date:
    """The first day of the month so many months from the running one."""
    return first_day(month_of(timezone.localdate()) + months)


class FacilityFactory(DjangoModelFactory):
    """A station that runs since last year and fills 500 kg/d."""

    class Meta:
        model = Facility

    class Params:
        planned = Trait(state=FacilityState.PLANNED, state_on=None)
        store = Trait(kind=FacilityKind.STORE, kg_per_day=None, store_kg=10_000)

    kind = FacilityKind.STATION
    name_zh = Sequence(lambda n: f"示例加氢站 {n}")
    name_en = Sequence(lambda n: f"Sample station {n}")
    region = SubFactory(RegionFactory)
    state = FacilityState.RUNNING
    state_on = LazyFunction(lambda: timezone.localdate() - timedelta(days=365))
    kg_per_day = 500
    source = SOURCE


class HaulageRouteFactory(DjangoModelFactory):
    """A route that runs since last year and carries 1,000 kg/d."""

    class Meta:
        model = HaulageRoute

    from_region = SubFactory(RegionFactory)
    to_region = SubFactory(RegionFactory)
    kg_per_day = 1000
    state = FacilityState.RUNNING
    state_on = LazyFunction(lambda: timezone.localdate() - timedelta(days=365))
    source = SOURCE


class FleetBatchFactory(DjangoModelFactory):
    """A batch of 200 that comes next month; give ``at`` as places by region code."""

    class Meta:
        model = FleetBatch
        skip_postgeneration_save = True

    number = Sequence(lambda n: n + 1)
    vehicles = 200
    state = BatchState.PLANNED
    starts_on = LazyFunction(lambda: month_ahead(1))
    source = SOURCE

    @classmethod
    def _create(cls, model_class: Any, *args: Any, at: dict[str, int] | None = None, **kwargs: Any) -> Any:
        row = super()._create(model_class, *args, **kwargs)
        for code, number in (at or {}).items():
            FleetPlace.objects.create(batch=row, region=Region.objects.get(code=code), vehicles=number)
        return row


class DemandAssumptionFactory(DjangoModelFactory):
    """Five kilograms per vehicle and day."""

    class Meta:
        model = DemandAssumption

    kg_per_vehicle_day = Decimal(5)
    source = SOURCE


class CorridorLineFactory(DjangoModelFactory):
    """A trunk; give ``stops`` as region codes."""

    class Meta:
        model = CorridorLine
        skip_postgeneration_save = True

    code = Sequence(lambda n: f"line-{n}")
    name_zh = Sequence(lambda n: f"示例干线 {n}")
    name_en = Sequence(lambda n: f"Sample line {n}")
    kind = "trunk"
    source = SOURCE

    @classmethod
    def _create(cls, model_class: Any, *args: Any, stops: tuple[str, ...] = (), **kwargs: Any) -> Any:
        row = super()._create(model_class, *args, **kwargs)
        for position, code in enumerate(stops):
            CorridorStop.objects.create(line=row, region=Region.objects.get(code=code), position=position)
        return row


class RoundFactory(DjangoModelFactory):
    """A round for the next three months; offers for ten days, interest for ten more."""

    class Meta:
        model = Round

    first_month = LazyFunction(lambda: month_ahead(1))
    last_month = LazyFunction(lambda: month_ahead(3))
    offers_until = LazyFunction(lambda: timezone.localdate() + timedelta(days=10))
    interest_until = LazyFunction(lambda: timezone.localdate() + timedelta(days=20))


def hydrogen_posting(region: str, kilograms: int | str, *, is_need: bool = False, **told: Any) -> Posting:
    """A published posting of fuel-cell-grade hydrogen at a place, kilograms a month unless told otherwise."""
    values: dict[str, Any] = {
        "region": Region.objects.get(code=region),
        "node": ChainNode.objects.get(code="H2.PROD.FCGRADE"),
        "unit": Unit.objects.get(code="KGH2"),
        "subject": Subject.RESOURCE,
        "quantity_amount": Decimal(kilograms),
        "period": Period.MONTH,
    }
    return PostingFactory(capacity=not is_need, **{**values, **told})


def corridor_keeper(*regions: str) -> User:
    """A coordinator of the hydrogen chain, everywhere or in the regions with these codes."""
    grant: Any = CoordinatorGrantFactory()
    grant.chains.add(IndustryChain.objects.get(code="H2"))
    grant.regions.set(Region.objects.filter(code__in=regions))
    user: User = grant.user
    return user
