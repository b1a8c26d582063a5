"""Two postings that fit, and somebody of each firm."""

import pytest

from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory


@pytest.fixture
def need():
    return PostingFactory()


@pytest.fixture
def capacity():
    return PostingFactory(capacity=True)


@pytest.fixture
def buyer(need):
    return MembershipFactory(enterprise=need.enterprise).user


@pytest.fixture
def seller(capacity):
    return MembershipFactory(enterprise=capacity.enterprise).user
