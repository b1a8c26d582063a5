"""Plain valid parks and their parts, every one of them marked as a sample."""

from datetime import date
from decimal import Decimal
from typing import Any

from factory import Sequence, SubFactory, post_generation
from factory.django import DjangoModelFactory

from matchmaking.parks.choices import IndicatorKind, PairDirection, SourceStatus
from matchmaking.parks.models import (
    CooperationProject,
    Milestone,
    Park,
    ParkAdministrator,
    ParkBatch,
    ParkIndicator,
    ParkPartnership,
)
from reference.choices import CooperationType
from reference.models import Region
from tests.factories.accounts import UserFactory
from tests.factories.reference import RegionFactory

SOURCE = "示例来源"


class ParkBatchFactory(DjangoModelFactory):
    """A batch of two parks."""

    class Meta:
        model = ParkBatch
        django_get_or_create = ("number",)

    number = 90
    announced_on = date(2020, 1, 1)
    size = 2
    source = SOURCE


class ParkFactory(DjangoModelFactory):
    """A park in one sample region."""

    class Meta:
        model = Park
        skip_postgeneration_save = True

    slug = Sequence(lambda n: f"sample-park-{n}")
    name_zh = Sequence(lambda n: f"示例园区 {n}")
    name_en = Sequence(lambda n: f"Sample Park {n}")
    batch = 90
    listed_from = date(2020, 1, 1)
    clusters = ["hydrogen"]
    source = SOURCE
    source_status = SourceStatus.AUTHORED
    is_sample = True

    @post_generation
    def regions(self: Any, create: bool, extracted: list[Region] | None, **_: Any) -> None:
        """Say ``regions=[…]`` for a park elsewhere or in two regions."""
        if create:
            self.regions.set(extracted or [RegionFactory(code="900101")])


class ParkAdministratorFactory(DjangoModelFactory):
    """Somebody who runs a park today and has a second factor."""

    class Meta:
        model = ParkAdministrator

    park = SubFactory(ParkFactory)
    user = SubFactory(UserFactory, staff=True, totp=True)
    granted_by = SubFactory(UserFactory, platform_admin=True)


class ParkPartnershipFactory(DjangoModelFactory):
    """Two parks that supply each other."""

    class Meta:
        model = ParkPartnership

    from_park = SubFactory(ParkFactory)
    to_park = SubFactory(ParkFactory)
    direction = PairDirection.MUTUAL
    cooperation_type = CooperationType.SUPPORTING
    type_status = SourceStatus.AUTHORED
    pair_status = SourceStatus.AUTHORED
    agreed_on = date(2021, 5, 13)
    source = SOURCE


class CooperationProjectFactory(DjangoModelFactory):
    """A planned project of one park."""

    class Meta:
        model = CooperationProject

    park = SubFactory(ParkFactory)
    name_zh = Sequence(lambda n: f"示例项目 {n}")
    name_en = Sequence(lambda n: f"Sample project {n}")
    cooperation_type = CooperationType.FUNCTIONAL
    source = SOURCE


class MilestoneFactory(DjangoModelFactory):
    """A step that is due and not reached yet."""

    class Meta:
        model = Milestone

    project = SubFactory(CooperationProjectFactory)
    name_zh = Sequence(lambda n: f"示例节点 {n}")
    name_en = Sequence(lambda n: f"Sample milestone {n}")
    due_on = date(2026, 12, 1)


class ParkIndicatorFactory(DjangoModelFactory):
    """Investment reported for the third quarter of 2026."""

    class Meta:
        model = ParkIndicator

    park = SubFactory(ParkFactory)
    kind = IndicatorKind.INVESTMENT
    period_start = date(2026, 7, 1)
    value = Decimal(1200)
    source = SOURCE
    author = SubFactory(UserFactory)
    is_sample = True
