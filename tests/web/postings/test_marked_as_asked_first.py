"""Rows and cards of postings that ask their own network first say so to each reader in its own words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory, NetworkMembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
FIRST, OWN, NOT_YET = "you are asked first, until", "own network first, until", "not open to everybody yet, until"


@pytest.fixture
def need():
    return PostingFactory(network_first_days=5, opens_on=timezone.localdate() + timedelta(days=5))


def marks(page):
    body = page.content.decode()
    return [words for words in (FIRST, OWN, NOT_YET) if words in body]


def test_a_row_says_it_to_members_the_owner_and_who_looks_on(need, signed_in):
    member = MembershipFactory(enterprise=NetworkMembershipFactory(buyer=need.enterprise).supplier)
    owner = MembershipFactory(enterprise=need.enterprise)
    readers = (member.user, owner.user, CoordinatorGrantFactory().user, MembershipFactory().user)
    found = [marks(signed_in(user).get("/en/needs/")) for user in readers]
    assert found == [[FIRST], [OWN], [NOT_YET], []]


def test_an_open_posting_carries_no_mark(need, signed_in):
    type(need).objects.update(opens_on=timezone.localdate())
    member = MembershipFactory(enterprise=NetworkMembershipFactory(buyer=need.enterprise).supplier)
    assert marks(signed_in(member.user).get("/en/needs/")) == []


def test_a_card_says_it_to_the_member(need, signed_in):
    member = MembershipFactory(enterprise=NetworkMembershipFactory(buyer=need.enterprise).supplier)
    capacity = PostingFactory(capacity=True, enterprise=member.enterprise)
    page = signed_in(member.user).get(f"/en/capacities/{capacity.number}/matches/")
    assert need.number in page.content.decode()
    assert marks(page) == [FIRST]


def test_a_similar_posting_says_it_to_the_member(need, signed_in):
    member = MembershipFactory(enterprise=NetworkMembershipFactory(buyer=need.enterprise).supplier)
    own = PostingFactory(enterprise=member.enterprise, title=need.title, node=need.node)
    page = signed_in(member.user).get(f"/en/postings/{own.number}/similar/")
    assert need.number in page.content.decode()
    assert marks(page) == [FIRST]
    assert marks(signed_in(MembershipFactory().user).get(f"/en/postings/{own.number}/similar/")) == []
