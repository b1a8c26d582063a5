"""The page to try the API out, in a real browser: it opens without an error, takes a token and asks."""

import pytest

from accounts.services.clients import create_client
from tests.api.conftest import EVERYTHING
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def problems(page):
    """What the browser complains of: errors of scripts, of the policy, and of anything that was not loaded."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("requestfailed", lambda request: found.append(request.url))
    return found


@pytest.mark.parametrize(("query", "summary"), [("", "产业链"), ("?lang=en", "Industrial chains")])
def test_the_page_opens_in_the_language_asked_for_without_an_error(live_server, page, problems, query, summary):
    page.goto(f"{live_server.url}/api/docs/{query}")

    page.get_by_text(summary, exact=True).first.wait_for()

    assert page.get_by_role("button", name="Authorize").count() == 1
    assert problems == []


def test_a_token_is_taken_and_a_list_is_asked_for(live_server, page, problems):
    owner = MembershipFactory()
    made = create_client(enterprise=owner.enterprise, name="示例系统", scopes=EVERYTHING, actor=owner.user)
    page.goto(f"{live_server.url}/api/docs/?lang=en")

    page.get_by_role("button", name="Authorize").first.click()
    form = page.locator(".auth-container").first
    form.locator("#client_id_clientCredentials").fill(made.client.client_id)
    form.locator("#client_secret_clientCredentials").fill(made.secret)
    form.get_by_text("select all").click()
    form.locator(".auth-btn-wrapper .authorize").click()
    form.get_by_text("Logout").wait_for()
    page.locator(".modal-ux .close-modal, .btn-done").first.click()
    chains = page.locator("#operations-reference-chains_list")
    chains.locator(".opblock-summary-control").click()
    chains.get_by_role("button", name="Try it out").click()
    with page.expect_response("**/api/v1/chains/**") as asked:
        chains.get_by_role("button", name="Execute").click()

    assert asked.value.status == 200
    chains.locator(".live-responses-table .response-col_status", has_text="200").wait_for()
    assert problems == []
