"""In a real browser: two tabs on one posting, double clicks, going back, further nodes by keys, windows by name."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.choices import Role
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from reference.models import ChainNode, Region, Unit
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def editor(live_server):
    return MembershipFactory(role=Role.EDITOR, enterprise__region=Region.objects.get(code="500116"))


@pytest.fixture
def page_of_editor(editor, browser_as) -> Page:
    return browser_as(editor.user)


def fill(page: Page) -> None:
    page.get_by_label("Title", exact=True).fill("Dampers for tricycles")
    page.locator("#id_node_words").fill("Fork and shock absorber")
    page.get_by_label("Category").select_option("component")
    page.locator("#id_quantity").fill("3k")
    page.locator("#id_unit").select_option("PCS")


@pytest.mark.parametrize("draft", [True, False])
def test_second_of_two_tabs_sees_both_texts_and_loses_nothing(live_server, editor, page_of_editor, draft):
    posting = PostingFactory(
        enterprise=editor.enterprise,
        title="Before",
        draft=draft,
        region=editor.enterprise.region,
        node=ChainNode.objects.get(code="AUTO.CHASSIS.BEARING"),
        unit=Unit.objects.get(code="PCS"),
    )
    address = f"{live_server.url}/en/postings/{posting.number}/edit/"
    first, second = page_of_editor, page_of_editor.context.new_page()
    for tab in (first, second):
        tab.goto(address)
    save = re.compile("Save changes|Keep as a draft")
    first.get_by_label("Title", exact=True).fill("From the first tab")
    first.get_by_role("button", name=save).click()
    expect(first.get_by_text("Saved.")).to_be_visible()
    second.get_by_label("Title", exact=True).fill("From the second tab")
    second.get_by_label("Description").fill("Words of the second tab")
    if draft:
        expect(second.locator("#saved")).to_contain_text("Somebody else changed this draft")
    second.get_by_role("button", name=save).click()

    both = second.get_by_role("alert").filter(has_text="Somebody else changed this")
    expect(both).to_contain_text("From the first tab")
    expect(both).to_contain_text("From the second tab")
    expect(second.get_by_label("Title", exact=True)).to_have_value("From the second tab")
    expect(second.get_by_label("Description")).to_have_value("Words of the second tab")
    assert Posting.objects.get().title == "From the first tab"
    second.get_by_role("button", name=save).click()
    expect(second.get_by_text("Saved.")).to_be_visible()
    assert (Posting.objects.get().title, Posting.objects.get().text) == (
        "From the second tab",
        "Words of the second tab",
    )


def test_double_click_right_after_the_last_key_makes_one_posting(live_server, page_of_editor):
    page = page_of_editor
    page.goto(f"{live_server.url}/en/needs/new/")
    fill(page)
    page.get_by_role("button", name="Post and start matching").dblclick()

    expect(page).to_have_url(re.compile(r"/en/needs/\w{10}/$"))
    assert [row.status for row in Posting.objects.all()] == [Status.PUBLISHED]


@pytest.mark.parametrize("waits", [True, False])
def test_going_back_and_posting_again_makes_no_second_posting(live_server, page_of_editor, waits):
    page = page_of_editor
    page.goto(f"{live_server.url}/en/needs/new/")
    fill(page)
    if waits:
        expect(page.locator("#saved")).to_contain_text("Draft kept")
    page.get_by_role("button", name="Post and start matching").click()
    expect(page).to_have_url(re.compile(r"/en/needs/\w{10}/$"))
    page.go_back()
    page.wait_for_load_state()
    again = page.get_by_role("button", name=re.compile("Post and start matching|Save changes"))
    if again.count():
        again.click()
        expect(page).to_have_url(re.compile(r"/en/needs/\w{10}/$"))

    assert [row.status for row in Posting.objects.all()] == [Status.PUBLISHED]


def test_further_nodes_are_chosen_by_keys_and_kept(live_server, page_of_editor):
    page = page_of_editor
    page.goto(f"{live_server.url}/en/needs/new/")
    fill(page)
    page.locator("summary", has_text="Further nodes").click()
    further = page.get_by_role("combobox", name="Further node 1")
    further.press_sequentially("jianzhen", delay=10)
    expect(page.locator("#further-list-1 [role=option]").first).to_be_visible()
    further.press("ArrowDown")
    further.press("Enter")
    expect(further).to_have_value(re.compile(r"\([A-Z0-9.]+\)$"))
    code = re.search(r"\((.+)\)$", further.input_value())[1]
    expect(page.locator("#id_node_words")).to_have_value("Fork and shock absorber")
    page.get_by_role("button", name="Post and start matching").click()

    expect(page).to_have_url(re.compile(r"/en/needs/\w{10}/$"))
    assert [node.code for node in Posting.objects.get().further_nodes.all()] == [code]


def test_named_windows_fill_the_days_and_own_days_take_over(live_server, page_of_editor):
    page = page_of_editor
    page.goto(f"{live_server.url}/en/needs/new/")
    starts, ends = page.locator("#id_window_start"), page.locator("#id_window_end")
    for name in ("Within 30 days", "This quarter", "Next quarter"):
        page.get_by_text(name, exact=True).click()
        expect(starts).to_have_value(re.compile(r"^\d{4}-\d\d-\d\d$"))
        expect(page.get_by_role("radio", name=name)).to_be_checked()
        assert starts.input_value() < ends.input_value()
    page.get_by_text("At any time", exact=True).click()
    expect(starts).to_have_value("")
    ends.fill("2099-12-31")
    expect(page.get_by_role("radio", name="Own dates")).to_be_checked()
