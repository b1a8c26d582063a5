"""Consent given ahead, and the next firm after a silence, in a real browser: every act by click or key."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.services.notices import notify_user
from matchmaking.partnerships.choices import State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.services.interest import declare_interest
from matchmaking.partnerships.services.lapsing import end_overdue_interests
from tests.factories.accounts import EnterpriseContactFactory, MembershipFactory
from tests.factories.postings import PostingFactory
from tests.journeys.steps import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PHONE = "13800000027"


@pytest.fixture
def need():
    return PostingFactory(title="Gear blanks wanted")


@pytest.fixture
def capacity(need):
    posting = PostingFactory(capacity=True, node=need.node, title="Gear blanks offered")
    EnterpriseContactFactory(enterprise=posting.enterprise, phone=PHONE)
    return posting


def owner_of(posting, language):
    return MembershipFactory(enterprise=posting.enterprise, user__language=language).user


def opened(browser_as, live_server, user, language):
    return Person(browser_as(user), live_server.url, language)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_with_consent_given_ahead_one_press_introduces(browser_as, live_server, need, capacity, language):
    seller = opened(browser_as, live_server, owner_of(capacity, language), language)
    seller.go(f"/capacities/{capacity.number}/")
    seller.press("Accept verified firms ahead")
    expect(seller.main().get_by_role("button", name=seller.word("Ask me first again"))).to_be_visible()

    buyer = opened(browser_as, live_server, owner_of(need, language), language)
    buyer.go(f"/needs/{need.number}/matches/")
    expect(buyer.main()).to_contain_text(buyer.word("introduces verified firms at once"))
    buyer.express_interest(capacity.number)
    with buyer.page.expect_navigation():
        buyer.card_of(capacity.number).locator("a[href*='/partnerships/']").click()

    expect(buyer.main()).to_contain_text(buyer.word("had accepted ahead"))
    buyer.press("Show contact data")
    expect(buyer.main()).to_contain_text(PHONE)
    assert Partnership.objects.get().state == State.INTRODUCED


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_after_the_limit_one_press_asks_the_next_firm(browser_as, live_server, need, capacity, language):
    user = owner_of(need, language)
    silent = PostingFactory(capacity=True, node=need.node)
    declare_interest(posting=need, counterpart=silent, actor=user)
    Partnership.objects.update(answer_by=timezone.localdate() - timedelta(days=1))
    assert end_overdue_interests() == 1
    buyer = opened(browser_as, live_server, user, language)

    buyer.go("/me/notices/")
    buyer.follow("An interest has ended without an introduction", "main")
    expect(buyer.main()).to_contain_text(capacity.title)
    buyer.express_interest(capacity.number)

    assert Partnership.objects.get(capacity=capacity).state == State.INTERESTED


def test_the_count_of_notices_keeps_itself_fresh(browser_as, live_server, need):
    user = owner_of(need, "en")
    page = browser_as(user)
    page.clock.install()
    page.goto(f"{live_server.url}/en/me/notices/")
    assert page.locator("#unread .count").count() == 0

    notify_user(user=user, kind="introduced", key="k", route="web:partnerships:list")
    page.clock.fast_forward(61_000)

    expect(page.locator("#unread .count")).to_have_text("1")
    expect(page.locator("#inbox")).to_contain_text("You have been introduced")
