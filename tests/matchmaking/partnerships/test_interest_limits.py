"""How many interests a firm, a posting and a pair may have out at a time."""

import pytest

from common.reasons import Reason
from matchmaking.partnerships.choices import State
from matchmaking.partnerships.permissions import FIRST_CONTACTS, WAITING_FOR_ONE_FIRM, WAITING_FOR_ONE_POSTING
from matchmaking.partnerships.services.interest import (
    accept_interest,
    declare_interest,
)
from tests.factories.accounts import EnterpriseFactory, MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.talks import refusal_of

pytestmark = pytest.mark.django_db


def test_an_unverified_firm_makes_three_first_contacts():
    firm = EnterpriseFactory(unverified=True)
    actor = MembershipFactory(enterprise=firm).user
    need = PostingFactory(enterprise=firm)
    asked = [PostingFactory(capacity=True) for _ in range(FIRST_CONTACTS)]
    for capacity in asked:
        declare_interest(posting=need, counterpart=capacity, actor=actor)

    other = PostingFactory(capacity=True)
    assert refusal_of(posting=need, counterpart=other, actor=actor) == Reason.REFUSAL_FIRST_CONTACTS_USED
    again = PostingFactory(capacity=True, enterprise=asked[0].enterprise)
    assert declare_interest(posting=need, counterpart=again, actor=actor).state == State.INTERESTED


def test_first_contacts_count_an_alias_as_a_firm_of_its_own():
    firm = EnterpriseFactory(unverified=True)
    actor = MembershipFactory(enterprise=firm).user
    need = PostingFactory(enterprise=firm)
    asked = [PostingFactory(capacity=True) for _ in range(FIRST_CONTACTS)]
    for capacity in asked:
        declare_interest(posting=need, counterpart=capacity, actor=actor)

    alias = PostingFactory(capacity=True, enterprise=asked[0].enterprise, visibility="alias")
    assert refusal_of(posting=need, counterpart=alias, actor=actor) == Reason.REFUSAL_FIRST_CONTACTS_USED


def test_an_unverified_firm_may_always_answer():
    firm = EnterpriseFactory(unverified=True)
    actor = MembershipFactory(enterprise=firm).user
    capacity = PostingFactory(capacity=True, enterprise=firm)
    for _ in range(FIRST_CONTACTS):
        declare_interest(posting=capacity, counterpart=PostingFactory(), actor=actor)
    waiting = PartnershipFactory(capacity=capacity)

    assert accept_interest(partnership=waiting, actor=actor).state == State.INTRODUCED


def test_one_posting_has_a_limited_number_of_interests_out(need, capacity, buyer):
    for _ in range(WAITING_FOR_ONE_POSTING):
        PartnershipFactory(need=need)
    assert refusal_of(posting=need, counterpart=capacity, actor=buyer) == Reason.REFUSAL_TOO_MANY_WAITING


def test_one_firm_is_not_flooded_by_one_other(need, capacity, buyer):
    for _ in range(WAITING_FOR_ONE_FIRM):
        PartnershipFactory(
            need=PostingFactory(enterprise=need.enterprise),
            capacity=PostingFactory(capacity=True, enterprise=capacity.enterprise),
        )
    assert refusal_of(posting=need, counterpart=capacity, actor=buyer) == Reason.REFUSAL_TOO_MANY_WAITING


def test_waiting_interests_at_a_firms_name_do_not_count_at_its_alias(need, capacity, buyer):
    for _ in range(WAITING_FOR_ONE_FIRM):
        PartnershipFactory(
            need=PostingFactory(enterprise=need.enterprise),
            capacity=PostingFactory(capacity=True, enterprise=capacity.enterprise),
        )
    alias = PostingFactory(capacity=True, enterprise=capacity.enterprise, visibility="alias")

    assert declare_interest(posting=need, counterpart=alias, actor=buyer).state == State.INTERESTED
