"""B4: an offer that nobody confirmed leaves the suggestions on the 61st day; one click of its firm brings it back."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from matchmaking.postings.models import Posting
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
LAST_GOOD, TOO_OLD = 60, 61


def confirmed(capacity, days):
    """Let so many days have passed since the capacity was confirmed."""
    day = timezone.localdate() - timedelta(days=days)
    Posting.objects.filter(pk=capacity.pk).update(confirmed_on=day, changed_at=timezone.now())


def suggested(person, need):
    """What the cards with a score say on the page of a need's suggestions; what misses a must has none."""
    person.go(f"/needs/{need.number}/matches/")
    return person.page.locator("article.match:has(.score-ring)").all_inner_texts()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_b04_one_click_restores_what_was_not_confirmed_in_time(at_home, language):
    need = PostingFactory(title="示例齿坯")
    capacity = PostingFactory(capacity=True, node=need.node, title="示例齿坯产能")
    confirmed(capacity, TOO_OLD)
    buyer = at_home(MembershipFactory(enterprise=need.enterprise).user, language)
    assert not any(capacity.title in card for card in suggested(buyer, need))

    seller = at_home(MembershipFactory(enterprise=capacity.enterprise).user, language)
    seller.go(f"/capacities/{capacity.number}/")
    expect(seller.main()).to_contain_text("61")
    with seller.page.expect_navigation():
        seller.press("Yes, it still holds")
    expect(seller.page.get_by_role("button", name=seller.word("Yes, it still holds"))).to_have_count(0)

    assert any(capacity.title in card for card in suggested(buyer, need))
