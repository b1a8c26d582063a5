"""Networks of firms: both agree, either ends, what was stays, and nobody else learns of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import NetworkState, SupplyRole
from accounts.models import Change, NetworkMembership
from accounts.queries import has_network, network_rows, network_visible_to
from accounts.services.networks import MOST_WAITING, answer_network, ask_network, end_network
from common.errors import Invalid, Refused
from common.reasons import Reason
from tests.factories.accounts import (
    CoordinatorGrantFactory,
    EnterpriseFactory,
    MembershipFactory,
    NetworkMembershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer():
    return MembershipFactory()


@pytest.fixture
def supplier():
    return MembershipFactory(editor=True)


def refused(act, **told) -> Reason:
    before = list(NetworkMembership.objects.order_by("pk").values())
    with pytest.raises(Refused) as refusal:
        act(**told)
    assert list(NetworkMembership.objects.order_by("pk").values()) == before
    return refusal.value.reason


def asked(by, other, *, invites=True, **told):
    return ask_network(enterprise=by.enterprise, actor=by.user, firm=other.enterprise.key, invites=invites, **told)


@pytest.mark.parametrize("invites", [True, False])
def test_a_membership_holds_once_the_other_side_accepted_and_both_are_told(buyer, supplier, changes, notices, invites):
    asking, answering = (buyer, supplier) if invites else (supplier, buyer)

    row = asked(asking, answering, invites=invites, role=SupplyRole.DISTRIBUTOR)
    waiting = has_network(buyer.enterprise)
    answer_network(membership=row, actor=answering.user, accepts=True)

    row.refresh_from_db()
    assert (waiting, has_network(buyer.enterprise), has_network(supplier.enterprise)) == (False, True, False)
    assert (row.buyer, row.supplier, row.role) == (buyer.enterprise, supplier.enterprise, SupplyRole.DISTRIBUTOR)
    assert (row.state, row.since, row.ended_on) == (NetworkState.MEMBER, timezone.localdate(), None)
    assert changes() == [("networkmembership", "created", ""), ("networkmembership", "granted", "")]
    assert set(Change.objects.values_list("enterprise", flat=True)) == {buyer.enterprise_id}
    assert notices() == [(answering.user_id, "network_asked"), (asking.user_id, "network_joined")]


@pytest.mark.parametrize("name", ["key", "uscc", "spaced"])
def test_a_firm_is_named_by_its_key_or_code_however_it_is_typed(buyer, supplier, name):
    firm = supplier.enterprise
    typed = f" {firm.uscc[:8]} {firm.uscc[8:].lower()} " if name == "spaced" else getattr(firm, name)

    row = ask_network(enterprise=buyer.enterprise, actor=buyer.user, firm=typed, invites=True)

    assert row.supplier == firm


@pytest.mark.parametrize(
    ("firm", "reason"),
    [
        (lambda own: "no such firm", Reason.REFUSAL_UNKNOWN_CODE),
        (lambda own: EnterpriseFactory(suspended=True).key, Reason.REFUSAL_UNKNOWN_CODE),
        (lambda own: EnterpriseFactory(unclaimed=True).uscc, Reason.REFUSAL_UNKNOWN_CODE),
        (lambda own: own.key, Reason.REFUSAL_OWN_FIRM),
        (lambda own: " ", Reason.REFUSAL_REQUIRED),
    ],
)
def test_ask_network_refuses_who_is_not_here_and_oneself(buyer, firm, reason):
    with pytest.raises(Invalid) as refusal:
        ask_network(enterprise=buyer.enterprise, actor=buyer.user, firm=firm(buyer.enterprise), invites=True)

    assert refusal.value.fields == {"firm": reason}
    assert NetworkMembership.objects.count() == 0


def test_a_pair_is_asked_once_from_whatever_side_until_it_is_over(buyer, supplier):
    row = asked(buyer, supplier)
    again = [refused(asked, by=buyer, other=supplier), refused(asked, by=supplier, other=buyer, invites=False)]
    answer_network(membership=row, actor=supplier.user, accepts=True)
    again.append(refused(asked, by=buyer, other=supplier))
    end_network(membership=row, actor=buyer.user, by=buyer.enterprise)

    anew = asked(buyer, supplier)

    assert again == [Reason.REFUSAL_ALREADY_THERE] * 3
    assert [one.pk for one in network_rows(buyer.user, buyer.enterprise)] == [anew.pk, row.pk]


def test_who_was_declined_waits_before_asking_again_and_the_other_side_need_not(buyer, supplier):
    row = asked(buyer, supplier)
    answer_network(membership=row, actor=supplier.user, accepts=False)

    reason = refused(asked, by=buyer, other=supplier)
    theirs = asked(supplier, buyer, invites=False)
    end_network(membership=theirs, actor=supplier.user, by=supplier.enterprise)
    NetworkMembership.objects.filter(pk=row.pk).update(ended_on=timezone.localdate() - timedelta(days=30))

    assert (reason, asked(buyer, supplier).state) == (Reason.REFUSAL_ASKED_LATELY, NetworkState.ASKED)


def test_only_the_side_that_was_asked_answers_and_once(buyer, supplier):
    row, stranger = asked(buyer, supplier), MembershipFactory()
    viewer = MembershipFactory(enterprise=supplier.enterprise, viewer=True)

    reasons = [
        refused(answer_network, membership=row, actor=one.user, accepts=True) for one in (buyer, stranger, viewer)
    ]
    answer_network(membership=row, actor=supplier.user, accepts=False)

    assert reasons == [Reason.REFUSAL_OTHER_SIDE, Reason.REFUSAL_NOT_YOURS, Reason.REFUSAL_NOT_YOURS]
    assert refused(answer_network, membership=row, actor=supplier.user, accepts=True) == Reason.REFUSAL_WRONG_STATE


@pytest.mark.parametrize("side", ["buyer", "supplier"])
def test_either_side_ends_a_membership_and_the_row_stays(buyer, supplier, notices, side):
    row = NetworkMembershipFactory(buyer=buyer.enterprise, supplier=supplier.enterprise)
    ending, other = (buyer, supplier) if side == "buyer" else (supplier, buyer)

    end_network(membership=row, actor=ending.user, by=ending.enterprise)

    row.refresh_from_db()
    assert (row.state, row.ended_on, row.ended_by_buyer) == ("ended", timezone.localdate(), side == "buyer")
    assert (has_network(buyer.enterprise), notices()) == (False, [(other.user_id, "network_ended")])
    assert refused(end_network, membership=row, actor=ending.user, by=ending.enterprise) == Reason.REFUSAL_WRONG_STATE


def test_who_asked_takes_it_back_and_who_was_asked_answers_instead(buyer, supplier, notices):
    row, stranger = asked(buyer, supplier), MembershipFactory()

    reasons = [refused(end_network, membership=row, actor=one.user, by=one.enterprise) for one in (supplier, stranger)]
    not_theirs = refused(end_network, membership=row, actor=stranger.user, by=buyer.enterprise)
    end_network(membership=row, actor=buyer.user, by=buyer.enterprise)

    row.refresh_from_db()
    assert [*reasons, not_theirs] == [Reason.REFUSAL_OTHER_SIDE, Reason.REFUSAL_NOT_YOURS, Reason.REFUSAL_NOT_YOURS]
    assert (row.state, row.since, len(notices())) == (NetworkState.WITHDRAWN, None, 1)


def test_a_firm_waits_for_so_many_answers_at_once_and_no_more(buyer, supplier):
    NetworkMembershipFactory.create_batch(MOST_WAITING, buyer=buyer.enterprise, asked=True)

    assert refused(asked, by=buyer, other=supplier) == Reason.REFUSAL_LIMIT_REACHED


def test_viewers_and_suspended_firms_ask_nobody(buyer, supplier):
    viewer = MembershipFactory(enterprise=buyer.enterprise, viewer=True)
    suspended = MembershipFactory(enterprise__suspended=True)

    assert refused(asked, by=viewer, other=supplier) == Reason.REFUSAL_NOT_YOURS
    assert refused(asked, by=suspended, other=supplier) == Reason.REFUSAL_SUSPENDED


def test_the_two_firms_and_platform_administrators_see_a_membership_and_nobody_else(buyer, supplier):
    row = NetworkMembershipFactory(buyer=buyer.enterprise, supplier=supplier.enterprise)
    fellow = MembershipFactory()
    NetworkMembershipFactory(buyer=buyer.enterprise, supplier=fellow.enterprise)
    insiders = [buyer.user, supplier.user, UserFactory(platform_admin=True)]
    outsiders = [fellow.user, MembershipFactory().user, CoordinatorGrantFactory().user, UserFactory()]

    assert [network_visible_to(one).filter(pk=row.pk).exists() for one in insiders] == [True] * 3
    assert [network_visible_to(one).filter(pk=row.pk).exists() for one in outsiders] == [False] * 4
    assert [one.pk for one in network_rows(supplier.user, supplier.enterprise)] == [row.pk]


def test_a_former_member_of_a_firm_sees_nothing_of_its_network(buyer):
    NetworkMembershipFactory(buyer=buyer.enterprise)
    former = MembershipFactory(enterprise=buyer.enterprise, former=True)

    assert network_rows(former.user, buyer.enterprise) == []
