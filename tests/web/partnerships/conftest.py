"""Two firms, an interest between them, and their introduction."""

import pytest

from matchmaking.partnerships.services.interest import accept_interest, declare_interest
from tests.factories.accounts import EnterpriseContactFactory, MembershipFactory
from tests.factories.postings import PostingFactory
from tests.web.partnerships.addresses import CANARIES


@pytest.fixture
def need():
    """A live need."""
    return PostingFactory()


@pytest.fixture
def capacity():
    """A live capacity whose firm has contact data that may be seen nowhere too early."""
    posting = PostingFactory(capacity=True)
    EnterpriseContactFactory(
        enterprise=posting.enterprise, person=CANARIES[0], phone=CANARIES[1], email="canary-firm@example.com"
    )
    return posting


@pytest.fixture
def buyer(need):
    """An owner of the firm of the need."""
    return MembershipFactory(enterprise=need.enterprise).user


@pytest.fixture
def seller(capacity):
    """An owner of the firm of the capacity."""
    return MembershipFactory(enterprise=capacity.enterprise).user


@pytest.fixture
def asked(need, capacity, buyer, seller):
    """The buyer has shown interest."""
    return declare_interest(posting=need, counterpart=capacity, actor=buyer, note="示例附言")


@pytest.fixture
def introduced(asked, seller):
    """The seller has accepted."""
    return accept_interest(partnership=asked, actor=seller)
