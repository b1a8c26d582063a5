"""Two people acting at the same moment: exactly one wins, the other is told, nothing is counted twice."""

import threading

import pytest
from django.db import connection

from accounts.models import Notice
from common.errors import Refused
from common.reasons import Reason
from matchmaking.partnerships.choices import Act, State
from matchmaking.partnerships.models import Partnership, PartnershipEvent
from matchmaking.partnerships.services.interest import (
    accept_interest,
    declare_interest,
    decline_interest,
    withdraw_interest,
)
from matchmaking.postings.models import Posting
from tests.factories.accounts import MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def at_once(*acts):
    """Run the acts in a thread each, started together; gives each one's refusal or None."""
    gate, told = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        gate.wait()
        try:
            act()
        except Refused as refusal:
            told[place] = refusal.reason
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_of_accept_and_decline_at_once_one_wins():
    for _ in range(ROUNDS):
        partnership = PartnershipFactory()
        Posting.objects.filter(pk=partnership.capacity.pk).update(open_interest_count=1)
        one, two = (MembershipFactory(enterprise=partnership.capacity.enterprise).user for _ in range(2))

        told = at_once(
            lambda p=partnership, a=one: accept_interest(partnership=p, actor=a),
            lambda p=partnership, a=two: decline_interest(partnership=p, actor=a, reason=Reason.END_PARTNERSHIP_TIME),
        )

        partnership.refresh_from_db()
        acts = set(partnership.events.values_list("act", flat=True))
        assert sorted(told, key=str) == [None, Reason.REFUSAL_WRONG_STATE]
        assert (partnership.state, acts) in (
            (State.INTRODUCED, {Act.ACCEPT, Act.INTRODUCE}),
            (State.FAILED, {Act.DECLINE}),
        )
        assert Posting.objects.get(pk=partnership.capacity.pk).open_interest_count == 0


def test_of_accept_and_withdraw_at_once_one_wins():
    for _ in range(ROUNDS):
        partnership = PartnershipFactory()
        asker = MembershipFactory(enterprise=partnership.need.enterprise).user
        asked = MembershipFactory(enterprise=partnership.capacity.enterprise).user

        told = at_once(
            lambda p=partnership, a=asked: accept_interest(partnership=p, actor=a),
            lambda p=partnership, a=asker: withdraw_interest(partnership=p, actor=a),
        )

        partnership.refresh_from_db()
        assert sorted(told, key=str) == [None, Reason.REFUSAL_WRONG_STATE]
        assert partnership.state in (State.INTRODUCED, State.FAILED)


def test_two_firms_asking_each_other_at_once_are_introduced():
    for _ in range(ROUNDS):
        need, capacity = PostingFactory(), PostingFactory(capacity=True)
        buyer = MembershipFactory(enterprise=need.enterprise).user
        seller = MembershipFactory(enterprise=capacity.enterprise).user

        told = at_once(
            lambda n=need, c=capacity, a=buyer: declare_interest(posting=n, counterpart=c, actor=a),
            lambda n=need, c=capacity, a=seller: declare_interest(posting=c, counterpart=n, actor=a),
        )

        partnership = Partnership.objects.get(need=need, capacity=capacity)
        assert told == [None, None]
        assert partnership.state == State.INTRODUCED
        assert list(partnership.events.values_list("act", flat=True)) == [
            Act.DECLARE_INTEREST,
            Act.ACCEPT,
            Act.INTRODUCE,
        ]


def test_two_colleagues_pressing_at_once_ask_once():
    need, capacity = PostingFactory(), PostingFactory(capacity=True)
    seller = MembershipFactory(enterprise=capacity.enterprise).user
    pair = [MembershipFactory(enterprise=need.enterprise).user for _ in range(2)]

    told = at_once(*(lambda a=actor: declare_interest(posting=need, counterpart=capacity, actor=a) for actor in pair))

    assert sorted(told, key=str) == [None, Reason.REFUSAL_ALREADY_THERE]
    assert PartnershipEvent.objects.filter(partnership__need=need).count() == 1
    assert Notice.objects.filter(reader=seller).count() == 1
