"""Pages of market plans: asked for, waited for, read, and nobody else's."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from matchmaking.insights.models import MarketPlan
from matchmaking.insights.services.plans import make_plan
from reference.models import Region
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = [pytest.mark.usefixtures("compiled"), pytest.mark.django_db]


@pytest.fixture
def grant():
    made = CoordinatorGrantFactory()
    made.regions.add(Region.objects.get(code="510104"))
    return made


@pytest.fixture
def pair(grant):
    """A need that is filled in part, and its capacity."""
    fields = {"region": grant.regions.get(), "period": "once"}
    need = PostingFactory(
        quantity_amount=Decimal(100), consortium_allowed=True, minimum_share_percent=10, title="范围内需求", **fields
    )
    return need, PostingFactory(capacity=True, quantity_amount=Decimal(60), title="范围内产能", **fields)


def address(name, *args):
    return reverse(f"web:coordination:{name}", args=args)


def text(response):
    return response.content.decode()


def test_a_plan_is_asked_for_waited_for_and_read(grant, pair, signed_in):
    need, capacity = pair
    client = signed_in(grant.user)
    assert need.node.chain.name in text(client.get(address("plans")))
    answer = client.post(address("plans"), {"chain": need.node.chain.code})
    plan = MarketPlan.objects.get()
    assert answer["Location"] == address("plan", plan.key)
    waiting = text(client.get(address("plan", plan.key)))
    assert 'hx-trigger="every 2s"' in waiting

    make_plan(key=plan.key)
    read = text(client.get(address("plan", plan.key)))
    assert 'hx-trigger="every 2s"' not in read
    for told in (need.title, capacity.title, need.enterprise.name, capacity.enterprise.name, "60"):
        assert told in read
    left = text(client.get(address("plan", plan.key) + "?part=open"))
    assert "适配的产能在本方案中已分给其他需求" in left
    assert capacity.title not in left


def test_the_pages_speak_english(grant, pair, signed_in):
    plan = MarketPlan.objects.create(chain=pair[0].node.chain, asked_by=grant.user, scope_mark="")
    with translation.override("en"):
        client = signed_in(grant.user)
        assert "Market plans" in text(client.get(address("plans")))
        assert "Your scope was changed" in text(client.get(address("plan", plan.key)))


def test_an_unknown_chain_is_told(grant, signed_in):
    assert signed_in(grant.user).post(address("plans"), {"chain": "NOSUCH"}).status_code == 422


def test_a_plan_is_read_by_who_asked_alone(grant, pair, signed_in):
    plan = MarketPlan.objects.create(chain=pair[0].node.chain, asked_by=grant.user, scope_mark="")
    assert signed_in(CoordinatorGrantFactory().user).get(address("plan", plan.key)).status_code == 404
    firm = signed_in(MembershipFactory().user)
    assert {firm.get(address("plans")).status_code, firm.get(address("plan", plan.key)).status_code} == {403}
