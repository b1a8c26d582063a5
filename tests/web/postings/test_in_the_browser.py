"""What needs a real browser: the combobox by keys, drafts that save themselves, lists that follow their filters."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.choices import Role
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from reference.models import ChainNode
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory


@pytest.fixture
def editor(live_server):
    return MembershipFactory(role=Role.EDITOR)


@pytest.fixture
def page_of_editor(editor, browser_as) -> Page:
    page = browser_as(editor.user)
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


def test_need_is_posted_by_keys_and_saves_itself_meanwhile(live_server, page_of_editor):
    page = page_of_editor
    page.goto(f"{live_server.url}/en/needs/new/")
    page.get_by_label("Title", exact=True).fill("Dampers for tricycles")
    node = page.get_by_role("combobox", name="Chain node")
    node.press_sequentially("zhoucheng", delay=10)
    options = page.get_by_role("listbox", name="Chain nodes").get_by_role("option")
    expect(options.first).to_be_visible()
    node.press("ArrowDown")
    expect(node).to_have_attribute("aria-activedescendant", "node-list-0")
    expect(options.first).to_have_attribute("aria-selected", "true")
    node.press("Enter")
    expect(page.get_by_role("listbox", name="Chain nodes")).to_be_hidden()
    expect(page.locator("#saved")).to_contain_text("Draft kept")
    expect(page).to_have_url(re.compile(r"/postings/\w{10}/edit/$"))
    page.get_by_label("Category").select_option("component")
    page.locator("#id_quantity").fill("3k")
    page.locator("#id_unit").select_option("PCS")
    page.get_by_role("button", name="Post and start matching").click()

    expect(page).to_have_url(re.compile(r"/en/needs/\w{10}/$"))
    posting = Posting.objects.get()
    assert (posting.status, posting.node.code, posting.quantity_amount) == (
        Status.PUBLISHED,
        "EQUIP.PART.BEARING",
        3000,
    )
    assert page.complaints == []


def test_combobox_never_chooses_by_itself_and_closes_on_escape(live_server, page_of_editor):
    page = page_of_editor
    page.goto(f"{live_server.url}/en/needs/new/")
    node = page.get_by_role("combobox", name="Chain node")
    node.press_sequentially("bearing", delay=10)
    expect(page.get_by_role("option").first).to_be_visible()
    node.press("Escape")

    expect(page.get_by_role("listbox", name="Chain nodes")).to_be_hidden()
    expect(node).to_have_value("bearing")
    expect(page.locator("input[type=hidden][name=node]")).to_have_value("")


def test_error_summary_takes_the_focus_and_leads_to_the_field(live_server, page_of_editor):
    page = page_of_editor
    page.goto(f"{live_server.url}/en/needs/new/")
    page.locator("#id_quantity").fill("many")
    page.get_by_role("button", name="Post and start matching").click()

    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name=re.compile("^Quantity")).click()
    expect(page.locator("#id_quantity")).to_be_focused()
    expect(page.locator("#id_quantity")).to_have_value("many")


def test_list_follows_its_filters_and_its_address_follows_too(live_server, page: Page):
    PostingFactory(title="Deep-groove bearing", node=ChainNode.objects.get(code="AUTO.CHASSIS.BEARING"))
    PostingFactory(title="Something else")
    page.goto(f"{live_server.url}/en/needs/")
    page.get_by_label("Keyword").press_sequentially("bearing", delay=10)

    expect(page.get_by_role("status").filter(has_text="1 result")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/en/needs/\?q=bearing$"))
    page.get_by_role("link", name=re.compile("Keyword: bearing")).click()
    expect(page.get_by_role("status").filter(has_text="2 results")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/en/needs/\?$|/en/needs/$"))
