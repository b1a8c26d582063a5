"""Axe over the pages of market plans: none asked for, waiting, ready with shares and rests, and of an older scope."""

from decimal import Decimal

import pytest

from matchmaking.insights.services.plans import ask_plan, make_plan
from reference.models import Region
from tests.factories.accounts import CoordinatorGrantFactory
from tests.factories.postings import PostingFactory
from tests.journeys.test_accessibility import findings
from tests.looks import IN_ALL_LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PLANS = "/coordination/plans/"


@pytest.fixture
def grant():
    made = CoordinatorGrantFactory()
    made.regions.add(Region.objects.get(code="510104"))
    return made


@pytest.fixture
def market(grant):
    """Two needs, one of them filled in part and the other not at all."""
    fields = {"region": grant.regions.get(), "period": "once"}
    PostingFactory(quantity_amount=Decimal(900), **fields)
    PostingFactory(capacity=True, quantity_amount=Decimal(60), **fields)
    need = PostingFactory(quantity_amount=Decimal(100), consortium_allowed=True, minimum_share_percent=10, **fields)
    return need.node.chain


@IN_ALL_LOOKS
def test_axe_finds_nothing_on_pages_of_plans(live_server, browser_as, grant, market, prefix, size):
    page = browser_as(grant.user)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    base = f"{live_server.url}{prefix}"
    assert findings(page, base, [PLANS]) == {}

    plan = ask_plan(chain=market, actor=grant.user)
    address = f"{PLANS}{plan.key}/"
    assert findings(page, base, [PLANS, address]) == {}
    assert page.locator("#plan-state").is_visible()

    make_plan(key=plan.key)
    assert findings(page, base, [PLANS, address, f"{address}?part=open"]) == {}
    assert page.locator("tbody tr").count() == 2

    grant.regions.set([Region.objects.get(code="500153")])
    assert findings(page, base, [address]) == {}
