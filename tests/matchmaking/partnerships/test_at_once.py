"""Two people acting at the same moment: exactly one wins, the other is told, nothing is counted twice."""

import threading

import pytest
from django.db import DatabaseError, connection
from django.db.models import QuerySet

from accounts.choices import NoticeKind
from accounts.models import Notice
from common.errors import Refused
from common.reasons import Reason
from matchmaking.partnerships.choices import Act, State
from matchmaking.partnerships.models import Partnership, PartnershipEvent
from matchmaking.partnerships.permissions import FIRST_CONTACTS
from matchmaking.partnerships.services.coordination import remind_of_interest, remind_of_posting
from matchmaking.partnerships.services.interest import (
    accept_interest,
    declare_interest,
    decline_interest,
    withdraw_interest,
)
from matchmaking.postings.models import Posting
from tests.factories.accounts import CoordinatorGrantFactory, EnterpriseFactory, MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def at_once(*acts):
    """Run the acts in a thread each, started together; gives each one's refusal, the database's own or None."""
    gate, told = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        gate.wait()
        try:
            act()
        except Refused as refusal:
            told[place] = refusal.reason
        except DatabaseError as error:
            told[place] = error
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


def test_an_answer_and_an_interest_of_ones_own_at_once_do_not_wait_for_each_other():
    for _ in range(ROUNDS):
        partnership = PartnershipFactory()
        need, capacity = partnership.need, partnership.capacity
        one, two = (MembershipFactory(enterprise=capacity.enterprise).user for _ in range(2))

        told = at_once(
            lambda p=partnership, a=one: accept_interest(partnership=p, actor=a),
            lambda n=need, c=capacity, a=two: declare_interest(posting=c, counterpart=n, actor=a),
        )

        partnership.refresh_from_db()
        assert partnership.state == State.INTRODUCED
        assert None in told
        assert set(told) <= {None, Reason.REFUSAL_ALREADY_THERE, Reason.REFUSAL_WRONG_STATE}


def test_colleagues_asking_at_once_do_not_pass_the_limit_of_first_contacts():
    firm = EnterpriseFactory(unverified=True)
    people = [MembershipFactory(enterprise=firm).user for _ in range(FIRST_CONTACTS + 2)]
    needs = [PostingFactory(enterprise=firm) for _ in people]
    capacities = [PostingFactory(capacity=True) for _ in people]

    told = at_once(
        *(
            lambda a=actor, n=need, c=capacity: declare_interest(posting=n, counterpart=c, actor=a)
            for actor, need, capacity in zip(people, needs, capacities, strict=True)
        )
    )

    assert Partnership.objects.filter(need__enterprise=firm).count() == FIRST_CONTACTS
    assert told.count(Reason.REFUSAL_FIRST_CONTACTS_USED) == 2


@pytest.mark.parametrize("act", ["declare", "accept", "decline", "withdraw"])
def test_every_act_takes_its_locks_in_one_order(act, monkeypatch):
    """The tables as they are locked; PostgreSQL writes it so, SQLite locks the whole file."""
    partnership = PartnershipFactory()
    buyer = MembershipFactory(enterprise=partnership.need.enterprise).user
    seller = MembershipFactory(enterprise=partnership.capacity.enterprise).user
    taken, plain = [], QuerySet.select_for_update

    def noted(rows, *args, **kwargs):
        assert kwargs["no_key"], "a plain lock holds back rows that point at it"
        taken.append(rows.model._meta.model_name)
        return plain(rows, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", noted)
    if act == "declare":
        other = PostingFactory(capacity=True)
        declare_interest(posting=partnership.need, counterpart=other, actor=buyer)
    elif act == "accept":
        accept_interest(partnership=partnership, actor=seller)
    elif act == "decline":
        decline_interest(partnership=partnership, actor=seller, reason=Reason.END_PARTNERSHIP_TIME)
    else:
        withdraw_interest(partnership=partnership, actor=buyer)

    expected = ["enterprise", "posting"] if act == "declare" else ["posting", "partnership"]
    assert taken == expected


def test_two_colleagues_pressing_at_once_ask_once():
    need, capacity = PostingFactory(), PostingFactory(capacity=True)
    seller = MembershipFactory(enterprise=capacity.enterprise).user
    pair = [MembershipFactory(enterprise=need.enterprise).user for _ in range(2)]

    told = at_once(*(lambda a=actor: declare_interest(posting=need, counterpart=capacity, actor=a) for actor in pair))

    assert sorted(told, key=str) == [None, Reason.REFUSAL_ALREADY_THERE]
    assert PartnershipEvent.objects.filter(partnership__need=need).count() == 1
    assert Notice.objects.filter(reader=seller).count() == 1


def test_of_two_coordinators_at_once_one_reminds():
    one, two = (CoordinatorGrantFactory().user for _ in range(2))
    for _ in range(ROUNDS):
        pair, stale = PartnershipFactory(), PostingFactory(stale=True)
        asked = MembershipFactory(enterprise=pair.capacity.enterprise).user

        told = at_once(*(lambda p=pair, a=actor: remind_of_interest(partnership=p, actor=a) for actor in (one, two)))
        also = at_once(*(lambda p=stale, a=actor: remind_of_posting(posting=p, actor=a) for actor in (one, two)))

        assert sorted(told, key=str) == sorted(also, key=str) == [None, Reason.REFUSAL_REMINDED_LATELY]
        assert Notice.objects.filter(reader=asked, kind=NoticeKind.REMINDED).count() == 1
