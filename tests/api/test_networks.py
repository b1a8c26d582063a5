"""Networks by partners' systems: asked, answered, ended; nobody but the two firms reads of a membership."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import NetworkState
from accounts.models import NetworkMembership
from tests.factories.accounts import EnterpriseFactory, MembershipFactory, NetworkMembershipFactory

pytestmark = pytest.mark.django_db
MOST_QUERIES = 16


@pytest.fixture
def buyer(make_partner):
    return make_partner(EnterpriseFactory())


@pytest.fixture
def supplier(make_partner):
    return make_partner(EnterpriseFactory())


def invite(buyer, supplier, **changes):
    return buyer.ask("network/", "POST", {"firm": supplier.enterprise.key, **changes})


def test_a_firm_is_invited_accepts_and_leaves(buyer, supplier):
    made = invite(buyer, supplier, role="distributor")
    assert made.status_code == 201, made.content
    row = made.json()
    path = f"network/{row['id']}/"
    assert (row["firm"], row["network"], row["role"], row["asked_by_us"], row["allowed_acts"]) == (
        supplier.enterprise.key,
        "ours",
        "distributor",
        True,
        ["end"],
    )
    (seen,) = supplier.ask("network/?state=asked").json()["results"]
    assert (seen["firm"], seen["network"], seen["allowed_acts"]) == (buyer.enterprise.key, "theirs", ["answer"])
    assert buyer.ask(f"{path}answer/", "POST", {"accepts": True}).json()["code"] == "refusal.other_side"
    answered = supplier.ask(f"{path}answer/", "POST", {"accepts": True})
    assert (answered.status_code, answered.json()["state"], answered.json()["since"] is None) == (200, "member", False)
    ended = supplier.ask(f"{path}end/", "POST")
    assert (ended.json()["state"], ended.json()["allowed_acts"]) == ("ended", [])
    assert buyer.ask(path).json()["state"] == "ended"
    assert supplier.ask(f"{path}end/", "POST").json()["code"] == "refusal.wrong_state"


def test_asking_to_be_taken_in_and_being_declined(buyer, supplier):
    made = invite(supplier, buyer, network="theirs").json()
    assert (made["network"], made["asked_by_us"]) == ("theirs", True)
    assert invite(supplier, buyer, network="theirs").json()["code"] == "refusal.already_there"
    assert buyer.ask(f"network/{made['id']}/answer/", "POST", {"accepts": False}).json()["state"] == "declined"
    assert invite(supplier, buyer, network="theirs").json()["code"] == "refusal.asked_lately"


def test_a_firm_that_is_not_here_is_told_at_its_field(buyer):
    told = buyer.ask("network/", "POST", {"firm": "nobody"})
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "firm")
    assert buyer.ask("network/", "POST", {"firm": "x", "role": "friend"}).status_code == 400


def test_nobody_else_learns_of_a_membership_and_scopes_open_what_they_name(buyer, supplier, make_partner):
    row = NetworkMembershipFactory(buyer=buyer.enterprise, supplier=supplier.enterprise)
    outsider = make_partner(EnterpriseFactory())
    member = make_partner(NetworkMembershipFactory(buyer=buyer.enterprise).supplier)
    for asker in (outsider, member):
        for path, method, body in (("", "GET", None), ("answer/", "POST", {"accepts": True}), ("end/", "POST", None)):
            assert asker.ask(f"network/{row.pk}/{path}", method, body).status_code == 404
    assert outsider.ask("network/").json()["results"] == []
    assert supplier.enterprise.name not in member.ask("network/").content.decode()
    reads, writes, other = (
        make_partner(buyer.enterprise, scopes=(scope,)) for scope in ("network:read", "network:write", "postings:write")
    )
    assert [one.ask("network/").status_code for one in (reads, writes, other)] == [200, 403, 403]
    assert [one.ask(f"network/{row.pk}/end/", "POST").status_code for one in (reads, other, writes)] == [403, 403, 200]
    row.refresh_from_db()
    assert (row.state, NetworkMembership.objects.count()) == (NetworkState.ENDED, 2)


def test_a_longer_list_costs_no_more_queries(buyer):
    costs = []
    for _ in range(2):
        NetworkMembershipFactory.create_batch(5, buyer=buyer.enterprise)
        buyer.ask("network/")
        with CaptureQueriesContext(connection) as queries:
            buyer.ask("network/")
        costs.append(len(queries))
    assert costs[0] == costs[1] <= MOST_QUERIES


def test_a_system_answers_for_its_own_firm_alone(buyer, supplier):
    MembershipFactory(enterprise=supplier.enterprise, user=buyer.owner)
    path = f"network/{invite(buyer, supplier).json()['id']}/"
    assert buyer.ask(path).json()["allowed_acts"] == ["end"]
    assert buyer.ask(f"{path}answer/", "POST", {"accepts": True}).json()["code"] == "refusal.other_side"
