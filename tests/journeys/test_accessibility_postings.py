"""Axe on the pages of postings, both languages, wide and narrow; nothing runs out of a phone's page."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from accounts.choices import Role
from matchmaking.postings.choices import PriceKind
from matchmaking.postings.services.publishing import confirmation_token
from reference.models import ChainNode, Region, Unit
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import (
    PostingCertificateFactory,
    PostingContactFactory,
    PostingFactory,
    PostingParameterFactory,
)
from tests.looks import IN_ALL_LOOKS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def editor(live_server):
    region = Region.objects.get(code="500116")
    return MembershipFactory(role=Role.EDITOR, enterprise__region=region)


@pytest.fixture
def own(editor):
    posting = PostingFactory(
        enterprise=editor.enterprise,
        region=editor.enterprise.region,
        node=ChainNode.objects.get(code="MOTO.FRAME.FORK"),
        unit=Unit.objects.get(code="PCS"),
        price_kind=PriceKind.OPEN,
        price_max=95,
        stale=True,
    )
    posting.further_nodes.add(ChainNode.objects.get(code="AUTO.CHASSIS.SUSP"))
    PostingCertificateFactory(posting=posting)
    PostingParameterFactory(posting=posting)
    PostingContactFactory(posting=posting)
    return posting


def complaints(page, width):
    """What axe finds, by rule and first element, and whether the page is wider than the screen."""
    told = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    found = [(one["id"], one["nodes"][0]["html"][:200]) for one in told.response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return found + ([("too wide", str(wide))] if wide > width else [])


@IN_ALL_LOOKS
def test_axe_finds_nothing_on_the_pages_of_postings(live_server, editor, own, browser_as, prefix, size):
    PostingFactory.create_batch(45)
    page = browser_as(editor.user)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    root, width = live_server.url + prefix, size[0]
    found = {}
    for path in (
        "/needs/",
        "/needs/?page=2&subject=component",
        "/needs/?q=nothing-like-this",
        "/capacities/",
        "/needs/new/",
        "/capacities/new/",
        "/nodes/",
        f"/needs/{own.number}/",
        f"/postings/{own.number}/edit/",
        f"/postings/{own.number}/preview/",
        f"/postings/confirm/{confirmation_token(posting=own, user=editor.user)}/",
    ):
        page.goto(root + path)
        found[path] = complaints(page, width)
    assert {path: told for path, told in found.items() if told} == {}


@IN_ALL_LOOKS
def test_axe_finds_nothing_on_a_form_with_errors_and_on_the_acts(live_server, editor, own, browser_as, prefix, size):
    page = browser_as(editor.user)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    root, width = live_server.url + prefix, size[0]
    page.goto(f"{root}/needs/new/")
    page.locator("#id_quantity").fill("many")
    page.locator("#id_node_words").fill("bearing")
    page.locator("summary", has_text=re.compile("Further nodes|其他环节|更多环节|其他节点")).first.click()
    page.locator("[name=further_nodes]").first.fill("nothing-like-this")
    page.locator("button.btn[value=publish]").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert complaints(page, width) == []

    page.goto(f"{root}/needs/{own.number}/")
    for summary in page.locator("aside summary").all():
        summary.click()
    assert complaints(page, width) == []
    page.locator("[name=reason]").first.check()
    page.locator("form[action$='/close/'] button").click()
    expect(page.locator("form[action$='/close/']")).to_have_count(0)
    assert complaints(page, width) == []

    link = confirmation_token(posting=PostingFactory(enterprise=editor.enterprise, stale=True), user=editor.user)
    page.goto(f"{root}/postings/confirm/{link}/")
    with page.expect_navigation():
        page.locator("main form button").click()
    assert complaints(page, width) == []


def test_targets_are_44_pixels_under_a_finger(live_server, browser):
    PostingFactory.create_batch(65)
    phone = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = phone.new_page()
    page.goto(f"{live_server.url}/en/needs/?page=2")
    numbers = page.locator(".pager li > *")
    expect(numbers).to_have_text([re.compile(text) for text in ("Previous", "1", "2", "3", "4", "Next")])
    sizes = [one.bounding_box() for one in numbers.all()]
    assert min(min(box["width"], box["height"]) for box in sizes) >= 44
    days = page.locator(".lrow").first.locator(".nowrap")
    expect(days).to_have_count(2)
    assert max(one.bounding_box()["height"] for one in days.all()) < 30
    phone.close()
