"""The map of a chain in the browser: found without a mouse, readable for everybody, on a phone too."""

import pytest

from matchmaking.insights.services.weaklinks.refreshing import refresh_weak_links
from reference.models import ChainNode, Region
from tests.factories.postings import PostingFactory
from tests.journeys.test_accessibility import findings
from tests.looks import IN_ALL_LOOKS_AND_SCHEMES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ["/chains/H2/", "/chains/H2/?zoom=fit&region=510000&direction=need", "/chains/H2/H2.PROD.PEM/"]


@pytest.fixture
def counted():
    """Four needs and four capacities at one node, and the weak links counted."""
    node = ChainNode.objects.get(code="H2.PROD.PEM")
    for code in ("510104", "510104", "500153", "500153"):
        PostingFactory(node=node, region=Region.objects.get(code=code))
        PostingFactory(capacity=True, node=node, region=Region.objects.get(code=code))
    refresh_weak_links(whole=True)
    return node


@IN_ALL_LOOKS_AND_SCHEMES
def test_axe_finds_nothing_on_maps(live_server, browser, counted, prefix, size, scheme):
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    assert findings(context.new_page(), f"{live_server.url}{prefix}", PAGES) == {}
    context.close()


def test_a_node_is_reached_told_and_opened_by_the_keyboard(live_server, page, counted):
    page.goto(f"{live_server.url}/en/chains/H2/")
    page.locator("#map .map-room").focus()
    page.keyboard.press("Tab")
    reached = page.evaluate("document.activeElement.dataset.node")
    assert reached.startswith("H2.")

    box = page.locator('[data-node="H2.PROD.PEM"]')
    assert not box.locator(".tip").is_visible()
    box.focus()
    assert box.locator(".tip").is_visible()
    assert "Covered on both sides" in box.locator(".tip").text_content()
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/chains/H2/H2.PROD.PEM/")
    assert page.get_by_role("heading", level=1).text_content() == counted.name_en


def test_nothing_on_a_map_breaks_the_content_policy(live_server, page, counted):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{live_server.url}/chains/H2/")
    page.goto(f"{live_server.url}/chains/H2/H2.PROD.PEM/")
    assert complaints == []
