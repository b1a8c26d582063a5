"""The page of a firm's networks: asked, answered and ended on it, and silent to everybody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import NetworkState
from accounts.models import NetworkMembership
from tests.factories.accounts import EnterpriseFactory, MembershipFactory, NetworkMembershipFactory

pytestmark = pytest.mark.django_db
PAGE = "/en/network/"


def page_of(client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_firm_is_invited_accepts_and_leaves(signed_in):
    buyer, supplier = MembershipFactory(), MembershipFactory()
    ours, theirs = signed_in(buyer.user), signed_in(supplier.user)

    ours.post(PAGE, {"firm": supplier.enterprise.uscc, "side": "invite", "role": "supplier"})
    row = NetworkMembership.objects.get()
    waiting = [page_of(ours), page_of(theirs)]
    theirs.post(reverse("web:accounts:accept_network", args=[row.pk]))
    holding = [page_of(ours), page_of(theirs)]
    theirs.post(reverse("web:accounts:end_network", args=[row.pk]))
    over = [page_of(ours), page_of(theirs)]

    assert ["Waiting for the other firm" in waiting[0], "Waiting for your answer" in waiting[1]] == [True, True]
    assert ["What each may see" in one for one in holding] == [True, True]
    assert ["member from" in one for one in over] == [True, True]
    row.refresh_from_db()
    assert row.state == NetworkState.ENDED


def test_what_was_typed_stays_beside_the_reason(signed_in):
    answer = signed_in(MembershipFactory().user).post(PAGE, {"firm": "nobody", "side": "join", "role": "supplier"})

    assert (answer.status_code, NetworkMembership.objects.count()) == (422, 0)
    assert 'value="nobody"' in answer.content.decode()


def test_what_was_typed_stays_when_the_question_is_refused(signed_in):
    owner, other = MembershipFactory(), EnterpriseFactory()
    NetworkMembershipFactory(buyer=owner.enterprise, supplier=other)
    answer = signed_in(owner.user).post(PAGE, {"firm": other.uscc, "side": "invite", "role": "distributor"})

    shown = answer.content.decode()
    assert (answer.status_code, NetworkMembership.objects.count()) == (422, 1)
    assert f'value="{other.uscc}"' in shown
    assert '<option value="distributor" selected>' in shown
    assert 'aria-invalid="true"' in shown


@pytest.mark.parametrize("act", ["accept_network", "decline_network", "end_network"])
def test_an_outsider_gets_the_same_answer_whether_or_not_there_is_a_membership(signed_in, act):
    row = NetworkMembershipFactory(asked=True)
    outsider = signed_in(MembershipFactory().user)

    there = outsider.post(reverse(f"web:accounts:{act}", args=[row.pk]))
    nowhere = outsider.post(reverse(f"web:accounts:{act}", args=[row.pk + 1]))

    assert (there.status_code, nowhere.status_code) == (404, 404)
    row.refresh_from_db()
    assert row.state == NetworkState.ASKED


def test_a_member_learns_nothing_of_the_other_members(signed_in):
    buyer, member = EnterpriseFactory(), MembershipFactory()
    NetworkMembershipFactory(buyer=buyer, supplier=member.enterprise)
    NetworkMembershipFactory(buyer=buyer, supplier=EnterpriseFactory(name="Canary Supplier"))

    shown = page_of(signed_in(member.user))

    assert (buyer.name in shown, "Canary" in shown) == (True, False)


def test_viewers_read_the_page_without_a_button(signed_in):
    viewer = MembershipFactory(viewer=True)
    row = NetworkMembershipFactory(buyer=viewer.enterprise)
    reader = signed_in(viewer.user)

    assert 'action="/en/network/' not in page_of(reader)
    assert reader.post(reverse("web:accounts:end_network", args=[row.pk])).status_code == 403
    assert reader.post(PAGE, {"firm": "x"}).status_code == 403


def test_a_network_of_any_size_costs_the_same_queries(signed_in):
    owner = MembershipFactory()
    client = signed_in(owner.user)
    asked = []
    for members in (1, 29):
        firms = [row.supplier.name for row in NetworkMembershipFactory.create_batch(members, buyer=owner.enterprise)]
        page_of(client)
        with CaptureQueriesContext(connection) as queries:
            shown = page_of(client)
        assert [name for name in firms if name not in shown] == []
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 12


def test_without_any_firm_it_says_what_a_network_is_for_and_how_to_begin(signed_in):
    owner = MembershipFactory()
    viewer = MembershipFactory(enterprise=owner.enterprise, viewer=True)
    begin = "Ask those you know first"
    ours, theirs = page_of(signed_in(owner.user)), page_of(signed_in(viewer.user))

    assert [begin in ours, 'href="#h-ask"' in ours, "Nobody yet" in ours] == [True, True, False]
    assert [begin in theirs, 'href="#h-ask"' in theirs] == [True, False]

    NetworkMembershipFactory(supplier=owner.enterprise)
    joined = page_of(signed_in(owner.user))
    assert [begin in joined, "Nobody yet" in joined] == [False, True]
