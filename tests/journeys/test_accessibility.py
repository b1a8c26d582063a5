"""Axe over our public pages: both languages, both colour schemes, wide and narrow; nothing may be found."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from matchmaking.insights.choices import FlowKind
from matchmaking.insights.models import Flow
from matchmaking.insights.services.facts import load_facts
from matchmaking.parks.services.loading import load_parks
from matchmaking.postings.choices import Direction
from reference.models import ChainNode, Region
from tests.factories.accounts import EnterpriseFactory, MembershipFactory
from tests.factories.postings import PostingFactory
from tests.looks import IN_ALL_LOOKS_AND_SCHEMES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC = [
    "/",
    "/needs/",
    "/capacities/",
    "/chains/",
    "/chains/H2/",
    "/chains/H2/H2.PROD/",
    "/hydrogen/",
    "/parks/",
    "/parks/?as_of=2023-06-01&region=500153",
    "/parks/?sort=needs",
    "/parks/compare/?park=rongchang-hi-tech&park=longchang-etdz",
    "/parks/rongchang-hi-tech/",
    "/figures/",
    "/agreements/",
    "/talent/",
    "/agreements/automobile-cluster-2021/",
    "/insights/",
    "/insights/weak-links/?chain=AUTO",
    "/insights/flows/",
    "/help/",
    "/method/",
    "/accessibility/",
    "/privacy/",
    "/accounts/login/",
    "/accounts/signup/",
    "/nothing/",
]
FOR_MEMBERS = [
    "/me/",
    "/me/notices/",
    "/me/mails/",
    "/me/postings/",
    "/me/members/",
    "/network/",
    "/me/sites/",
    "/me/certificates/",
    "/me/passport/",
    "/me/passport/preview/",
    "/needs/new/",
    "/partnerships/",
    "/packages/",
    "/packages/new/",
    "/overflow/",
    "/overflow/new/",
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUIETLY = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {"target-size": {"enabled": True}}}


@pytest.fixture
def filled() -> None:
    """A few postings of three firms on either side, flows between regions, the parks and the ledger."""
    load_parks()
    load_facts()
    node = ChainNode.objects.get(code="H2.PROD.PEM")
    for region in ("510104", "500153"):
        for direction in (Direction.NEED, Direction.CAPACITY):
            for _ in range(3):
                PostingFactory(
                    enterprise=EnterpriseFactory(),
                    node=node,
                    region=Region.objects.get(code=region),
                    direction=direction,
                )
    for level, need, supply, cases in (
        (2, "510100", "500153", 7),
        (1, "500000", "510000", 5),
        (3, "511083", "500153", None),
    ):
        Flow.objects.create(kind=FlowKind.CONFIRMED, level=level, need=need, supply=supply, cases=cases)


def findings(page: Any, base: str, addresses: list[str]) -> dict[str, list[str]]:
    """What axe finds on each page, by address; a page without findings is left out."""
    axe = Axe()
    found = {}
    for address in addresses:
        page.goto(f"{base}{address}")
        violations = axe.run(page, options=QUIETLY).response["violations"]
        sideways = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        told = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in violations] + ["scrolls sideways"] * sideways
        if told:
            found[address] = told
    return found


@IN_ALL_LOOKS_AND_SCHEMES
def test_axe_finds_nothing_on_public_pages(live_server, browser, filled, prefix, size, scheme):
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    assert findings(context.new_page(), f"{live_server.url}{prefix}", PUBLIC) == {}
    context.close()


@IN_ALL_LOOKS_AND_SCHEMES
def test_axe_finds_nothing_on_pages_of_members(live_server, browser_as, filled, prefix, size, scheme):
    page = browser_as(MembershipFactory(role="owner").user)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    assert findings(page, f"{live_server.url}{prefix}", FOR_MEMBERS) == {}
