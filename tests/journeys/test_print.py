"""A need with its suggestions on paper: why and how many points, and nothing that only a screen can do."""

import pytest

from matchmaking.matching.services.snapshots import build_snapshot
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FOR_SCREENS = "nav, .app-bar, .skip, .filters, .actions, button, .btn"


@pytest.fixture
def page(browser_as):
    """The owner of a need for which two capacities fit; ``page.need`` is the need."""
    need = PostingFactory()
    PostingFactory.create_batch(2, capacity=True)
    build_snapshot()
    opened = browser_as(MembershipFactory(enterprise=need.enterprise).user)
    opened.need = need
    return opened


def on_paper(page, address):
    """What only a screen can do and is shown all the same."""
    page.goto(address)
    page.emulate_media(media="print")
    shown = page.locator(FOR_SCREENS).locator("visible=true").evaluate_all("them => them.map(one => one.outerHTML)")
    return [one[:120] for one in shown]


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_suggestions_on_paper_hold_reasons_and_points_and_no_buttons(live_server, page, prefix):
    assert on_paper(page, f"{live_server.url}{prefix}/needs/{page.need.number}/matches/") == []

    cards = page.locator(".match")
    assert cards.count() == 2
    for card in cards.all():
        assert card.locator(".score-ring").is_visible()
        assert card.locator(".why li, .why p").nth(1).is_visible()
        assert card.locator(".breakdown tr").last.is_visible()
    assert page.get_by_role("heading", level=1).inner_text() == page.need.title


def test_the_need_itself_on_paper_holds_what_was_posted_and_no_buttons(live_server, page):
    assert on_paper(page, f"{live_server.url}/needs/{page.need.number}/") == []

    assert page.get_by_role("heading", level=1).inner_text() == page.need.title
    assert page.locator("main").get_by_text(page.need.text[:10]).first.is_visible()
