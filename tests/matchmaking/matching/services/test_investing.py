"""A capacity that nobody has yet: it meets what a posted one would meet, and tells no more."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import CheckState
from common.reasons import Reason
from matchmaking.matching.services.investing import Investment, filled_by
from matchmaking.matching.services.suggestions import suggestions_for
from tests.factories.accounts import EnterpriseCertificateFactory, MembershipFactory
from tests.factories.postings import PostingCertificateFactory, PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return MembershipFactory().user


@pytest.fixture
def needs():
    """Needs of which a capacity of 12,000 a month meets some and misses others, each of another firm."""
    wanted = PostingCertificateFactory(posting=PostingFactory(quantity_amount=Decimal(100))).certification
    for amount in (1, 8000, 12_000, 12_001, 50_000):
        PostingFactory(quantity_amount=Decimal(amount))
    return wanted


def thought_of(posting, *certificates):
    return Investment(posting.node, posting.region, posting.unit, posting.quantity_amount, posting.period, certificates)


def numbers(rows):
    return [row.posting.number for row in rows]


def test_it_meets_what_a_posted_capacity_of_a_checked_firm_meets(needs):
    capacity = PostingFactory(capacity=True)
    member = MembershipFactory(enterprise=capacity.enterprise).user
    posted = suggestions_for(posting=capacity, viewer=member)
    found = filled_by(thought_of(capacity), viewer=member)
    assert set(numbers(found.met)) == set(numbers(posted.matches))
    assert (found.firms, len(found.met)) == (posted.firms, 3)
    assert set(numbers(found.missed)) == set(numbers(posted.near_misses))


def test_a_certificate_that_it_would_have_opens_what_asks_for_it(needs, reader):
    capacity = PostingFactory(capacity=True)
    EnterpriseCertificateFactory(enterprise=capacity.enterprise, certification=needs, state=CheckState.CHECKED)
    holder = MembershipFactory(enterprise=capacity.enterprise).user
    without = filled_by(thought_of(capacity), viewer=reader)
    with_it = filled_by(thought_of(capacity, needs.code), viewer=reader)
    gained = set(numbers(with_it.met)) - set(numbers(without.met))
    missed = {row.posting.number: [gap.reason for gap in row.gaps] for row in without.missed}
    assert len(gained) == 1
    assert missed[gained.pop()] == [Reason.GAP_CERTIFICATE_MISSING]
    assert set(numbers(with_it.met)) == set(numbers(suggestions_for(posting=capacity, viewer=holder).matches))


def test_a_need_that_is_hidden_from_the_readers_firm_is_neither_told_nor_counted(reader):
    posting = PostingFactory()
    hidden = PostingFactory()
    hidden.hidden_from.add(reader.memberships.get().enterprise)
    found = filled_by(thought_of(posting), viewer=reader)
    assert (numbers(found.met), found.firms) == ([posting.number], 1)
    assert {one.shown for one in found.dropped} <= {"<3"}


@pytest.mark.parametrize("more", [0, 12])
def test_it_asks_as_many_questions_for_many_needs_as_for_one(more, reader):
    posting = PostingFactory()
    PostingFactory.create_batch(more)
    filled_by(thought_of(posting), viewer=reader)
    with CaptureQueriesContext(connection) as asked:
        found = filled_by(thought_of(posting), viewer=reader)
    assert (len(asked), len(found.met)) == (3, 1 + more)
