"""Consent given ahead introduces verified firms that meet all musts, and nobody else."""

import pytest

from accounts.choices import NoticeKind, Verb
from accounts.models import Change, Notice
from common.errors import Refused
from common.reasons import Reason
from matchmaking.partnerships.choices import Act, Side, State
from matchmaking.partnerships.services.interest import declare_interest
from matchmaking.postings.models import Posting
from matchmaking.postings.services.consent import accept_ahead, stop_accepting_ahead
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory, days_from_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def need():
    return PostingFactory()


@pytest.fixture
def capacity(need):
    return PostingFactory(capacity=True, node=need.node)


@pytest.fixture
def buyer(need):
    return MembershipFactory(enterprise=need.enterprise).user


@pytest.fixture
def seller(capacity):
    return MembershipFactory(enterprise=capacity.enterprise).user


def test_one_press_introduces_with_both_consents_as_events(need, capacity, buyer, seller):
    accept_ahead(posting=capacity, actor=seller)

    partnership = declare_interest(posting=need, counterpart=capacity, actor=buyer)

    assert (partnership.state, partnership.introduced_at is not None) == (State.INTRODUCED, True)
    steps = list(partnership.events.values_list("act", "side", "actor", "enterprise"))
    assert steps == [
        (Act.DECLARE_INTEREST, Side.NEED, buyer.pk, need.enterprise_id),
        (Act.ACCEPT_AHEAD, Side.CAPACITY, seller.pk, capacity.enterprise_id),
        (Act.INTRODUCE, Side.PLATFORM, None, None),
    ]
    assert list(Notice.objects.values_list("kind", flat=True)) == [NoticeKind.INTRODUCED] * 2
    assert Posting.objects.get(pk=capacity.pk).open_interest_count == 0


def test_a_need_accepts_ahead_as_well(need, capacity, buyer, seller):
    accept_ahead(posting=need, actor=buyer)

    assert declare_interest(posting=capacity, counterpart=need, actor=seller).state == State.INTRODUCED


@pytest.mark.parametrize("side", ["need", "capacity"])
def test_no_unverified_firm_is_introduced(need, capacity, buyer, seller, side):
    accept_ahead(posting=capacity, actor=seller)
    firm = {"need": need, "capacity": capacity}[side].enterprise
    firm.verification = "unverified"
    firm.save()

    assert declare_interest(posting=need, counterpart=capacity, actor=buyer).state == State.INTERESTED


@pytest.mark.parametrize("missed", ["window", "stale", "quantity"])
def test_nobody_is_introduced_with_a_must_missed(need, capacity, buyer, seller, missed):
    accept_ahead(posting=capacity, actor=seller)
    changed = {
        "window": {"window_start": days_from_today(400), "window_end": days_from_today(800)},
        "stale": {"confirmed_on": days_from_today(-61)},
        "quantity": {"quantity_amount": 1},
    }[missed]
    Posting.objects.filter(pk=capacity.pk).update(**changed)

    partnership = declare_interest(posting=need, counterpart=Posting.objects.get(pk=capacity.pk), actor=buyer)

    assert partnership.state == State.INTERESTED


def test_a_consent_that_was_taken_back_introduces_nobody(need, capacity, buyer, seller):
    accept_ahead(posting=capacity, actor=seller)
    stop_accepting_ahead(posting=capacity, actor=seller)
    stop_accepting_ahead(posting=capacity, actor=seller)

    assert declare_interest(posting=need, counterpart=capacity, actor=buyer).state == State.INTERESTED
    told = Change.objects.filter(thing="posting", facts__accepts_ahead=True).order_by("seq")
    assert list(told.values_list("verb", "actor")) == [(Verb.GRANTED, seller.pk), (Verb.REVOKED, seller.pk)]


def test_consent_is_its_own_sides_to_give_and_a_verified_firms(need, capacity, buyer, seller):
    with pytest.raises(Refused) as refusal:
        accept_ahead(posting=capacity, actor=buyer)
    assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
    capacity.enterprise.verification = "pending"
    capacity.enterprise.save()
    with pytest.raises(Refused) as refusal:
        accept_ahead(posting=Posting.objects.get(pk=capacity.pk), actor=seller)
    assert refusal.value.reason == Reason.REFUSAL_NOT_VERIFIED
    assert not Posting.objects.filter(accepts_ahead_at__isnull=False).exists()
