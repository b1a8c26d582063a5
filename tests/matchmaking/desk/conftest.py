"""A partnership of two provinces with an owner on each side, and a coordinator of either province."""

from dataclasses import dataclass
from typing import Any

import pytest

from accounts.models import User
from matchmaking.partnerships.models import Partnership
from reference.models import Region
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory


@dataclass
class Border:
    """Two firms across the border, and who looks after each."""

    partnership: Partnership
    buyer: User
    seller: User
    near: User
    far: User


def coordinator_of(code: str) -> User:
    """Somebody who coordinates in the region with this code."""
    grant: Any = CoordinatorGrantFactory()
    grant.regions.add(Region.objects.get(code=code))
    user: User = grant.user
    return user


@pytest.fixture
def border() -> Border:
    need = PostingFactory(region=Region.objects.get(code="510104"))
    capacity = PostingFactory(capacity=True, region=Region.objects.get(code="500153"))
    row = PartnershipFactory(introduced=True, need=need, capacity=capacity)
    return Border(
        row,
        MembershipFactory(enterprise=need.enterprise).user,
        MembershipFactory(enterprise=capacity.enterprise).user,
        coordinator_of("510104"),
        coordinator_of("500153"),
    )
