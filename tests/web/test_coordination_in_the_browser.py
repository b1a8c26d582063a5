"""Pages of coordinators in a real browser: axe in both languages, wide and narrow, by keyboard, and on paper."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from matchmaking.partnerships.models import CoordinationNote
from matchmaking.postings.models import Posting
from reference.models import Region
from tests.factories.accounts import (
    CoordinatorGrantFactory,
    EnterpriseContactFactory,
    EnterpriseFactory,
    MembershipFactory,
)
from tests.factories.partnerships import PartnershipEventFactory, PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.looks import IN_ALL_LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUIETLY = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {"target-size": {"enabled": True}}}


@pytest.fixture
def pair() -> Any:
    """A waiting interest in a scope with postings of several firms and states."""
    region = Region.objects.get(code="510104")
    made = PartnershipFactory(need=PostingFactory(region=region, title="示例减速器壳体需求"))
    PartnershipEventFactory(partnership=made)
    EnterpriseContactFactory(enterprise=made.need.enterprise)
    CoordinationNote.objects.create(partnership=made, text="示例备注", author=None)
    for _ in range(3):
        PostingFactory(region=region, capacity=True, enterprise=EnterpriseFactory(region=region))
    PostingFactory(region=region, in_review=True, title="示例待核对需求")
    return made


@pytest.fixture
def coordinator() -> Any:
    """Somebody who coordinates in one district."""
    grant = CoordinatorGrantFactory(ends_on=timezone.localdate())
    grant.regions.add(Region.objects.get(code="510104"))
    return grant.user


def pages_of(pair: Any) -> list[str]:
    return [
        "/coordination/",
        "/coordination/postings/",
        "/coordination/postings/?status=paused",
        "/coordination/partnerships/",
        f"/coordination/postings/{pair.need.number}/",
        f"/coordination/partnerships/{pair.key}/",
        f"/coordination/postings/{Posting.objects.get(title='示例待核对需求').number}/",
    ]


def found_by_axe(page: Any) -> list[tuple[str, str]]:
    answer = Axe().run(page, options=QUIETLY).response
    return [(found["id"], node["html"][:120]) for found in answer["violations"] for node in found["nodes"]]


def overflows(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@IN_ALL_LOOKS
def test_axe_finds_nothing_and_nothing_overflows(live_server, browser_as, coordinator, pair, size, prefix):
    page = browser_as(coordinator)
    page.set_viewport_size({"width": size[0], "height": size[1]})

    for path in pages_of(pair):
        page.goto(f"{live_server.url}{prefix}{path}")
        assert (path, found_by_axe(page)) == (path, [])
        assert (path, overflows(page)) == (path, False)


def test_the_page_of_looks_is_accessible_after_contact_data_were_shown(live_server, browser_as, coordinator, pair):
    page = browser_as(coordinator)
    page.goto(f"{live_server.url}/en/coordination/postings/{pair.need.number}/")
    page.get_by_label("Why you need the contact data").fill("示例理由")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("The firm has been told").wait_for()
    assert found_by_axe(page) == []

    firm = browser_as(MembershipFactory(enterprise=pair.need.enterprise).user)
    firm.set_viewport_size({"width": 390, "height": 844})
    firm.goto(f"{live_server.url}/en/me/looks/")
    assert firm.get_by_text("示例理由").is_visible()
    assert found_by_axe(firm) == []
    assert not overflows(firm)


def test_an_empty_reason_is_told_at_its_field(live_server, browser_as, coordinator, pair):
    page = browser_as(coordinator)
    page.goto(f"{live_server.url}/en/coordination/postings/{pair.need.number}/")
    page.get_by_role("button", name="Show and tell the firm").click()

    assert page.locator(".error-summary").is_visible()
    assert page.locator("#reveal_reason").get_attribute("aria-invalid") == "true"
    assert found_by_axe(page) == []


def test_on_paper_there_are_figures_and_rows_but_no_forms(live_server, browser_as, coordinator, pair):
    page = browser_as(coordinator)
    page.emulate_media(media="print")
    page.goto(f"{live_server.url}/coordination/postings/")

    assert page.get_by_text("示例减速器壳体需求").is_visible()
    assert page.locator("form[role=search]").is_hidden()


def test_the_list_is_filtered_by_keyboard_and_kept_in_the_address(live_server, browser_as, coordinator, pair):
    page = browser_as(coordinator)
    page.goto(f"{live_server.url}/coordination/postings/")
    page.locator("#fq").focus()
    page.keyboard.type("减速器")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")

    assert page.locator("tbody tr").count() == 1
    page.reload()
    assert page.locator("#fq").input_value() == "减速器"
