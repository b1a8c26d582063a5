"""In a real browser: a park administrator edits a figure, an owner makes an API client, the API description opens."""

import pytest
from playwright.sync_api import expect

from matchmaking.parks.models import ParkIndicator
from tests.factories.accounts import MembershipFactory
from tests.factories.parks import ParkAdministratorFactory, ParkIndicatorFactory

pytestmark = pytest.mark.django_db(transaction=True)


def complaints(page):
    """Errors of the page's console: breaches of the content policy among them."""
    found = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def test_a_park_administrator_edits_a_reported_figure(live_server, browser_as):
    grant = ParkAdministratorFactory()
    row = ParkIndicatorFactory(park=grant.park, value=100)
    foreign = ParkIndicatorFactory(source="示例他园")
    page = browser_as(grant.user)
    found = complaints(page)

    page.goto(f"{live_server.url}/en/manage/")
    page.locator("#content .model-parkindicator").get_by_role("link").first.click()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    page.locator("#result_list tbody th a").click()
    page.locator("#id_value").fill("250.5")
    page.locator("#id_source").fill("示例季报")
    page.locator("input[name=_save]").click()

    expect(page.locator("ul.messagelist .success")).to_be_visible()
    row.refresh_from_db()
    assert (str(row.value), row.source, row.author, row.version) == ("250.50", "示例季报", grant.user, 2)
    assert ParkIndicator.objects.get(pk=foreign.pk).version == 1
    assert found == [], found


def test_an_owner_makes_an_api_client_and_reads_the_secret(live_server, browser_as):
    page = browser_as(MembershipFactory().user)
    found = complaints(page)

    page.goto(f"{live_server.url}/en/me/clients/")
    page.locator("#id_name").fill("示例系统")
    page.locator("input[name=scopes][value='postings:read']").check()
    page.locator("form button.btn-main").click()

    expect(page.locator("section[aria-labelledby=h-made] code")).to_have_count(2)
    assert found == [], found


def test_the_api_description_opens_with_its_operations(live_server, page):
    found = complaints(page)

    page.goto(f"{live_server.url}/api/docs/")

    expect(page.locator(".opblock").first).to_be_visible()
    assert found == [], found
